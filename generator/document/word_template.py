"""A user's Word template as docxtpl reads it, losing nothing silently: strict parsing, errors with their place."""

import io
import re
from itertools import count
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree

from generator.archives import unpack
from generator.document.messages import FAULTS, error_line, explain
from generator.document.outside import find_outside
from generator.problems import KaowuError, Place, Problem

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = {"document": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
_PARAGRAPH = re.compile(r"<w:p([ />])")
_NUMBERED = re.compile(r'\n<w:(p|tr)(?: kaowu="\d+")?(?=[ />])')
_NUMBER = re.compile(r'<w:p kaowu="(\d+)"')
_BEFORE_MERGE = {f"{_W}{name}" for name in ("cnfStyle", "tcW", "gridSpan", "hMerge")}
_UNREADABLE = (PackageNotFoundError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError)


def open_template(docx: bytes, name: str, *, trusted: bool = False) -> "StrictTemplate":
    """Return the template ready to fill; raise KaowuError where it is no readable DOCX, or would fetch something.

    A ``trusted`` one is only looked at.
    """
    try:
        parts = unpack(docx)
        outside = [] if trusted else [Problem(Place(name), *fault) for fault in find_outside(parts)]
        template = StrictTemplate(io.BytesIO(docx), name)
        template.init_docx()
    except _UNREADABLE as error:
        remedy = "用 Word 或 WPS 打开后另存为 .docx"
        raise KaowuError(
            [Problem(Place(name), "template-file", "不是可以打开的 Word 文件（.docx）", remedy)]
        ) from error
    if outside:
        raise KaowuError(outside)
    return template


class StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """docxtpl that loses nothing silently: strict parsing, own properties, errors with their place."""

    def __init__(self, file: io.BytesIO, name: str) -> None:
        super().__init__(file)
        self.name = name

    def render_properties(self, context: dict[str, Any], jinja_env: Environment | None = None) -> None:
        """Leave the properties alone: docxtpl would escape them twice."""

    def fix_tables(self, xml: str) -> Any:
        """Refuse XML that docxtpl would repair by dropping text."""
        try:
            etree.fromstring(xml, etree.XMLParser(huge_tree=True, resolve_entities=False))
        except etree.XMLSyntaxError as error:
            what = "填写后文档结构不完整：有标签没有成对，或一对标签分在不同的单元格、段落里"
            raise KaowuError([Problem(Place(self.name), "template-structure", what)]) from error
        return put_merges_in_place(super().fix_tables(xml))

    def patch_xml(self, src_xml: str) -> str:
        """Return what Jinja reads; paragraphs are numbered and stand on lines of their own."""
        numbers = count(1)
        numbered = _PARAGRAPH.sub(lambda hit: f'\n<w:p kaowu="{next(numbers)}"{hit[1]}', src_xml)
        return str(super().patch_xml(numbered.replace("<w:tr ", "\n<w:tr ").replace("<w:tr>", "\n<w:tr>")))

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Environment) -> str:
        """Return the filled part; raise KaowuError with the paragraph of the fault."""
        self.current_rendering_part = part
        try:
            code = jinja_env.compile(src_xml, name=self.name, filename=self.name)
            filled = jinja_env.template_class.from_code(jinja_env, code, {}).render(context)
        except FAULTS as error:
            line = getattr(error, "lineno", None) or error_line(error, self.name)
            raise KaowuError([explain(error, self.place(str(part.partname), src_xml, line), context)]) from error
        return str(self.resolve_listing(_NUMBERED.sub(r"<w:\1", filled)))

    def place(self, part: str, patched: str, line: int) -> Place:
        """Return the part and the paragraph in which a line of patched XML lies."""
        return Place(self.name, sheet=part_label(part), cell=_paragraph_label(patched.split("\n"), line))


def put_merges_in_place(tree: Any) -> Any:
    """Return the tree, what ``{% vm %}`` added to the end of a cell's properties moved to where the schema wants it."""
    for merge in tree.iter(f"{_W}vMerge"):
        properties = merge.getparent()
        before = [child for child in properties if child.tag in _BEFORE_MERGE]
        properties.insert(len(before), merge)
    return tree


def part_label(name: str) -> str:
    """Return what users call a part of the package."""
    stem = re.sub(r"\d*\.xml$", "", name.rsplit("/", 1)[-1])
    return _PARTS.get(stem, stem)


def describe_paragraph(number: int, text: str) -> str:
    """Return ``第 3 段“姓名：…”``."""
    text = " ".join(text.split())
    return f"第 {number} 段“{text[:24]}{'…' if len(text) > 24 else ''}”"


def _paragraph_label(lines: list[str], line: int) -> str:
    line = min(max(line, 1), len(lines))
    own = _NUMBER.search(lines[line - 1])
    later = (int(hit[1]) for text in lines[line:] if (hit := _NUMBER.search(text)))
    number = int(own[1]) if own else next(later, len(lines)) - 1
    return describe_paragraph(number, re.sub(r"<[^>]+>", "", lines[line - 1]))
