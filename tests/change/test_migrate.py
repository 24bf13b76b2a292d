"""Institutions' files after a renaming: every word at its place, comments and answers kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from generator.archives import unpack
from generator.change.migrate import migrate_institution
from generator.change.renames import Renames, load_renames
from generator.institution.folders import Target, find_targets
from generator.policy.load import load_policy
from generator.problems import KaowuError
from generator.tables import read_workbook
from tests.change.editing import ROOT

RENAMES = Renames(
    guidelines={"jiangsu/old-school": "jiangsu/school"},
    rules={"venue#old-name": "venue#venue-conditions"},
    retired={"staff#gone": "原文已删去"},
    labels={"单位": {"旧名称": "单位名称"}, "批次": {"旧日期": "方案日期"}, "考生": {"旧考号": "考生编号"}},
    sheets={"旧考场": "考场"},
    terms={"院校类型": {"高级技校": "技师学院"}},
)
PAGE = """# 单位：开头的说明
旧名称: 江苏示例技师学院   # 全称
院校类型: 高级技校
适用指引: jiangsu/old-school      # 指引编号

列名对照:
  考生: {准考证: 旧考号}
"""
ROUND = """指引: jiangsu/old-school
批次名称: 旧日期的批次  # 值里的同样文字不动
旧日期: 2026-10-12
旧考场:
  - {考场编号: K1}   # 一楼
