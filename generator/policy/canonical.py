"""The canonical form of a policy file: one fact per line, records apart, so that an amendment is one line of diff."""

from collections.abc import Iterator
from pathlib import Path

from generator.problems import Place, Problem

MAX_LINES = 400
RULE_ORDER = (
    *("at", "says", "values", "force", "duty_of", "checked", "misses", "question", "for_each"),
    *("when", "require", "remedy", "reading"),
)


def check_form(path: Path, root: Path) -> Iterator[Problem]:
    """Yield what is off in the form of one file: line ends, trailing blanks, length, blank lines, order of keys."""
    name = path.relative_to(root).as_posix()
    raw = path.read_bytes()
    if b"\r" in raw:
        yield Problem(Place(name, 1, 1), "line-ends", "行尾不是 LF", "改用 LF 换行")
    if not raw.endswith(b"\n") or raw.endswith(b"\n\n"):
        yield Problem(Place(name, raw.count(b"\n"), 1), "last-line", "文件应以恰好一个换行结束", "")
    lines = raw.decode("utf-8", "replace").splitlines()
    if len(lines) > MAX_LINES:
        yield Problem(
            Place(name, MAX_LINES, 1), "long-file", f"文件有 {len(lines)} 行，超过 {MAX_LINES} 行", "按主题拆分"
        )
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield Problem(Place(name, number, len(line)), "trailing-blank", "行尾有空白", "删去行尾空白")
    yield from check_blank_lines(name, lines)
    yield from check_order(name, lines)


def check_blank_lines(name: str, lines: list[str]) -> Iterator[Problem]:
    """Yield records of several lines that no single blank line sets apart, and blank lines in a row."""
    for number, (before, line) in enumerate(zip(["", *lines], lines, strict=False), 1):
        if not before.strip() and not line.strip() and number > 1:
            yield Problem(Place(name, number, 1), "blank-lines", "连续空行", "记录之间只空一行")
        opens = line[:1] not in ("", " ", "#", "-") and line.endswith(":")
        if opens and is_record_file(lines) and before.startswith(" "):
            yield Problem(Place(name, number, 1), "no-blank-line", "记录之前没有空行", "记录之间空一行")


def is_record_file(lines: list[str]) -> bool:
    """Return whether a file maps ids to records that cite the source."""
    return any(line.startswith("  at:") for line in lines)


def check_order(name: str, lines: list[str]) -> Iterator[Problem]:
    """Yield keys of a rule that stand out of the fixed order."""
    last = -1
    for number, line in enumerate(lines, 1):
        if line[:1] not in ("", " ", "#"):
            last = -1
        key = line[2:].partition(":")[0] if line.startswith("  ") and line[2:3] not in (" ", "-", "") else ""
        if key in RULE_ORDER and is_rule_file(lines):
            if RULE_ORDER.index(key) < last:
                yield Problem(Place(name, number, 3), "key-order", f"“{key}”的位置不对", "键的顺序见 policy/README.md")
            last = RULE_ORDER.index(key)


def is_rule_file(lines: list[str]) -> bool:
    """Return whether a file holds rules."""
    return any(line.startswith("  force:") for line in lines) and any(line.startswith("  checked:") for line in lines)
