"""Read a copy of a source as clauses, and say in which clauses two copies differ.

In: the lines of a copy and the locators of the outline. Out: the text of each clause. Numbering that starts a line
(“一、”, “（一）”, “1.”, “（1）”, “第三条”, “附件2”, rows of a list of materials) makes the locator; a list that starts
again at 1 is told from the one before by its turn. What has no number of its own goes with the clause before it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.change.rules import normalise

HAN = "[一二三四五六七八九十百]{1,4}"
LEVELS = (
    re.compile(rf"({HAN})、"),
    re.compile(rf"(（{HAN}）)"),
    re.compile(r"(\d{1,2})[.．、](?!\d)"),
    re.compile(r"(（\d{1,2}）)"),
)
ARTICLE = re.compile(rf"(第{HAN}条)(?![第（的规])")
ANNEX = re.compile(r"附件\s*(\d?)[：:]?$")
LIST = re.compile(r"序号")
ROW = re.compile(r"(\d{1,2})(?=\s|$)")
INLINE = re.compile(r"(?<=[：；。])(?=（\d{1,2}）)")
PAGE = re.compile(r"[\f—–\-\s\d]*")
TABLE = re.compile(r"(?!附件)[^\d一二三四五六七八九十（）第]{2,}$")
WORD = re.compile(r"[^\d一二三四五六七八九十（）\s][^\d（）\s]*$")
ROWS = "材料清单"
LONG = 40


def read_lines(raw: bytes) -> list[str]:
    """Return the lines of a copy that say something: numbers within a line begin a line of their own."""
    text = raw.decode("utf-8", "replace").replace("\f", "\n")
    parts = (part.strip() for line in text.splitlines() for part in INLINE.split(line))
    return [part for part in parts if part and not (PAGE.fullmatch(part) and not part.isdecimal())]


def split_clauses(lines: Iterable[str], outline: Sequence[str]) -> dict[str, str]:
    """Return the text of each clause that can be found, in the order of the copy."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    here = outline[0] if outline else ""  # what stands before the first number
    reader = Reader(outline)
    for line in lines:
        here = reader.locate(line) or here
        texts[here].append(line)
    return {locator: "".join(parts) for locator, parts in texts.items()}


@dataclass
class Reader:
    """Where the reading of a copy has got to: the path of numbers, the annex, the list and its next row."""

    outline: Sequence[str]
    path: list[str] = field(default_factory=list)
    annex: str = ""
    table: str = ""
    row: int = 0
    turns: Counter[str] = field(default_factory=Counter)

    def locate(self, line: str) -> str | None:
        """Return the clause a line begins; None where it goes on with the one before."""
        if found := ANNEX.match(line):
            self.annex, self.path, self.table, self.row = f"附件{found[1]}", [], "", 0
            return self.known(self.annex)
        if LIST.match(line):
            self.table, self.row = self.table or ROWS, 1
            return self.known(self.table)
        if name := next((one for one in self.tables() if len(line) < LONG and one in line and one != self.table), None):
            self.table, self.row = name, 0
            return self.known(name)
        if self.row:
            return self.locate_row(line)
        return self.locate_named(line) or self.locate_numbered(line)

    def tables(self) -> list[str]:
        """Return the lists of the outline that have a name and no number."""
        return [
            one for one in dict.fromkeys(name.split(" ")[0] for name in self.outline if " " in name) if TABLE.match(one)
        ]

    def known(self, locator: str) -> str | None:
        """Return the locator if the outline has it."""
        return locator if locator in self.outline else None

    def locate_row(self, line: str) -> str | None:
        """Return the row of the list a line begins, the part of a row, or its note."""
        if line.startswith("注"):
            return self.known(f"{self.table} 注")
        if (found := ROW.match(line)) and int(found[1]) == self.row:
            self.row += 1
            return self.known(f"{self.table} {self.row - 1}")
        if found := LEVELS[3].match(line):
            return self.known(f"{self.table} {self.row - 1}{found[1]}")
        return self.locate_numbered(line)

    def locate_named(self, line: str) -> str | None:
        """Return the clause that is named by the words a line begins with, in the list or clause read now."""
        above = ["".join(self.path[:level]) for level in (4, 3, 2, 1)]
        heads = [f"{self.table} ", f"{self.annex} ", *(f"{annex}{one}" for one in above for annex in (self.annex, ""))]
        words = [(name, name.removeprefix(head)) for name in self.outline for head in heads if head.strip()]
        for name, word in words:
            if name != word and WORD.match(word) and line.startswith(word) and not self.turns[name]:
                self.turns[name] += 1
                return name
        return None

    def locate_numbered(self, line: str) -> str | None:
        """Return the clause that is numbered at the head of a line, under those begun before."""
        longer = extend(self.path, line)
        if not longer:
            return None
        self.path, self.table, self.row = longer, "", 0
        return self.resolve()

    def resolve(self) -> str | None:
        """Return the locator the path stands for: in the annex, in the text, or in a list named by what leads to it."""
        plain = "".join(self.path)
        for name in dict.fromkeys((f"{self.annex}{plain}", plain)):
            if name in self.outline and not self.turns[name]:
                self.turns[name] += 1
                return name
        parts = [part for part in self.path if part]
        pattern = rf"{re.escape(''.join(parts[:-1]))}[^\d（）]+{re.escape(parts[-1])}"
        named = [one for one in self.outline if re.fullmatch(pattern, one)]
        turn = self.turns[f"list {plain}"]
        self.turns[f"list {plain}"] += 1
        return named[turn] if turn < len(named) else None


def extend(path: Sequence[str], line: str) -> list[str]:
    """Return the path of the clause a line begins, under the ones begun before; nothing where it begins none."""
    if found := ARTICLE.match(line):
        return [found[1], "", "", ""]
    article = bool(path) and path[0].startswith("第")
    for level, pattern in enumerate(LEVELS):
        if found := pattern.match(line):
            if level == 0 and article:
                return []
            kept = [*path, "", "", "", ""][:level]
            return [*kept, found[1], "", "", ""][:4]
    return []


def differing(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the clauses whose text differs, or that only one copy has."""
    every = dict.fromkeys([*old, *new])
    return [locator for locator in every if normalise(old.get(locator)) != normalise(new.get(locator))]


def changed_clauses(old: Sequence[str], new: Sequence[str], outline: Sequence[str]) -> list[str]:
    """Return the clauses of the outline in which two copies differ, in its order.

    A clause that cannot be found in the copy goes with the one before it: rather one too many.
    """
    texts = split_clauses(old, outline), split_clauses(new, outline)
    touched = set(differing(*texts))
    found, here = [], ""
    for locator in outline:
        here = locator if locator in texts[0] or locator in texts[1] else here
        if here in touched:
            found.append(locator)
    return found
