"""Working days: the official arrangements for every day known, and never a silent guess beyond."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.calendar import Counted, Reckoned, WorkCalendar
from generator.problems import KaowuError

FOLDER = Path(__file__).parents[1] / "policy" / "calendar"
CALENDAR = WorkCalendar.load(FOLDER)
KNOWN = [date(2004, 1, 1) + timedelta(days=number) for number in range(8401)]
DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))


def test_every_known_day_agrees_with_the_other_library() -> None:
    official = holidays.country_holidays("CN", years=range(2004, 2027))
    assert KNOWN[-1] == date(2026, 12, 31)
    assert [day for day in KNOWN if CALENDAR.is_workday(day) != official.is_working_day(day)] == []


def test_one_day_of_the_base_table_is_corrected() -> None:
    corrected = [day for day in KNOWN if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)]
    assert corrected == [date(2005, 12, 31)]


def test_the_known_days_end_with_the_last_year_an_arrangement_covers() -> None:
    assert (CALENDAR.first_known, CALENDAR.last_known) == (date(2004, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-09-30", 1, "2026-10-08"),  # the National Day week
        ("2026-10-08", 2, "2026-10-10"),  # a make-up Saturday
        ("2026-10-12", -1, "2026-10-10"),
        ("2026-02-13", 1, "2026-02-14"),  # a make-up Saturday before the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),
        ("2020-01-23", 1, "2020-02-03"),  # the holiday lengthened by the notice of 2020-01-27
    ],
)
def test_working_days_are_added_by_the_official_arrangement(start: str, number: int, end: str) -> None:
    reached = CALENDAR.add_workdays(date.fromisoformat(start), number)
    assert reached == Reckoned(date.fromisoformat(end), provisional=False)


def test_the_last_known_day_is_certain_and_the_next_is_provisional() -> None:
    assert CALENDAR.add_workdays(date(2026, 12, 30), 1) == Reckoned(date(2026, 12, 31), provisional=False)
    assert CALENDAR.add_workdays(date(2026, 12, 30), 2) == Reckoned(date(2027, 1, 1), provisional=True)
    assert CALENDAR.add_workdays(date(2027, 1, 5), -5).provisional
    assert CALENDAR.add_workdays(date(2027, 1, 1), -1) == Reckoned(date(2026, 12, 31), provisional=False)
    assert CALENDAR.add_workdays(date(2004, 1, 2), -2).provisional
    assert CALENDAR.workdays_within(date(2026, 12, 28), date(2026, 12, 31)) == Counted(4, provisional=False)
    assert CALENDAR.workdays_within(date(2026, 12, 28), date(2027, 1, 1)) == Counted(5, provisional=True)
    assert CALENDAR.workdays_between(date(2026, 12, 28), date(2027, 1, 1)) == Counted(3, provisional=False)


def test_between_counts_neither_end_and_within_counts_both() -> None:
    monday, friday = date(2026, 11, 16), date(2026, 11, 20)
    assert CALENDAR.workdays_between(monday, friday).days == 3
    assert CALENDAR.workdays_within(monday, friday).days == 5
    assert CALENDAR.workdays_within(monday, monday).days == 1
    assert CALENDAR.workdays_between(monday, monday) == Counted(0, provisional=False)
    assert CALENDAR.workdays_between(friday, monday) == Counted(0, provisional=False)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_what_is_reached_is_a_workday_and_counts_back(start: date, number: int) -> None:
    reached = CALENDAR.add_workdays(start, number)
    early, late = sorted((start, reached.day))
    assert CALENDAR.is_workday(reached.day)
    outside = CALENDAR.workdays_within(early, late).days - CALENDAR.is_workday(start)
    assert outside == abs(number)
    touched = (start + timedelta(days=1 if number > 0 else -1), reached.day)
    assert reached.provisional == any(not date(2004, 1, 1) <= day <= date(2026, 12, 31) for day in touched)


@given(DAYS, st.integers(-60, 60))
def test_one_more_working_day_is_always_later(start: date, number: int) -> None:
    later = CALENDAR.add_workdays(start, number + 1)
    assert later.day > CALENDAR.add_workdays(start, number).day or (number, later.day) == (-1, start)


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_notice_for_a_new_year_makes_it_known(tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    text = "source: 试\ncovers: 2027\nholidays: [2027-01-01]\nworkdays: [2027-01-09]\n"
    write(folder, "2027.yaml", text)
    calendar = WorkCalendar.load(folder)
    assert calendar.last_known == date(2027, 12, 31)
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 9))
    assert calendar.add_workdays(date(2026, 12, 31), 1) == Reckoned(date(2027, 1, 4), provisional=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "source: 试\nholidays: [2026-02-30]",
            r"calendar/a.yaml:2:12 \[calendar-type\] “holidays”第 1 项应为日期",
        ),
        ("source: 试\nholidays: [1800000000]", r"calendar/a.yaml:2:12 \[calendar-type\]"),
        ("source: 试\nholidays: ['1800000000']", r"calendar/a.yaml:2:12 \[calendar-value\]"),
        ("source: 试\nholiday: []", "是否想写“holidays”"),
        ("holidays: []", "缺少“source”"),
        ("source: 试\ncovers: 2028", "2028 年之前缺 2027 年的安排"),
        (
            "source: 试\nholidays: [2027-01-01]\nworkdays: [2027-01-01]",
            r"a.yaml:3:12 .*2027-01-01 已在 calendar/a.yaml:2:12 写过",
        ),
        ("", "应为一组"),
        ("a: [", "yaml-syntax"),
    ],
)
def test_a_faulty_notice_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "calendar", "a.yaml", text)
    with pytest.raises(KaowuError, match=message):
        WorkCalendar.load(tmp_path / "calendar")
