"""The rules for authors of sources: each fault with file and line.

They keep a body writable in every format: what passes here prints as PDF and DOCX and can be exported
as a Word template.
"""

import re
from collections.abc import Iterator

from jinja2.exceptions import TemplateSyntaxError
from lxml import etree

from generator.document.environment import make_environment
from generator.document.expand import Lines, spell_out
from generator.document.grid import GridError
from generator.document.markup import PRINT, TAG, code_of, holds_blocks, is_tag, line_of, mark_tags, parse_markup
from generator.document.messages import explain_syntax
from generator.document.parse import parse_table
from generator.document.tree import Group, Paragraph, Row, Tag
from generator.document.vocabulary import ATTRIBUTES, BLOCKS, CHILDREN, INLINES, JINJA_TAGS, VALUES
from generator.problems import Problem, nearest

_LENGTHS = {
    ("col", "width"): r"\d+(\.\d+)?%",
    ("tr", "height"): r"\d+(\.\d+)?mm",
    ("blank", "width"): r"\d+em",
    ("sign", "width"): r"\d+em",
    ("photo", "width"): r"\d+(\.\d+)?mm",
    ("photo", "height"): r"\d+(\.\d+)?mm",
    ("lines", "least"): r"[1-9]\d?",
    ("td", "colspan"): r"[1-9]\d?",
    ("th", "colspan"): r"[1-9]\d?",
    ("td", "rowspan"): r"\d\d?",
    ("th", "rowspan"): r"\d\d?",
}
_EXPRESSIONS = frozenset({("check", "when"), ("lines", "of"), ("photo", "of")})
_PAIRS = {"endfor": "for", "endif": "if"}
_WITHOUT_TEXT = BLOCKS - {"p"} - CHILDREN.keys() | {"body", "table", "thead", "tbody", "tr"}

Fault = tuple[int, str, str]


def find_faults(body: Lines) -> list[Problem]:
    """Return every fault of a body, sorted by line."""
    faults = list(_faults_of_tags(body.text))
    if not faults:
        faults = list(_faults_of_markup(body.text))
    if not faults:
        faults = [*_faults_of_tables(body.text), *_faults_of_jinja(body.text)]
    return sorted(Problem(body.place(line), code, what) for line, code, what in faults)


def _faults_of_tags(text: str) -> Iterator[Fault]:
    for hit in TAG.finditer(text):
        line, code = text.count("\n", 0, hit.start()) + 1, hit[1]
        if code.startswith("-") or code.endswith("-"):
            yield line, "tag-dash", "标签不写成 {%- 或 -%}：源文件的换行本来就不印出"
        elif (word := (code.split() or [""])[0]) not in JINJA_TAGS:
            yield line, "tag-unknown", f"不支持的标签“{word}”，可用：{'、'.join(sorted(JINJA_TAGS))}"
        yield from ((line, "tag-character", what) for what in _bad_characters(code, "“”‘’&<%}"))
    for hit in PRINT.finditer(text):
        line = text.count("\n", 0, hit.start()) + 1
        yield from ((line, "tag-character", what) for what in _bad_characters(hit[1], "“”‘’&<{}"))
    for hit in re.finditer(r"[｛][｛%％]|\{[％｛]", text):
        yield text.count("\n", 0, hit.start()) + 1, "tag-full-width", "标签的括号要用半角：{{ }} 和 {% %}"


def _bad_characters(code: str, refused: str) -> list[str]:
    found = sorted({char for char in code if char in refused})
    return [f"标签里不能有 {' '.join(found)}（引号用半角，比较写 is gt、is lt）"] if found else []


def _faults_of_markup(text: str) -> Iterator[Fault]:
    try:
        root = parse_markup(mark_tags(text))
    except etree.XMLSyntaxError as error:
        yield error.lineno or 1, "markup", f"标记写得不完整：{error.msg}（属性里不能有标签；& 写成 &amp;）"
        return
    for element in root.iter():
        if not is_tag(element):
            yield from _faults_of_element(element)


def _faults_of_element(element: etree._Element) -> Iterator[Fault]:
    line, name = line_of(element), str(element.tag)
    if name not in CHILDREN:
        yield line, "element", f"没有元素 <{name}>。{nearest(name, CHILDREN)}"
        return
    for child in element:
        if not is_tag(child) and child.tag in CHILDREN and child.tag not in CHILDREN[name]:
            yield line_of(child, line), "element-place", f"<{child.tag}> 不能放在 <{name}> 里"
    for attribute, value in element.attrib.items():
        faults = _faults_of_attribute(name, str(attribute), str(value))
        yield from ((line, "attribute", what) for what in faults)
    yield from _faults_of_text(element)
    yield from _faults_of_balance(element)


