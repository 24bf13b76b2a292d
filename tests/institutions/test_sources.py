"""Where facts may stand: YAML, CSV in any usual encoding, workbooks; other headings; files nobody reads."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.institution.facts import find_field
from generator.institution.folders import find_targets
from generator.problems import KaowuError
from generator.workbooks import CellContent, ColumnSpec, SheetSpec, write_workbook
from generator.yaml_source import load_yaml
from tests.institutions.support import EXAMPLES, facts_of, load, whole_policy

COLLEGE = EXAMPLES / "示例技师学院"
INSTITUTION = {"单位名称": "示例学校", "统一社会信用代码": "123200000000000192", "省份": "江苏", "机构类型": "院校"}
ROUND = "批次名称: 第一批\n指引: jiangsu/school\n认定项目:\n  - {项目编号: P1, 职业: 电工, 等级: 四级}\n"
CANDIDATES = "考生编号,姓名,身份证号,认定项目\n001,王𠮷,320000200901010013,P1\n002,刘䶮,320000200901040079,P1\n"


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Return a small institution with one round, to be added to."""
    folder = tmp_path / "示例学校"
    (folder / "批次").mkdir(parents=True)
    (folder / "institution.yaml").write_text("".join(f"{k}: '{v}'\n" for k, v in INSTITUTION.items()), "utf-8")
    (folder / "批次" / "round.yaml").write_text(ROUND, "utf-8")
    return folder


def write_xlsx(path: Path, **sheets: Sequence[Sequence[Any]]) -> None:
    """Write a workbook whose sheets are rows, the first of them headings."""
    specs = [
        SheetSpec(name, [ColumnSpec(str(heading)) for heading in rows[0]], rows[1:]) for name, rows in sheets.items()
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(specs))


def test_a_csv_reads_the_same_in_every_encoding_excel_and_wps_write(school: Path) -> None:
    read = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        (school / "批次" / "考生.csv").write_bytes(CANDIDATES.encode(encoding))
        read.append(facts_of(load(school))["candidate"])
    assert read[0][0]["name"] == "王𠮷"
    assert all(facts == read[0] for facts in read)


def test_a_gbk_csv_as_excel_writes_it_loads(school: Path) -> None:
    (school / "批次" / "考生.csv").write_bytes(CANDIDATES.replace("𠮷", "吉").replace("䶮", "龙").encode("gbk"))
    assert [row["name"] for row in facts_of(load(school))["candidate"]] == ["王吉", "刘龙"]


def test_other_headings_for_the_same_thing_load_the_same(school: Path) -> None:
    path = school / "批次" / "考生.csv"
    path.write_text(CANDIDATES, "utf-8")
    expected = facts_of(load(school))
    path.write_text(
        CANDIDATES.replace("考生编号,姓名,身份证号,认定项目", "准考证号,考生 姓名,证件号码,申报项目"), "utf-8"
    )
    assert facts_of(load(school)) == expected


def test_every_heading_of_the_dictionary_leads_to_one_field_only() -> None:
    for name, entity in whole_policy().entities.items():
        for field_name, field in entity.fields.items():
            assert find_field(entity, field.label) == field_name, f"{name}.{field_name}"
            for alias in field.aliases:
                claimed = [other for other, known in entity.fields.items() if alias in (known.label, *known.aliases)]
                assert claimed == [field_name], f"{name}: {alias}"


@pytest.mark.parametrize("page", ["批次/round.yaml", "institution.yaml"])
def test_a_mapping_of_headings_is_followed(school: Path, page: str) -> None:
    path = school / "批次" / "考生.csv"
    path.write_text(CANDIDATES, "utf-8")
    expected = facts_of(load(school))
    path.write_text(CANDIDATES.replace("姓名", "学生").replace("认定项目", "报哪个"), "utf-8")
    with (school / page).open("a", encoding="utf-8") as file:
        file.write("列名对照:\n  考生: {学生: 姓名, 报哪个: 认定项目}\n")
    assert facts_of(load(school)) == expected


def test_a_mapping_of_headings_may_stand_in_a_workbook(school: Path) -> None:
    path = school / "批次" / "考生.csv"
    path.write_text(CANDIDATES, "utf-8")
    expected = facts_of(load(school))
    path.write_text(CANDIDATES.replace("姓名", "学生").replace("认定项目", "报哪个"), "utf-8")
    mapping = [("表", "你们的列名", "我们的列名"), ("考生", "学生", "姓名"), ("考生", "报哪个", "认定项目")]
    write_xlsx(school / "批次" / "round.xlsx", 列名对照=mapping)
    assert facts_of(load(school)) == expected
    write_xlsx(school / "批次" / "round.xlsx", 列名对照=[*mapping, ("考生", "电话号", "手机号")])
    with pytest.raises(KaowuError, match=r"「列名对照」A4 \[bad-columns\].*没有“手机号”这一项 → 是否想写“手机号码”"):
        load(school)


