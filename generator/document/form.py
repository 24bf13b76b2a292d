"""All documents of one shape: the words of a document in, the lines its paragraphs make out.

A paragraph whose text stays on one line is set by itself; any other is read off pages that have been laid out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

from generator.document.html import PHOTO_SCHEME, SLOT
from generator.document.reading import PARAGRAPHS, Block, Line, LineReader, Piece, Reader, Rule, Styles, border_of
from generator.document.shaping import Shaper, Style

_CLEARANCE = 0.01  # px: how much a line must leave before it surely fits
_ODD = re.compile("[\x00-\x1f\x7f-\xa0\xad\u061c\u2028-\u202e\u2066-\u2069\ufeff\ufffc]")
_KEPT = 4096
_SLOTS = re.compile(f"{SLOT}+")


@dataclass(frozen=True)
class Laid:
    """The lines of a paragraph, and what of them decides about the heights on the page."""

    lines: tuple[Line, ...]
    signature: tuple[Any, ...]


@dataclass(frozen=True)
class _Edge:
    """Where a border begins or ends."""

    is_box: bool
    thickness: float
    opens: bool


_Token = Style | _Edge | float  # a style stands for the next text, a number for a picture of that width


class Form:
    """What documents of one shape have in common: the words each paragraph takes, and how one line of it runs."""

    def __init__(self, page: str, probe: Any, shaper: Shaper) -> None:
        self._shaper = shaper
        self._takes = list(_takes(page))
        self.pictured = list(_pictured(page))
        self._styles = Styles()
        blocks = Reader(probe).blocks()
        self._blocks = [blocks.get(number) for number in range(len(self._takes))]
        self._runs = [self._read_runs(number) for number in range(len(self._takes))]
        self._fixed = [self._read_fixed(number) for number in range(len(self._takes))]
        for block in blocks.values():
            block.lines.clear()
        self._laid: dict[tuple[int, tuple[str, ...]], Laid | None] = {}

    def split(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the texts of each paragraph, those that stand in one piece put together."""
        rest = iter(texts)
        return [tuple("".join(islice(rest, count)) for count in takes) for takes in self._takes]

    def lay(self, number: int, texts: tuple[str, ...]) -> Laid | None:
        """Return the lines of a paragraph with these texts; None when only a page laid out can tell."""
        fixed = self._fixed[number]
        if fixed is not None:
            return fixed
        key = (number, texts)
        if key not in self._laid:
            self._make_room()
            self._laid[key] = self._set(number, texts)
        return self._laid[key]

    def learn(self, number: int, texts: tuple[str, ...], lines: Sequence[Any]) -> Laid:
        """Return the lines of a paragraph as a page shows them, and know them from now on."""
        self._make_room()
        laid = self._as_laid(tuple(LineReader().read(line).as_line(self._styles) for line in lines))
        self._laid[number, texts] = laid
        return laid

    def keep_style(self, style: Any) -> Style:
        """Return WeasyPrint's style as we keep it."""
        return self._styles.keep(style)

    def _make_room(self) -> None:
        if len(self._laid) >= _KEPT:
            self._laid.clear()

    def _read_fixed(self, number: int) -> Laid | None:
        """Return the lines of a paragraph that takes no words."""
        block = self._blocks[number]
        if self._takes[number]:
            return None
        lines = block.lines if block else ()
        return self._as_laid(tuple(LineReader().read(line).as_line(self._styles) for line in lines))

    def _read_runs(self, number: int) -> list[list[_Token]] | None:
        """Return the tokens of each line where every text of the probe stands whole; None where it does not."""
        block = self._blocks[number]
        if block is None:
            return None
        runs = [list(self._tokens(line)) for line in block.lines]
        texts = sum(isinstance(token, Style) for run in runs for token in run)
        breaks = sum(box.element_tag == "br" for line in block.lines for box in line.descendants())
        is_whole = texts == len(self._takes[number]) and len(runs) == breaks + 1
        return runs if is_whole else None

    def _tokens(self, box: Any) -> Iterator[_Token]:
        for child in box.children:
            if hasattr(child, "pango_layout"):
                yield self._styles.keep(child.style)
            elif hasattr(child, "replacement"):
                yield float(child.margin_width())
            elif hasattr(child, "children"):
                border = border_of(child)
                if border:
                    yield _Edge(*border, opens=True)
                yield from self._tokens(child)
                if border:
                    yield _Edge(*border, opens=False)

    def _set(self, number: int, texts: tuple[str, ...]) -> Laid | None:
        """Return the lines where every stretch between line breaks fits into one."""
        block, runs = self._blocks[number], self._runs[number]
        if block is None or runs is None or any(map(_ODD.search, texts)):
            return None
        rest = iter(texts)
        lines: list[Line] = []
        for run in runs:
            line = self._set_line(run, rest, block, 0 if lines else block.indent)
            if line is None:
                return None
            lines.append(line)
        return self._as_laid(tuple(lines))

    def _set_line(self, run: list[_Token], rest: Iterator[str], block: Block, indent: float) -> Line | None:
        start = at = block.left + indent
        pieces: list[Piece] = []
        rules: list[Rule] = []
        pictures: list[float] = []
        opened: list[tuple[int, int, float]] = []
        for token in run:
            if isinstance(token, Style):
                text = next(rest)
                pieces.append(Piece(text, token, at))
                at += self._shaper.shape(text, token).width
            elif isinstance(token, float):
                pictures.append(at)
                at += token
            elif token.opens:
                opened.append((len(rules), len(pieces), at))
                rules.append(Rule(0, is_box=False, thickness=0, x=0, width=0))
                at += token.thickness if token.is_box else 0
            else:
                at += token.thickness if token.is_box else 0
                place, before, begin = opened.pop()
                rules[place] = Rule(before, token.is_box, token.thickness, begin, at - begin)
        if indent + at - start > block.width - _CLEARANCE:
            return None
        return _shift(Line(tuple(pieces), tuple(rules), tuple(pictures)), _offset(block, at - start))

    def _as_laid(self, lines: tuple[Line, ...]) -> Laid:
        return Laid(lines, tuple(map(self._sign, lines)))

    def _sign(self, line: Line) -> tuple[Any, ...]:
        shaped = (self._shaper.shape(piece.text, piece.style) for piece in line.pieces)
        metrics = zip((id(piece.style) for piece in line.pieces), ((s.height, s.baseline) for s in shaped), strict=True)
        return (*metrics, *((rule.before, rule.is_box) for rule in line.rules))


