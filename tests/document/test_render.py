"""A source and data become a tree: golden texts, unknown names, missing facts, annotations."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.document.render import render
from generator.document.source import load_source
from generator.document.text import text_of
from generator.document.tree import Blank, Paragraph, Run, Table
from generator.document.values import EMPTY
from generator.problems import KaowuError
from tests.document.samples import NAMES, SOURCES, context_of, facts, rendered
from tests.document.test_sources import DESCRIPTION, write

GOLDEN = Path(__file__).parent / "golden"


def text_from(folder: Path, body: str, **context: Any) -> str:
    return text_of(render(load_source(write(folder, body)), context))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_sample_is_as_reviewed(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.txt", text_of(rendered(name)))


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_form_is_the_same_document_with_everything_missing(name: str) -> None:
    document = render(load_source(SOURCES / name), dict.fromkeys(context_of(name), EMPTY))
    assert text_of(document).strip()


@pytest.mark.parametrize(
    ("body", "what", "line"),
    [
        ("<p>一</p>\n<p>{{ 考生.姓明 }}</p>", "这一项里没有“姓明” → 是否想写“姓名”？", 2),
        ("\n\n<p>{{ 考声.姓名 }}</p>", "资料里没有“考声” → 是否想写“考生”？", 3),
        ("<p>{% if 考生.姓 %}一{% endif %}</p>", "这一项里没有“姓” → 是否想写“姓名”？", 1),
        ("<p>一</p>\n{% for a in 考生.名单 %}<p>一</p>{% endfor %}", "这一项里没有“名单”", 2),
        ('<p>一</p>\n<p><check when="考生.性别1">男</check></p>', "这一项里没有“性别1” → 是否想写“性别”？", 2),
    ],
)
def test_an_unknown_name_is_an_error_with_line_and_nearest_name(
    tmp_path: Path, body: str, what: str, line: int
) -> None:
    with pytest.raises(KaowuError) as caught:
        text_from(tmp_path, body, 考生=facts({"姓名": "王乐山", "性别": "男"}))
    problem = caught.value.problems[0]
    assert what in str(problem)
    assert problem.place.line == line
    assert problem.place.file.endswith("paper/body.html")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("坏\x01字", "U+0001（第 2 个字符）"),
        ("\ud800", "U+D800"),
        ("\ufffe", "U+FFFE"),
        ("\x85", "U+0085"),
        ([1, 2], "得到的是一组内容"),
        ({"a": 1}, "得到的是一组内容"),
        (object(), "得到的是一组内容"),
    ],
)
def test_a_value_that_cannot_print_is_refused_with_its_line(tmp_path: Path, value: object, what: str) -> None:
    with pytest.raises(KaowuError) as caught:
        text_from(tmp_path, "<p>一</p>\n<p>{{ 值 }}</p>", 值=value)
    assert what in str(caught.value)
    assert caught.value.problems[0].place.line == 2


def test_line_breaks_of_the_source_do_not_print_but_those_of_the_data_do(tmp_path: Path) -> None:
    assert text_from(tmp_path, "<p>甲\n   乙{{ 值 }}\n</p>", 值="丙\r\n 丁  ") == "甲乙丙\n 丁\n"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("日|日期", "2026年1月5日"),
        ("无|日期", "　　　年　　月　　日"),
        ("日|月日", "1月5日"),
        ("日", "2026年1月5日"),
        ("12|中文数字", "十二"),
        ("110|中文数字", "一百一十"),
        ("1005|中文数字", "一千零五"),
        ("0|中文数字", "零"),
        ("3|序号", "三、"),
        ("3|序号(2)", "（三）"),
        ("3|序号(3)", "3."),
        ("3|序号(4)", "（3）"),
        ("名单|顿号", "甲、乙"),
        ("名单|pad(4)|length", "4"),
        ("名单|pad(1)|length", "2"),
        ("文|分行(4)|length", "4"),
        ("'王'|空白(4)", "　王"),
        ("'ab'|空白(3)", "　ab"),
        ("数", "15.5"),
        ("整", "85"),
        ("真", "是"),
        ("无", ""),
    ],
)
def test_values_and_filters_print_as_documented(tmp_path: Path, expression: str, text: str) -> None:
    context = {
        "日": date(2026, 1, 5),
        "无": EMPTY,
        "名单": ["甲", EMPTY, "乙"][::2],
        "文": "一\n二",
        "数": 15.5,
        "整": 85.0,
        "真": True,
    }
    assert text_from(tmp_path, f"<p>{{{{ {expression} }}}}</p>", **context).rstrip("\n") == text


def test_annotations_follow_the_blocks_that_carry_rules() -> None:
    source, context = load_source(SOURCES / "plan"), context_of("plan")
    annotated = text_of(render(source, context, face="annotated", cite=lambda rule: f"〔{rule}〕"))
    assert "二、时间与场次\n依据：〔plan#dates〕；〔plan#rooms〕\n" in annotated
    assert "依据" not in text_of(render(source, context, cite=lambda rule: f"〔{rule}〕"))


def test_a_cell_merged_over_its_loop_spans_its_rows() -> None:
    table = next(block for block in rendered("score").blocks if isinstance(block, Table))
    band = table.groups[1].rows[0].cells[0]  # type: ignore[union-attr]
    assert (band.rows, band.column) == (3, 0)


def test_a_blank_is_padded_to_its_width(tmp_path: Path) -> None:
    body = '<p><blank width="6em" hint="名">{{ 值 }}</blank></p>'
    document = render(load_source(write(tmp_path, body)), {"值": "王乐"})
    paragraph = document.blocks[0]
    assert isinstance(paragraph, Paragraph)
    blank = paragraph.inlines[0]
    assert isinstance(blank, Blank)
    assert isinstance(blank.inlines[0], Run)
    assert (blank.inlines[0].text, blank.hint, blank.empty) == ("　　王乐　　\u00a0", "名", False)


def test_a_title_may_hold_names_and_is_no_markup(tmp_path: Path) -> None:
    description = DESCRIPTION.replace("title: 表", 'title: "{{ 名 }}表"')
    source = load_source(write(tmp_path, "<p>一</p>", description))
    assert render(source, {"名": "甲&乙"}).title == "甲&乙表"
    with pytest.raises(KaowuError, match=r"document\.yaml.*资料里没有“名”"):
        render(source, {})
