"""An area may add rows to the official list and lengthen its periods, never shorten or drop anything."""

from pathlib import Path

import pytest

from generator.calendar import WorkCalendar
from generator.check.rules import open_scene
from generator.document.docx_text import docx_text
from generator.document.export import export_template
from generator.institution.world import World
from generator.pack.area import extend, load_area
from generator.pack.context import empty_thing
from generator.pack.materials import Row, list_materials
from generator.pack.plan import load_sources
from generator.policy.load import Policy, load_policy
from generator.problems import KaowuError
from tests.pack.conftest import ROOT, ROUND, Run
from tests.pack.test_overrides import edit

TWO_ROWS = """\
safety-pledge:
  name: 考场安全承诺书
  remark: 每批次一份
  retention: 三年
  documents: [safety-pledge]
  at: [某市考务管理通知 第四条]
meter-record:
  name: 仪器校准记录
  retention: permanent
  supplied_by: 由实训中心提供
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the policy with one guideline whose periods are single and one whose periods are by medium."""
    return load_policy(ROOT / "policy", ["jiangsu/school", "jilin/rules-2024"])


def rows_with(policy: Policy, folder: Path, text: str, guideline: str = "jiangsu/school") -> list[Row]:
    """Return the list of a guideline with what the file of a shared folder adds."""
    folder.mkdir(exist_ok=True)
    (folder / "materials.yaml").write_text(text, encoding="utf-8")
    area = load_area(folder, policy, {"sign-in": load_sources(ROOT / "templates")["sign-in"]})
    chosen = policy.guidelines[guideline]
    scene = open_scene(policy, chosen, WorkCalendar.load(policy.root / "calendar"))
    thing = empty_thing(World(policy.dictionary, policy.labels), scene, "round")
    return list_materials(policy, extend(chosen, area, policy), scene, thing)


def shared_folder(folder: Path) -> Path:
    """Return a shared folder with two rows and the Word template of one of them."""
    folder.mkdir()
    (folder / "materials.yaml").write_text(TWO_ROWS, encoding="utf-8")
    template = export_template(load_sources(ROOT / "templates")["slip"])
    (folder / "safety-pledge.docx").write_bytes(edit(template, old="（说明）", new="（地区）"))
    return folder


def test_rows_of_an_area_stand_behind_the_list_in_pack_index_and_checklist(
    school: Path, run: Run, tmp_path: Path
) -> None:
    shared = shared_folder(tmp_path / "地区")

    done = run("build", str(school), "--to", "out", "--format", "docx", "--templates", str(shared),
               *(word for name in ("safety-pledge", "slip", "pack-index", "retention-checklist")
                 for word in ("--only", name)))  # fmt: skip

    assert done.returncode == 0, done.stderr
    pack = tmp_path / "out" / "学校" / ROUND
    names = {path.name for path in pack.iterdir()}
    assert {"地区增设01 考场安全承诺书.docx", "地区增设02 仪器校准记录（说明）.docx"} <= names
    assert "2026年秋季" in docx_text((pack / "地区增设01 考场安全承诺书.docx").read_bytes())
    index = docx_text(next(pack.glob("00 目录*.docx")).read_bytes())
    assert index.index("正文01") < index.index("地区增设01") < index.index("地区增设02")
    assert "由实训中心提供" in index
    checklist = docx_text(next(pack.glob("*保存清单.docx")).read_bytes())
    assert "增设" in checklist[: checklist.index("考场安全承诺书")]
    line = checklist[checklist.index("考场安全承诺书") :]
    assert "3年" in line
    assert "地区增设、某市考务管理通知 第四条" in line


def test_the_dates_of_a_round_tell_until_when_rows_of_an_area_are_kept(school: Path, run: Run, tmp_path: Path) -> None:
    shared = shared_folder(tmp_path / "地区")

    plain = run("dates", str(school), "--keep", COLUMNS="200")
    done = run("dates", str(school), "--templates", str(shared), COLUMNS="200")

    assert done.returncode == plain.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "考场安全承诺书" in line]
    assert "3年" in line
    assert "地区增设" in line
    assert "考场安全承诺书" not in plain.stdout


def test_a_round_without_a_shared_list_has_no_row_of_an_area(policy: Policy, tmp_path: Path) -> None:
    assert not [row for row in rows_with(policy, tmp_path / "空", "") if row.added]


