"""The day of a round's documents, and its dated steps as calendar entries with stable ids."""

from collections.abc import Iterable, Iterator
from datetime import date

from generator.ics import DayEvent
from generator.institution.world import Thing
from generator.pack.manifest import digest
from generator.policy.load import Guideline
from generator.schedule import DatedStep

EPOCH = date(1980, 1, 1)


def day_of(round_thing: Thing) -> date:
    """Return the day a round's documents are dated: of its plan, else its first exam, contest or review, else fixed."""
    for path in ("plan_date", "first_exam_date", "contest_opens", "review_opens"):
        found = round_thing.follow(path)
        if isinstance(found, date):
            return found
    return EPOCH


def step_events(steps: Iterable[DatedStep], guideline: Guideline, round_thing: Thing) -> Iterator[DayEvent]:
    """Yield one entry per step that has a day; its id follows the guideline, the step and the round."""
    owner = str(round_thing.world.ascend(round_thing, "institution"))
    for step in steps:
        if step.due is None:
            continue
        uid = digest(guideline.id, step.id, owner, str(round_thing))[:32]
        mark = "（暂定）" if step.provisional else ""
        word = "起" if step.bound == "earliest" else "止"
        details = f"{step.distance}；出处：{guideline.head.title} {'、'.join(step.at)}"
        yield DayEvent(f"{uid}@kaowu", step.due, f"{step.title}（{word}）{mark}", details)
