"""A picture that would fill the memory, or breaks off, is refused by name; the Word file and the others are made."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.document.photos import read_photo
from generator.problems import KaowuError
from tests.faults.conftest import ROUND, Run
from tests.faults.hostile_files import MEGABYTE, jpeg, png

MOST = 400
BOMBS: dict[str, Callable[[], bytes]] = {
    "pixels without end": lambda: png(60_000, 60_000),
    "pixels packed well": lambda: png(20_000, 20_000, rows=2000),
    "a picture that says it is large": lambda: jpeg(65_000, 65_000),
    "cut in half": lambda: (raw := png(200, 280, rows=280))[: len(raw) // 2],
    "nothing behind the head": lambda: b"\xff\xd8\xff",
    "too large a file": lambda: png(10, 10, rows=10) + bytes(21 * MEGABYTE),
    "something else": lambda: b"GIF89a",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_that_is_a_bomb_or_damaged_is_refused_and_named(name: str, school: Path, run: Run) -> None:
    folder = school / ROUND / "photos"
    folder.mkdir(exist_ok=True)
    (folder / "001.png").write_bytes(BOMBS[name]())
    with pytest.raises(KaowuError, match=r"001\.png"):
        read_photo(folder, "001.png")
    ended = run("build", school, "--only", "application-form", "--to", "out")
    assert "Traceback" not in ended.stderr
    assert "程序出错" not in ended.stderr, ended.stderr[-500:]
    assert ended.megabytes < MOST
    assert "照片" in ended.stdout + ended.stderr or "图片" in ended.stdout + ended.stderr
    assert len([*(school.parent / "out").rglob("*申报表/*")]) == 4


def test_a_good_picture_is_used(tmp_path: Path) -> None:
    (tmp_path / "001.png").write_bytes(png(200, 280, rows=280))
    assert read_photo(tmp_path, "001.png")[1] == "png"