"""
ANSWERS = """# 对人工问题的回答
- {规则: 'venue#old-name', 回答: 是, 说明: venue#old-name 的说明, 日期: 2026-11-20, 签名: 甲}
# 下面这条已经没有了
- 规则: staff#gone
  回答: 是
  日期: 2026-11-20
  签名: 乙   # 乙签

- {规则: 'venue#other', 回答: 否, 日期: 2026-11-20, 签名: 丙}
"""
CSV = "旧考号,姓名,说明\r\n001,张三,旧考号\r\n"


def lay_out(folder: Path) -> Target:
    home = folder / "学校"
    (home / "批次").mkdir(parents=True)
    (home / "institution.yaml").write_text(PAGE, encoding="utf-8")
    (home / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    (home / "批次" / "round.yaml").write_text(ROUND, encoding="utf-8")
    (home / "批次" / "考生.csv").write_bytes(CSV.encode("gb18030"))
    return find_targets([home])[0]


def test_words_are_replaced_at_their_places_and_nothing_else_changes(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    home = target.folder
    page = PAGE.replace("旧名称: ", "单位名称: ").replace("高级技校", "技师学院")
    page = page.replace("old-school", "school").replace("准考证: 旧考号", "准考证: 考生编号")
    assert (home / "institution.yaml").read_text(encoding="utf-8") == page
    round_ = ROUND.replace("old-school", "school").replace("旧日期: ", "方案日期: ").replace("旧考场:", "考场:")
    assert (home / "批次" / "round.yaml").read_text(encoding="utf-8") == round_
    csv = CSV.replace("旧考号,姓名", "考生编号,姓名")
    assert (home / "批次" / "考生.csv").read_bytes() == csv.encode("gb18030")
    assert len(steps) == 10
    assert any("institution.yaml:2:1：旧名称 → 单位名称" in str(step) for step in steps)


def test_answers_are_kept_renamed_or_made_comments(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    kept = (target.folder / "answers.yaml").read_text(encoding="utf-8")
    assert "'venue#venue-conditions', 回答: 是, 说明: venue#old-name 的说明" in kept
    retired = "# 已停用：原文已删去\n# - 规则: staff#gone\n#   回答: 是\n#   日期: 2026-11-20\n#   签名: 乙   # 乙签\n"
    assert f"# 下面这条已经没有了\n{retired}\n- {{规则: 'venue#other'" in kept


def test_a_second_run_and_a_dry_run_change_nothing(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    policy = load_policy(ROOT / "policy", [])
    before = {path: path.read_bytes() for path in target.folder.rglob("*") if path.is_file()}
    planned = migrate_institution(target, policy, RENAMES, write=False)
    assert {path: path.read_bytes() for path in target.folder.rglob("*") if path.is_file()} == before
    assert migrate_institution(target, policy, RENAMES) == planned
    assert migrate_institution(target, policy, RENAMES) == []


def fill(book: xlsxwriter.Workbook) -> None:
    """Write what an institution keeps beside its data: formats, a list to choose from, a note, a second use."""
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    page = book.add_worksheet("单位")
    page.write_column(0, 0, ["项目", "旧名称", "院校类型"])
    page.write_column(0, 1, ["内容", "示例学校", "高级技校"])
    sheet = book.add_worksheet("考生")
    sheet.write_row(0, 0, ["旧考号", "姓名"], bold)
    sheet.write_rich_string(0, 2, bold, "说", red, "明")
    sheet.write_row(1, 0, ["001", "旧考号"])
    sheet.data_validation("B2:B9", {"validate": "list", "source": ["甲", "乙"]})
    sheet.write_comment("A2", "旧考号的备注")
    sheet.set_column(0, 0, 30)
    book.add_worksheet("旧考场").write_row(0, 0, ["考场编号"])


def test_words_in_a_workbook_are_replaced_and_every_other_part_is_byte_for_byte_the_same(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    path = target.folder / "批次" / "round.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    before = unpack(path.read_bytes())
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    assert [str(step) for step in steps if step.place.file.endswith("xlsx")] == [
        "学校/批次/round.xlsx「旧考场」：旧考场 → 考场",
        "学校/批次/round.xlsx「单位」A2：旧名称 → 单位名称",
        "学校/批次/round.xlsx「单位」B3：高级技校 → 技师学院",
        "学校/批次/round.xlsx「考生」A1：旧考号 → 考生编号",
    ]
    after = unpack(path.read_bytes())
    parts = {"xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert {part for part in before if before[part] != after[part]} == parts
    assert list(before) == list(after)
    sheets = read_workbook(path).sheets
    assert list(sheets) == ["单位", "考生", "考场"]
    assert sheets["考生"].rows == (("考生编号", "姓名", "说明"), ("001", "旧考号", None))
    assert openpyxl.load_workbook(path)["考生"]["A1"].font.bold
    assert migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES) == []


def formula(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("旧考场").write(0, 0, 1)
    book.add_worksheet("汇总").write_formula(0, 0, "='旧考场'!A1", None, 1)


def coloured(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("考生")
    sheet.write_rich_string(0, 0, book.add_format({"bold": True}), "旧", "考号")
    sheet.write(1, 0, "001")


def reckoned(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("考生")
    sheet.write_formula(0, 0, '="旧"&"考号"', None, "旧考号")
    sheet.write(1, 0, "001")


@pytest.mark.parametrize("make", [formula, coloured, reckoned], ids=["公式用到表名", "一格里有几种字体", "栏名是公式"])
def test_a_workbook_that_would_lose_something_is_left_alone_and_named(
    make: Callable[[xlsxwriter.Workbook], None], tmp_path: Path
) -> None:
    target = lay_out(tmp_path)
    path = target.folder / "批次" / "round.xlsx"
    with xlsxwriter.Workbook(path) as book:
        make(book)
    before = path.read_bytes()
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    assert [str(step).endswith("（请手工改）") for step in steps if step.todo] == [True]
    assert path.read_bytes() == before


def test_a_table_of_excel_keeps_its_columns_named_like_their_headings(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    path = target.folder / "批次" / "round.xlsx"
    with xlsxwriter.Workbook(path) as book:
        columns = [{"header": "旧考号"}, {"header": "姓名"}]
        book.add_worksheet("考生").add_table("A1:B3", {"columns": columns, "data": [["001", "甲"], ["002", "乙"]]})
    migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    table = next(iter(openpyxl.load_workbook(path)["考生"].tables.values()))
    assert table.column_names == ["考生编号", "姓名"]


def test_nothing_is_lost_when_a_file_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = lay_out(tmp_path)
    before = {path: path.read_bytes() for path in target.folder.rglob("*") if path.is_file()}

    def refuse(*_args: object) -> None:
        raise OSError("满了")

    monkeypatch.setattr("generator.files.os.replace", refuse)
    with pytest.raises(KaowuError, match="满了"):
        migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    assert {path: path.read_bytes() for path in target.folder.rglob("*") if path.is_file()} == before


def test_words_under_a_heading_of_a_csv_are_replaced_and_quotes_stay(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    path = target.folder / "批次" / "考生.csv"
    path.write_bytes('旧考号,姓名,学制类别\r\n001,"张,三","技师班"\r\n002,技师班,技师班\r\n'.encode("utf-8-sig"))
    renames = replace(RENAMES, terms={"学制类别": {"技师班": "预备技师班"}})
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), renames)
    kept = '考生编号,姓名,学制类别\r\n001,"张,三","预备技师班"\r\n002,技师班,预备技师班\r\n'
    assert path.read_bytes() == kept.encode("utf-8-sig")
    told = [str(step) for step in steps if "考生.csv" in str(step)]
    assert told[1] == "学校/批次/考生.csv:2:3：技师班 → 预备技师班"


def test_a_file_is_not_renamed_over_another(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    for name in ("旧考场", "考场"):
        (target.folder / "批次" / f"{name}.csv").write_text(f"考场编号\n{name}\n", encoding="utf-8")
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    assert [step.new for step in steps if step.todo] == ["考场.csv"]
    assert (target.folder / "批次" / "考场.csv").read_text(encoding="utf-8") == "考场编号\n考场\n"
    assert (target.folder / "批次" / "旧考场.csv").exists()


def test_migrations_chain_in_the_order_of_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "2026.yaml").write_text("because: 一\nrules: {a#b: a#c}\n", encoding="utf-8")
    (folder / "2027.yaml").write_text("because: 二\nrules: {a#c: a#d}\n", encoding="utf-8")
    assert load_renames(tmp_path).rules == {"a#b": "a#d", "a#c": "a#d"}
