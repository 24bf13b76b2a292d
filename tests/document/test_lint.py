"""Faults of users' Word templates are named with their part, their paragraph and the nearest name."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.archives import unpack
from generator.document.docx_text import docx_text
from generator.document.export import export_template
from generator.document.fill import fill_template
from generator.document.lint import lint_source, lint_template
from generator.document.package import pack
from generator.document.source import load_source
from generator.document.text import text_of
from tests.document.samples import NAMES, SOURCES, bare, context_of, rendered
from tests.document.test_sources import write

BODY = "word/document.xml"
FAULTS = {
    "unknown name": ("{{ 考生.姓名 }}", "{{ 考生.姓明 }}", "unknown-name", "「正文」第 4 段", "是否想写“姓名”？"),
    "unknown name in a branch not taken": (
        "审核结论",
        "{% if not 考生.姓名 %}{{ 考生.审批 }}{% endif %}",
        "unknown-name",
        "「正文」第 43 段",
        "是否想写“审核”？",
    ),
    "unknown name of a list's records": (
        "{{ 证.编号 }}",
        "{{ 证.号码 }}",
        "unknown-name",
        "「正文」第 29 段",
        "这一项里没有“号码”",
    ),
    "unknown name in a row tag": ("考生.附言", "考生.附议", "unknown-name", "「正文」第 45 段", "是否想写“附言”？"),
    "full-width brackets": ("{{ 考生.学历 }}", "｛｛ 考生.学历 ｝｝", "full-width", "「正文」第 14 段", "半角"),
    "text beside a block tag": (
        "{%p if 考生.审核 %}",
        "{%p if 考生.审核 %}别丢",
        "lost-text",
        "「正文」第 42 段",
        "别丢",
    ),
    "two block tags in a paragraph": (
        "{%p if 考生.审核 %}",
        "{%p if 考生.审核 %}{%p if 考生.审核 %}",
        "lost-text",
        "「正文」第 42 段",
        "独占一段",
    ),
    "unknown filter": ("{{ 考生.电话 }}", "{{ 考生.电话|日历 }}", "template", "「正文」第 16 段", "是否想写“月日”？"),
    "unfinished tag": ("{{ 考生.电话 }}", "{{ 考生.电话 }", "template", "「正文」第 16 段", "没有写完整"),
    "condition without end": ("{{ 考生.电话 }}", "{% if 考生.电话 %}", "template", "「正文」", "缺少 endif"),
    "pair over two cells": (
        "{{ 考生.学历 }}</w:t></w:r></w:p></w:tc>",
        "{% if 考生.学历 %}</w:t></w:r></w:p></w:tc>",
        "structure",
        "「正文」第 16 段",
        "单元格",
    ),
    "call": ("{{ 考生.电话 }}", "{{ 考生.电话.upper() }}", "unknown-name", "「正文」第 16 段", "不能调用函数"),
}


def mutated(old: str, new: str, part: str = BODY) -> bytes:
    parts = unpack(export_template(load_source(SOURCES / "application")))
    text = parts[part].decode()
    assert old in text
    if "{% if 考生.学历 %}" in new:
        text = text.replace("{{ 考生.电话 }}", "{% endif %}")
    parts[part] = text.replace(old, new, 1).encode()
    return pack(parts)


@pytest.mark.parametrize(("old", "new", "code", "where", "what"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_template_is_named_with_its_place(old: str, new: str, code: str, where: str, what: str) -> None:
    problems = lint_template(mutated(old, new), context_of("application"), name="申报表.docx")
    found = [str(problem) for problem in problems if problem.code == code]
    assert any(line.startswith("申报表.docx") and where in line and what in line for line in found), problems


@pytest.mark.parametrize("name", NAMES)
def test_our_exports_have_no_fault(name: str) -> None:
    assert lint_template(export_template(load_source(SOURCES / name)), context_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_our_sources_know_every_name(name: str) -> None:
    assert lint_source(load_source(SOURCES / name), context_of(name)) == []


def test_a_misnomer_in_a_branch_not_taken_is_found_in_a_source(tmp_path: Path) -> None:
    body = "<p>一</p>\n{% if 考生.照片 %}\n<p>{{ 考生.姓 }}</p>{% endif %}"
    problems = lint_source(load_source(write(tmp_path, body)), context_of("application"))
    assert [(problem.place.line, problem.remedy) for problem in problems] == [(3, "是否想写“姓名”？")]


def test_a_fault_in_the_footer_says_so() -> None:
    problems = lint_template(mutated("— ", "{{ 考生.名 }} ", "word/footer1.xml"), context_of("application"))
    assert [problem.place.sheet for problem in problems] == ["页脚"]


def test_tracked_changes_are_a_fault() -> None:
    old = "<w:r><w:rPr>"
    tracked = '<w:del w:id="1" w:author="a"><w:r><w:delText>{{ 考生.姓名 }}</w:delText></w:r></w:del><w:r><w:rPr>'
    problems = lint_template(mutated(old, tracked), context_of("application"))
    assert "tracked" in {problem.code for problem in problems}


def test_a_loop_begun_inside_a_content_control_is_a_fault() -> None:
    start = "{%p for 条 in 考生.附言 %}"
    text = unpack(export_template(load_source(SOURCES / "application")))[BODY].decode()
    at = text.rindex("<w:p>", 0, text.index(start))
    paragraph = text[at : text.index("</w:p>", at) + len("</w:p>")]
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
    problems = lint_template(mutated(paragraph, control), context_of("application"))
    assert [(problem.code, "内容控件" in problem.what) for problem in problems] == [("structure", True)]


def test_text_beside_a_row_tag_is_a_fault() -> None:
    parts = unpack(export_template(load_source(SOURCES / "committee")))
    parts[BODY] = parts[BODY].replace("{%tr for 席位".encode(), "职务{%tr for 席位".encode())
    problems = lint_template(pack(parts), context_of("committee"))
    assert [problem.code for problem in problems] == ["lost-text"]
    assert "表格行" in str(problems[0])


def test_links_to_the_outside_are_a_fault() -> None:
    relation = '<Relationship Id="rX" Type="http://x/image" Target="http://example.org/a.png" TargetMode="External"/>'
    changed = mutated("</Relationships>", relation + "</Relationships>", "word/_rels/document.xml.rels")
    assert [problem.code for problem in lint_template(changed, context_of("application"))] == ["external"]


@pytest.mark.parametrize("data", [b"", b"plain text", b"PK\x03\x04broken"])
def test_what_is_no_docx_is_said_to_be_none(data: bytes) -> None:
    problems = lint_template(data, {}, name="表.docx")
    assert [(problem.place.file, problem.code) for problem in problems] == [("表.docx", "template-file")]


def test_an_export_edited_in_libreoffice_still_fills(tmp_path: Path, tool: Callable[[str], str]) -> None:
    made = tmp_path / "in" / "t.docx"
    made.parent.mkdir()
    made.write_bytes(export_template(load_source(SOURCES / "application")))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [tool("soffice"), profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path), str(made)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    saved = (tmp_path / "t.docx").read_bytes()
    assert saved != made.read_bytes()
    assert lint_template(saved, context_of("application")) == []
    assert bare(docx_text(fill_template(saved, context_of("application")))) == bare(text_of(rendered("application")))
