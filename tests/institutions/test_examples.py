"""The example institutions: the first does everything right, the second everything wrong."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.check.report import Report
from generator.identity import check_credit_code, check_resident_id
from tests.institutions.support import EXAMPLES, load, reports, write_report

GOOD = EXAMPLES / "示例技师学院"
BAD = EXAMPLES / "故障示例学校"
GOLDEN = Path(__file__).parent / "findings" / "故障示例学校.txt"


@pytest.fixture(scope="module")
def good() -> list[Report]:
    return list(reports(load(GOOD)))


@pytest.fixture(scope="module")
def bad() -> list[Report]:
    return list(reports(load(BAD)))


def test_the_college_meets_every_rule_and_leaves_nothing_unchecked(good: list[Report]) -> None:
    assert len(good) == 2
    for report in good:
        assert not report.doubts
        assert {finding.status for finding in report.findings} <= {"pass", "not-applicable", "by-hand"}, write_report(
            report
        )
        assert not report.violated


def test_the_faulty_school_gets_exactly_the_findings_on_file(
    bad: list[Report], golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN, "\n".join(map(write_report, bad)))


def test_the_faulty_school_breaks_rules_of_every_topic_that_data_can_break(bad: list[Report]) -> None:
    findings = [finding for report in bad for finding in report.findings]
    broken = {finding.rule for finding in findings if finding.status in ("fail", "warn")}
    assert len(broken) >= 20
    assert {rule.partition("#")[0] for rule in broken} == {
        "certificates", "eligibility", "exam", "filing", "plan", "publicity", "registration", "resources", "retention",
        "scope", "scoring", "special", "staff", "venue",
    }  # fmt: skip
    assert any(finding.status == "unchecked" for finding in findings)


def test_every_fault_planted_in_a_line_of_data_is_found_there(bad: list[Report]) -> None:
    found = [finding for finding in bad[0].findings if finding.status in ("fail", "warn", "unchecked")]
    places = {place for finding in found for place in finding.places} | {problem.place for problem in bad[0].doubts}
    lines = {(place.file, place.line) for place in places}
    planted = {
        (path.relative_to(EXAMPLES).as_posix(), number): line
        for path in BAD.rglob("*.yaml")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "# 故障" in line and not line.lstrip().startswith("#")
    }
    assert len(planted) >= 50
    assert not [line for place, line in planted.items() if place not in lines and "answers" not in place[0]]


def test_a_waiver_in_force_stands_beside_its_violation_and_one_run_out_does_not(bad: list[Report]) -> None:
    waivers = {
        finding.rule: finding.waiver for report in bad for finding in report.findings if finding.status == "fail"
    }
    assert "外墙正在维修" in waivers["venue#venue-signage"]
    assert not waivers["scope#school-recognition"]


def test_an_answer_settles_a_question_either_way(bad: list[Report]) -> None:
    status = {finding.rule: finding.status for finding in bad[0].findings}
    assert (status["venue#venue-equipment"], status["venue#venue-supplies"]) == ("fail", "pass")


def test_the_college_shows_what_the_guideline_speaks_of() -> None:
    world = load(GOOD).world
    names = Counter(str(thing.facts["name"]) for thing in world.things["candidate"])
    assert names.total() == 40
    assert names["张伟"] == 2
    assert all(any(sign in name for name in names) for sign in "𠮷䶮")
    sessions = [thing for thing in world.things["session"] if "autumn" in thing.place.file]
    assert (len(sessions), len({thing.facts["date"] for thing in sessions})) == (4, 3)
    assert {thing.facts["level"] for thing in world.things["occupation"]} == {"level-4", "level-2"}


def test_all_numbers_of_the_college_are_valid_and_none_can_be_a_persons() -> None:
    world = load(GOOD).world
    numbers = [str(thing.facts["id_no"]) for entity in ("candidate", "staff_member") for thing in world.things[entity]]
    assert len(numbers) == len(set(numbers)) == 58
    assert not any(map(check_resident_id, numbers))
    assert all(number.startswith("320000") for number in numbers)  # a province's own code: no card bears it
    codes = [str(thing.facts["code"]) for entity in ("institution", "partner") for thing in world.things[entity]]
    assert not any(map(check_credit_code, codes))


def test_an_institution_that_has_hardly_begun_is_checked_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "示例学校" / "第一批"
    folder.mkdir(parents=True)
    (folder.parent / "institution.yaml").write_text("单位名称: 示例学校\n", "utf-8")
    (folder / "round.yaml").write_text("指引: jiangsu/school\n", "utf-8")
    (report,) = reports(load(folder.parent))
    status = {finding.rule: finding.status for finding in report.findings}
    assert status["staff#panel-size"] == status["registration#list-submission"] == "unchecked"
    assert status["publicity#complaint-channel"] == "fail"
    assert not {"pass", "warn"} & set(status.values())


@pytest.mark.parametrize("folder", sorted(path.parent for path in EXAMPLES.glob("*/institution.*")), ids=str)
def test_every_other_example_meets_its_guideline(folder: Path) -> None:
    if folder == BAD:
        return
    for report in reports(load(folder)):
        open_ = [f"{finding.status} {finding.rule} {finding.subject}" for finding in report.findings
                 if finding.status in ("fail", "warn", "unchecked") and not finding.waiver]  # fmt: skip
        assert not report.violated
        assert not open_
