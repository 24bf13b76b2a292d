"""What stays the same on all pages with the same lines: laid-out pages in, drawing and structure with holes out.

A frame is drawn by WeasyPrint itself; wherever it draws a text, a hole is left. Its objects are kept with their
references open, so that any number of documents can stand in one file.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.document.pdf_file import Bundle, bundle
from generator.document.pictures import Picture
from generator.document.reading import Line, Piece, Rule, Stand
from generator.document.shaping import Glyph, Shaped, number_of

_REFERENCE = re.compile(rb"(\d+) 0 R|\((\d+)-(\d+)-(\d+)\)")
TITLE = "\ue000"  # what stands for the title and the day of a document in the metadata of a frame
DAY = "1234-12-31"

Shape = Callable[[Piece], Shaped]
Template = tuple[bytes | int, ...]  # numbers are objects of the frame


@dataclass(frozen=True)
class Hole:
    """Where a text goes: its place in the structure, the piece, and its stand; of the margin when ``fixed``."""

    mark: int
    stand: Stand
    fixed: Piece | None = None


@dataclass(frozen=True)
class Spot:
    """Where a picture goes: the paragraph and line it stands in, the box it fits into, and what is drawn around it."""

    paragraph: int
    line: int
    top: float
    width: float
    height: float
    around: tuple[bytes, bytes] = (b"", b"")


@dataclass(frozen=True)
class Page:
    """A page: its own number and its dictionary but for contents, and its drawing with holes."""

    number: int
    entries: bytes
    drawing: tuple[bytes | Hole | Spot, ...]
    parents: tuple[int, ...]


@dataclass(frozen=True)
class Above:
    """The numbers of what all documents of a file stand below: its pages, resources and structure."""

    pages: int
    resources: int
    top: int


@dataclass(frozen=True)
class Structure:
    """The pages and structure elements of one document, numbered: what a file refers to, and all of them."""

    pages: tuple[int, ...]
    top: tuple[int, ...]
    parents: tuple[bytes, ...]
    bundle: Bundle


@dataclass
class Frame:
    """Pages with holes, their structure, and what the file itself needs."""

    pages: list[Page]
    root: int
    top: list[int]
    elements: list[tuple[int, Template]]
    states: bytes
    rest: "Rest"
    _written: dict[tuple[int, int], tuple[Line, bytes]] = field(default_factory=dict)
    _structures: dict[tuple[int, int, Above], Structure] = field(default_factory=dict)

    def contents(
        self, lines: Sequence[Sequence[Line]], pictures: Mapping[int, Picture], shape: Shape
    ) -> tuple[list[bytes], list[Glyph]]:
        """Return the drawing of each page with lines and pictures put in by paragraph, and the glyphs, in order."""
        glyphs: list[Glyph] = []
        contents = []
        for page in self.pages:
            parts = []
            for part in page.drawing:
                if isinstance(part, bytes):
                    parts.append(part)
                    continue
                if isinstance(part, Spot):
                    parts.append(_show(part, lines, pictures[part.paragraph]))
                    continue
                line = _line_for(part, lines)
                glyphs += shape(line.pieces[part.stand.piece]).glyphs
                parts.append(self._fill(page, part, line, shape))
            contents.append(b"\n".join(parts))
        return contents, glyphs

    def structure(self, first: int, page: int, above: Above) -> Structure:
        """Return pages and structure of a document whose drawings are numbered from ``first``, its pages from ``page``.

        The first document of a file always has the same numbers, so its structure is kept.
        """
        key = (first, page, above)
        if key in self._structures:
            return self._structures[key]
        made = self._number(first, page, above)
        if page == 0:
            self._structures = {key: made}
        return made

    def _number(self, first: int, page: int, above: Above) -> Structure:
        start = first + len(self.pages) + 1  # the bundle has a number of its own
        old = [*(own.number for own in self.pages), *(number for number, _template in self.elements)]
        numbers = {number: start + index for index, number in enumerate(old)}
        numbers[self.root] = above.top
        values = [
            (numbers[own.number], own.entries % (above.pages, above.resources, first + index, page + index))
            for index, own in enumerate(self.pages)
        ]
        values += ((numbers[number], fill(template, numbers)) for number, template in self.elements)
        return Structure(
            tuple(numbers[own.number] for own in self.pages),
            tuple(numbers[number] for number in self.top),
            tuple(refer(numbers[number] for number in own.parents) for own in self.pages),
            bundle(values),
        )

    def _fill(self, page: Page, hole: Hole, line: Line, shape: Shape) -> bytes:
        """Return what is drawn in a hole; the same line is not written twice in a row."""
        key = (page.number, hole.mark)
        last = self._written.get(key)
        if last is None or last[0] is not line:
            last = self._written[key] = (line, _write(hole, line, shape))
        return last[1]


@dataclass(frozen=True)
class Rest:
    """What a file has once: the entries of the catalogue, streams and values it refers to, and its metadata."""

    catalog: Template
    shared: tuple[tuple[int, Any], ...]
    colors: int
    metadata: bytes
    producer: bytes


def _show(spot: Spot, lines: Sequence[Sequence[Line]], picture: Picture) -> bytes:
    x = lines[spot.paragraph][spot.line].pictures[0]
    before, after = spot.around
    return b"\n".join((before, picture.fit(x, spot.top, spot.width, spot.height), after))


def _line_for(hole: Hole, lines: Sequence[Sequence[Line]]) -> Line:
    if hole.fixed:
        return Line((hole.fixed,))
    return lines[hole.stand.paragraph][hole.stand.line]


def _write(hole: Hole, line: Line, shape: Shape) -> bytes:
    stand = hole.stand
    piece = line.pieces[stand.piece]
    rules = [rule for rule in line.rules if rule.before == stand.piece]
    parts = [_write_rule(rule, *place) for rule, place in zip(rules, stand.rules, strict=True)]
    color = " ".join(map(number_of, piece.style.color))
    place = f"1 0 0 -1 {number_of(piece.x)} {number_of(stand.y)} Tm"
    parts.append(f"/Span <</MCID {hole.mark}>> BDC\n{color} rg\nBT\n{place}\n".encode())
    return b"".join((*parts, shape(piece).operators, b"\nET\nEMC"))


def _write_rule(rule: Rule, top: float, height: float) -> bytes:
    """Return the border of an inline as WeasyPrint draws it."""
    left, width, thick = rule.x, rule.width, rule.thickness
    inner = (left, top, width, height - thick)
    clip = ""
    if rule.is_box:
        inner = (left + thick, top + thick, width - 2 * thick, height - 2 * thick)
    else:
        low, right = top + height, left + width
        corners = ((right, low), (left, low), (left, low - thick), (right, low - thick))
        path = (f"{_join(corner)} {'l' if index else 'm'}" for index, corner in enumerate(corners))
        clip = "\n".join(path) + "\nW*\nn\n"
    outer = _join((left, top, width, height))
    return f"/Artifact BMC\nq\n{clip}0 0 0 rg\n{_join(inner)} re\n{outer} re\nf*\nQ\nEMC\n".encode()


def _join(values: Sequence[float]) -> str:
    return " ".join(map(number_of, values))


def fill(template: Template, numbers: Mapping[int, int]) -> bytes:
    """Return an object with its references filled in."""
    return b"".join(part if isinstance(part, bytes) else b"%d" % numbers[part] for part in template)


def refer(numbers: Iterable[int]) -> bytes:
    """Return references to objects."""
    return b" ".join(b"%d 0 R" % number for number in numbers)


def find_references(data: bytes) -> list[int]:
    """Return the numbers of the objects that data refer to."""
    return [int(found[1]) for found in _REFERENCE.finditer(data) if found[1]]


def open_references(data: bytes) -> Template:
    """Return the data of an object with its references open."""
    parts: list[bytes | int] = []
    done = 0
    for found in _REFERENCE.finditer(data):
        if found[1]:
            parts += [data[done : found.start()], int(found[1]), b" 0 R"]
        else:
            parts += [data[done : found.start()] + b"(", int(found[2]), b"-%b-%b)" % (found[3], found[4])]
        done = found.end()
    return (*parts, data[done:])
