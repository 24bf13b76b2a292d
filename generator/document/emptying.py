"""Take the words out of pages: what WeasyPrint laid out in, a frame with holes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from weasyprint.layout.replaced import replacedbox_layout

from generator.document.frame import DAY, TITLE, Frame, Hole, Page, Rest, Spot, find_references, open_references
from generator.document.reading import LineReader, Piece, Reader, Stand
from generator.document.shaping import UnstampableError
from generator.document.typeset import draw

_FILLER = "国"
_HOLED = {b"/Span": b" Tm", b"/Figure": b" cm"}  # tag → the operator that says where it is drawn
_OPEN_PAGE = b"/Parent %d 0 R/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S"

Holes = dict[tuple[float, ...], Hole | Spot]  # by where their text is drawn


def make_frame(laid_out: Any, keep: Callable[[Any], Any]) -> Frame:
    """Return the frame of laid-out pages, whose words are lost by this."""
    laid_out.metadata.title = TITLE
    laid_out.metadata.created = laid_out.metadata.modified = DAY
    holes = _empty(laid_out, keep)
    pdf = draw(laid_out)
    objects = {made.number: made for made in pdf.objects[1:]}
    numbers = pdf.pages["Kids"][::3]
    pages = [_page(objects[number], objects, own) for number, own in zip(numbers, holes, strict=True)]
    root = objects[_number(pdf.catalog["StructTreeRoot"])]
    parents = objects[_number(root["ParentTree"])]["Nums"][1::2]
    top = objects[_number(root["K"][0])]
    found = ((number, made) for number, made in objects.items() if _is_element(made) and made is not top)
    elements = [(number, open_references(made.data)) for number, made in found]
    resources = objects[_number(objects[pages[0].number]["Resources"])]
    return Frame(
        [Page(p.number, p.entries, p.drawing, tuple(map(_number, up))) for p, up in zip(pages, parents, strict=True)],
        top.number,
        [*map(_number, top["K"])],
        elements,
        resources["ExtGState"].data,
        _rest(pdf, objects, resources),
    )


def _empty(laid_out: Any, keep: Callable[[Any], Any]) -> list[Holes]:
    """Put a filler in place of every text; return for each page the holes by where their text is drawn."""
    reader = Reader(laid_out)
    return [_empty_page(*parts, keep) for parts in zip(reader.margins(), reader.boxes(), strict=True)]


def _empty_page(margins: Sequence[Any], lines: Sequence[tuple[int, int, Any]], keep: Callable[[Any], Any]) -> Holes:
    holes: Holes = {}
    for box in margins:
        stand = Stand(-1, 0, 0, box.position_x, box.position_y + box.baseline, ())
        _dig(holes, box, Hole(-1, stand, Piece(box.text, keep(box.style), box.position_x)))
    for paragraph, index, line in lines:
        read = LineReader().read(line)
        for number, box in enumerate(read.pieces):
            bordered = [inline for before, inline in read.rules if before == number]
            rules = tuple((inline.border_box_y(), inline.border_height()) for inline in bordered)
            stand = Stand(paragraph, index, number, box.position_x, box.position_y + box.baseline, rules)
            _dig(holes, box, Hole(-1, stand))
        for box in read.pictures:
            holes[_place(replacedbox_layout(box)[2:])] = Spot(
                paragraph, index, box.content_box_y(), box.width, box.height
            )
        for _before, inline in read.rules:
            inline.border_top_width = inline.border_right_width = 0
            inline.border_bottom_width = inline.border_left_width = 0
    return holes


def _dig(holes: Holes, box: Any, hole: Hole) -> None:
    place = _place((hole.stand.x, hole.stand.y))
    if place in holes:
        raise UnstampableError("two texts in one place")
    holes[place] = hole
    box.text = box.pango_layout.text = _FILLER


def _page(page: Any, objects: Mapping[int, Any], holes: Holes) -> Page:
    drawing = _split(objects[_number(page["Contents"])].stream, holes)
    entries = b"".join(
        b"/%b %b" % (key.encode(), page[key].data) for key in ("MediaBox", "TrimBox", "BleedBox") if key in page
    )
    return Page(page.number, b"<</Type/Page%b%b>>" % (entries, _OPEN_PAGE), drawing, ())


def _split(items: Sequence[Any], holes: Holes) -> tuple[bytes | Hole | Spot, ...]:
    """Return a drawing with each text and picture replaced by its hole."""
    parts: list[bytes | Hole | Spot] = []
    kept: list[bytes] = []
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, dict) and kept[-1] in _HOLED:
            end = next(index for index in range(at, len(items)) if items[index] == b"EMC")
            before = b"\n".join(kept[:-1])
            parts += [before, _hole(kept[-1], item, [*map(_data, items[at : end + 1])], holes)]
            kept, at = [], end + 1
            continue
        kept.append(_data(item))
        at += 1
    return (*parts, b"\n".join(kept))


def _hole(tag: bytes, mark: Any, items: Sequence[bytes], holes: Holes) -> Hole | Spot:
    """Return the hole for what was drawn between two marks."""
    operator = _HOLED[tag]
    drawn = next((index for index, item in enumerate(items) if item.endswith(operator)), None)
    if drawn is None:
        raise UnstampableError("a text that is not drawn")
    hole = holes.get(tuple(map(float, items[drawn].split()[4:6])))
    if hole is None:
        raise UnstampableError("a text or picture that is drawn elsewhere")
    if isinstance(hole, Hole):
        return Hole(mark["MCID"], hole.stand, hole.fixed)
    end = next(index for index, item in enumerate(items) if item.endswith(b" Do")) + 2
    around = (b"\n".join((tag, *items[:drawn])), b"\n".join(items[end:]))
    return replace(hole, around=around)


def _place(values: Iterable[float]) -> tuple[float, ...]:
    """Return a place as the drawing rounds it."""
    return tuple(float(f"{value:f}") for value in values)


def _is_element(made: Any) -> bool:
    return isinstance(made, dict) and made.get("Type") == "/StructElem"


def _rest(pdf: Any, objects: Mapping[int, Any], resources: Any) -> Rest:
    catalog = {key: value for key, value in pdf.catalog.items() if key not in ("Pages", "StructTreeRoot", "Metadata")}
    entries = b"".join(b"/%b %b" % (key.encode(), _data(value)) for key, value in catalog.items() if key != "Type")
    colors = _number(resources["ColorSpace"])
    shared = [(colors, objects[colors])]
    shared += [(number, objects[number]) for number in find_references(objects[colors].data + entries)]
    metadata = b"\n".join(objects[_number(pdf.catalog["Metadata"])].stream)
    producer = pdf.info["Producer"].data
    return Rest(open_references(entries), tuple(dict(shared).items()), colors, metadata, producer)


def _data(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return bytes(value.data) if hasattr(value, "data") else str(value).encode()


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
