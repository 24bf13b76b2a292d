"""Read laid-out pages: WeasyPrint's boxes in, the lines of each paragraph and where they stand out.

The only module that knows how WeasyPrint 70 keeps a page; what it does not know it refuses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from weasyprint.formatting_structure import boxes

from generator.document.shaping import Style, UnstampableError

_ALIGNS = {"center": "center", "right": "right", "end": "right", "left": "left", "start": "left", "justify": "left"}
PARAGRAPHS = ("p", "h1", "h2", "h3", "h4")


@dataclass(frozen=True)
class Piece:
    """A text of a line, and where it begins in px from the left of the page."""

    text: str
    style: Style = field(compare=False)
    x: float


@dataclass(frozen=True)
class Rule:
    """A border around (``is_box``) or under an inline, drawn before the piece at ``before``; px."""

    before: int
    is_box: bool
    thickness: float
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    """A line: its pieces, the borders drawn with them, and where its pictures begin, in px from the left."""

    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...] = ()
    pictures: tuple[float, ...] = ()


@dataclass(frozen=True)
class Stand:
    """Where a piece of a line stands: its baseline, and top and height of the borders drawn before it; px."""

    paragraph: int
    line: int
    piece: int
    x: float
    y: float
    rules: tuple[tuple[float, float], ...]


@dataclass
class Block:
    """A paragraph as laid out: the place of its text in px, and the boxes of its lines, page by page."""

    left: float
    width: float
    indent: float
    align: str
    lines: list[Any] = field(default_factory=list)


class Reader:
    """Reads the pages of one document; paragraphs go by their number in the source."""

    def __init__(self, laid_out: Any) -> None:
        root = laid_out._html.etree_element  # noqa: SLF001 - the elements that boxes point to are known nowhere else
        found = (element for element in root.iter() if element.tag in PARAGRAPHS)
        self._numbers = {element: number for number, element in enumerate(found)}
        self._repeated = {element for head in root.iter("thead") for element in head.iter()}
        self._pages = [page._page_box for page in laid_out.pages]  # noqa: SLF001

    def boxes(self) -> Iterator[list[tuple[int, int, Any]]]:
        """Yield for each page its line boxes: the number of the paragraph, that of the line in it, the box."""
        done: dict[int, int] = {}
        for page in self._pages:
            found: list[tuple[int, int, Any]] = []
            for box in _paragraph_boxes(page):
                number = self._numbers[box.element]
                first = 0 if box.element in self._repeated else done.get(number, 0)
                done[number] = first + len(box.children)
                found += ((number, index, line) for index, line in enumerate(box.children, start=first))
            yield found

    def blocks(self) -> dict[int, Block]:
        """Return every paragraph that has lines, by number."""
        blocks: dict[int, Block] = {}
        for page in self._pages:
            for box in _paragraph_boxes(page):
                blocks.setdefault(self._numbers[box.element], _open_block(box))
        for number, index, line in chain.from_iterable(self.boxes()):
            if index == len(blocks[number].lines):  # not the repeated head of a table
                blocks[number].lines.append(line)
        return blocks

    def margins(self) -> Iterator[list[Any]]:
        """Yield for each page the text boxes of its margins."""
        for page in self._pages:
            margins = (child for child in page.children if isinstance(child, boxes.MarginBox))
            yield [*chain.from_iterable(map(_text_boxes, margins))]


def _open_block(box: Any) -> Block:
    last = box.style["text_align_last"]
    align = _ALIGNS.get(box.style["text_align_all"] if last == "auto" else last)
    if box.style["direction"] != "ltr" or align is None:
        raise UnstampableError(box.element_tag)
    return Block(box.content_box_x(), box.width, box.children[0].text_indent, align)


def _paragraph_boxes(box: Any) -> Iterator[Any]:
    for child in box.children:
        if isinstance(child, boxes.MarginBox) or not isinstance(child, boxes.ParentBox):
            continue
        if isinstance(child, boxes.BlockBox) and child.element is not None and child.element.tag in PARAGRAPHS:
            if child.children:
                yield child
        else:
            yield from _paragraph_boxes(child)


def _text_boxes(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from _text_boxes(child)


@dataclass
class LineReader:
    """Walks over one line box in the order it is drawn."""

    pieces: list[Any] = field(default_factory=list)
    rules: list[tuple[int, Any]] = field(default_factory=list)
    pictures: list[Any] = field(default_factory=list)

    def read(self, box: Any) -> "LineReader":
        """Return itself, with the text boxes and the bordered inline boxes below ``box`` added."""
        for child in box.children:
            if isinstance(child, boxes.TextBox):
                self.pieces.append(child)
            elif isinstance(child, boxes.InlineBox):
                if border_of(child):
                    self.rules.append((len(self.pieces), child))
                self.read(child)
            elif isinstance(child, boxes.InlineReplacedBox):
                self.pictures.append(child)
            else:
                raise UnstampableError(type(child).__name__)
        return self

    def as_line(self, styles: "Styles") -> Line:
        """Return the line as it stands."""
        pieces = tuple(Piece(box.text, styles.keep(box.style), box.position_x) for box in self.pieces)
        rules = tuple(_rule(before, box) for before, box in self.rules)
        if any(rule.before >= len(pieces) for rule in rules):
            raise UnstampableError("a border without text")
        return Line(pieces, rules, tuple(box.content_box_x() for box in self.pictures))


def _rule(before: int, box: Any) -> Rule:
    is_box, thickness = border_of(box) or (False, 0)
    return Rule(before, is_box, thickness, box.border_box_x(), box.border_width())


def border_of(box: Any) -> tuple[bool, float] | None:
    """Return whether an inline box is bordered all around, and how thick; None without a border."""
    widths = [getattr(box, f"border_{side}_width") for side in ("top", "right", "bottom", "left")]
    apart = [getattr(box, f"{kind}_{side}") for kind in ("margin", "padding") for side in ("left", "right")]
    if any(apart) or box.style["background_color"].alpha:
        raise UnstampableError(box.element_tag)
    if not any(widths):
        return None
    if len(set(widths)) == 1:
        return True, widths[0]
    if any(widths[side] for side in (0, 1, 3)):
        raise UnstampableError(box.element_tag)
    return False, widths[2]


class Styles:
    """Keeps each style of the pages read once."""

    def __init__(self) -> None:
        self._kept: dict[str, Style] = {}

    def keep(self, style: Any) -> Style:
        """Return the style as it was kept when it was met first."""
        made = Style(style)
        return self._kept.setdefault(made.key, made)
