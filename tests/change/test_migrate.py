"""Institutions' files after a renaming: every word at its place, comments and answers kept."""

from pathlib import Path

import xlsxwriter

from generator.change.migrate import migrate_institution
from generator.change.renames import Renames, load_renames
from generator.institution.folders import Target, find_targets
from generator.policy.load import load_policy
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


def test_a_workbook_is_not_touched_but_named(tmp_path: Path) -> None:
    target = lay_out(tmp_path)
    path = target.folder / "批次" / "round.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("考生")
        sheet.write_row(0, 0, ["旧考号", "姓名"])
    before = path.read_bytes()
    steps = migrate_institution(target, load_policy(ROOT / "policy", []), RENAMES)
    assert [str(step) for step in steps if step.todo] == [
        "学校/批次/round.xlsx「考生」A1：旧考号 → 考生编号（请手工改）"
    ]
    assert path.read_bytes() == before


def test_migrations_chain_in_the_order_of_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "2026.yaml").write_text("because: 一\nrules: {a#b: a#c}\n", encoding="utf-8")
    (folder / "2027.yaml").write_text("because: 二\nrules: {a#c: a#d}\n", encoding="utf-8")
    assert load_renames(tmp_path).rules == {"a#b": "a#d", "a#c": "a#d"}
