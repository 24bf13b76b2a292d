"""The tools in the page give what Python gives: every step, period and committee rule, over many days and seats."""

import itertools
import json
import random
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from generator.calendar import WorkCalendar
from generator.check.rules import check_rule, open_scene
from generator.institution.world import Thing, World
from generator.pack.context import empty_thing
from generator.paths import policy_dir
from generator.policy.load import Policy, load_policy
from generator.schedule import add_months, distance_of, falls_short, reckon
from generator.site.shelf import Shelf
from generator.site.tools import files

ROOT = Path(__file__).resolve().parents[2]
STATUSES = {"pass": True, "fail": False, "warn": False, "unchecked": None}
LANDMARKS = [date(2024, 2, 29), date(2025, 12, 31), date(2026, 2, 14), date(2026, 10, 8), date(2026, 12, 28)]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(policy_dir())


@pytest.fixture(scope="module")
def calendar(policy: Policy) -> WorkCalendar:
    return WorkCalendar.load(policy.root / "calendar")


@pytest.fixture(scope="module")
def told(policy: Policy, calendar: WorkCalendar) -> dict[str, Any]:
    """Return the data of the tools by file."""
    return {
        path.split("/")[1].partition(".")[0]: json.loads(data.decode().removeprefix("window.KAOWU=").rstrip(";\n"))
        for path, data in files(Shelf(policy, {}, calendar))
    }


Reckon = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def script(tool: Callable[[str], str], told: dict[str, Any]) -> Reckon:
    """Return a function that reckons cases with the scripts of the pages."""

    def work(cases: list[Any]) -> list[Any]:
        asked = {"assets": str(ROOT / "site/assets"), "calendar": told["deadlines"]["calendar"], "cases": cases}
        reckoner = Path(__file__).with_name("reckon.js")
        done = subprocess.run(
            [tool("node"), reckoner], input=json.dumps(asked), capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stderr
        results: list[Any] = json.loads(done.stdout)
        return results

    return work


def days() -> list[date]:
    """Return days to try: landmarks, and two hundred spread over the known years and beyond."""
    spread = random.Random(7).sample(range(3000), 200)
    return [*LANDMARKS, *(date(2020, 1, 1) + timedelta(number) for number in spread)]


def test_every_step_falls_on_the_same_day(
    policy: Policy, calendar: WorkCalendar, told: dict[str, Any], script: Reckon
) -> None:
    cases, expected = [], []
    for guideline in told["deadlines"]["guidelines"]:
        own = policy.guidelines[guideline["id"]]
        for step in guideline["steps"]:
            record = own.steps[step["id"]]
            for day in days() if step["before"] or step["after"] else ():
                due, provisional = reckon(day, record, distance_of(record, own), calendar)
                due -= timedelta(days=falls_short(record, own))
                cases.append(["step", day.isoformat(), step])
                expected.append({"day": due.isoformat(), "provisional": provisional})
    assert len(cases) > 5000
    assert script(cases) == expected


def test_every_period_ends_on_the_same_day(told: dict[str, Any], script: Reckon) -> None:
    kept = [kept for g in told["retention"]["guidelines"] for row in g["rows"] for kept in row["kept"]]
    months = sorted({one["months"] for one in kept if one["months"]})
    assert months
    cases = [["months", day.isoformat(), number] for day in days() for number in months]
    assert script(cases) == [add_months(date.fromisoformat(day), number).isoformat() for _, day, number in cases]


def test_a_step_reckoned_wrongly_would_be_seen(told: dict[str, Any], script: Reckon) -> None:
    step = next(
        step for g in told["deadlines"]["guidelines"] for step in g["steps"] if step["number"] and step["before"]
    )
    right, wrong = script(
        [["step", "2026-11-20", step], ["step", "2026-11-20", {**step, "number": step["number"] + 1}]]
    )
    assert right != wrong


def committees(facts: dict[str, Any]) -> list[list[dict[str, str]]]:
    """Return committees to try: sizes one to twelve, every fact sometimes left open."""
    chance = random.Random(11)
    words = {name: [*fact["terms"], ""] for name, fact in facts.items()}
    plain = [{"role": role, "source": source} for role, source in itertools.product(words["role"], words["source"])]
    drawn = [
        [{name: chance.choice(choices) for name, choices in words.items()} for _ in range(size)]
        for size in range(1, 13)
        for _ in range(12)
    ]
    full = [["chair", "deputy-chair", *["committee-member"] * size] for size in range(3, 9)]
    sound = [
        [
            {"role": role, "source": "external" if at < outside else "internal", "enterprise_post": "principal"}
            for at, role in enumerate(roles)
        ]
        for roles in full
        for outside in range(4)
    ]
    return [*drawn, *sound, *([one] for one in plain)]


def judge(policy: Policy, calendar: WorkCalendar, guideline: str, rule: str, members: list[dict[str, str]]) -> Any:
    """Return what Python says of a committee by one rule."""
    own = policy.guidelines[guideline]
    scene = open_scene(policy, own, calendar)
    round_thing = empty_thing(World(policy.dictionary, policy.labels), scene, "round")
    for member in members:
        stated = {name: word for name, word in member.items() if word}
        seat = Thing(round_thing.world, "committee_member", round_thing)
        seat.facts.update(stated)
        round_thing.world.add(seat)
    record = own.rules[rule].model_copy(update={"when": []})
    return STATUSES[check_rule(round_thing, rule, record, scene.for_rule(rule)).status]


def test_every_committee_is_judged_the_same(
    policy: Policy, calendar: WorkCalendar, told: dict[str, Any], script: Reckon
) -> None:
    data = told["committee"]
    cases, expected = [], []
    for guideline in data["guidelines"]:
        for rule in guideline["rules"]:
            for members in committees(data["facts"]):
                cases.append(["rule", rule, members, data["derived"]])
                expected.append(judge(policy, calendar, guideline["id"], rule["id"], members))
    assert {True, False, None} == set(expected)
    found = zip(cases, script(cases), expected, strict=True)
    assert [(case[1]["id"], case[2], mine) for case, mine, right in found if mine != right] == []


def test_votes_needed_are_the_least_that_reach_the_share(told: dict[str, Any], script: Reckon) -> None:
    votes = [vote for guideline in told["committee"]["guidelines"] for vote in guideline["votes"]]
    assert votes
    cases = [["votes", voters, vote] for vote in votes for voters in range(1, 30)]
    for (_, voters, vote), needed in zip(cases, script(cases), strict=True):
        share = Fraction(vote["share"]["n"], vote["share"]["d"])
        assert Fraction(needed, voters) >= share > Fraction(needed - 1, voters)