def test_a_college_kept_in_excel_alone_has_the_same_facts(tmp_path: Path) -> None:
    excel = tmp_path / COLLEGE.name
    for folder, page, sheet, book in (
        (".", "institution.yaml", "单位", "institution.xlsx"),
        ("filing", "filing.yaml", "备案", "filing.xlsx"),
        ("2026-autumn", "round.yaml", "批次", "round.xlsx"),
        ("2026-technician", "round.yaml", "批次", "round.xlsx"),
    ):
        sheets: dict[str, Any] = {sheet: [("项目", "内容")]}
        stated: Any = load_yaml(COLLEGE / folder / page).data
        for label, value in stated.items():
            if label == "认定项目":
                sheets[label] = as_table(value)
            else:
                sheets[sheet].append((label, as_cell(label, value)))
        sheets |= {path.stem: as_typed(path) for path in sorted((COLLEGE / folder).glob("*.csv"))}
        (excel / folder).mkdir(parents=True, exist_ok=True)
        write_xlsx(excel / folder / book, **sheets)
        for path in (COLLEGE / folder / "scores").glob("*.csv"):
            write_xlsx(excel / folder / "scores" / f"{path.stem}.xlsx", 成绩=as_typed(path))
    for name in ("answers.yaml",):
        shutil.copy(COLLEGE / name, excel / name)
    read = load(excel)
    assert not read.doubts
    assert facts_of(read) == facts_of(load(COLLEGE))
    assert read.answers == load(COLLEGE).answers


def as_table(rows: Sequence[Mapping[str, Any]]) -> list[Sequence[CellContent]]:
    """Return rows of a YAML list as a sheet."""
    headings = list(dict.fromkeys(label for row in rows for label in row))
    return [headings, *([as_cell(label, row.get(label)) for label in headings] for row in rows)]


def as_typed(path: Path) -> list[Sequence[CellContent]]:
    """Return a CSV file as a sheet with days and numbers as Excel keeps them."""
    with path.open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    return [headings, *([as_cell(label, value) for label, value in zip(headings, row, strict=True)] for row in rows)]


def as_cell(label: str, value: Any) -> CellContent:
    """Return a value as a person would have it in a sheet: days as dates, amounts as numbers, codes as text."""
    if isinstance(value, list):
        return "；".join(value)
    if label in ("权重", "理论成绩", "操作成绩", "综合评审成绩", "学分成绩", "实到人数", "参评人数") and value:
        return float(value)
    if label.endswith(("日期", "聘期至")) and value:
        return date.fromisoformat(value)
    return value or None


def test_all_of_an_institution_may_stand_in_one_workbook(school: Path) -> None:
    (school / "institution.yaml").unlink()
    write_xlsx(
        school / "institution.xlsx",
        单位=[("项目", "内容"), *INSTITUTION.items()],
        考评人员=[("人员编号", "姓名"), ("K01", "张伟")],
        内部质量督导人员=[("编号", "姓名"), ("K01", "张伟"), ("D01", "李静")],
    )
    people = facts_of(load(school))["staff_member"]
    assert [(row["staff_no"], row["roles"]) for row in people] == [
        ("K01", ("assessor", "internal-quality-supervisor")),
        ("D01", ("internal-quality-supervisor",)),
    ]


def test_an_id_kept_as_a_number_is_refused_with_its_cell(school: Path) -> None:
    rows = [("考生编号", "姓名", "身份证号", "认定项目"), ("001", "王𠮷", 320000200901010013, "P1")]
    write_xlsx(school / "批次" / "round.xlsx", 考生=rows)
    with pytest.raises(KaowuError) as refused:
        load(school)
    place = "示例学校/批次/round.xlsx「考生」C2"
    assert str(refused.value).startswith(f"{place} [sheet-not-text] “身份证号”被存成数字，已丢失位数 → ")


def test_a_number_excel_made_a_date_is_refused_with_its_cell(school: Path) -> None:
    write_xlsx(school / "批次" / "round.xlsx", 考场=[("考场编号", "考场名称"), (date(2026, 3, 1), "电工实训室")])
    with pytest.raises(KaowuError, match=r"考场」A2.*被存成日期"):
        load(school)


def test_numbers_kept_as_numbers_still_name_their_things(school: Path) -> None:
    rows = [("考生编号", "姓名", "身份证号", "认定项目"), (1, "王𠮷", "320000200901010013", "P1")]
    write_xlsx(school / "批次" / "round.xlsx", 考生=rows)
    write_xlsx(school / "批次" / "scores" / "甲.xlsx", 成绩=[("准考证号", "操作"), (1, 87.5)])
    (score,) = facts_of(load(school))["score"]
    assert (score["candidate"], str(score["practical"])) == ("→candidate 1", "175/2")


