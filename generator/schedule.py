"""Date the steps of a round: a guideline's steps and a round's dates in, due days out.

A step hangs before or after a day of the round, at a distance that a rule's value gives, or is fixed to a day or a
period by the source. Beyond the last day the working-day calendar knows, a due day is provisional.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from generator.calendar import WorkCalendar
from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene
from generator.check.trails import name_several
from generator.institution.world import Thing
from generator.policy.load import Guideline
from generator.policy.predicates import SpanTest
from generator.policy.records import Step
from generator.policy.scopes import walk
from generator.policy.values import Day, Quantity

DAY = timedelta(days=1)
WORKDAYS = ("workdays", "workdays-after", "workdays-inclusive")


@dataclass(frozen=True)
class DatedStep:
    """A step with the day it is due (None when that cannot be told) and the day it was done, if stated."""

    id: str
    title: str
    actor: str
    at: tuple[str, ...]
    due: date | None
    bound: str
    provisional: bool
    distance: str
    needs: str
    done: date | None

    @property
    def late(self) -> bool | None:
        """Return whether it was done too late (or too early, for an earliest day); None when either day is unknown."""
        if self.due is None or self.done is None:
            return None
        return self.done > self.due if self.bound == "latest" else self.done < self.due


def schedule(guideline: Guideline, scene: RuleScene, round_thing: Thing) -> list[DatedStep]:
    """Return the steps that apply to a round, in order of their day; those without a day come last."""
    applying = [
        (name, step)
        for name, step in guideline.steps.items()
        if evaluate_all(round_thing, step.when, scene).holds is not False
    ]
    dated = [date_step(name, step, guideline, scene, round_thing) for name, step in applying]
    return sorted(dated, key=lambda step: (step.due is None, step.due or date.max))


def date_step(name: str, step: Step, guideline: Guideline, scene: RuleScene, thing: Thing) -> DatedStep:
    """Return one step with its due day."""
    distance = distance_of(step, guideline)
    due, provisional, needs = due_day(step, distance, scene.calendar, thing)
    due = due - DAY if due and falls_short(step, guideline) else due
    done = day_of(thing, step.done, first=False) if step.done else None
    told = word_distance(step, distance, thing)
    return DatedStep(name, step.title, step.actor, tuple(step.at), due, step.bound, provisional, told, needs, done)


def falls_short(step: Step, guideline: Guideline) -> bool:
    """Return whether the rule of a last day wants less than its number of days, months or years: the day before."""
    tests = walk(guideline.rules[step.rule].require) if step.rule and step.value else ()
    return step.bound == "latest" and any(isinstance(test, SpanTest) and test.less_than == step.value for test in tests)


def distance_of(step: Step, guideline: Guideline) -> Quantity | None:
    """Return the number of days, months or years a step stands from its event; None for a step on the day itself."""
    if step.rule is None or step.value is None:
        return None
    value = guideline.rules[step.rule].values[step.value]
    return value if isinstance(value, Quantity) else None


def due_day(
    step: Step, distance: Quantity | None, calendar: WorkCalendar, thing: Thing
) -> tuple[date | None, bool, str]:
    """Return the due day, whether it is provisional, and the fact that is needed to tell it (empty when told)."""
    if step.on is not None:
        return (step.on.day if isinstance(step.on, Day) else None), False, ""
    path = step.before or step.after
    if path is None:
        return None, False, ""
    anchor = day_of(thing, path, first=step.before is not None)
    if anchor is None:
        return None, False, thing.world.dictionary.label_path(thing.entity, path)
    due, provisional = reckon(anchor, step, distance, calendar)
    return due, provisional, ""


def reckon(anchor: date, step: Step, distance: Quantity | None, calendar: WorkCalendar) -> tuple[date, bool]:
    """Return the due day of a step that hangs on ``anchor``, and whether it is provisional."""
    number = int(distance.number) if distance else 0
    if step.next_day:
        return anchor + DAY * (-1 if step.before else 1), False
    if step.counted in WORKDAYS:
        return shift_workdays(anchor, number, step, calendar)
    return shift(anchor, number, step), False


def day_of(thing: Thing, path: str, *, first: bool) -> date | None:
    """Return the day a path leads to: the first or last of several."""
    value = thing.follow(path)
    days = [day for day in (value if isinstance(value, list) else [value]) if isinstance(day, date)]
    return (min(days) if first else max(days)) if days else None


def shift_workdays(anchor: date, number: int, step: Step, calendar: WorkCalendar) -> tuple[date, bool]:
    """Return the day so many working days before or after the anchor, counted as the step says."""
    if number == 0:
        return anchor, not calendar.is_known(anchor)
    if step.before:
        reckoned = calendar.add_workdays(anchor, -number)
        strict = step.counted == "workdays"
        return reckoned.day - DAY * strict, reckoned.provisional
    start = anchor - DAY if step.counted == "workdays-inclusive" else anchor
    reckoned = calendar.add_workdays(start, number)
    strict = step.counted == "workdays" and step.bound == "earliest"
    return reckoned.day + DAY * strict, reckoned.provisional


def shift(anchor: date, number: int, step: Step) -> date:
    """Return the day so many days, months or years before or after the anchor."""
    signed = -number if step.before else number
    if step.counted == "days":
        return anchor + signed * DAY
    return add_months(anchor, signed * (12 if step.counted == "years" else 1))


def add_months(day: date, months: int) -> date:
    """Return the anniversary so many months away; the last of the month where the day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first + (day.day - 1) * DAY, following - DAY)


def word_distance(step: Step, distance: Quantity | None, thing: Thing) -> str:
    """Return how a step hangs on its event, such as ``首场考试日期前 10 个工作日``."""
    path = step.before or step.after
    if path is None:
        return str(step.on or step.period or "")
    side = "前" if step.before else "后"
    side = ("的前一日" if step.before else "的次日") if step.next_day else side
    amount = f" {distance} {distance.unit}" if distance else ""
    return f"{thing.world.dictionary.label_path(thing.entity, path)}{side}{amount}"


def late_or_impossible(steps: Iterable[DatedStep], today: date) -> list[tuple[DatedStep, str]]:
    """Return the steps done too late, or not done though their last day has passed, with a word for it."""
    told = []
    for step in steps:
        if step.late:
            told.append((step, "已逾期办理" if step.bound == "latest" else "早于最早日期"))
        elif step.late is None and step.due is not None and step.bound == "latest" and step.due < today:
            told.append((step, "已过最后期限，没有办理记录"))
    return told


@dataclass(frozen=True)
class Expiry:
    """Things with a term: what they are, their last day, and the last day of exams it has to reach (None: unknown)."""

    what: str
    last: date
    exam: date | None


TERMS = ("valid_until", "appointed_until")  # facts of the dictionary
LAST_EXAM = "last_exam_date"


def expiries(round_thing: Thing) -> list[Expiry]:
    """Return the terms that bear on a round, first the one that ends first: of the filing, of people's appointments.

    Those of several people that end on one day are one.
    """
    world = round_thing.world
    exam = day_of(round_thing, LAST_EXAM, first=False)
    alike: dict[tuple[date, str], list[Thing]] = {}
    for things in world.things.values():
        for thing in things:
            for name in TERMS:
                last = thing.facts.get(name)
                if isinstance(last, date):
                    alike.setdefault((last, thing.kind.fields[name].label), []).append(thing)
    found = [Expiry(f"{name_several(things)}的{label}", last, exam) for (last, label), things in alike.items()]
    return sorted(found, key=lambda expiry: (expiry.last, expiry.what))
