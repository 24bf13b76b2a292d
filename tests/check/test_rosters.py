"""Random rosters: what the rules say of panels, rotation and people agrees with a count made by hand."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.check.rules import Status, check_rule, check_rules, connect, judge_rule, open_scene, subjects
from generator.institution.given import place_given
from generator.institution.world import Thing, World
from tests.policy.cases import calendar, whole_policy

SCHOOL = whole_policy().guideline("jiangsu/school")
SCENE = open_scene(whole_policy(), SCHOOL, calendar())
FIRST = date(2026, 11, 2)
PEOPLE = st.sampled_from([f"K{number}" for number in range(6)])
PANELS = st.lists(st.tuples(PEOPLE, st.booleans()), min_size=1, max_size=7, unique_by=lambda row: row[0])
SESSIONS = st.lists(
    st.tuples(st.integers(0, 6), st.sets(PEOPLE, min_size=1)), min_size=1, max_size=6, unique_by=lambda row: row[0]
)


def place(entity: str, given_: dict[str, Any]) -> Thing:
    """Return a thing of a world of its own."""
    world = World(whole_policy().dictionary, whole_policy().labels)
    connect(world, SCENE)
    return place_given(world, entity, given_, whole_policy().terms)


def status_of(thing: Thing, rule: str) -> Status:
    """Return the status of one rule for one thing."""
    return judge_rule(thing, rule, SCHOOL.rules[rule], SCENE)[0]


@settings(max_examples=150)
@given(panel=PANELS)
def test_a_panel_is_odd_large_enough_and_has_its_leader(panel: list[tuple[str, bool]]) -> None:
    rows = [{"staff": person, "duty": "panel-leader" if leads else "member"} for person, leads in panel]
    values = SCHOOL.rules["staff#panel-size"].values
    fits = len(panel) >= amount(values["members"]) and len(panel) % 2 == 1
    fits = fits and sum(leads for _person, leads in panel) == amount(values["leaders"])
    session = place("session", {"subject": "practical", "panel": rows})
    assert status_of(session, "staff#panel-size") == ("pass" if fits else "fail")


def amount(value: Any) -> Fraction:
    """Return the number of a value."""
    number: Fraction = value.amount
    return number


@settings(max_examples=150)
@given(sessions=SESSIONS)
def test_the_share_replaced_between_adjacent_days_is_counted_by_person(sessions: list[tuple[int, set[str]]]) -> None:
    name, share = rotation()
    rows = [
        {
            "session_no": f"C{offset}",
            "subject": "practical",
            "date": (FIRST + timedelta(days=offset)).isoformat(),
            "panel": [{"staff": person} for person in sorted(people)],
        }
        for offset, people in sessions
    ]
    ordered = sorted(sessions)
    shifts = [(a[1], b[1]) for a, b in pairwise(ordered) if b[0] - a[0] == 1]
    kept = all(Fraction(len(before - after), len(before)) >= share for before, after in shifts)
    occupation = place("occupation", {"sessions": rows})
    if status_of(occupation, name) != "not-applicable":
        assert status_of(occupation, name) == ("pass" if kept else "fail")


def rotation() -> tuple[str, Fraction]:
    """Return the school's rule on rotation from day to day, and its share."""
    for name, rule in SCHOOL.rules.items():
        for test in rule.require:
            if getattr(test, "across", None) == "adjacent-days":
                return name, amount(rule.values[str(getattr(test, "at_least", ""))])
    raise AssertionError("the school guideline rotates panels from day to day")


CANDIDATES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "programme": st.sampled_from(["secondary", "technical-class", "senior-technical-class", "college"]),
            "condition": st.just("满足"),
            "full_time": st.booleans(),
            "apprentice": st.booleans(),
            "prior_level": st.sampled_from(["level-5", "level-4", "level-3"]),
            "prior_certificate": st.just("甲"),
        },
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(rows=CANDIDATES, level=st.sampled_from(["level-5", "level-4", "level-3", "level-2"]))
def test_the_findings_told_together_are_those_told_one_by_one(rows: list[dict[str, Any]], level: str) -> None:
    given_ = [{**row, "candidate_no": f"{number:03}", "occupation": "P1"} for number, row in enumerate(rows)]
    thing = place("round", {"occupations": [{"occupation_no": "P1", "level": level}], "candidates": given_})
    findings = list(check_rules(thing, SCENE))
    for name, rule in SCHOOL.rules.items():
        if rule.for_each != "candidate" or rule.checked == "by-hand":
            continue
        people = subjects(thing.world, thing, "candidate")
        single = Counter(check_rule(person, name, rule, SCENE).status for person in people)
        together: Counter[str] = Counter()
        for finding in findings:
            if finding.rule == name:
                together[finding.status] += finding.number
        assert together == single
