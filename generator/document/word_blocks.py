"""Blocks of the tree as WordprocessingML paragraphs and tables."""

from collections.abc import Iterable
from itertools import pairwise

from generator.document.tree import (
    Block,
    Cell,
    Continued,
    Group,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    Tag,
    lay_out,
)
from generator.document.word_runs import Draft, write_inlines

GAP = '<w:p><w:pPr><w:pStyle w:val="TableGap"/></w:pPr></w:p>'
GAP_ON_NEW_PAGE = '<w:p><w:pPr><w:pStyle w:val="TableGap"/><w:pageBreakBefore/></w:pPr></w:p>'
HEADINGS = ("Title", "Heading1", "Heading2", "Heading3")
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="{eighths}" w:space="0" w:color="auto"/>'
    for edge, eighths in (("top", 8), ("left", 8), ("bottom", 8), ("right", 8), ("insideH", 4), ("insideV", 4))
)
_MARGINS = (  # on every table: LibreOffice does not heed those of the default table style
    '<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
    '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
)
_PER_LOOP = Run("{% vm %}")
_TWIPS_PER_MM = 1440 / 25.4


def write_blocks(blocks: Iterable[Block], width: int, draft: Draft) -> str:
    """Return the blocks as XML; ``width`` is that of the text, in twentieths of a point.

    A thin paragraph follows each table: it keeps neighbours apart and the body from ending in a table.
    """
    parts: list[str] = []
    new_page = False
    for block in blocks:
        movable = isinstance(block, Heading | Paragraph)
        if new_page and not movable:
            parts.append(GAP_ON_NEW_PAGE)
        parts.append(_block(block, width, draft, new_page=new_page and movable))
        new_page = isinstance(block, PageBreak)
    return "".join(parts)


def _block(block: Block, width: int, draft: Draft, *, new_page: bool) -> str:
    if isinstance(block, Tag):
        return tag_paragraph(block, draft)
    if isinstance(block, Table):
        return _table(block, width, draft) + GAP
    if isinstance(block, PageBreak):
        return ""
    style = HEADINGS[block.level] if isinstance(block, Heading) else block.kind.title()
    properties = "<w:pageBreakBefore/>" if new_page else ""
    return write_paragraph(style, properties, write_inlines(block.inlines, style, draft))


