"""Open questions: every place where a source is unclear, and how we read it."""

from collections.abc import Iterator

from generator.change.compare import KIND_LABELS, title_of
from generator.policy.load import Guideline
from generator.policy.records import Record
from generator.site.page import Page, join, link, mark, section, table
from generator.site.shelf import Shelf, guideline_path, rule_path

INDEX = "questions/index.md"


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the overview and the questions of each guideline."""
    found = {guideline.id: list(readings(guideline)) for guideline in shelf.guidelines}
    rows = [
        (link(guideline.head.short, question_path(guideline), here=INDEX), str(len(found[guideline.id])))
        for guideline in shelf.guidelines
    ]
    note = "原文有的地方看不清、前后不一，或没有说。这里逐条写明我们怎样理解、为什么；知道答案的，请告诉我们。"
    yield Page(INDEX, "未决问题", join(note, table(["指引", "处数"], rows)), boost=2)
    for guideline in shelf.guidelines:
        yield tell_guideline(shelf, guideline, found[guideline.id])


def question_path(guideline: Guideline) -> str:
    """Return where the questions of a guideline stand."""
    return f"questions/{guideline.id}.md"


def readings(guideline: Guideline) -> Iterator[tuple[str, Record]]:
    """Yield every record with a reading, by name."""
    yield from ((name, record) for name, record in guideline.all_records() if record.reading)


def tell_guideline(shelf: Shelf, guideline: Guideline, found: list[tuple[str, Record]]) -> Page:
    """Return the questions of one guideline, by topic."""
    here = question_path(guideline)
    groups: dict[str, list[tuple[str, ...]]] = {}
    for name, record in found:
        topic = name.partition("#")[0]
        group = shelf.policy.topics[topic].title if topic in shelf.policy.topics else KIND_LABELS[topic]
        titled = (
            shelf.link_rule(guideline, name, here=here)
            if rule_path(guideline, name) and name in guideline.rules
            else mark(title_of(record))
        )
        groups.setdefault(group, []).append((titled, mark("、".join(record.at)), mark(record.reading or "")))
    parts = [
        section(group, table(["哪一条", "出处", "我们怎样理解"], rows), searched=False)
        for group, rows in groups.items()
    ]
    back = link(guideline.head.title, guideline_path(guideline), here=here)
    head = [("发布日期", guideline.head.issued_because), ("状态", guideline.head.status_because)]
    head.append(("保存期限起算", guideline.head.retention_because))
    rows = [(label, mark(text)) for label, text in head if text]
    parts.append(section("题名、日期和状态", table(["什么", "我们怎样理解"], rows)))
    return Page(here, f"未决问题：{guideline.head.short}", join(back, *parts))
