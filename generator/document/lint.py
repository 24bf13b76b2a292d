"""What is wrong with a user's Word template, each fault with its part and paragraph; and names in sources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2.exceptions import TemplateSyntaxError
from lxml import etree

from generator.archives import unpack
from generator.document.environment import make_environment
from generator.document.fill import Filling, fill_template
from generator.document.messages import explain_syntax
from generator.document.names import find_unknown_names
from generator.document.outside import find_outside
from generator.document.source import Source
from generator.document.word_template import StrictTemplate, describe_paragraph, open_template, part_label
from generator.problems import KaowuError, Place, Problem

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_BLOCK_TAG = re.compile(r"\{%p .*?%\}", re.DOTALL)
_ROW_TAG = re.compile(r"\{%tr .*?%\}", re.DOTALL)
_FULL_WIDTH = re.compile(r"[｛{][｛％]|[｝％][｝}]|\{％|％\}|｛\{|\}｝")
_TOKEN = re.compile(r"<(/?)([\w:]+)[^>]*?(/?)>|\{%\s*(\w+)[^%]*%\}")
_FENCES = frozenset({"w:tc", "w:tr", "w:tbl", "w:sdt", "w:sdtContent", "w:body", "w:hdr", "w:ftr", "w:footnote"})
_TRACKED = tuple(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))


def lint_template(docx: bytes | Path, context: Mapping[str, Any], *, name: str = "") -> list[Problem]:
    """Return every fault of a template, sorted; ``context`` is sample data with all names, lists of one or more.

    Ends with a trial filling when nothing else was found. An unreadable file is one problem.
    """
    name = name or (docx.name if isinstance(docx, Path) else "模板")
    data = docx.read_bytes() if isinstance(docx, Path) else docx
    try:
        template = open_template(data, name, trusted=True)
    except KaowuError as error:
        return list(error.problems)
    problems = [Problem(Place(name), *fault) for fault in find_outside(unpack(data))]
    for part, xml in _parts(data):
        problems += _lint_part(template, part, xml, context)
    if not problems:
        problems = _try_out(data, context, name)
    return sorted(set(problems))


def lint_source(source: Source, context: Mapping[str, Any]) -> list[Problem]:
    """Return the names of a source that the sample data do not have, in branches taken or not, with file and line."""
    misnomers = find_unknown_names(make_environment(), source.text, context)
    return [Problem(source.body.place(one.line), "unknown-name", one.what, one.remedy) for one in misnomers]


def _parts(docx: bytes) -> Iterator[tuple[str, bytes]]:
    yield from ((part, xml) for part, xml in sorted(unpack(docx).items()) if _PART.fullmatch(part))


def _lint_part(template: StrictTemplate, part: str, xml: bytes, context: Mapping[str, Any]) -> Iterator[Problem]:
    root = etree.fromstring(xml)
    for number, paragraph in enumerate(root.iter(f"{_W}p"), 1):
        text = "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))
        place = Place(template.name, sheet=part_label(part), cell=describe_paragraph(number, text))
        yield from (Problem(place, code, what, remedy) for code, what, remedy in _faults_of_paragraph(paragraph, text))
    for row in root.iter(f"{_W}tr"):
        yield from _lost_in_row(row, Place(template.name, sheet=part_label(part)))
    patched = template.patch_xml(etree.tostring(root, encoding="unicode"))
    for line, code, what, remedy in (*_unknown_names(patched, context), *_unbalanced(patched)):
        yield Problem(template.place(part, patched, line), code, what, remedy)


def _faults_of_paragraph(paragraph: etree._Element, text: str) -> Iterator[tuple[str, str, str]]:
    if _FULL_WIDTH.search(text):
        yield "full-width", "标签的括号是全角的", "改为半角的 {{ }} 或 {% %}"
    if next(paragraph.iter(*_TRACKED), None) is not None:
        yield "tracked", "有未处理的修订：已删除的标签仍会执行", "在“审阅”里接受或拒绝全部修订"
    if (tag := _BLOCK_TAG.search(text)) and (beside := text.replace(tag[0], "", 1).strip()):
        yield "lost-text", f"{tag[0]} 所在的段落里还有“{beside[:12]}”，填写时会丢失", "让这个标签独占一段"


def _lost_in_row(row: etree._Element, part: Place) -> Iterator[Problem]:
    text = "".join(node.text or "" for node in row.iter(f"{_W}t"))
    if (tag := _ROW_TAG.search(text)) and (beside := text.replace(tag[0], "", 1).strip()):
        what = f"{tag[0]} 所在的表格行里还有“{beside[:12]}”，填写时会丢失"
        yield Problem(replace(part, cell=f"表格行“{text[:24]}”"), "lost-text", what, "让这个标签独占一行")


def _unknown_names(patched: str, context: Mapping[str, Any]) -> Iterator[tuple[int, str, str, str]]:
    environment = make_environment(filters={"照片": str})
    try:
        environment.compile(patched)
        for misnomer in find_unknown_names(environment, patched, context):
            yield misnomer.line, "unknown-name", misnomer.what, misnomer.remedy
    except TemplateSyntaxError as error:
        yield error.lineno, "template", f"模板语法有误：{explain_syntax(error)}", ""


def _unbalanced(patched: str) -> Iterator[tuple[int, str, str, str]]:
    """Find tags whose pair lies in another cell, row or content control: what is between would be lost."""
    fences: list[tuple[str, int]] = []
    opened: list[list[tuple[str, int]]] = []
    for token in _TOKEN.finditer(patched):
        closing, element, empty, word = token.groups()
        if element in _FENCES and not empty:
            fences = fences[:-1] if closing else [*fences, (element, token.start())]
        elif word in {"for", "if"}:
            opened.append(fences)
        elif word in {"endfor", "endif", "else", "elif"} and opened and opened[-1] != fences:
            what = f"{word} 与它的开头不在同一个单元格、表格或内容控件里"
            yield patched.count("\n", 0, token.start()) + 1, "structure", what, "把一对标签移到同一处，行循环用 {%tr %}"
        if word in {"endfor", "endif"} and opened:
            opened.pop()


def _try_out(docx: bytes, context: Mapping[str, Any], name: str) -> list[Problem]:
    try:
        fill_template(docx, context, Filling(name=name))
    except KaowuError as error:
        return [problem for problem in error.problems if not problem.code.startswith("photo")]
    return []
