"""A document as plain text: for golden files and for comparing what the formats say."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from generator.document.tree import (
    Blank,
    Block,
    Cell,
    Document,
    Group,
    Heading,
    Inline,
    LineBreak,
    Paragraph,
    Photo,
    Row,
    Run,
    Table,
    Tag,
)


def text_of(document: Document) -> str:
    """Return the text: a line per paragraph, table rows with ``|`` between their cells."""
    return "".join(line + "\n" for block in document.blocks for line in _lines(block))


def pictures_of(document: Document) -> Iterator[str]:
    """Yield the picture files a document shows, in order."""
    for block in document.blocks:
        if isinstance(block, Table):
            rows = (row for group in block.groups if isinstance(group, Group) for row in group.rows)
            cells = (cell for row in rows if isinstance(row, Row) for cell in row.cells)
            parts = (part for cell in cells for part in cell.blocks if isinstance(part, Paragraph))
            yield from (inline.source for part in parts for inline in part.inlines if _is_shown(inline))
        elif isinstance(block, Heading | Paragraph):
            yield from (inline.source for inline in block.inlines if _is_shown(inline))


def _is_shown(inline: Inline) -> TypeGuard[Photo]:
    return isinstance(inline, Photo) and bool(inline.source)


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        rows = (row for group in block.groups if isinstance(group, Group) for row in group.rows)
        yield from (join_cells(map(_cell_text, row.cells)) for row in rows if isinstance(row, Row))
    elif isinstance(block, Tag):
        yield f"{{% {block.code} %}}"
    elif hasattr(block, "inlines"):
        yield inline_text(block.inlines).rstrip()


def join_cells(texts: Iterable[str]) -> str:
    """Return one table row as text."""
    return " | ".join(texts).strip()


def _cell_text(cell: Cell) -> str:
    texts = (inline_text(block.inlines) for block in cell.blocks if isinstance(block, Paragraph))
    return " ".join(" ".join(texts).split())


def inline_text(inlines: Iterable[Inline]) -> str:
    """Return the text of inlines; a picture has none, its placeholder does."""
    return "".join(map(_inline_text, inlines))


def _inline_text(inline: Inline) -> str:
    if isinstance(inline, LineBreak):
        return "\n"
    if isinstance(inline, Run):
        return inline.text
    if isinstance(inline, Blank):
        return inline_text(inline.inlines)
    return "" if inline.source else inline_text(inline.label)
