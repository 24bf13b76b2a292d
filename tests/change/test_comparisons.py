"""What a person settled about two guidelines: whom it is about, and verdicts that lapse with the words."""

import shutil
from dataclasses import replace
from pathlib import Path

from generator.change.compare import compare_editions
from generator.change.comparisons import LAPSED, mark_of, write_open
from generator.change.model import Change, Report
from tests.change.editing import GUIDELINE, lay_out, read

OTHER = "sample/other"


def compare_two(folder: Path, *edits: tuple[str, str], settled: str = "") -> Report:
    root = lay_out(folder)
    shutil.copytree(root / GUIDELINE, root / OTHER)
    path = root / OTHER / "staff.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    if settled:
        (root / "comparisons").mkdir()
        head = f"because: 试一试\nold: {GUIDELINE}\nnew: {OTHER}\n"
        (root / "comparisons" / "两份.yaml").write_text(head + settled, encoding="utf-8")
    edition = read(root)
    return compare_editions(replace(edition, only=GUIDELINE), replace(edition, only=OTHER))


def one(report: Report, name: str) -> Change:
    return next(change for change in report.changes if change.name == name)


WORDS = ("不得由本人任课的教师考评", "本人的老师不得考评")
NARROWER = ("  when:\n    - {fact: subject, is: practical}\n", "")


def test_a_duty_told_in_other_words_is_open_until_a_person_judges_it(tmp_path: Path) -> None:
    found = one(compare_two(tmp_path / "a", WORDS, ("任课教师都回避了吗", "老师都避开了吗")), "staff#avoidance")
    assert found.class_ == "方向不明"
    verdict = f"judged:\n  staff#avoidance: {{class: 仅措辞, because: 一回事, mark: '{mark_of(found)}'}}\n"
    edits = (WORDS, ("任课教师都回避了吗", "老师都避开了吗"))
    judged = one(compare_two(tmp_path / "b", *edits, settled=verdict), "staff#avoidance")
    assert (judged.class_, judged.basis, judged.note) == ("仅措辞", "人工", "一回事")


def test_a_verdict_lapses_when_the_words_change(tmp_path: Path) -> None:
    verdict = "judged:\n  staff#avoidance: {class: 仅措辞, because: 一回事, mark: '00000000'}\n"
    edits = (WORDS, ("任课教师都回避了吗", "老师都避开了吗"))
    found = one(compare_two(tmp_path, *edits, settled=verdict), "staff#avoidance")
    assert (found.class_, found.note) == ("方向不明", LAPSED)


def test_what_the_predicates_prove_is_not_for_a_person_to_judge(tmp_path: Path) -> None:
    verdict = "judged:\n  staff#panel-size: {class: 仅措辞, because: 不行, mark: '00000000'}\n"
    found = one(compare_two(tmp_path, ("members: 3 人", "members: 5 人"), settled=verdict), "staff#panel-size")
    assert (found.class_, found.basis) == ("收紧", "判断")


def test_a_condition_that_always_holds_for_those_compared_is_no_change(tmp_path: Path) -> None:
    assert one(compare_two(tmp_path / "a", NARROWER), "staff#panel-size").class_ == "收紧"
    assuming = "assuming:\n  - {fact: subject, is: practical}\n"
    report = compare_two(tmp_path / "b", NARROWER, settled=assuming)
    assert "staff#panel-size" not in {change.name for change in report.changes}


def test_a_duty_that_never_bound_those_compared_is_not_called_gone(tmp_path: Path) -> None:
    gone = (
        "panel-size:\n  at: [一]\n  says: 每个考评组不少于 {members} 人，人数为单数",
        "panel-leader:\n  at: [一]\n  says: 每个考评组不少于 {members} 人，人数为单数",
    )
    report = compare_two(tmp_path / "a", gone)
    assert one(report, "staff#panel-size").class_ == "删除"
    other = "assuming:\n  - {fact: subject, is: theory}\n"
    report = compare_two(tmp_path / "b", gone, settled=other)
    assert "staff#panel-size" not in {change.name for change in report.changes}


def test_records_of_other_names_are_one_when_a_person_says_so(tmp_path: Path) -> None:
    renamed = ("avoidance:", "no-concurrent-roles.teachers:")
    settled = "counterparts: {staff#avoidance: staff#no-concurrent-roles.teachers}\n"
    found = compare_two(tmp_path, renamed, settled=settled).changes
    assert [(change.class_, change.old_name) for change in found] == [("仅措辞", "staff#avoidance")]


def test_what_is_open_is_listed_with_its_mark(tmp_path: Path) -> None:
    report = compare_two(tmp_path, WORDS, ("任课教师都回避了吗", "老师都避开了吗"))
    assert f"staff#avoidance: {{class: , because: , mark: {mark_of(report.changes[0])}}}" in write_open(report)