def _takes(page: str) -> Iterator[tuple[int, ...]]:
    """Yield for each paragraph how many slots each of its texts is made of."""
    for element in ET.fromstring(page).iter():  # noqa: S314 - our own
        if element.tag in PARAGRAPHS:
            yield tuple(len(text) for text in element.itertext() if text)


def _pictured(page: str) -> Iterator[int]:
    """Yield the number of the paragraph that each picture stands in."""
    paragraphs = (element for element in ET.fromstring(page).iter() if element.tag in PARAGRAPHS)  # noqa: S314
    for number, element in enumerate(paragraphs):
        yield from (number for _image in element.iter("img"))


def fill_slots(page: str, text: str) -> str:
    """Return the page of a shape with one text in every slot, and an address in that of every picture."""
    return _SLOTS.sub(text, page.replace(f'src="{SLOT}"', f'src="{PHOTO_SCHEME}:"'))


def _offset(block: Block, width: float) -> float:
    if block.align == "left" or width >= block.width:
        return 0
    return (block.width - width) / (2 if block.align == "center" else 1)


def _shift(line: Line, offset: float) -> Line:
    if not offset:
        return line
    pieces = tuple(Piece(piece.text, piece.style, piece.x + offset) for piece in line.pieces)
    rules = tuple(Rule(r.before, r.is_box, r.thickness, r.x + offset, r.width) for r in line.rules)
    return Line(pieces, rules, tuple(x + offset for x in line.pictures))
