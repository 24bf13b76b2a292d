"""A document tree into the HTML that WeasyPrint prints: no white space but what shall print, well-formed as XML."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
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
SLOT = "\ue000"
_ANY_DAY = "1234-12-31"
_STYLES = {"bold": "b", "underline": "u"}


def write_html(document: Document, day: str) -> str:
    """Return the document as an HTML page dated ``day`` (ISO); pictures have addresses of our own scheme."""
    return _Writer(_say, _show).page(document, day)


@dataclass
class Masked:
    """A page without its words: a slot for each text and each picture, and what stood there, in order."""

    page: str = ""
    texts: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


def mask_html(document: Document) -> Masked:
    """Return the page of a document taken apart into its shape and its words; title and date are left out."""
    masked = Masked()

    def say(text: str) -> str:
        if text:
            masked.texts.append(text)
        return SLOT if text else ""

    def show(source: str) -> str:
        masked.photos.append(source)
        return SLOT

    masked.page = _Writer(say, show).page(replace(document, title=""), _ANY_DAY)
    return masked


def _say(text: str) -> str:
    return escape(text, quote=False)


def _show(source: str) -> str:
    return f"{PHOTO_SCHEME}:{quote(source)}"


@dataclass(frozen=True)
class _Writer:
    """Writes a page; ``say`` and ``show`` say what stands for a text and for the address of a picture."""

    say: Callable[[str], str]
    show: Callable[[str], str]

    def page(self, document: Document, day: str) -> str:
        return (
            f'<!DOCTYPE html><html lang="{document.language}"><head><meta charset="utf-8"/>'
            f"<title>{_say(document.title)}</title>"
            f'<meta name="dcterms.created" content="{day}"/><meta name="dcterms.modified" content="{day}"/>'
            f"</head><body>{''.join(self.blocks(document.blocks))}</body></html>"
        )

    def blocks(self, blocks: Iterable[Block]) -> Iterable[str]:
        new_page = False
        for block in blocks:
            if isinstance(block, PageBreak):
                new_page = True
            elif not isinstance(block, Tag):
                yield self.block(block, "newpage" if new_page else "")
                new_page = False

    def block(self, block: Heading | Paragraph | Table, extra: str) -> str:
        if isinstance(block, Table):
            return self.table(block, extra)
        if isinstance(block, Heading):
            return _element(f"h{block.level + 1}", extra, self.inlines(block.inlines))
        return self.paragraph(block, extra)

    def paragraph(self, block: Paragraph, extra: str = "") -> str:
        content = self.inlines(block.inlines)
        return _element("p", f"{block.kind} {extra if content else extra + ' empty'}", content)

    def inlines(self, inlines: Iterable[Inline]) -> str:
        return "".join(map(self.inline, inlines))

    def inline(self, inline: Inline) -> str:
        if isinstance(inline, Run):
            return self.run(inline)
        if isinstance(inline, LineBreak):
            return "<br/>"
        if isinstance(inline, Blank):
            return _element("span", "blank", self.inlines(_not_underlined(inline.inlines)))
        return self.photo(inline)

    def run(self, run: Run) -> str:
        html = self.say(run.text)
        for attribute, element in _STYLES.items():
            html = _element(element, "", html) if getattr(run, attribute) else html
        classes = f"{run.face} {'box' if run.boxed else ''}".strip()
        return _element("span", classes, html) if classes else html

    def photo(self, photo: Photo) -> str:
        if not photo.source:
            return self.inlines(photo.label)
        style = f"width:{photo.width:g}mm;height:{photo.height:g}mm"
        return f'<img src="{self.show(photo.source)}" alt="照片" style="{style}"/>'

    def table(self, table: Table, extra: str) -> str:
        columns = "".join(f'<col style="width:{width / sum(table.widths):.4%}"/>' for width in table.widths)
        groups = "".join(self.group(group) for group in table.groups if isinstance(group, Group))
        content = f"<colgroup>{columns}</colgroup>{groups}"
        return _element("table", f"{table.kind} {'small' if table.small else ''} {extra}", content)

    def group(self, group: Group) -> str:
        rows = [row for row in group.rows if isinstance(row, Row)]
        merged = 1 < len(rows) <= SHORT and any(cell.rows == len(rows) for cell in rows[0].cells)
        name, kind = ("thead", "") if group.heading else ("tbody", "whole" if merged else "")
        return _element(name, kind, "".join(map(self.row, rows))) if rows else ""

    def row(self, row: Row) -> str:
        """Write a row; its height stands at a cell, where WeasyPrint 70 does not add cells that span rows to it."""
        single = next((cell for cell in row.cells if cell.rows == 1), None)
        return _element("tr", "", "".join(self.cell(cell, row.height if cell is single else 0) for cell in row.cells))

    def cell(self, cell: Cell, height: float) -> str:
        style = f' style="height:{height:g}mm"' if height else ""
        spans = (("colspan", cell.columns), ("rowspan", cell.rows))
        attributes = "".join(f' {name}="{span}"' for name, span in spans if span != 1) + style
        classes = f"{'vertical' if cell.vertical else ''} {f'align-{cell.align}' if cell.align else ''} {cell.valign}"
        content = "".join(self.paragraph(block) for block in cell.blocks if isinstance(block, Paragraph))
        return _element("th" if cell.heading else "td", classes, content, attributes)


def write_inlines(inlines: Iterable[Inline]) -> str:
    """Return inlines as HTML."""
    return _Writer(_say, _show).inlines(inlines)


def _element(name: str, classes: str, content: str, attributes: str = "") -> str:
    named = f' class="{" ".join(classes.split())}"' if classes.strip() else ""
    return f"<{name}{named}{attributes}>{content}</{name}>"


def _not_underlined(parts: Iterable[Run | LineBreak]) -> Iterable[Run | LineBreak]:
    return (replace(part, underline=False) if isinstance(part, Run) else part for part in parts)
