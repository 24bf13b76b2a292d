"""Files, archives and names: whole or absent, the same bytes, and no name that escapes or collides."""

import io
import os
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pathvalidate import is_valid_filename

from generator.files import remove_parts, safe_name, write_whole, zip_bytes
from generator.problems import KaowuError


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_and_its_folder_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "新" / ("名" * 80 + ".docx")
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert names_in(path.parent) == [path.name]
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError(28, "full"), "file-no-space"),
        (PermissionError(13, "no"), "file-unwritable"),
        (OSError(5, "io"), "磁盘读写出错"),
        (OSError(99, "strange"), "strange"),
    ],
)
def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError, code: str
) -> None:
    path = tmp_path / "a"
    write_whole(path, b"old")

    def fail(_handle: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KaowuError, match=code):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a"]


def test_a_place_that_cannot_be_a_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(KaowuError, match="file-unwritable"):
        write_whole(tmp_path / "a" / "b", b"")
    with pytest.raises(KaowuError, match="file-unwritable"):
        write_whole(tmp_path, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_killed_writer_leaves_no_broken_file(tmp_path: Path) -> None:
    size = 4_000_000
    program = (
        "import sys; from pathlib import Path; from generator.files import write_whole\n"
        f"for n in range(10**6): write_whole(Path(sys.argv[1]) / 'a', bytes([n % 256]) * {size})"
    )
    for wait in (0.0, 0.004, 0.009, 0.013, 0.021):
        writer = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=Path(__file__).parents[1])
        while not (tmp_path / "a").exists():
            time.sleep(0.002)
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        data = (tmp_path / "a").read_bytes()
        assert data == data[:1] * size
        remove_parts(tmp_path)
        assert names_in(tmp_path) == ["a"]
        (tmp_path / "a").unlink()


def test_a_zip_has_the_same_bytes_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    here = zip_bytes({"a": b"1"})
    monkeypatch.setattr(sys, "platform", "win32")
    assert zip_bytes({"a": b"1"}) == here


def test_a_zip_has_the_same_bytes_whatever_the_order_and_keeps_its_content() -> None:
    entries = {"二.txt": b"2", "一/三.txt": b"3" * 1000, "a": b""}
    first = zip_bytes(entries)
    assert zip_bytes(dict(reversed(entries.items()))) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == sorted(entries)
        assert {name: archive.read(name) for name in entries} == entries
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in archive.infolist()} == {3}


@pytest.mark.parametrize("name", ["/a", "../a", "a/../../b", "a\\b", "C:a"])
def test_a_zip_refuses_names_that_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="unsafe"):
        zip_bytes({name: b""})


@pytest.mark.parametrize(
    ("text", "suffix", "name"),
    [
        ("考场记录表", "", "考场记录表"),
        ("考场记录表", "C01", "考场记录表_C01"),
        ("  张三/李四:表\n二 ", "", "张三_李四_表 二"),
        ("../../etc/passwd", "", "_.._etc_passwd"),
        ("..", "", "未命名"),
        (". .", "7", "未命名_7"),
        ("", "", "未命名"),
        ("-rf", "", "rf"),
        ("~$表.docx", "", "表.docx"),
        ("CON", "", "CON_"),
        ("con.txt", "", "con_.txt"),
        ("COM¹", "", "COM¹_"),
        ("表\u202egnp.", "", "表gnp"),
        ("e\u0301", "", "é"),
        ("a\u200d\u0301", "", "á"),
        ("𠮷䶮", "", "𠮷䶮"),
        ("字" * 300, "K01", "字" * 56 + "_K01"),
    ],
)
def test_a_name_is_made_safe(text: str, suffix: str, name: str) -> None:
    assert safe_name(text, suffix=suffix) == name


@settings(max_examples=600)
@given(st.text(max_size=90), st.text(max_size=40), st.sampled_from([30, 60, 200]))
@example("CON", "", 60)
@example("𠮷" * 90, "𠮷" * 40, 200)
@example("a. ", " .", 60)
def test_any_text_gives_a_name_every_system_accepts(text: str, suffix: str, limit: int) -> None:
    name = safe_name(text, suffix=suffix, limit=limit)
    assert 0 < len(name) <= limit + 1
    assert len(name.encode()) <= 250
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for sign in name)
    assert is_valid_filename(f"{name}.docx", platform="universal")
    assert name[0] not in ".- ~"
    folder = Path("/out").resolve()
    assert (folder / f"{name}.docx").resolve().parent == folder


@settings(max_examples=600)
@given(
    st.text(max_size=12),
    st.text(max_size=12),
    st.text(min_size=1, max_size=12),
    st.text(min_size=1, max_size=12),
)
@example("甲_1", "甲", "2", "1_2")
@example("甲", "甲", "a/b", "a_b")
@example("甲", "甲", "é", "e\u0301")
@example("", "", "1" * 40, "1" * 41)
def test_different_ids_give_different_names(text: str, other: str, one: str, two: str) -> None:
    assert one == two or safe_name(text, suffix=one) != safe_name(other, suffix=two)