def write_paragraph(style: str, properties: str, content: str) -> str:
    """Return a paragraph."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def tag_paragraph(tag: Tag, draft: Draft, kind: str = "p") -> str:
    """Return a paragraph holding a docxtpl tag of the given kind."""
    content = write_inlines((Run(f"{{%{kind} {tag.code} %}}"),), "Noindent", draft)
    return write_paragraph("Noindent", "", content)


def _table(table: Table, width: int, draft: Draft) -> str:
    columns, prefix = columns_of(table.widths, width), prefix_of(table)
    groups = (Group((group,)) if isinstance(group, Tag) else group for group in table.groups)
    return write_table(table, columns, "".join(_rows(group, columns, prefix, draft) for group in groups))


def prefix_of(table: Table) -> str:
    """Return what the styles of its cells begin with."""
    return "Small" if table.small else "Cell"


def write_table(table: Table, columns: list[int], rows: str) -> str:
    """Return a table with columns of these widths around its rows."""
    borders = f"<w:tblBorders>{_BORDERS}</w:tblBorders>" if table.kind == "grid" else ""
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>{borders}'
        f'<w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def columns_of(widths: tuple[float, ...], width: int) -> list[int]:
    """Return the widths of the columns in twentieths of a point."""
    edges = [0, *(round(sum(widths[: n + 1]) / sum(widths) * width) for n in range(len(widths)))]
    return [right - left for left, right in pairwise(edges)]


def _rows(group: Group, columns: list[int], prefix: str, draft: Draft) -> str:
    parts = []
    for row, cells in lay_out(group):
        if isinstance(row, Row):
            content = "".join(_cell(cell, columns, prefix, draft) for cell in cells)
            parts.append(f"<w:tr>{row_properties(row, heading=group.heading)}{content}</w:tr>")
        else:
            parts.append(_tag_row(row, cells, columns, draft))
    return "".join(parts)


def row_properties(row: Row, *, heading: bool) -> str:
    """Return the properties of a row, which never breaks over pages."""
    height = f'<w:trHeight w:val="{round(row.height * _TWIPS_PER_MM)}" w:hRule="atLeast"/>' if row.height else ""
    return f"<w:trPr><w:cantSplit/>{height}{'<w:tblHeader/>' if heading else ''}</w:trPr>"


def _tag_row(tag: Tag, cells: tuple[Cell | Continued, ...], columns: list[int], draft: Draft) -> str:
    """Write the tag into the first free stretch of columns; cells merged from above run on."""
    taken = {cell.cell.column: cell.cell for cell in cells if isinstance(cell, Continued)}
    parts, column, written = [], 0, False
    while column < len(columns):
        end = column + taken[column].columns if column in taken else _next_taken(column, taken, len(columns))
        merge = "<w:vMerge/>" if column in taken else ""
        content = GAP
        if not merge and not written:
            content, written = tag_paragraph(tag, draft, "tr"), True
        parts.append(write_cell(sum(columns[column:end]), end - column, merge, content))
        column = end
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(parts)}</w:tr>"


def _next_taken(column: int, taken: dict[int, Cell], end: int) -> int:
    return min((start for start in taken if start > column), default=end)


def write_cell(width: int, span: int, properties: str, content: str) -> str:
    """Return a cell."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{properties}</w:tcPr>{content}</w:tc>'


def _cell(cell: Cell | Continued, columns: list[int], prefix: str, draft: Draft) -> str:
    own = cell.cell if isinstance(cell, Continued) else cell
    width = sum(columns[own.column : own.column + own.columns])
    look = look_of(own)
    if isinstance(cell, Continued):
        return write_cell(width, own.columns, "<w:vMerge/>" + look, GAP)
    merge = '<w:vMerge w:val="restart"/>' if own.rows != 1 else ""
    return write_cell(width, own.columns, merge + look, _cell_content(own, prefix, draft))


def look_of(cell: Cell) -> str:
    """Return the properties of a cell that say how its text stands."""
    direction = '<w:textDirection w:val="tbRlV"/>' if cell.vertical else ""
    return f'{direction}<w:vAlign w:val="{cell.valign or "center"}"/>'


def _cell_content(cell: Cell, prefix: str, draft: Draft) -> str:
    parts = [_cell_block(block, cell, prefix, draft) for block in cell.blocks]
    if not cell.blocks or any(isinstance(block, Tag) for block in cell.blocks):
        parts.append(GAP)  # a cell must never end up without a paragraph, whatever its tags leave
    return "".join(parts)


def _cell_block(block: Paragraph | Tag, cell: Cell, prefix: str, draft: Draft) -> str:
    if isinstance(block, Tag):
        return tag_paragraph(block, draft)
    style, align = style_in(cell, block.kind, prefix)
    inlines = (*block.inlines, _PER_LOOP) if cell.per_loop else block.inlines
    return write_paragraph(style, align, write_inlines(_one_run(inlines) if cell.per_loop else inlines, style, draft))


def style_in(cell: Cell, kind: str, prefix: str) -> tuple[str, str]:
    """Return the style and the further properties of a paragraph of a cell."""
    plain = kind in {"cell", "line"}
    style = prefix + ("Label" if plain and cell.heading else kind.title())
    return style, f'<w:jc w:val="{cell.align}"/>' if plain and cell.align else ""


def _one_run(inlines: Iterable[object]) -> tuple[Run, ...]:
    return (Run("".join(inline.text for inline in inlines if isinstance(inline, Run))),)
