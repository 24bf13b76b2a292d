"""The program of a source writes the very bytes that its tree writes, whatever the data."""

from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.archives import unpack
from generator.document import run_program
from generator.document.docx import write_docx
from generator.document.render import render
from generator.document.run_program import program_of, write_source
from generator.document.source import Source, load_source
from generator.document.values import EMPTY
from generator.problems import KaowuError
from tests.document.samples import DATA, NAMES, context_of, facts
from tests.document.test_formats import HOSTILE, LEGAL, load_source_once, photo_context, with_text
from tests.document.test_sources import write

DAY = date(2026, 10, 9)
DATA_OF_ALL = {
    "甲": "子",
    "乙": "",
    "丙": EMPTY,
    "多行": "一\n二\t三\n",
    "换行": "\n",
    "名单": ["子", "丑", "寅"],
    "独": ["卯"],
    "无": [],
}


def expect_the_same(source: Source, context: dict[str, Any], photos: Path | None = None) -> None:
    """Assert that the program runs, and that its bytes are those of the tree."""
    ours = write_source(source, context, day=DAY, photos=photos)
    theirs = write_docx(render(source, context), day=DAY, photos=photos)
    assert unpack(ours)["word/document.xml"].decode() == unpack(theirs)["word/document.xml"].decode()
    assert ours == theirs


class Begun(set[Source]):
    """Every source, as if a document of it had been written before."""

    def __contains__(self, _source: object) -> bool:
        return True


