"""The text of a DOCX, written as ``text_of`` writes that of a tree."""

from collections.abc import Iterator

from lxml import etree

from generator.archives import unpack
from generator.document.text import join_cells

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_text(docx: bytes) -> str:
    """Return the text of the body as ``text_of`` writes it: a line per paragraph, ``|`` between cells."""
    body = etree.fromstring(unpack(docx)["word/document.xml"]).find(f"{_W}body")
    assert body is not None
    return "".join(line + "\n" for line in _lines(body))


def _lines(parent: etree._Element) -> Iterator[str]:
    for node in parent:
        if node.tag == f"{_W}p":
            if not _is_gap(node):
                yield _text(node).rstrip()
        elif node.tag == f"{_W}tbl":
            yield from (_row(row) for row in node.iter(f"{_W}tr"))
        elif node.tag == f"{_W}sdt":
            content = node.find(f"{_W}sdtContent")
            yield from _lines(content) if content is not None else ()


def _is_gap(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and style.get(f"{_W}val") == "TableGap"


def _row(row: etree._Element) -> str:
    cells = (cell for cell in row.iter(f"{_W}tc") if not _is_continued(cell))
    return join_cells(" ".join(" ".join(map(_text, cell.iter(f"{_W}p"))).split()) for cell in cells)


def _is_continued(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _text(paragraph: etree._Element) -> str:
    signs = {f"{_W}br": "\n", f"{_W}tab": "\t", f"{_W}cr": "\n"}
    nodes = (node for run in paragraph.iter(f"{_W}r") for node in run)
    return "".join(signs.get(str(node.tag)) or node.text or "" for node in nodes if node.tag in {f"{_W}t", *signs})
