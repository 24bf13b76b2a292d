"""The questionnaire: open questions are added and kept, answers settle them, what is out of date is named."""

from datetime import date, timedelta
from pathlib import Path

from generator.check.questions import add_questions, open_questions
from tests.check.schools import TODAY, Opened, open_school, write_school

RULE = "venue#venue-conditions"


def questionnaire(school: Opened, text: str = "") -> str:
    """Return the answers file with the open questions of the school's rounds added."""
    asked = [question for report in school.reports() for question in open_questions(report, school.scene.guideline)]
    return add_questions(text, asked, TODAY)


def test_every_open_question_is_listed_once_and_nothing_is_answered(tmp_path: Path) -> None:
    folder = write_school(tmp_path)
    text = questionnaire(open_school(folder))
    (report,) = open_school(folder).reports()
    open_ = [finding for finding in report.findings if finding.status == "by-hand"]
    assert text.count("# - {规则:") == len(open_) > 20
    (folder / "answers.yaml").write_text(text, "utf-8")
    assert not open_school(folder).institution.answers


def test_adding_again_changes_nothing(tmp_path: Path) -> None:
    school = open_school(write_school(tmp_path))
    text = questionnaire(school)
    assert questionnaire(school, text) == text


def test_answers_and_comments_that_are_there_stay(tmp_path: Path) -> None:
    before = f"# 张三整理\n- {{规则: '{RULE}', 回答: 是, 日期: 2026-11-19, 签名: 张三}}  # 已看过现场\n"
    folder = write_school(tmp_path, **{"answers.yaml": before})
    text = questionnaire(open_school(folder), before)
    assert text.startswith(before.rstrip("\n"))
    assert text.count(RULE) == 1


def test_a_question_filled_in_is_settled_and_signed(tmp_path: Path) -> None:
    folder = write_school(tmp_path)
    text = questionnaire(open_school(folder))
    lines = [
        line.removeprefix("# ").replace("回答: ,", "回答: 否,").replace("日期: ,", "日期: 2026-11-19,")[:-1] + "李静}"
        if line.startswith("# - ") and RULE in line
        else line
        for line in text.splitlines()
    ]
    (folder / "answers.yaml").write_text("\n".join(lines), "utf-8")
    (report,) = open_school(folder).reports()
    (finding,) = [finding for finding in report.findings if finding.rule == RULE]
    assert finding.status == "fail"
    assert "李静 2026-11-19" in finding.note


def test_answers_that_settle_nothing_any_more_are_named(tmp_path: Path) -> None:
    signed = "回答: 是, 日期: 2026-11-19, 签名: 张三"
    checked, gone = "staff#panel-size", "committee#committee-size"
    answers = "".join(f"- {{规则: '{rule}', {signed}}}\n" for rule in (checked, gone))
    answers += f"- {{规则: '{RULE}', 批次: 第二批, {signed}}}\n"
    (report,) = open_school(write_school(tmp_path, **{"answers.yaml": answers})).reports()
    told = [(problem.code, problem.what) for problem in report.remarks]
    assert [code for code, _what in told] == ["remark-retired", "remark-retired", "remark-unknown-round"]
    assert all(any(name in what for _code, what in told) for name in (checked, gone, "第二批"))
    assert {problem.place.file for problem in report.remarks} == {"示例学校/answers.yaml"}


def test_a_waiver_counts_until_its_last_day_and_is_named_afterwards(tmp_path: Path) -> None:
    last = TODAY
    waivers = f"- {{规则: 'scope#school-recognition', 理由: 换牌, 批准人: 张三, 有效期至: {last}}}\n"
    school = open_school(write_school(tmp_path, **{"waivers.yaml": waivers, "institution.yaml": UNRECOGNISED}))
    for day, waived in ((last, True), (last + timedelta(days=1), False)):
        (report,) = school.reports(day)
        (finding,) = [finding for finding in report.findings if finding.rule == "scope#school-recognition"]
        assert finding.status == "fail"
        assert bool(finding.waiver) == waived
        assert [problem.code for problem in report.remarks] == ([] if waived else ["waiver-expired"])


UNRECOGNISED = (
    "单位名称: 示例学校\n统一社会信用代码: '123200000000000192'\n省份: 江苏\n机构类型: 院校\n"
    "官网收录: 否\n具有招生资质: 否\n"
)
assert date(2026, 11, 20) == TODAY
