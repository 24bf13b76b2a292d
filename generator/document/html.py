"""A document tree into the HTML that WeasyPrint prints: no white space but what shall print, well-formed as XML."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from urllib.parse import quote

from generator.document.tree import (
    Blank,
    Block,
    Cell,
    Document,
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
)

PHOTO_SCHEME = "kaowu-photo"
SHORT = 5  # a merged group of so few rows stays on one page; a longer one would leave too much of the page empty
_STYLES = {"bold": "b", "underline": "u"}


def write_html(document: Document, day: str) -> str:
    """Return the document as an HTML page dated ``day`` (ISO); pictures have addresses of our own scheme."""
    return (
        f'<!DOCTYPE html><html lang="{document.language}"><head><meta charset="utf-8"/>'
        f"<title>{escape(document.title)}</title>"
        f'<meta name="dcterms.created" content="{day}"/><meta name="dcterms.modified" content="{day}"/>'
        f"</head><body>{''.join(_blocks(document.blocks))}</body></html>"
    )


def _blocks(blocks: Iterable[Block]) -> Iterable[str]:
    new_page = False
    for block in blocks:
        if isinstance(block, PageBreak):
            new_page = True
        elif not isinstance(block, Tag):
            yield _block(block, "newpage" if new_page else "")
            new_page = False


def _block(block: Heading | Paragraph | Table, extra: str) -> str:
    if isinstance(block, Table):
        return _table(block, extra)
    if isinstance(block, Heading):
        return _element(f"h{block.level + 1}", extra, write_inlines(block.inlines))
    return _paragraph(block, extra)


def _paragraph(block: Paragraph, extra: str = "") -> str:
    content = write_inlines(block.inlines)
    return _element("p", f"{block.kind} {extra if content else extra + ' empty'}", content)


def _element(name: str, classes: str, content: str, attributes: str = "") -> str:
    named = f' class="{" ".join(classes.split())}"' if classes.strip() else ""
    return f"<{name}{named}{attributes}>{content}</{name}>"


def write_inlines(inlines: Iterable[Inline]) -> str:
    """Return inlines as HTML."""
    return "".join(map(_inline, inlines))


def _inline(inline: Inline) -> str:
    if isinstance(inline, Run):
        return _run(inline)
    if isinstance(inline, LineBreak):
        return "<br/>"
    if isinstance(inline, Blank):
        return _element("span", "blank", write_inlines(_not_underlined(inline.inlines)))
    return _photo(inline)


def _not_underlined(parts: Iterable[Run | LineBreak]) -> Iterable[Run | LineBreak]:
    return (replace(part, underline=False) if isinstance(part, Run) else part for part in parts)


def _run(run: Run) -> str:
    html = escape(run.text, quote=False)
    for attribute, element in _STYLES.items():
        html = _element(element, "", html) if getattr(run, attribute) else html
    classes = f"{run.face} {'box' if run.boxed else ''}".strip()
    return _element("span", classes, html) if classes else html


def _photo(photo: Photo) -> str:
    if not photo.source:
        return write_inlines(photo.label)
    style = f"width:{photo.width:g}mm;height:{photo.height:g}mm"
    return f'<img src="{PHOTO_SCHEME}:{quote(photo.source)}" alt="照片" style="{style}"/>'


def _table(table: Table, extra: str) -> str:
    columns = "".join(f'<col style="width:{width / sum(table.widths):.4%}"/>' for width in table.widths)
    groups = "".join(_group(group) for group in table.groups if isinstance(group, Group))
    content = f"<colgroup>{columns}</colgroup>{groups}"
    return _element("table", f"{table.kind} {'small' if table.small else ''} {extra}", content)


def _group(group: Group) -> str:
    rows = [row for row in group.rows if isinstance(row, Row)]
    merged = 1 < len(rows) <= SHORT and any(cell.rows == len(rows) for cell in rows[0].cells)
    name, kind = ("thead", "") if group.heading else ("tbody", "whole" if merged else "")
    return _element(name, kind, "".join(map(_row, rows))) if rows else ""


def _row(row: Row) -> str:
    """Write a row; its height stands at a cell, where WeasyPrint 70 does not add cells that span rows to it."""
    single = next((cell for cell in row.cells if cell.rows == 1), None)
    return _element("tr", "", "".join(_cell(cell, row.height if cell is single else 0) for cell in row.cells))


def _cell(cell: Cell, height: float) -> str:
    style = f' style="height:{height:g}mm"' if height else ""
    spans = (("colspan", cell.columns), ("rowspan", cell.rows))
    attributes = "".join(f' {name}="{span}"' for name, span in spans if span != 1) + style
    classes = f"{'vertical' if cell.vertical else ''} {f'align-{cell.align}' if cell.align else ''} {cell.valign}"
    content = "".join(_paragraph(block) for block in cell.blocks if isinstance(block, Paragraph))
    return _element("th" if cell.heading else "td", classes, content, attributes)
