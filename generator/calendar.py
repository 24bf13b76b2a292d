"""Working days: the State Council's arrangements in, dates reckoned in working days out.

The years of chinesecalendar, corrected and extended by the files of ``policy/calendar``. What touches a day
no arrangement covers is reckoned by weekends alone and marked provisional, never passed off as certain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import chinese_calendar
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from generator.problems import KaowuError, Problem
from generator.schema_problems import problems_from
from generator.yaml_source import Document, load_yaml

_DAY = timedelta(days=1)
_SATURDAY = 5


def _written_day(value: object) -> object:
    """Return the value when it is a day written in full; pydantic alone would also take timestamps."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("日期要写成 2026-11-20 这样")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]


class Arrangement(BaseModel):
    """One notice: days it frees and days it makes working days; ``covers`` names a year it states in full."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    dated: Day | None = None
    remark: str = ""
    covers: int | None = None
    holidays: tuple[Day, ...] = ()
    workdays: tuple[Day, ...] = ()


@dataclass(frozen=True)
class Reckoned:
    """A day reckoned in working days; provisional when it hangs on days no arrangement covers."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Counted:
    """A number of working days; provisional when it hangs on days no arrangement covers."""

    days: int
    provisional: bool


@dataclass(frozen=True)
class WorkCalendar:
    """The known holidays and make-up working days between two known days, both inclusive."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    first_known: date
    last_known: date

    @classmethod
    def load(cls, folder: Path) -> "WorkCalendar":
        """Return the library's calendar with the notices in ``folder`` over it. Raise KaowuError."""
        free = dict.fromkeys(chinese_calendar.holidays, False)
        changed = _read_changes(folder)
        days = free | dict.fromkeys(chinese_calendar.workdays, True) | changed.working
        known = sorted({day.year for day in chinese_calendar.holidays} | changed.years)
        return cls(
            holidays=frozenset(day for day, works in days.items() if not works),
            workdays=frozenset(day for day, works in days.items() if works),
            first_known=date(known[0], 1, 1),
            last_known=date(known[-1], 12, 31),
        )

    def is_known(self, day: date) -> bool:
        """Return whether an arrangement covers the day."""
        return self.first_known <= day <= self.last_known

    def is_workday(self, day: date) -> bool:
        """Return whether the day is worked; beyond the known days (see ``is_known``) by weekends alone."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_workdays(self, day: date, number: int) -> Reckoned:
        """Return the ``number``-th working day after ``day``, or before it when negative; it is not counted.

        With 0 the day itself comes back, worked or not.
        """
        step = _DAY if number > 0 else -_DAY
        reached, left = day, abs(number)
        while left:
            reached += step
            left -= self.is_workday(reached)
        certain = not number or (self.is_known(day + step) and self.is_known(reached))
        return Reckoned(reached, provisional=not certain)

    def workdays_between(self, first: date, last: date) -> Counted:
        """Return how many working days lie strictly between two days; none when ``last`` is not later."""
        return self.workdays_within(first + _DAY, last - _DAY)

    def workdays_within(self, first: date, last: date) -> Counted:
        """Return how many working days there are from ``first`` to ``last``, both counted."""
        days = list(_days(first, last))
        provisional = bool(days) and not (self.is_known(first) and self.is_known(last))
        return Counted(sum(map(self.is_workday, days)), provisional)


def _days(first: date, last: date) -> Iterator[date]:
    """Yield each day from first to last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@dataclass(frozen=True)
class _Changes:
    """What the notices say of single days, and the years they cover completely."""

    working: dict[date, bool]
    years: set[int]


def _read_changes(folder: Path) -> _Changes:
    """Return the notices of a folder taken together. Raise KaowuError where they are faulty or contradict."""
    changes, problems = _Changes({}, set()), list[Problem]()
    places: dict[date, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = load_yaml(path, root=folder.parent)
        except KaowuError as error:
            problems += error.problems
            continue
        try:
            notice = Arrangement.model_validate(document.data)
        except ValidationError as error:
            problems += problems_from(error, document, code="calendar", model=Arrangement)
        else:
            problems += _add_notice(changes, notice, document, places)
    if problems:
        raise KaowuError(problems)
    return changes


def _add_notice(
    changes: _Changes, notice: Arrangement, document: Document, places: dict[date, str]
) -> Iterator[Problem]:
    """Add one notice; yield a problem for a day said twice and for a year with a gap before it."""
    for key, works in (("holidays", False), ("workdays", True)):
        for number, day in enumerate(getattr(notice, key)):
            place = document.place((key, number))
            if day in places:
                what = f"{day} 已在 {places[day]} 写过"
                yield Problem(place, "calendar-day-twice", what, "删去其中一处")
            places.setdefault(day, str(place))
            changes.working[day] = works
    if notice.covers is not None:
        last = max(chinese_calendar.holidays).year
        if notice.covers > last and not {notice.covers - 1} <= changes.years | {last}:
            what = f"{notice.covers} 年之前缺 {notice.covers - 1} 年的安排"
            yield Problem(document.place(("covers",)), "calendar-gap", what, "先补上前一年的文件")
        changes.years.add(notice.covers)
