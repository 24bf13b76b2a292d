"""Reckon a round forwards: its steps, what is done already and a day in, the earliest day of every event out.

Only the distances that the guideline prescribes are counted; how long a registration or an exam itself takes is for
the institution to add. What was done by the day stands; what is only planned for later is reckoned anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from generator.calendar import WorkCalendar
from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene
from generator.institution.world import Thing
from generator.policy.load import Guideline
from generator.policy.records import Step
from generator.policy.values import Quantity
from generator.schedule import day_of, distance_of, reckon

DAY = timedelta(days=1)
FARTHEST = 5000  # days looked ahead for an event that a step of some years precedes


@dataclass(frozen=True)
class Forecast:
    """The earliest day of every event by its path, and of every step by its id; where provisional, that is said."""

    events: Mapping[str, date]
    steps: Mapping[str, date]
    provisional: bool

    def event(self, path: str) -> date | None:
        """Return the earliest day of an event, or None where no step hangs on it."""
        return self.events.get(path)


def forecast(guideline: Guideline, scene: RuleScene, round_thing: Thing, today: date) -> Forecast:
    """Return the earliest days from ``today`` on."""
    steps = {
        name: (step, distance_of(step, guideline))
        for name, step in guideline.steps.items()
        if evaluate_all(round_thing, step.when, scene).holds is not False
    }
    days = {path: stated_by(round_thing, path, today) for step, _ in steps.values() for path in paths_of(step)}
    done = {path for path, day in days.items() if day is not None}
    earliest = {path: day or today for path, day in days.items()}
    twins = list(twins_among(round_thing, earliest))
    while moved := [
        (path, day)
        for path, day in (*pushes(steps.values(), earliest, scene.calendar, today), *drag(twins, earliest))
        if path not in done and day > earliest[path]
    ]:
        for path, day in moved:
            earliest[path] = max(earliest[path], day)
    last = max(earliest.values(), default=today)
    dated = {name: earliest[step.done] for name, (step, _) in steps.items() if step.done}
    return Forecast(earliest, dated, provisional=not scene.calendar.is_known(last))


def paths_of(step: Step) -> Iterator[str]:
    """Yield the events a step speaks of."""
    yield from (path for path in (step.before, step.after, step.done) if path)


def stated_by(thing: Thing, path: str, today: date) -> date | None:
    """Return the day an event took place, or None when it did not by today."""
    day = day_of(thing, path, first=True)
    return day if day is not None and day <= today else None


Dated = tuple[Step, Quantity | None]


def pushes(
    steps: Iterable[Dated], earliest: Mapping[str, date], calendar: WorkCalendar, today: date
) -> Iterator[tuple[str, date]]:
    """Yield (event, day before which it cannot be) by every step."""
    for step, distance in steps:
        if step.before:
            yield step.before, first_after(step, distance, calendar, earliest[step.done] if step.done else today)
        elif step.after and step.done and step.bound == "earliest":
            yield step.done, reckon(earliest[step.after], step, distance, calendar)[0]


def first_after(step: Step, distance: Quantity | None, calendar: WorkCalendar, ready: date) -> date:
    """Return the first day of an event that a step, ready on a day, precedes by its distance."""
    candidates = (ready + number * DAY for number in range(FARTHEST))
    return next(day for day in candidates if reckon(day, step, distance, calendar)[0] >= ready)


def twins_among(thing: Thing, earliest: Mapping[str, date]) -> Iterator[tuple[str, str, timedelta]]:
    """Yield (first, last, time between) for events that are the first and the last of the same days."""
    derived = thing.kind.derived
    for first in earliest:
        for last in earliest:
            mine, other = derived.get(first), derived.get(last)
            if mine and other and mine.earliest and mine.earliest == other.latest:
                begins, ends = (day_of(thing, path, first=True) for path in (first, last))
                yield first, last, (ends - begins) if begins and ends else timedelta()


def drag(twins: list[tuple[str, str, timedelta]], earliest: Mapping[str, date]) -> Iterator[tuple[str, date]]:
    """Yield the last of days that follow their first."""
    yield from ((last, earliest[first] + between) for first, last, between in twins)
