"""Calendar files: what goes in comes out, and the same input gives the same bytes."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from generator.ics import DayEvent, write_ics

LATE = DayEvent("b@example", date(2026, 12, 31), "报送结果", "依据：五（六）；\n第二行, 逗号", 3)
EARLY = DayEvent("a@example", date(2026, 11, 20), "提交" + "考务材料" * 20 + "𠮷")
WRITTEN = write_ics([LATE, EARLY], name="某校 2026 秋", stamp=date(2026, 11, 1))


def test_events_come_back_letter_for_letter() -> None:
    calendar = Calendar.from_ical(WRITTEN)
    early, late = calendar.walk("VEVENT")
    assert calendar["x-wr-calname"] == "某校 2026 秋"
    assert (early["uid"], early["summary"]) == (EARLY.uid, EARLY.summary)
    assert late["description"] == LATE.description
    assert (late.decoded("dtstart"), late.decoded("dtend")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert late.decoded("dtstamp") == datetime(2026, 11, 1, tzinfo=UTC)


def test_the_reminder_comes_at_nine_in_the_morning_so_many_days_before() -> None:
    (alarm,) = Calendar.from_ical(WRITTEN).walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-3, hours=9)


def test_the_order_given_does_not_matter_and_lines_are_short() -> None:
    assert write_ics([EARLY, LATE], name="某校 2026 秋", stamp=date(2026, 11, 1)) == WRITTEN
    assert all(len(line) <= 75 for line in WRITTEN.split(b"\r\n"))


def test_text_cannot_smuggle_in_another_event() -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y"
    written = write_ics([DayEvent("u", date(2026, 1, 1), hostile)], name="n", stamp=date(2026, 1, 1))
    assert len(Calendar.from_ical(written).walk("VEVENT")) == 1
