"""The document tree: what a rendered source says, before any format.

Every writer (text, PDF, DOCX, Word template) reads this tree and nothing else, so the words of all
formats agree. In the tree of an unrendered source, ``Tag`` nodes stand where Jinja block tags stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Face = Literal["", "song", "fang", "hei", "kai"]
Align = Literal["", "left", "center", "right"]
VerticalAlign = Literal["", "top", "center", "bottom"]

TICKED = "√"
UNTICKED = "□"


@dataclass(frozen=True)
class Run:
    """Text of one formatting; ``boxed`` draws a border around it (a ticked box)."""

    text: str
    bold: bool = False
    face: Face = ""
    underline: bool = False
    boxed: bool = False


@dataclass(frozen=True)
class LineBreak:
    """A new line inside a paragraph."""


@dataclass(frozen=True)
class Blank:
    """A place to fill in, underlined, its text padded to the width; ``hint`` says what to write."""

    inlines: tuple[Run | LineBreak, ...]
    hint: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing has been filled in."""
        return not "".join(part.text for part in self.inlines if isinstance(part, Run)).strip()


@dataclass(frozen=True)
class Photo:
    """A picture by path relative to the photo folder, or ``label`` when there is none. Sizes in mm."""

    source: str
    width: float
    height: float
    label: "tuple[Inline, ...]" = ()


Inline = Run | LineBreak | Blank | Photo


@dataclass(frozen=True)
class Heading:
    """A heading: level 0 is the title of the document, 1 to 3 its sections."""

    level: int
    inlines: tuple[Inline, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is one of the classes of ``vocabulary.PARAGRAPH_KINDS``."""

    kind: str
    inlines: tuple[Inline, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True)
class Tag:
    """A Jinja block tag of an unrendered source, such as ``for 场次 in 批次.场次``."""

    code: str


@dataclass(frozen=True)
class Cell:
    """A cell at grid column ``column`` (from 0); ``rows`` 0 runs to the end of its group.

    ``per_loop`` marks a cell merged over the rows of its loop in an unrendered source.
    """

    blocks: tuple[Paragraph | Tag, ...]
    column: int
    columns: int = 1
    rows: int = 1
    heading: bool = False
    vertical: bool = False
    per_loop: bool = False
    align: Align = ""
    valign: VerticalAlign = ""


@dataclass(frozen=True)
class Row:
    """A table row with its minimal height in mm (0: as high as its text)."""

    cells: tuple[Cell, ...]
    height: float = 0
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows that belong together; a heading group is repeated on every page."""

    rows: tuple[Row | Tag, ...]
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """A table on a fixed grid: ``widths`` in percent of the text, kind ``grid`` (ruled) or ``plain``."""

    widths: tuple[float, ...]
    groups: tuple[Group | Tag, ...]
    kind: str = "grid"
    small: bool = False
    rules: tuple[str, ...] = ()


Block = Heading | Paragraph | Table | PageBreak | Tag


@dataclass(frozen=True)
class Document:
    """One rendered document: look ``official`` or ``form``, paper ``portrait`` or ``landscape``."""

    blocks: tuple[Block, ...]
    title: str
    look: str = "form"
    paper: str = "portrait"
    language: str = "zh-CN"


@dataclass(frozen=True)
class Continued:
    """The part of a vertically merged cell that lies in a later row."""

    cell: Cell


def lay_out(group: Group) -> Iterator[tuple[Row | Tag, tuple[Cell | Continued, ...]]]:
    """Yield each row (or tag) of the group with all cells of the grid in order, merged parts included."""
    open_cells: dict[int, tuple[Cell, int]] = {}
    for row in group.rows:
        own = row.cells if isinstance(row, Row) else ()
        parts: dict[int, Cell | Continued] = {cell.column: cell for cell in own}
        for column, (cell, left) in list(open_cells.items()):
            parts[column] = Continued(cell)
            if isinstance(row, Row):
                open_cells[column] = (cell, left - 1)
                if left == 1:
                    del open_cells[column]
        for cell in own:
            if cell.rows != 1:
                open_cells[cell.column] = (cell, cell.rows - 1)  # negative: never reaches one
        yield row, tuple(parts[column] for column in sorted(parts))
