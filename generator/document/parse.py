"""Rendered markup (or, for export, markup with tags) into the document tree."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

from lxml import etree

from generator.document.grid import place_cells
from generator.document.markup import code_of, holds_blocks, is_tag, line_of, parse_markup
from generator.document.tree import (
    Align,
    Blank,
    Block,
    Cell,
    Face,
    Group,
    Heading,
    Inline,
    LineBreak,
    PageBreak,
    Paragraph,
    Photo,
    Row,
    Run,
    Table,
    Tag,
    VerticalAlign,
)
from generator.document.vocabulary import HEADINGS

_FACES = frozenset({"song", "fang", "hei", "kai"})
_PLAIN = Run("")


def parse(markup: str) -> tuple[Block, ...]:
    """Return the blocks of rendered markup; after ``mark_tags``, tags become Tag nodes or text of runs."""
    return tuple(_block(node) for node in parse_markup(markup))


def _block(node: etree._Element) -> Block:
    if is_tag(node):
        return Tag(code_of(node))
    if node.tag == "table":
        return parse_table(node)
    if node.tag == "pagebreak":
        return PageBreak()
    if node.tag in HEADINGS:
        return Heading(HEADINGS[node.tag], parse_inlines(node), _rules(node))
    return _paragraph(node)


def _paragraph(node: etree._Element, kind: str = "body") -> Paragraph:
    return Paragraph(node.get("class", kind), parse_inlines(node), _rules(node))


def _rules(node: etree._Element) -> tuple[str, ...]:
    return tuple(node.get("rule", "").split())


def parse_inlines(node: etree._Element) -> tuple[Inline, ...]:
    """Return the inlines of an element, neighbours of equal formatting joined."""
    return tuple(_joined(_walk(node, _PLAIN)))


def _walk(node: etree._Element, style: Run) -> Iterator[Inline]:
    yield from _text(node.text if not is_tag(node) else "", style)
    for child in node:
        yield from _inline(child, style)
        yield from _text(child.tail, style)


def _text(text: str | None, style: Run) -> Iterator[Inline]:
    for number, line in enumerate((text or "").split("\n")):
        if number:
            yield LineBreak()
        if line:
            yield replace(style, text=line)


def _inline(node: etree._Element, style: Run) -> Iterator[Inline]:
    if is_tag(node):
        yield replace(style, text=f"{{% {code_of(node)} %}}")
    elif node.tag == "br":
        yield LineBreak()
    elif node.tag == "blank":
        parts = _joined(_walk(node, replace(style, underline=True)))
        yield Blank(tuple(part for part in parts if isinstance(part, Run | LineBreak)), node.get("hint", ""))
    elif node.tag == "photo":
        yield Photo(node.get("src", ""), _mm(node, "width"), _mm(node, "height"), parse_inlines(node))
    else:
        yield from _walk(node, _styled(str(node.tag), style))


def _styled(name: str, style: Run) -> Run:
    if name in _FACES:
        return replace(style, face=cast("Face", name))
    return {
        "b": replace(style, bold=True),
        "u": replace(style, underline=True),
        "box": replace(style, boxed=True),
    }[name]


def _joined(parts: Iterable[Inline]) -> Iterator[Inline]:
    held: Run | None = None
    for part in parts:
        if isinstance(part, Run) and held and replace(held, text="") == replace(part, text=""):
            held = replace(held, text=held.text + part.text)
            continue
        if held:
            yield held
        held = part if isinstance(part, Run) else None
        if held is None:
            yield part
    if held:
        yield held


def _mm(node: etree._Element, name: str) -> float:
    return float(node.get(name, "0").removesuffix("mm") or 0)


def parse_table(node: etree._Element) -> Table:
    """Return the table with every cell placed on its grid; raise GridError where rows do not fill it."""
    widths = tuple(float(col.get("width", "0").removesuffix("%")) for col in node if col.tag == "col")
    groups = tuple(
        Tag(code_of(child)) if is_tag(child) else _group(child, len(widths)) for child in node if child.tag != "col"
    )
    classes = node.get("class", "grid").split()
    return Table(widths, groups, "plain" if "plain" in classes else "grid", "small" in classes, _rules(node))


def _group(node: etree._Element, columns: int) -> Group:
    drafts = [Tag(code_of(child)) if is_tag(child) else _row(child) for child in node]
    lines = [line_of(child) for child in node]
    return Group(place_cells(drafts, columns, lines), node.tag == "thead")


def _row(node: etree._Element) -> Row:
    return Row(tuple(_cell(child) for child in node if not is_tag(child)), _mm(node, "height"), _rules(node))


def _cell(node: etree._Element) -> Cell:
    merge = node.get("merge", "")
    return Cell(
        () if merge == "0" else _cell_blocks(node),
        column=-1,
        columns=int(node.get("colspan", "1")),
        rows=-1 if merge == "0" else int(node.get("rowspan", "1")),
        heading=node.tag == "th",
        vertical=node.get("class") == "vertical",
        per_loop="{{" in merge,
        align=cast("Align", node.get("align", "")),
        valign=cast("VerticalAlign", node.get("valign", "")),
    )


def _cell_blocks(node: etree._Element) -> tuple[Paragraph | Tag, ...]:
    if not holds_blocks(node):
        return (Paragraph("cell", parse_inlines(node)),)
    return tuple(Tag(code_of(child)) if is_tag(child) else _paragraph(child, "cell") for child in node)