def test_an_official_row_is_kept_longer_and_stays_where_it_is(policy: Policy, tmp_path: Path) -> None:
    plain = rows_with(policy, tmp_path / "甲", "")
    longer = rows_with(policy, tmp_path / "乙", "plan: {name: 职业技能等级认定方案, retention: 五年}\n")

    assert [row.id for row in longer] == [row.id for row in plain]
    changed = [(old, new) for old, new in zip(plain, longer, strict=True) if old != new]
    assert [(old.keeping[0].period, new.keeping[0].period) for old, new in changed] == [("1年", "5年")]
    assert changed[0][1].at[-1] == "地区延长期限"
    assert changed[0][1].documents == changed[0][0].documents


def test_one_period_lengthens_every_medium_and_each_medium_can_have_its_own(policy: Policy, tmp_path: Path) -> None:
    name = next(iter(policy.guidelines["jilin/rules-2024"].materials.values())).name
    for text, periods in (("5年", ["5年", "5年"]), ("{纸质: 3年, 电子: 永久}", ["3年", "永久"])):
        rows = rows_with(policy, tmp_path / "丙", f"a: {{name: {name}, retention: {text}}}\n", "jilin/rules-2024")
        assert [kept.period for row in rows if row.name == name for kept in row.keeping] == periods


def test_a_row_that_only_another_guideline_has_is_passed_over(policy: Policy, tmp_path: Path) -> None:
    text = "plan: {name: 职业技能等级认定方案, retention: 永久}\n"

    assert rows_with(policy, tmp_path / "丁", text, "jilin/rules-2024") == rows_with(
        policy, tmp_path / "戊", "", "jilin/rules-2024"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n  name: 考生签到表（理论、技能）\n  retention: 五年\n", 3, "短于官方清单的永久"),
        ("a:\n  name: 职业技能等级认定方案\n  retention: 半年\n", 3, "短于官方清单的1年"),
        ("a:\n  name: 职业技能等级认定方案\n  retention: 未规定\n", 3, "短于官方清单的1年"),
        ("a:\n  name: 职业技能等级认定方案\n", 1, "缺少“retention”"),
        ("a:\n  name: 职业技能等级认定方案\n  retention: 1年\n  documents: [sign-in]\n", 4, "只能延长它的期限"),
        ("a:\n  name: 职业技能等级认定方按\n  retention: 1年\n", 2, "是否想写“职业技能等级认定方案”"),
        ("a:\n  name: 新表\n  retention: 1念\n  supplied_by: 机构\n", 3, "是否想写“1年”"),
        ("a:\n  name: 新表\n  retentoin: 1年\n  supplied_by: 机构\n", 3, "是否想写“retention”"),
        ("a:\n  name: 新表\n  retention: 1年\n  documents: [sign-on]\n", 4, "是否想写“sign-in”"),
        ("a:\n  name: 新表\n  retention: 1年\n  supplied_by: 机构\n  no: 3\n", 2, "不写 no"),
        ("a:\n  name: 新{{表\n  retention: 1年\n  supplied_by: 机构\n", 2, "name"),
        ("a:\n  name: 新表\n  retention: {纸张: 1年}\n  supplied_by: 机构\n", 3, "介质"),
        ("- 表\n", 1, ""),
    ],
)
def test_less_than_the_list_and_what_cannot_be_read_is_refused_with_its_line(
    policy: Policy, tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(KaowuError) as caught:
        rows_with(policy, tmp_path / "错", text)

    shown = [str(problem) for problem in caught.value.problems]
    assert any(f"materials.yaml:{line}" in text and words in text for text in shown), shown


def test_a_period_left_out_for_one_medium_is_refused(policy: Policy, tmp_path: Path) -> None:
    name = next(iter(policy.guidelines["jilin/rules-2024"].materials.values())).name

    with pytest.raises(KaowuError, match="没有写电子的"):
        rows_with(policy, tmp_path / "缺", f"a: {{name: {name}, retention: {{纸质: 永久}}}}\n", "jilin/rules-2024")


def test_a_refused_list_stops_the_build_before_anything_is_written(school: Path, run: Run, tmp_path: Path) -> None:
    shared = tmp_path / "地区"
    shared.mkdir()
    (shared / "materials.yaml").write_text("a:\n  name: 考生签到表（理论、技能）\n  retention: 1年\n", encoding="utf-8")

    done = run("build", str(school), "--to", "out", "--templates", str(shared))

    assert done.returncode == 2
    assert "materials.yaml:3" in done.stderr
    assert not list((tmp_path / "out").rglob("*.docx"))
