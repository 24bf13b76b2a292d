"""A document as the users of other engines would write it: with python-docx, in Markdown, in Typst's own language."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from docx import Document as WordDocument
from docx.shared import Pt

from generator.document.tree import (
    Blank,
    Block,
    Cell,
    Document,
    Group,
    Heading,
    Inline,
    Paragraph,
    Photo,
    Row,
    Run,
    Table,
)

FACES = {"": "仿宋_GB2312", "fang": "仿宋_GB2312", "song": "宋体", "hei": "黑体", "kai": "楷体_GB2312"}
SIZES = (22, 16, 16, 16)


def build(document: Document) -> bytes:
    """Return the document built with python-docx: the same words, tables and merges, formatting by run."""
    word = WordDocument()
    for block in document.blocks:
        if isinstance(block, Table):
            add_table(word, block)
        elif isinstance(block, Heading | Paragraph):
            add_runs(word.add_paragraph(), block)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def add_table(word: Any, table: Table) -> None:
    """Add a table; its cells are asked for once, not one by one, which python-docx takes long over."""
    rows = rows_of(table)
    added = word.add_table(rows=len(rows), cols=len(table.widths), style="Table Grid")
    cells = [row.cells for row in added.rows]
    for number, row in enumerate(rows):
        for cell in row.cells:
            last = min(number + max(cell.rows, 1), len(rows)) - 1
            own = cells[number][cell.column]
            if (last, cell.columns) != (number, 1):
                own.merge(cells[last][cell.column + cell.columns - 1])
            for at, block in enumerate(block for block in cell.blocks if isinstance(block, Paragraph)):
                add_runs(own.add_paragraph() if at else own.paragraphs[0], block)


def add_runs(paragraph: Any, block: Heading | Paragraph) -> None:
    """Add the runs of a block, with face and size."""
    size = SIZES[block.level] if isinstance(block, Heading) else 12
    for run in texts_of(block.inlines):
        added = paragraph.add_run(run.text)
        added.font.name, added.font.size = FACES[run.face], Pt(size)
        added.bold, added.underline = run.bold, run.underline


def rows_of(table: Table) -> list[Row]:
    """Return the rows of a rendered table."""
    return [row for group in table.groups if isinstance(group, Group) for row in group.rows if isinstance(row, Row)]


def texts_of(inlines: Iterable[Inline]) -> Iterator[Run]:
    """Yield the runs of inlines, a line break as a run of its own."""
    for inline in inlines:
        if isinstance(inline, Run):
            yield inline
        elif isinstance(inline, Blank):
            yield from texts_of(inline.inlines)
        elif isinstance(inline, Photo):
            yield from texts_of(inline.label)
        else:
            yield Run("\n")


def text_in(cell: Cell) -> str:
    """Return the words of a cell in one line."""
    blocks = (block for block in cell.blocks if isinstance(block, Paragraph))
    return " ".join(run.text.strip() for block in blocks for run in texts_of(block.inlines))


def as_markdown(document: Document) -> str:
    """Return the document in Markdown: every word, but no merges, widths or faces."""
    return "\n\n".join(map(block_in_markdown, document.blocks))


def block_in_markdown(block: Block) -> str:
    """Return a block in Markdown."""
    if isinstance(block, Table):
        columns = len(block.widths)
        lines = [line_of(row, columns) for row in rows_of(block)]
        return "\n".join((lines[0], "|---" * columns + "|", *lines[1:]))
    if isinstance(block, Heading):
        return "#" * (block.level + 1) + " " + words_of(block)
    return words_of(block) if isinstance(block, Paragraph) else ""


def line_of(row: Row, columns: int) -> str:
    """Return a row of a pipe table."""
    texts = [""] * columns
    for cell in row.cells:
        texts[cell.column] = text_in(cell)
    return "| " + " | ".join(texts) + " |"


def words_of(block: Heading | Paragraph) -> str:
    """Return the words of a block in one line."""
    return "".join(run.text for run in texts_of(block.inlines)).replace("\n", " ")


def as_typst(document: Document) -> str:
    """Return the document in Typst's language: words, tables, merges, widths and faces."""
    paper = "flipped: true, " if document.paper == "landscape" else ""
    opening = f'#set page("a4", {paper}margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm))\n'
    opening += (
        '#set text(font: ("kaowu-fang", "kaowu-song"), size: 12pt, lang: "zh")\n#set par(first-line-indent: 2em)\n'
    )
    return opening + "\n\n".join(map(block_in_typst, document.blocks))


def block_in_typst(block: Block) -> str:
    """Return a block in Typst's language."""
    if isinstance(block, Heading):
        return f"#align(center)[#text(size: {SIZES[block.level]}pt)[{in_typst(block.inlines)}]]"
    if isinstance(block, Paragraph):
        return in_typst(block.inlines)
    return table_in_typst(block) if isinstance(block, Table) else "#pagebreak(weak: true)"


def table_in_typst(table: Table) -> str:
    """Return a table in Typst's language."""
    widths = ", ".join(f"{width:g}%" for width in table.widths)
    cells = [cell_in_typst(cell) for row in rows_of(table) for cell in row.cells]
    return (
        f"#table(columns: ({widths}), stroke: {'0.5pt' if table.kind == 'grid' else 'none'},\n" + "\n".join(cells) + ")"
    )


def cell_in_typst(cell: Cell) -> str:
    """Return a cell in Typst's language."""
    blocks = (in_typst(block.inlines) for block in cell.blocks if isinstance(block, Paragraph))
    return f"table.cell(colspan: {cell.columns}, rowspan: {max(cell.rows, 1)})[{' #parbreak() '.join(blocks)}],"


def in_typst(inlines: Iterable[Inline]) -> str:
    """Return inlines in Typst's language, every word as a string."""
    parts = []
    for run in texts_of(inlines):
        text = "#linebreak()" if run.text == "\n" else "#" + quote(run.text)
        parts.append(f"#strong[{text}]" if run.bold else f"#underline[{text}]" if run.underline else text)
    return "".join(parts)


def quote(text: str) -> str:
    """Return a text as a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
