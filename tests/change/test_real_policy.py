"""The comparison over the real policy: no change with itself, and every number moved one way or the other is told."""

from dataclasses import replace
from fractions import Fraction

import pytest

from generator.change.compare import compare_editions
from generator.change.editions import Edition, load_edition
from generator.change.entail import Direction
from generator.change.oracle import Court, load_cases, try_cases
from generator.change.rules import judge_rule
from generator.policy.records import Rule
from generator.policy.values import Quantity
from tests.change.editing import ROOT

OURS = load_edition("ours", ROOT / "policy")
NUMBERS = [
    (guideline.id, name, key)
    for guideline in OURS.policy.guidelines.values()
    for name, rule in guideline.rules.items()
    for key, value in rule.values.items()
    if rule.require and isinstance(value, Quantity)
]


def moved(rule: Rule, key: str, step: int) -> Rule:
    """Return the rule with one of its numbers a little larger or smaller."""
    value = rule.values[key]
    assert isinstance(value, Quantity)
    size = Fraction(step) if value.number.denominator == 1 else value.number * step / 10
    return rule.model_copy(update={"values": {**rule.values, key: replace(value, number=value.number + size)}})


def test_the_policy_does_not_differ_from_itself() -> None:
    assert compare_editions(OURS, replace(OURS, name="again")).changes == []


def test_there_are_numbers_to_move() -> None:
    assert len(NUMBERS) > 100


@pytest.mark.parametrize("guideline", sorted(OURS.policy.guidelines))
def test_a_number_moved_up_and_down_goes_opposite_ways_and_no_case_contradicts(guideline: str) -> None:
    told = 0
    for name, key in [(name, key) for id_, name, key in NUMBERS if id_ == guideline]:
        rule = OURS.policy.guidelines[guideline].rules[name]
        up, down = judge_rule(rule, moved(rule, key, 1)), judge_rule(rule, moved(rule, key, -1))
        assert {up, down} in ({Direction.TIGHTER, Direction.LOOSER}, {Direction.UNKNOWN}, {Direction.SAME}), name
        told += up in (Direction.TIGHTER, Direction.LOOSER)
        for step, direction in ((1, up), (-1, down)):
            worse, better = cases_of(guideline, name, moved(rule, key, step))
            assert not (direction is Direction.TIGHTER and better), (name, key, better)
            assert not (direction is Direction.LOOSER and worse), (name, key, worse)
    assert told or not any(id_ == guideline for id_, _name, _key in NUMBERS)


def cases_of(guideline: str, name: str, edited: Rule) -> tuple[list[str], list[str]]:
    """Return the cases that fare worse, and better, with an edited rule."""
    ours = OURS.policy.guidelines[guideline]
    theirs = replace(ours, rules={**ours.rules, name: edited})
    cases = load_cases(OURS.cases, guideline)
    courts = [Court(OURS.policy, edition, OURS.calendar, cases) for edition in (ours, theirs)]
    return try_cases(courts[0], name, courts[1], name)


def test_an_edition_knows_what_goes_with_it() -> None:
    assert isinstance(OURS, Edition)
    assert OURS.cases == ROOT / "tests" / "cases"
    assert OURS.templates
