"""The data files of the site: the policy as JSON, the steps of each guideline as a list of tasks."""

from collections.abc import Iterator
from datetime import UTC, datetime

from icalendar import Calendar, Todo

from generator.pack.manifest import digest
from generator.policy.export import export_policy, write_json
from generator.policy.load import Guideline
from generator.site.labels import word_actor, word_distance, word_when
from generator.site.shelf import Shelf

STAMP = datetime(1980, 1, 1, tzinfo=UTC)


def files(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of each data file."""
    yield "policy.json", write_json(export_policy(shelf.policy)).encode()
    for guideline in shelf.guidelines:
        yield f"calendars/{guideline.id}.ics", write_tasks(shelf, guideline)


def write_tasks(shelf: Shelf, guideline: Guideline) -> bytes:
    """Return the steps of a guideline as calendar tasks; they have no day, for no round is meant."""
    calendar = Calendar()
    calendar.add("prodid", "-//kaowu//kaowu//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{guideline.head.short}的步骤")
    for number, (name, step) in enumerate(guideline.steps.items(), 1):
        task = Todo()
        task.add("uid", f"{digest(guideline.id, name)[:32]}@kaowu")
        task.add("dtstamp", STAMP)
        task.add("summary", f"{number:02d} {step.title}")
        told = [word_distance(shelf.policy, guideline, step), word_when(shelf.policy, guideline, step)]
        source = f"{word_actor(shelf.policy, step.actor)}；出处：{guideline.head.title} {'、'.join(step.at)}"
        task.add("description", "；".join(filter(None, [*told, source])))
        if step.on is not None and hasattr(step.on, "day"):
            task.add("due", step.on.day)
        calendar.add_component(task)
    written: bytes = calendar.to_ical()
    return written
