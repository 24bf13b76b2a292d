"""Data for the tools in the page: steps, the working-day calendar, committees and periods, as one script each.

A script, not JSON: a page opened from the file system may load scripts, but fetch nothing.
"""

import json
from collections.abc import Iterator
from typing import Any

from generator.calendar import WorkCalendar
from generator.check.measures import word_bounds
from generator.pack.materials import NOT_STATED
from generator.policy.export import plain
from generator.policy.load import Guideline
from generator.policy.predicates import Strict
from generator.policy.records import Rule, Step
from generator.policy.scopes import tests_in
from generator.policy.values import Day, Quantity, Value
from generator.policy.wording import open_book, word_all
from generator.schedule import distance_of, falls_short
from generator.site.labels import EVENT, STATUSES, word_actor, word_distance, word_start, word_when
from generator.site.shelf import Shelf, guideline_path, rule_path, say

COMMITTEE = "committee_member"
MEMBERS = ("committee", "voters")
KNOWN = ("count", "share", "each", "not", "all_of", "any_of", "fact")


def files(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Yield the script with the data of each tool."""
    steps = [tell_steps(shelf, guideline) for guideline in shelf.guidelines]
    yield "tools/deadlines.data.js", script({"guidelines": steps, "calendar": tell_calendar(shelf.calendar)})
    yield "tools/retention.data.js", script({"guidelines": [tell_periods(shelf, one) for one in shelf.guidelines]})
    committees = [tell_committee(shelf, guideline) for guideline in shelf.guidelines]
    judged = [one for one in committees if one["rules"]]
    data = {"guidelines": judged, "facts": tell_facts(shelf), "derived": tell_derived(shelf)}
    yield "tools/committee.data.js", script(data)


def script(data: dict[str, Any]) -> bytes:
    """Return data as a script that leaves them for the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"window.KAOWU={text};\n".encode()


def web(path: str) -> str:
    """Return the address of a page as the tools, one folder down, reach it."""
    return f"../{path.removesuffix('.md')}.html"


def head_of(guideline: Guideline) -> dict[str, Any]:
    """Return how a guideline is named in a tool."""
    head = guideline.head
    return {
        "id": guideline.id,
        "short": head.short,
        "status": STATUSES[head.status],
        "url": web(guideline_path(guideline)),
    }


def tell_calendar(calendar: WorkCalendar) -> dict[str, Any]:
    """Return the working-day calendar: what differs from weekends, and which days are known."""
    return {
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
        "workdays": sorted(day.isoformat() for day in calendar.workdays),
        "first": calendar.first_known.isoformat(),
        "last": calendar.last_known.isoformat(),
    }


def tell_steps(shelf: Shelf, guideline: Guideline) -> dict[str, Any]:
    """Return the steps of a guideline with the events they hang on."""
    steps = [tell_step(shelf, guideline, name, step) for name, step in guideline.steps.items()]
    paths = dict.fromkeys(step["before"] or step["after"] for step in steps if step["before"] or step["after"])
    events = {path: shelf.policy.dictionary.label_path(EVENT, path) for path in paths}
    return {**head_of(guideline), "events": events, "steps": steps}


def tell_step(shelf: Shelf, guideline: Guideline, name: str, step: Step) -> dict[str, Any]:
    """Return one step as the calculator reckons it."""
    distance = distance_of(step, guideline)
    return {
        "id": name,
        "title": step.title,
        "actor": word_actor(shelf.policy, step.actor),
        "before": step.before,
        "after": step.after,
        "on": step.on.day.isoformat() if isinstance(step.on, Day) else None,
        "done": step.done,
        "counted": step.counted,
        "bound": step.bound,
        "next_day": step.next_day,
        "short": falls_short(step, guideline),
        "number": int(distance.number) if distance else 0,
        "told": word_distance(shelf.policy, guideline, step).replace("&#124;", "|"),
        "when": word_when(shelf.policy, guideline, step),
        "at": "、".join(step.at),
        "url": web(rule_path(guideline, step.rule)) if step.rule else None,
    }


def tell_periods(shelf: Shelf, guideline: Guideline) -> dict[str, Any]:
    """Return the rows of a guideline's list with the months each is kept."""
    terms, media = shelf.policy.terms["retention"].terms, shelf.policy.labels("medium")
    rows = []
    for row in guideline.materials.values():
        periods = row.retention if isinstance(row.retention, dict) else {row.medium or "": row.retention}
        kept = [
            {
                "medium": media.get(medium, medium),
                "period": terms[period].label,
                "months": terms[period].months,
                "forever": terms[period].months is None and period != NOT_STATED,
            }
            for medium, period in periods.items()
        ]
        rows.append({"no": row.no, "name": row.name, "kept": kept, "at": "、".join(row.at)})
    return {**head_of(guideline), "start": word_start(shelf.policy, guideline), "rows": rows}


def tell_facts(shelf: Shelf) -> dict[str, Any]:
    """Return what can be stated of a seat in the composer: the terms of a member, by field."""
    fields = shelf.policy.entities[COMMITTEE].fields
    return {
        name: {"label": field.label, "terms": shelf.policy.labels(field.terms)}
        for name, field in fields.items()
        if field.terms
    }


def tell_derived(shelf: Shelf) -> dict[str, Any]:
    """Return the collections that conditions pick out of the members, with their conditions."""
    derived = shelf.policy.entities[EVENT].derived
    return {name: [plain(test) for test in derived[name].where] for name in MEMBERS if name in derived}


def tell_committee(shelf: Shelf, guideline: Guideline) -> dict[str, Any]:
    """Return the rules on a committee that its seats alone decide, and the shares of votes that are asked for."""
    book = open_book(shelf.policy, guideline)
    rules = [
        {
            "id": name,
            "title": shelf.policy.duties[name],
            "says": say(rule),
            "force": rule.force,
            "when": word_all(rule.when, rule.for_each, book),
            "require": [plain(test) for test in rule.require],
            "values": number_values(rule),
            "at": "、".join(rule.at),
            "url": web(rule_path(guideline, name)),
        }
        for name, rule in guideline.rules.items()
        if is_about_seats(rule, shelf)
    ]
    return {**head_of(guideline), "rules": rules, "votes": list(tell_votes(shelf, guideline))}


def number_values(rule: Rule) -> dict[str, dict[str, Any]]:
    """Return the numbers of a rule as exact fractions with their unit."""
    return {name: fraction(value) for name, value in rule.values.items() if isinstance(value, Quantity)}


def fraction(value: Quantity) -> dict[str, Any]:
    """Return a number as numerator and denominator."""
    return {"n": value.amount.numerator, "d": value.amount.denominator, "unit": value.unit}


def is_about_seats(rule: Rule, shelf: Shelf) -> bool:
    """Return whether the composer can judge a rule: it counts members by the terms stated of them."""
    tests = list(tests_in(rule.model_copy(update={"when": []})))
    collections = [getattr(test, kind) for test in tests for kind in ("count", "share", "each") if hasattr(test, kind)]
    facts = [test.fact for test in tests if hasattr(test, "fact")]
    known = {name for name, field in shelf.policy.entities[COMMITTEE].fields.items() if field.terms}
    return (
        rule.for_each == EVENT
        and rule.checked == "fully"
        and bool(collections)
        and set(collections) <= set(MEMBERS)
        and set(facts) <= known
        and all(is_known(test) for test in tests)
    )


def is_known(test: Strict) -> bool:
    """Return whether the composer knows a kind of predicate."""
    return any(hasattr(test, kind.replace("not", "not_")) for kind in KNOWN)


def tell_votes(shelf: Shelf, guideline: Guideline) -> Iterator[dict[str, Any]]:
    """Yield each share of the voters that a vote has to reach."""
    for name, rule in guideline.rules.items():
        for test in tests_in(rule):
            ratio = getattr(test, "ratio", None)
            if ratio and ratio[1].endswith("round.voters"):
                bounds = getattr(test, "at_least", None) or getattr(test, "more_than", None)
                value: Value = rule.values[str(bounds)]
                if isinstance(value, Quantity):
                    yield {
                        "title": shelf.policy.duties[name],
                        "says": say(rule),
                        "least": getattr(test, "at_least", None) is not None,
                        "share": fraction(value),
                        "told": word_bounds(test, rule.values),  # type: ignore[arg-type]
                        "at": "、".join(rule.at),
                        "url": web(rule_path(guideline, name)),
                    }
