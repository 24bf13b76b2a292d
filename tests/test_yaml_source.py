"""Strict YAML: every kind of bad file has its message, and what is good stays letter for letter."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.problems import KaowuError, Place, Problem
from generator.yaml_source import LONGEST_TEXT, MAX_BYTES, MAX_KEYS, MAX_PROBLEMS, load_yaml, parse_yaml

BAD = Path(__file__).parent / "bad" / "yaml"


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_bad_file_is_refused_with_its_message(folder: Path) -> None:
    with pytest.raises(KaowuError) as refused:
        load_yaml(folder / "input.yaml", root=folder)
    assert str(refused.value) + "\n" == (folder / "message.txt").read_text(encoding="utf-8")
    assert all(problem.place.line for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", 0), ("7", 7), ("-12", -12), ("123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456"), ("320102199001010018", "320102199001010018"),
        ("010", "010"), ("+1", "+1"), ("1_000", "1_000"), ("0x10", "0x10"), ("1e3", "1e3"), ("1.5", "1.5"),
        ("１２", "１２"), ("12:30", "12:30"), ("2026-02-30", "2026-02-30"), ("2026-11-20", "2026-11-20"),
        ("true", True), ("false", False), ("True", "True"), ("yes", "yes"), ("no", "no"), ("on", "on"),
        ("null", None), ("", None), ("Null", "Null"), ("~", "~"), (".nan", ".nan"), ("=", "="),
        ("1/3", "1/3"), ("'5'", "5"),
        ('"true"', "true"), ("''", ""), ("3 人", "3 人"), ("五（五）2（1）", "五（五）2（1）"),
        ('"一\\t二"', "一\t二"), ("𠮷䶮", "𠮷䶮"),
    ],
)  # fmt: skip
def test_a_scalar_means_only_what_it_says(written: str, read: object) -> None:
    data = parse_yaml(f"键: {written}\n".encode(), "a.yaml").data
    assert data == {"键": read}
    assert isinstance(data, dict)
    assert type(data["键"]) is type(read)


def test_keys_are_always_text() -> None:
    assert parse_yaml("1: a\ntrue: b\nnull: c\n是: d\n".encode(), "a.yaml").data == {
        "1": "a", "true": "b", "null": "c", "是": "d",
    }  # fmt: skip


def test_block_text_keeps_its_lines() -> None:
    document = parse_yaml("a: |\n  一\n  二\nb: |-\n  010\n".encode(), "a.yaml")
    assert document.data == {"a": "一\n二\n", "b": "010"}


def test_an_empty_file_is_nothing() -> None:
    assert parse_yaml(b"# only a remark\n", "a.yaml").data is None


def test_every_value_and_key_has_its_place() -> None:
    document = parse_yaml("甲:\n  - 一\n  - 乙: 2  # 注\n    空:\n".encode(), "a.yaml")
    assert document.place(("甲", 0)) == Place("a.yaml", 2, 5)
    assert document.place(("甲", 1, "乙")) == Place("a.yaml", 3, 8)
    assert document.key_place(("甲", 1, "乙")) == Place("a.yaml", 3, 5)
    assert document.place(("甲", 1, "空")) == Place("a.yaml", 4, 7)
    assert document.key_place(("甲",)) == Place("a.yaml", 1, 1)
    assert document.key_place(("甲", 1)) == Place("a.yaml", 3, 5)


def test_the_place_of_what_is_not_there_is_that_of_its_parent() -> None:
    document = parse_yaml("甲:\n  乙: 1\n".encode(), "a.yaml")
    assert document.place(("甲", "丙", 3)) == Place("a.yaml", 2, 3)
    assert document.place(("无",)) == Place("a.yaml", 1, 1)


def test_windows_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("甲: 一\r\n乙:\r\n  - 二\r\n".encode("utf-8-sig"))
    document = load_yaml(path, root=tmp_path)
    assert document.data == {"甲": "一", "乙": ["二"]}
    assert document.place(("甲",)) == Place("a.yaml", 1, 4)


def test_fifty_levels_are_read_and_one_more_is_not() -> None:
    parse_yaml(("[" * 50 + "]" * 50).encode(), "a.yaml")
    with pytest.raises(KaowuError, match="yaml-too-deep"):
        parse_yaml(("[" * 51 + "]" * 51).encode(), "a.yaml")


def test_a_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    rows = b"- a\n" * (MAX_BYTES // 4)
    path.write_bytes(rows)
    assert load_yaml(path).data == ["a"] * (MAX_BYTES // 4)
    path.write_bytes(rows + b"\n")
    with pytest.raises(KaowuError, match="yaml-too-large"):
        load_yaml(path)


def test_a_text_is_as_long_as_a_cell_may_be_and_no_longer() -> None:
    assert parse_yaml(b"a: " + b"x" * LONGEST_TEXT, "a.yaml").data == {"a": "x" * LONGEST_TEXT}
    with pytest.raises(KaowuError, match="yaml-long-text"):
        parse_yaml(b"a: " + b"x" * (LONGEST_TEXT + 1), "a.yaml")


def test_a_mapping_of_thousands_of_keys_is_refused() -> None:
    lines = b"".join(b"k%d: 1\n" % number for number in range(MAX_KEYS))
    assert parse_yaml(lines, "a.yaml").data
    with pytest.raises(KaowuError, match="yaml-many-keys"):
        parse_yaml(lines + b"k: 1\n", "a.yaml")


def test_a_missing_file_or_a_folder_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(KaowuError, match="yaml-unreadable"):
            load_yaml(path)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("bomb", ["[*a," * 200_000, "- &a x\n" * 100_000, "{" * 900_000, "? " * 400_000])
def test_a_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(KaowuError) as refused:
        parse_yaml(bomb.encode(), "a.yaml")
    assert len(refused.value.problems) <= MAX_PROBLEMS


AWKWARD = st.sampled_from("ab:：-[]{}\"'&*!|>%@#?, \n\t\\\0一\u2028")


@settings(max_examples=300)
@given(st.text(alphabet=AWKWARD | st.characters(), max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        parse_yaml(text.encode("utf-8", "surrogatepass"), "a.yaml")
    except KaowuError as refused:
        problems = refused.problems or (Problem(Place("a.yaml"), "none", "refused without a problem"),)
    assert all(problem.place.line for problem in problems)
