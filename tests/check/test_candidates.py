"""Each candidate gets a verdict: what carries it, what fails, or what is missing."""

import pytest

from generator.check.candidates import Person, judge_people
from generator.check.rules import open_scene
from tests.institutions.support import EXAMPLES, GUIDELINE, calendar, load, whole_policy


def judged(name: str) -> dict[str, Person]:
    """Return the people of an example's first round by their number."""
    institution = load(EXAMPLES / name)
    scene = open_scene(whole_policy(), whole_policy().guideline(GUIDELINE), calendar())
    return {person.key: person for person in judge_people(next(iter(institution.rounds.values())), scene)}


@pytest.fixture(scope="module")
def faulty() -> dict[str, Person]:
    return judged("故障示例学校")


def test_every_candidate_of_the_college_is_carried_by_a_condition_that_is_named() -> None:
    people = judged("示例技师学院")
    assert len(people) == 28
    for person in people.values():
        assert person.status == "pass"
        assert person.because == person.carried
        assert all(ground.told and ground.at for ground in person.carried)
        assert person.result in ("合格", "不合格")


def test_a_level_above_the_ceiling_is_named_with_its_clause(faulty: dict[str, Person]) -> None:
    ground = faulty["004"].failed[0]
    assert (ground.rule, ground.at) == ("eligibility#level-ceiling.technical", ("五（二）1",))
    assert ground.told == ("认定项目·等级为 三级", "学制类别为 中级技工班")
    assert ground.remedy


def test_what_is_missing_is_named(faulty: dict[str, Person]) -> None:
    assert "符合的申报条件没有填写" in [text for ground in faulty["007"].failed for text in ground.told]


def test_a_verdict_agrees_with_the_scores(faulty: dict[str, Person]) -> None:
    assert faulty["001"].result == "不合格"
    assert faulty["013"].result == "合格"