def test_tables_nobody_reads_are_named(school: Path) -> None:
    (school / "批次" / "考生名单.csv").write_text(CANDIDATES, "utf-8")
    (school / "批次" / "考生.xls.csv").write_text("", "utf-8")
    empty = [("考生编号", "姓名", "身份证号", "认定项目")]
    write_xlsx(school / "批次" / "round.xlsx", 考生=empty, 考生表=empty, 填表说明=[("怎样填",)])
    assert [str(problem) for problem in load(school).doubts] == [
        "示例学校/批次/round.xlsx「考生表」 [unused-sheet] 这张工作表没有使用 → 是否想写“考生”？",
        "示例学校/批次/考生.xls.csv [unused-file] 这个文件没有使用 → 是否想写“考生”？",
        "示例学校/批次/考生名单.csv [unused-file] 这个文件没有使用 → 是否想写“考生”？",
    ]


def test_a_column_nobody_knows_is_named_and_the_rest_is_read(school: Path) -> None:
    (school / "批次" / "考生.csv").write_text(
        "考生编号,姓名,身份证号,认定项目,宿舍\n001,王𠮷,320000200901010013,P1,三号楼\n", "utf-8"
    )
    (doubt,) = load(school).doubts
    assert str(doubt).startswith("示例学校/批次/考生.csv「考生」E1 [unused-column] 考生没有“宿舍”这一项")


def test_rounds_do_not_see_each_others_things(school: Path) -> None:
    shutil.copytree(school / "批次", school / "另一批次")
    for folder, name in (("批次", "王𠮷"), ("另一批次", "李静")):
        (school / folder / "考生.csv").write_text(CANDIDATES.replace("王𠮷", name), "utf-8")
        (school / folder / "scores").mkdir()
        (school / folder / "scores" / "成绩.csv").write_text("考生,操作成绩\n001,80\n", "utf-8")
    institution = load(school)
    named = [thing.follow("candidate.name") for thing in institution.world.things["score"]]
    assert sorted(map(str, named)) == ["李静", "王𠮷"]


def test_two_people_with_one_id_are_doubted_and_so_is_what_the_id_contradicts(school: Path) -> None:
    (school / "批次" / "考生.csv").write_text(
        "考生编号,姓名,身份证号,认定项目,性别,出生日期\n"
        "001,王𠮷,320000200901010013,P1,男,2009-01-01\n002,刘䶮,320000200901010013,P1,女,2009-01-02\n",
        "utf-8",
    )
    assert [problem.code for problem in load(school).doubts] == [
        "doubtful-same-id",
        "doubtful-person",
        "doubtful-person",
    ]


def test_photos_belong_to_the_candidates_they_are_named_after(school: Path) -> None:
    (school / "批次" / "考生.csv").write_text(CANDIDATES, "utf-8")
    (school / "批次" / "photos").mkdir()
    for name in ("001.jpg", "002.PNG", "320000200901010013.jpg", "说明.txt"):
        (school / "批次" / "photos" / name).write_bytes(b"")
    institution = load(school)
    assert [row.get("photo") for row in facts_of(institution)["candidate"]] == ["001.jpg", "002.PNG"]
    assert [str(doubt) for doubt in institution.doubts] == [
        "示例学校/批次/photos [unused-photo] 照片“******************.jpg”没有对应的人 → 文件名写编号，如 001.jpg"
    ]


def test_a_page_in_yaml_and_in_a_workbook_must_agree(school: Path) -> None:
    write_xlsx(school / "institution.xlsx", 单位=[("项目", "内容"), ("省份", "江苏"), ("设区市", "示例市")])
    assert facts_of(load(school))["institution"][0]["city"] == "示例市"
    write_xlsx(school / "institution.xlsx", 单位=[("项目", "内容"), ("单位名称", "另一学校")])
    with pytest.raises(KaowuError, match=r"institution.xlsx「单位」B2 \[stated-twice\]"):
        load(school)


def test_a_folder_names_an_institution_a_round_or_many_institutions(school: Path) -> None:
    (round_only,) = find_targets([school / "批次"])
    assert (round_only.folder, round_only.rounds) == (school, (school / "批次",))
    assert find_targets([school]) == [round_only]
    shutil.copytree(school, school.parent / "另一学校")
    assert [target.folder.name for target in find_targets([school.parent])] == ["另一学校", "示例学校"]


def test_a_folder_that_holds_no_institution_is_refused(school: Path) -> None:
    (school / "空").mkdir()
    with pytest.raises(KaowuError) as refused:
        find_targets([school / "空", school / "没有"])
    assert [problem.what for problem in refused.value.problems] == [
        "没有这个文件夹", "里面没有 institution.yaml（或 institution.xlsx）",
    ]  # fmt: skip
