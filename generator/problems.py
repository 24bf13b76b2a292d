"""What can be wrong, and where: places, problems and the few exceptions that carry them.

Every loader collects problems instead of stopping at the first; the command line turns them into a
message and an exit status.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file with line and column (both from 1), or a sheet with a cell such as ``C7``."""

    file: str
    line: int = 0
    column: int = 0
    sheet: str = ""
    cell: str = ""

    def __lt__(self, other: "Place") -> bool:
        """Return whether this comes before: in a sheet row by row, C7 before AA7 and A10."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, int, str, int, int, str]:
        letters = self.cell.rstrip("0123456789")
        row = int(self.cell[len(letters) :] or 0)
        return self.file, self.line, self.column, self.sheet, row, len(letters), letters

    def __str__(self) -> str:
        """Return ``file:12:3``, ``file「考生」C7`` or the bare file name, whichever is known."""
        if self.sheet or self.cell:
            return f"{self.file}「{self.sheet}」{self.cell}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in the data: its place, a stable code, what is wrong, and what to do (both Chinese)."""

    place: Place
    code: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the one-line message: place, code, fault, remedy."""
        advice = f" → {self.remedy}" if self.remedy else ""
        return f"{self.place} [{self.code}] {self.what}{advice}"


class KaowuError(Exception):
    """Input that cannot be used; carries every problem found (exit status 2)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems sorted by place, each once."""
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return advice naming the known name nearest to ``name``, or an empty string when none is near."""
    matches = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"是否想写“{matches[0]}”？" if matches else ""
