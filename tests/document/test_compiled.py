"""A compiled template gives what docxtpl gives; what cannot be compiled is still filled, by docxtpl."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from docxtpl import DocxTemplate
from lxml import etree

from generator.archives import unpack
from generator.document import fill
from generator.document.environment import make_environment
from generator.document.export import export_template
from generator.document.fill import Filling, fill_template
from generator.document.package import CORE_PART, pack
from generator.document.source import load_source
from generator.document.values import EMPTY
from generator.document.word_template import put_merges_in_place
from generator.problems import KaowuError
from tests.document.samples import NAMES, context_of
from tests.document.test_formats import photo_context, template_of
from tests.document.test_sources import write

CONTEXT = {"名": "王&乐山", "多行": "甲\n乙\t丙", "名单": ["甲", "乙", "丙"], "空": EMPTY, "是": True}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def canonical(name: str, content: bytes) -> bytes:
    """Return a part, XML in its canonical form: merges where the schema wants them, no space between elements."""
    if not name.endswith((".xml", ".rels")):
        return content
    root = put_merges_in_place(etree.fromstring(content))
    for node in root.iter():
        node.tail = (node.tail or "").strip()
        node.text = node.text if node.tag == f"{W}t" else (node.text or "").strip()
    return etree.tostring(root, method="c14n2")


def fill_by_docxtpl(template: bytes, context: dict[str, Any]) -> dict[str, bytes]:
    """Return the parts that plain docxtpl makes of a template, with our filters."""
    filled = DocxTemplate(io.BytesIO(template))
    filled.render(dict(context), make_environment(filters={"照片": lambda *_: ""}))
    buffer = io.BytesIO()
    filled.save(buffer)
    return unpack(buffer.getvalue())


def expect_the_same(template: bytes, context: dict[str, Any]) -> None:
    """Assert that we fill the template as docxtpl does, part for part."""
    ours, theirs = unpack(fill_template(template, context)), fill_by_docxtpl(template, context)
    assert set(ours) == set(theirs)
    for name in set(theirs) - {CORE_PART}:
        assert canonical(name, ours[name]) == canonical(name, theirs[name]), name


def template_from(folder: Path, body: str, edit: Callable[[str], str] = str) -> bytes:
    """Return the export of a body, its ``document.xml`` edited as a user might."""
    parts = unpack(export_template(load_source(write(folder, body))))
    parts["word/document.xml"] = edit(parts["word/document.xml"].decode()).encode()
    return pack(parts)


def watch(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Return what counts the fillings that are left to docxtpl."""
    watched = Mock(wraps=fill._fill_by_docxtpl)
    monkeypatch.setattr(fill, "_fill_by_docxtpl", watched)
    return watched