@pytest.fixture(autouse=True)
def by_tree(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Return what counts the documents that are left to the tree."""
    watched = Mock(wraps=write_docx)
    monkeypatch.setattr(run_program, "write_docx", watched)
    monkeypatch.setattr(run_program, "_begun", Begun())
    return watched


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_written_as_its_tree_is(name: str, blank: bool, by_tree: Mock) -> None:
    context = dict.fromkeys(context_of(name), EMPTY) if blank else context_of(name)
    expect_the_same(load_source_once(name), context)
    assert by_tree.call_count == 0


@settings(max_examples=30)
@given(text=st.one_of(st.sampled_from(HOSTILE), LEGAL))
@pytest.mark.parametrize("name", NAMES)
def test_any_text_in_any_field_is_written_as_the_tree_writes_it(name: str, text: str) -> None:
    expect_the_same(load_source_once(name), {key: facts(with_text(value, text)) for key, value in DATA[name].items()})


TABLE = '<table><col width="40%"/><col width="60%"/><thead><tr><th>头</th><th>头</th></tr></thead>{}</table>'
LOOPS = '{{% for 一 in {} %}}<tr><td merge="loop">{{{{ 甲 }}}}</td><td>{{{{ 一 }}}}</td></tr>{{% endfor %}}'
BAND = (
    '<tbody><tr><td rowspan="0">带</td><td>一</td></tr>'
    "{{% for 一 in {} %}}<tr><td>{{{{ 一 }}}}</td></tr>{{% endfor %}}</tbody>"
)
CELLS = (
    '<td align="center">{% if 乙 %}<p>一</p>{% endif %}</td><td>{% for 一 in 名单 %}<p>{{ 一 }}</p>{% endfor %}</td>'
)
LINES = '<th><lines of="多行" least="5"/></th><td><lines of="乙"/><p class="note">注</p></td>'
BODIES = {
    "a run that may be empty": "<p>{{ 乙 }}</p><p>{{ 丙 }}{{ 甲 }}</p><p>{% if 乙 %}有{% endif %}</p>",
    "runs joined over an empty one": "<p><b>甲</b>{{ 乙 }}<b>乙</b></p><p>甲<kai>{{ 乙 }}</kai>乙</p>",
    "runs of a loop": "<p>{% for 一 in 名单 %}<b>{{ 一 }}</b>{% if not loop.last %}、{% endif %}{% endfor %}完</p>",
    "formats under a condition": "<p>前{% if 乙 %}<b>粗</b>{% else %}<u>{{ 甲 }}</u>{% endif %}后<br/>{{ 多行 }}</p>",
    "blanks": '<p><blank hint="名">{{ 乙 }}</blank><blank hint="名">{{ 甲 }}</blank><blank>{{ 乙 }}</blank></p>',
    "blanks between equal runs": '<p>{% if 甲 %}<blank hint="名">{{ 换行 }}</blank>{% endif %}中<sign>签：</sign></p>',
    "controls in a loop": '{% for 一 in 名单 %}<p><blank hint="名"/>{{ 一 }}</p>{% endfor %}',
    "line breaks and tabs": "<p>{{ 多行 }}<b>{{ 多行 }}{{ 换行 }}</b></p><h2>甲\t{{ 换行 }}</h2>",
    "ticks": '<p><check when="甲 == \'子\'">是</check><check when="乙">否</check></p>',
    "pages": "<pagebreak/><p>一</p><pagebreak/>{% for 一 in 名单 %}<h1>{{ 一 }}</h1><pagebreak/>{% endfor %}",
    "pages before tables": "<pagebreak/><pagebreak/>"
    + TABLE.format("")
    + "{% if 甲 %}<pagebreak/>{% endif %}<p>一</p>",
    "nothing": "{% if 乙 %}<p>一</p>{% endif %}",
    "a merged loop of three": TABLE.format(f"<tbody>{LOOPS.format('名单')}</tbody>"),
    "a merged loop of one": TABLE.format(f"<tbody>{LOOPS.format('独')}</tbody>"),
    "a merged loop of none": TABLE.format(f"<tbody>{LOOPS.format('无')}</tbody>"),
    "a band over the rest": TABLE.format(BAND.format("名单")),
    "a band over nothing more": TABLE.format(BAND.format("无")),
    "a fixed band": TABLE.format('<tbody><tr><td rowspan="2">带</td><td></td></tr><tr><td>{{ 乙 }}</td></tr></tbody>'),
    "cells of paragraphs": TABLE.format(f"<tbody><tr>{CELLS}</tr><tr>{LINES}</tr></tbody>"),
    "names given": "{% set 丁 = 甲 %}{% for 一 in 名单 %}{% set 丁 = 一 %}<p>{{ 丁 }}</p>{% endfor %}<p>{{ 丁 }}</p>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_a_datum_changes_is_changed_as_in_the_tree(body: str, tmp_path: Path, by_tree: Mock) -> None:
    expect_the_same(load_source(write(tmp_path, body)), DATA_OF_ALL)
    assert by_tree.call_count == 0


LEFT = {
    "a name given inside of a paragraph": "<p>{% set 甲 = 乙 %}{{ 甲 }}</p>",
    "a merge over part of a loop": TABLE.format(
        '<tbody>{% for 一 in 名单 %}<tr><td merge="loop">甲</td><td>乙</td></tr>'
        '<tr><td merge="loop">甲</td><td>丙</td></tr>{% endfor %}</tbody>'
    ),
    "a merge beyond the end": TABLE.format(
        '<tbody>{% if 甲 %}<tr><td></td><td></td></tr>{% endif %}<tr><td rowspan="3">甲</td><td>乙</td></tr></tbody>'
    ),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_what_only_a_tree_can_settle_is_left_to_it(body: str, tmp_path: Path) -> None:
    source = load_source(write(tmp_path, body))
    assert program_of(source) is None
    assert write_source(source, DATA_OF_ALL, day=DAY) == write_docx(render(source, DATA_OF_ALL), day=DAY)


def test_photos_are_numbered_with_the_controls(tmp_path: Path, by_tree: Mock) -> None:
    blank, photo = '<p><blank hint="名"/></p>', '<p><photo of="一">贴照片处</photo></p>'
    body = f"{blank}{{% for 一 in 人 %}}{photo}{{% endfor %}}{blank}"
    name = photo_context(tmp_path)["考生"].照片
    expect_the_same(load_source(write(tmp_path, body)), {"人": [name, "", name]}, tmp_path)
    assert by_tree.call_count == 0


@pytest.mark.parametrize("value", ["坏\x01字", "\ud800", [1, 2]])
def test_a_fault_is_told_as_the_tree_tells_it(value: object, tmp_path: Path) -> None:
    source = load_source(write(tmp_path, "<p>一</p>\n<p>{{ 值 }}</p>"))
    told = []
    for make in (lambda: write_source(source, {"值": value}, day=DAY), lambda: render(source, {"值": value})):
        with pytest.raises(KaowuError) as caught:
            make()
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_an_unknown_name_is_told_with_its_line(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, "<p>一</p>\n<p>{{ 考声.姓名 }}</p>"))
    with pytest.raises(KaowuError, match=r"body.html:2.*“考声” → 是否想写“考生”"):
        write_source(source, {"考生": EMPTY}, day=DAY)


def test_the_first_document_of_a_source_goes_by_its_tree_and_the_next_by_its_program(
    tmp_path: Path, by_tree: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_program, "_begun", set())
    source = load_source(write(tmp_path, "<p>{{ 甲 }}</p>"))
    made = [write_source(source, DATA_OF_ALL, day=DAY) for _ in range(3)]
    assert made[0] == made[1] == made[2]
    assert by_tree.call_count == 1