def _faults_of_attribute(name: str, attribute: str, value: str) -> Iterator[str]:
    allowed = ATTRIBUTES.get(name, frozenset())
    if attribute not in allowed:
        yield f"<{name}> 没有属性 {attribute}。{nearest(attribute, allowed)}"
    elif (name, attribute) in _EXPRESSIONS:
        if bad := _bad_characters(value, "“”‘’&<{}%"):
            yield bad[0]
    elif "{{" in value:
        yield f"属性 {attribute} 里不能写 {{{{ }}}}"
    elif (known := VALUES.get((name, attribute))) and not set(value.split()) <= known:
        yield f'{attribute}="{value}" 不在可用的值里：{"、".join(sorted(known))}'
    elif (pattern := _LENGTHS.get((name, attribute))) and not re.fullmatch(pattern, value):
        yield f'{attribute}="{value}" 的写法不对（应如 30%、10mm、6em 或整数）'


def _faults_of_text(element: etree._Element) -> Iterator[Fault]:
    name = str(element.tag)
    blocks = name in {"td", "th"} and holds_blocks(element)
    if not (blocks or name in _WITHOUT_TEXT):
        return
    texts = [(line_of(element), element.text), *((line_of(child), child.tail) for child in element)]
    for line, text in texts:
        if text and text.strip():
            yield line, "loose-text", f"“{text.strip()[:12]}”要放进段落或单元格里"
    if blocks:
        for child in element:
            if not is_tag(child) and child.tag in INLINES:
                yield line_of(child), "loose-text", f"单元格里已有段落，<{child.tag}> 也要放进段落里"
    if name == "tr" and any(is_tag(child) for child in element):
        yield line_of(element), "tag-in-row", "单元格之间不能写循环或条件：标签放在行的外面"


def _faults_of_balance(element: etree._Element) -> Iterator[Fault]:
    opened: list[tuple[str, int]] = []
    for node in element:
        if not is_tag(node):
            continue
        word, line = code_of(node).split()[0], line_of(node)
        if word in {"for", "if"}:
            opened.append((word, line))
        elif word in _PAIRS and (not opened or opened.pop()[0] != _PAIRS[word]):
            yield line, "tag-balance", f"{word} 在这一层没有对应的 {_PAIRS[word]}：一对标签要放在同一个元素里"
        elif word in {"else", "elif"} and not opened:
            yield line, "tag-balance", f"{word} 在这一层没有对应的 if 或 for"
    for word, line in opened:
        yield line, "tag-balance", f"{word} 在这一层没有结束（end{word}）：一对标签要放在同一个元素里"


def _faults_of_tables(text: str) -> Iterator[Fault]:
    for node in parse_markup(mark_tags(spell_out(text))).iter("table"):
        line = line_of(node)
        try:
            table = parse_table(node)
        except GridError as error:
            yield error.line, "table-grid", str(error)
            continue
        if not table.widths or abs(sum(table.widths) - 100) > 0.5:
            yield line, "table-widths", f"各列 <col width> 之和应为 100%，现为 {sum(table.widths):g}%"
        if not _has_certain_row(table.groups):
            yield line, "table-rows", "表格至少要有一行不在循环和条件里"
        if not all(_merges_plain_text(group) for group in table.groups if isinstance(group, Group)):
            yield line, "table-merge", 'merge="loop" 的单元格要在行循环里，只含一行不变格式的文字'


def _has_certain_row(groups: tuple[Group | Tag, ...]) -> bool:
    outer = 0
    for group in groups:
        if isinstance(group, Tag):
            outer += _depth(group)
            continue
        inner = outer
        for row in group.rows:
            if isinstance(row, Tag):
                inner += _depth(row)
            elif not inner:
                return True
    return False


def _depth(tag: Tag) -> int:
    return {"for": 1, "if": 1, "endfor": -1, "endif": -1}.get(tag.code.split()[0], 0)


def _merges_plain_text(group: Group) -> bool:
    cells = [cell for row in group.rows if isinstance(row, Row) for cell in row.cells if cell.per_loop]
    blocks = [block for cell in cells for block in cell.blocks]
    plain = all(isinstance(block, Paragraph) and len(block.inlines) <= 1 for block in blocks)
    return plain and len(blocks) == len(cells)


def _faults_of_jinja(text: str) -> Iterator[Fault]:
    try:
        make_environment().compile(spell_out(text))
    except TemplateSyntaxError as error:
        yield error.lineno, "jinja", f"模板语法有误：{explain_syntax(error)}"