@pytest.fixture
def without_docxtpl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a filling fail that is left to docxtpl."""
    monkeypatch.setattr(fill, "_fill_by_docxtpl", lambda *_: pytest.fail("left to docxtpl"))


@pytest.mark.usefixtures("without_docxtpl")
@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_export_of_a_sample_is_filled_as_docxtpl_fills_it(name: str, blank: bool) -> None:
    context = dict.fromkeys(context_of(name), EMPTY) if blank else context_of(name)
    expect_the_same(template_of(name), context)


HEAD = "<thead><tr><th>甲</th><th>乙</th></tr></thead>"
ROWS = "<tbody>{% for 一 in 名单 %}<tr><td>丙</td><td>{{ 一 }}</td></tr>{% endfor %}</tbody>"
TABLE = f'<table><col width="50%"/><col width="50%"/>{HEAD}{ROWS}</table>'
COMPILED = {
    "line breaks and tabs": "<p>始{{ 多行 }}终</p><p><b>{{ 多行 }}</b></p>",
    "a loop over rows": TABLE,
    "a condition across runs": "<p>甲{% if 是 %}<b>乙{{ 名 }}</b>{% else %}丙<u>丁</u>{% endif %}戊</p>",
    "a loop across runs": "<p>{% for 一 in 名单 %}{{ 一 }}<b>、</b>{% endfor %}完</p>",
    "a merged cell": TABLE.replace("<td>丙</td>", '<td merge="loop">{{ 名 }}</td>'),
}


@pytest.mark.usefixtures("without_docxtpl")
@pytest.mark.parametrize("body", COMPILED.values(), ids=COMPILED)
def test_what_compiles_is_filled_as_docxtpl_fills_it(body: str, tmp_path: Path) -> None:
    expect_the_same(template_from(tmp_path, body), CONTEXT)


@pytest.mark.usefixtures("without_docxtpl")
def test_footers_and_torn_tags_are_filled_too(tmp_path: Path) -> None:
    torn = template_from(tmp_path, "<p>此处</p>", lambda xml: xml.replace("此处", "{{</w:t></w:r><w:r><w:t> 名 }}"))
    parts = unpack(torn)
    footer = parts["word/footer1.xml"].decode()
    assert "— " in footer
    parts["word/footer1.xml"] = footer.replace(
        "— ", "{{ 名 }}{% if 是 %}第 {{ 名单|length }} 页{% endif %}", 1
    ).encode()
    expect_the_same(pack(parts), CONTEXT)
    assert "王&amp;乐山第 3 页" in unpack(fill_template(pack(parts), CONTEXT))["word/footer1.xml"].decode()


@pytest.mark.usefixtures("without_docxtpl")
def test_pictures_of_the_template_are_numbered_as_docxtpl_numbers_them(tmp_path: Path) -> None:
    wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    drawing = f'<w:r><w:drawing><wp:inline xmlns:wp="{wp}"><wp:docPr id="7" name="章"/></wp:inline></w:drawing></w:r>'
    template = template_from(
        tmp_path,
        "<p>{% for 一 in 名单 %}此处{% endfor %}</p>",
        lambda xml: xml.replace("此处", f"</w:t></w:r>{drawing}<w:r><w:t>"),
    )
    expect_the_same(template, CONTEXT)
    filled = unpack(fill_template(template, CONTEXT))["word/document.xml"].decode()
    assert [f'id="{number}"' in filled for number in (1001, 1002, 1003, 1004)] == [True, True, True, False]


EDITS: dict[str, Callable[[str], str]] = {
    "a row short of a cell": lambda xml: xml.replace("</w:tr>", "</w:tr><w:tr><w:tc><w:p/></w:tc></w:tr>", 1),
    "a column without cells": lambda xml: xml.replace("<w:gridCol ", '<w:gridCol w:w="9"/><w:gridCol ', 1),
    "a cell in a loop": lambda xml: xml.replace("甲", "{%tc for 二 in 名单 %}").replace("乙", "{%tc endfor %}"),
    "a reckoned span": lambda xml: xml.replace("甲", "{% colspan 名单|length %}甲"),
    "a table without rows": lambda xml: re.sub("<w:tr>((?!</w:tr>).)*甲.*?</w:tr>", "", xml),
    "a pair of tags across cells": lambda xml: xml.replace("甲", "{% if 名单 %}甲").replace("乙", "乙{% endif %}"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_docxtpl_would_mend_is_left_to_it(
    edit: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = watch(monkeypatch)
    expect_the_same(template_from(tmp_path, TABLE, edit), {**CONTEXT, "名单": []})
    assert left.call_count == 1


def test_a_photo_is_put_in_by_docxtpl_and_only_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template, left = template_of("application"), watch(monkeypatch)
    fill_template(template, context_of("application"))
    assert left.call_count == 0
    filled = fill_template(template, photo_context(tmp_path), Filling(photos=tmp_path))
    assert left.call_count == 1
    assert [part for part in unpack(filled) if part.startswith("word/media/")]


def test_a_fault_of_one_candidate_does_not_spoil_the_next() -> None:
    template, context = template_of("application"), context_of("application")
    before = fill_template(template, context)
    context["考生"].电话 = "\x01"
    with pytest.raises(KaowuError, match="无法写入文档的字符"):
        fill_template(template, context)
    assert fill_template(template, context_of("application")) == before
