"""Dates both ways: the earliest exam keeps every lead of the schedule, and the day before it would not."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.check.rules import RuleScene, connect, open_scene
from generator.forecast import forecast
from generator.institution.given import place_given
from generator.institution.world import Thing, World
from generator.pack.events import step_events
from generator.policy.records import Step
from generator.schedule import add_months, expiries, late_or_impossible, reckon, schedule
from tests.policy.cases import calendar, whole_policy

EXAM = "first_exam_date"
DAYS = st.dates(date(2004, 1, 5), date(2030, 12, 31))
GUIDELINES = [
    guideline.id
    for guideline in whole_policy().guidelines.values()
    if any(step.before == EXAM for step in guideline.steps.values())
]


@cache
def scene_of(guideline: str) -> RuleScene:
    return open_scene(whole_policy(), whole_policy().guideline(guideline), calendar())


def round_with(guideline: str, **stated: object) -> tuple[RuleScene, Thing]:
    """Return the scene and a round of which these facts are stated."""
    scene = scene_of(guideline)
    world = World(whole_policy().dictionary, whole_policy().labels)
    connect(world, scene)
    return scene, place_given(world, "round", {"guideline": guideline, **stated}, whole_policy().terms)


@pytest.mark.parametrize("guideline", GUIDELINES)
@settings(max_examples=25)
@given(today=DAYS)
def test_the_earliest_exam_keeps_every_lead_and_the_day_before_does_not(guideline: str, today: date) -> None:
    scene, thing = round_with(guideline)
    reckoned = forecast(scene.guideline, scene, thing, today)
    exam = reckoned.event(EXAM)
    assert exam is not None

    def late(day: date) -> list[str]:
        _scene, planned = round_with(guideline, sessions=[{"date": day.isoformat()}])
        leads = [step for step in schedule(scene.guideline, scene, planned) if step.bound == "latest"]
        before = {name for name, step in scene.guideline.steps.items() if step.before == EXAM}
        return [step.id for step in leads if step.id in before and step.due and step.due < today]

    assert not late(exam)
    assert exam == today or late(exam - timedelta(days=1))


@pytest.mark.parametrize("guideline", GUIDELINES)
@settings(max_examples=10)
@given(today=DAYS, later=st.integers(1, 60))
def test_who_begins_later_is_not_earlier(guideline: str, today: date, later: int) -> None:
    scene, thing = round_with(guideline)
    first = forecast(scene.guideline, scene, thing, today)
    second = forecast(scene.guideline, scene, thing, today + timedelta(days=later))
    assert all(second.events[path] >= day for path, day in first.events.items())


def test_beyond_the_known_calendar_the_earliest_exam_is_provisional() -> None:
    scene, thing = round_with("jiangsu/school")
    assert not forecast(scene.guideline, scene, thing, date(2026, 10, 8)).provisional
    assert forecast(scene.guideline, scene, thing, date(2026, 12, 25)).provisional


def test_the_tenth_of_ten_working_days_counts_the_made_up_saturday() -> None:
    scene, thing = round_with("jiangsu/school")
    assert forecast(scene.guideline, scene, thing, date(2026, 10, 8)).event(EXAM) == date(2026, 10, 22)


def test_what_is_done_stands_and_what_is_only_planned_is_reckoned_anew() -> None:
    scene, thing = round_with("jiangsu/school", list_uploaded_on="2026-11-02", reviewed_on="2026-11-02")
    assert forecast(scene.guideline, scene, thing, date(2026, 11, 10)).event(EXAM) == date(2026, 11, 17)
    scene, thing = round_with("jiangsu/school", list_uploaded_on="2026-12-02", reviewed_on="2026-12-02")
    assert forecast(scene.guideline, scene, thing, date(2026, 11, 10)).event(EXAM) == date(2026, 11, 25)


STEPS = st.builds(
    Step,
    at=st.just(["一"]),
    title=st.just("办理"),
    counted=st.sampled_from(["workdays", "workdays-after", "days", "months", "years"]),
    before=st.just("first_exam_date"),
)


@settings(max_examples=200)
@given(step=STEPS, number=st.integers(0, 30), day=DAYS, side=st.sampled_from(["before", "after"]))
def test_a_longer_distance_is_never_nearer(step: Step, number: int, day: date, side: str) -> None:
    turned = step.model_copy(update={"before": None, "after": None, side: "first_exam_date"})
    unit = next(rule.values[name] for rule, name in amounts())
    near, far = (reckon(day, turned, replace(unit, number=n), calendar())[0] for n in (number, number + 1))
    assert near > far if side == "before" and number else near >= far if side == "before" else near <= far


def amounts() -> list[tuple]:
    """Return a rule with the name of a value that is a number of days."""
    rule = whole_policy().guideline("jiangsu/school").rules["registration#list-submission"]
    return [(rule, "lead")]


@given(day=DAYS, months=st.integers(0, 120))
def test_an_anniversary_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    reached = add_months(day, months)
    assert (reached.year - day.year) * 12 + reached.month - day.month == months
    assert reached.day == day.day or (reached.day < day.day and (reached + timedelta(days=1)).day == 1)


def test_a_step_undone_after_its_last_day_is_late_and_one_done_in_time_is_not() -> None:
    for done, late in (
        ({}, True),
        ({"list_uploaded_on": "2026-11-02"}, False),
        ({"list_uploaded_on": "2026-11-20"}, True),
    ):
        scene, thing = round_with("jiangsu/school", sessions=[{"date": "2026-11-24"}], **done)
        steps = schedule(scene.guideline, scene, thing)
        told = {step.id for step, _word in late_or_impossible(steps, date(2026, 11, 23))}
        assert ("list-submission" in told) == late


def test_terms_that_end_are_listed_with_the_exam_they_must_reach() -> None:
    _scene, thing = round_with(
        "jiangsu/school", sessions=[{"date": "2026-11-24"}], filing={"valid_until": "2026-11-20"}
    )
    (expiry,) = expiries(thing)
    assert (expiry.last, expiry.exam) == (date(2026, 11, 20), date(2026, 11, 24))


def test_an_entry_of_the_calendar_keeps_its_id_when_its_day_moves() -> None:
    uids = []
    for day in ("2026-11-24", "2026-12-24"):
        scene, thing = round_with("jiangsu/school", name="第一批", sessions=[{"date": day}])
        steps = schedule(scene.guideline, scene, thing)
        uids.append(
            {event.summary.partition("（")[0]: event.uid for event in step_events(steps, scene.guideline, thing)}
        )
    assert uids[0]
    assert uids[0] == uids[1]
    assert len(set(uids[0].values())) == len(uids[0])
