"""The report in every form: the same changes, in a shape that is promised."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pydantic import ValidationError
from typer.testing import CliRunner

from generator.change.model import CLASSES, Report
from generator.change.table import render_table, write_table
from generator.change.tell import report_schema, write_html, write_markdown, write_report_json
from generator.change.tell_impact import impact_schema
from generator.cli import app
from generator.document.docx_text import docx_text
from generator.document.text import text_of
from generator.fonts import Faces
from generator.policy.export import write_json
from tests.change.editing import HERE, ROOT, apply, compare_edit, lay_out

EDIT = {
    "file": "staff.yaml",
    "old": "members: 3 人|most: 6 人|force: in-principle",
    "new": "members: 5 人|most: 8 人|force: must",
}
TRICKY = {"file": "materials.yaml", "old": "remark: 每个考场都有", "new": "remark: <b>*每间*</b> & 都有"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return compare_edit(EDIT, tmp_path_factory.mktemp("report"))


def test_the_json_has_the_promised_shape(report: Report) -> None:
    data = json.loads(write_report_json(report))
    assert Report.model_validate(data) == report
    schema = report_schema()
    assert set(schema["properties"]) == {"old", "new", "changes"}
    promised = schema["$defs"]["Change"]["properties"]
    assert all(set(change) <= set(promised) for change in data["changes"])
    assert schema["$defs"]["Change"]["properties"]["class"]["enum"] == list(CLASSES)
    assert {change["class"] for change in data["changes"]} == {"收紧", "放宽"}
    assert set(data) == {"old", "new", "changes"}
    with pytest.raises(ValidationError, match="class"):
        Report.model_validate({**data, "changes": [{**data["changes"][0], "class": "别的"}]})


def test_markdown_says_old_value_new_value_and_clause(report: Report) -> None:
    text = write_markdown(report)
    assert "## 收紧（2）" in text
    assert "数值（每个考评组不少于）：3 人 → 5 人" in text
    assert "力度：原则上 → 应当" in text
    assert "`sample/base/staff#panel-size`" in text


def test_a_report_without_changes_says_so(tmp_path: Path) -> None:
    same = compare_edit({"file": "staff.yaml", "old": "x-", "new": "x-"} | {"reorder": True}, tmp_path)
    assert "没有变化" in write_markdown(same)
    assert "没有变化" in write_html(same)


def test_markup_in_the_data_stays_text(tmp_path: Path) -> None:
    report = compare_edit(TRICKY, tmp_path)
    assert r"\<b\>\*每间\*\</b\> & 都有" in write_markdown(report)
    assert "&lt;b&gt;*每间*&lt;/b&gt; &amp; 都有" in write_html(report)


def test_the_page_fetches_nothing(report: Report) -> None:
    page = write_html(report)
    assert "http" not in page
    assert "<script" not in page
    assert page.count("<tr") == len(report.changes) + 2


def test_the_comparison_table_says_the_same_as_docx(report: Report, faces: Faces) -> None:
    assert not faces.missing
    document = render_table(report)
    data = write_table(report, "docx")
    assert docx_text(data) == text_of(document)
    rows = [[cell.text for cell in row.cells] for table in Document(io.BytesIO(data)).tables for row in table.rows]
    row = next(row for row in rows if row[0] == "考评组人数与组长")
    assert "不少于 3 人" in row[1]
    assert "不少于 5 人" in row[2]
    assert row[3].startswith("收紧")
    assert write_table(report, "pdf").startswith(b"%PDF")


def test_fail_on_decides_the_exit_status(tmp_path: Path) -> None:
    old, new = lay_out(tmp_path / "old"), lay_out(tmp_path / "new")
    apply(EDIT, new)
    run = CliRunner()
    base = ["policy", "diff", str(old), str(new)]
    assert run.invoke(app, base).exit_code == 0
    assert run.invoke(app, [*base, "--fail-on", "收紧,删除"]).exit_code == 1
    assert run.invoke(app, [*base, "--fail-on", "删除"]).exit_code == 0
    wrong = run.invoke(app, [*base, "--fail-on", "变严"])
    assert "没有“变严”" in str(wrong.exception)
    shape = run.invoke(app, ["policy", "diff", "--schema"])
    assert json.loads(shape.output)["title"] == "Report"


def test_revisions_of_git_are_compared(
    tmp_path: Path, tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "仓库"
    root = lay_out(repository)
    git = [tool("git"), "-C", str(repository), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    apply(EDIT, root)
    monkeypatch.setattr("generator.commands.change.policy_dir", lambda: root)
    monkeypatch.chdir(repository)
    done = CliRunner().invoke(app, ["policy", "diff", "HEAD", ".", "--format", "markdown"])
    assert "# 条文变化：HEAD → 当前文件" in done.output
    assert "## 收紧（2）" in done.output
    unknown = CliRunner().invoke(app, ["policy", "diff", "nowhere", "."])
    assert "也不是 git 版本" in str(unknown.exception)
    option = CliRunner().invoke(app, ["policy", "diff", "--", "--output=x", "."])
    assert "也不是 git 版本" in str(option.exception)


def test_every_class_says_what_it_means() -> None:
    assert all(CLASSES.values())
    assert (ROOT / "setup" / "review.sh").stat().st_mode & 0o111


@pytest.mark.parametrize(("name", "schema"), [("diff", report_schema()), ("impact", impact_schema())])
def test_the_shape_of_the_json_is_the_one_that_was_promised(
    name: str, schema: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    path = HERE / "golden" / f"{name}.schema.json"
    if request.config.getoption("--accept"):
        path.write_text(write_json(schema), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == write_json(schema)
