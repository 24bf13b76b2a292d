"""Measures and bounds: what a number, date or span is, and whether it keeps within what a rule's values say."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from generator.calendar import WorkCalendar
from generator.policy.predicates import Bounded
from generator.policy.values import Day, Quantity, Table, Value

Number = Fraction | date
HALF = Fraction(1, 2)
ANNIVERSARIES = {"months": 1, "years": 12}
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "exactly": operator.eq,
}
WORDS = {
    "at_least": "不少于",
    "at_most": "不超过",
    "more_than": "多于",
    "less_than": "少于",
    "exactly": "恰为",
}
PARITY = {"odd": ("单数", 1), "even": ("双数", 0)}


def bound_of(value: Value) -> Number:
    """Return what to compare with: the amount of a quantity, or the day. Raise TypeError for words and tables."""
    if isinstance(value, Quantity):
        return value.amount
    if isinstance(value, Day):
        return value.day
    raise TypeError(f"“{value}”不能作界限")


def compare(bound: str, found: Number, limit: Number) -> bool:
    """Return whether a number or date keeps one bound; a date never keeps a number's."""
    return isinstance(found, date) == isinstance(limit, date) and COMPARE[bound](found, limit)


def keeps(found: Number, test: Bounded, values: Mapping[str, Value]) -> bool:
    """Return whether a number or date keeps within every bound (and parity) of the test."""
    within = all(compare(name, found, bound_of(values[value])) for name, value in test.bounds().items())
    parity = getattr(test, "parity", None)
    return within and (parity is None or (isinstance(found, Fraction) and found % 2 == PARITY[parity][1]))


def decide_range(low: int, high: int, test: Bounded, values: Mapping[str, Value]) -> bool | None:
    """Return whether every count from low to high keeps the bounds, none does, or it cannot be told (None)."""
    if high - low > 1000:
        high = low + 1000
    outcomes = {keeps(Fraction(count), test, values) for count in range(low, high + 1)}
    return outcomes.pop() if len(outcomes) == 1 else None


def word_bounds(test: Bounded, values: Mapping[str, Value]) -> str:
    """Return the bounds in Chinese, such as ``不少于 3 人且为单数``."""
    words = [
        f"{WORDS[name]} {values[value]} {values[value].unit}".rstrip("% ") for name, value in test.bounds().items()
    ]
    parity = getattr(test, "parity", None)
    return "且".join([*words, *([f"为{PARITY[parity][0]}"] if parity else [])])


def measure_span(first: date, last: date, unit: str, calendar: WorkCalendar) -> tuple[Fraction, bool]:
    """Return the time from one day to another in ``unit``, and whether it is provisional (beyond the calendar)."""
    if unit == "days":
        return Fraction((last - first).days), False
    if unit in ANNIVERSARIES:
        return measure_anniversaries(first, last, ANNIVERSARIES[unit]), False
    if unit == "workdays":
        counted = calendar.workdays_between(first, last)
    elif unit == "workdays-after":
        counted = calendar.workdays_between(first, date.fromordinal(last.toordinal() + 1))
    else:
        counted = calendar.workdays_within(first, last)
    return Fraction(counted.days), counted.provisional


def measure_anniversaries(first: date, last: date, months: int) -> Fraction:
    """Return how many times so many months have passed; a part of one, however long, counts as half."""
    whole = int(whole_months(first, last) / months)
    return whole + HALF if last > add_months(first, whole * months) else Fraction(whole)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def whole_months(first: date, last: date) -> int:
    """Return the whole months from one day to another, by anniversaries; negative when ``last`` is earlier."""
    if last < first:
        return -whole_months(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day and not ends_month(last))


def ends_month(day: date) -> bool:
    """Return whether the day is the last of its month, where a later anniversary falls due."""
    return date.fromordinal(day.toordinal() + 1).month != day.month


def grade_amount(table: Table, grade: str, score: Fraction) -> bool | None:
    """Return whether the score is what the table gives to the grade; None when the table lacks the grade."""
    row = table.find(grade)
    if row is None:
        return None
    return score == row.number if isinstance(row, Quantity) else row.low <= score <= row.high
