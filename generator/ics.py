"""Calendar files: dated steps in, the bytes of an .ics file out, the same for the same input."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

_REMIND_AT = timedelta(hours=9)


@dataclass(frozen=True)
class DayEvent:
    """One all-day entry; ``uid`` names it for ever, so that importing a newer file updates it."""

    uid: str
    day: date
    summary: str
    description: str = ""
    remind_days_before: int | None = None


def write_ics(events: Iterable[DayEvent], *, name: str, stamp: date) -> bytes:
    """Return an iCalendar file with the events in order of day and uid.

    ``name`` is the calendar's title; ``stamp`` stands in for the time of writing: no clock is read.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//kaowu//kaowu//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for event in sorted(events, key=lambda event: (event.day, event.uid)):
        calendar.add_component(_entry(event, datetime.combine(stamp, time(), UTC)))
    written: bytes = calendar.to_ical()
    return written


def _entry(event: DayEvent, stamp: datetime) -> Event:
    """Return the event as a component that blocks no time, with its reminder, if any, at nine."""
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.day)
    entry.add("dtend", event.day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("summary", event.summary)
    if event.description:
        entry.add("description", event.description)
    if event.remind_days_before is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.summary)
        alarm.add("trigger", _REMIND_AT - timedelta(days=event.remind_days_before))
        entry.add_component(alarm)
    return entry
