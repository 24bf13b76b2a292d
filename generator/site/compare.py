"""Compare by topic: what each guideline says of the same duty, what is stricter than before, what exists only there."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from generator.change.compare import compare_editions
from generator.change.editions import load_edition
from generator.change.model import QUIET, Report
from generator.policy.load import Guideline
from generator.policy.wording import word_value
from generator.site.labels import word_force
from generator.site.page import Page, items, join, link, mark, section, table
from generator.site.shelf import Shelf, duty_anchor, rule_path, say, topic_path

INDEX = "compare/index.md"
Reports = Mapping[tuple[str, str], Report]


def compare_pairs(shelf: Shelf) -> Reports:
    """Return the report of each pair worth comparing, by (older or first, newer or second) guideline."""
    home = shelf.policy.root
    return {
        (old, new): compare_editions(load_edition(old, home, only=old), load_edition(new, home, only=new))
        for old, new in find_pairs(shelf)
    }


def find_pairs(shelf: Shelf) -> list[tuple[str, str]]:
    """Return what is worth comparing: each guideline with what it replaced, and those of two provinces for one kind."""
    every = list(shelf.policy.guidelines.values())
    editions = [(entry.guideline, new.id) for new in every for entry in new.head.supersedes]
    current = [guideline for guideline in every if guideline.head.status == "current"]
    provinces = [
        (one.id, other.id)
        for one, other in combinations(current, 2)
        if one.head.province != other.head.province and set(one.head.kinds) & set(other.head.kinds)
    ]
    return [*editions, *provinces]


def pages(shelf: Shelf, reports: Reports) -> Iterator[Page]:
    """Yield the overview and the page of each topic."""
    topics = {topic: duties_of(shelf, topic) for topic in shelf.policy.topics}
    rows = []
    for topic, duties in topics.items():
        shared = sum(len(holders) > 1 for holders in duties.values())
        title = link(shelf.policy.topics[topic].title, topic_path(topic), here=INDEX)
        rows.append((title, str(len(duties)), str(shared), str(len(duties) - shared)))
    note = "同一件事在各份指引里用同一个名字，所以可以并排看。数值、力度和“收紧、放宽”都由数据得出。"
    body = join(note, table(["主题", "事项", "几份都管", "只有一份管"], rows))
    more = link("两份指引之间逐条的变化", "changes/index.md", here=INDEX)
    yield Page(INDEX, "按主题比较", join(body, more), boost=2)
    for topic, duties in topics.items():
        yield tell_topic(shelf, topic, duties, reports)


def duties_of(shelf: Shelf, topic: str) -> dict[str, list[Guideline]]:
    """Return the duties of a topic, each with the guidelines that have it."""
    found: dict[str, list[Guideline]] = {}
    for slug in shelf.policy.topics[topic].duties:
        holders = [guideline for guideline in shelf.guidelines if f"{topic}#{slug}" in guideline.rules]
        if holders:
            found[slug] = holders
    return found


def tell_topic(shelf: Shelf, topic: str, duties: Mapping[str, Sequence[Guideline]], reports: Reports) -> Page:
    """Return the page of one topic: what several guidelines regulate, then what only one does."""
    title = shelf.policy.topics[topic].title
    shared = {slug: holders for slug, holders in duties.items() if len(holders) > 1}
    parts = [tell_duty(shelf, f"{topic}#{slug}", holders, reports) for slug, holders in shared.items()]
    alone = [tell_alone(shelf, guideline, topic, duties) for guideline in shelf.guidelines]
    only = section("只有一份指引管的", join(*alone), anchor="only", searched=False)
    return Page(topic_path(topic), f"比较：{title}", join(*parts, only), (title,))


def tell_duty(shelf: Shelf, name: str, holders: Sequence[Guideline], reports: Reports) -> str:
    """Return what each guideline says of one duty, and which way it changed."""
    topic, _, slug = name.partition("#")
    here = topic_path(topic)
    rows = []
    for guideline in holders:
        rule = guideline.rules[name]
        values = "、".join(word_value(value) for value in rule.values.values())
        linked = link(guideline.head.short, rule_path(guideline, name), here=here)
        told = (mark(values), word_force(shelf.policy, rule), mark(say(rule)), mark("、".join(rule.at)))
        rows.append((linked, *told))
    body = table(["指引", "数值", "力度", "要求", "出处"], rows)
    changes = items(tell_changes(shelf, name, reports, here))
    return section(shelf.policy.duties[name], join(body, changes), anchor=duty_anchor(slug), searched=False)


def tell_changes(shelf: Shelf, name: str, reports: Reports, here: str) -> Iterator[str]:
    """Yield which way a duty differs between two guidelines."""
    for (old, new), report in reports.items():
        for change in report.changes:
            if change.name == name and change.class_ not in QUIET and change.old_says and change.new_says:
                yield f"{name_pair(shelf, old, new)}：{link(change.class_, change_path(old, new), here=here)}"


def name_pair(shelf: Shelf, old: str, new: str) -> str:
    """Return how a pair is called."""
    return " → ".join(shelf.policy.guidelines[name].head.short for name in (old, new))


def change_path(old: str, new: str) -> str:
    """Return where two guidelines are compared."""
    return f"changes/{old.replace('/', '-')}--{new.replace('/', '-')}.md"


def tell_alone(shelf: Shelf, guideline: Guideline, topic: str, duties: Mapping[str, Sequence[Guideline]]) -> str:
    """Return what only this guideline has under a topic."""
    here = topic_path(topic)
    names = [f"{topic}#{slug}" for slug, holders in duties.items() if list(holders) == [guideline]]
    lines = [f"{shelf.link_rule(guideline, name, here=here)}：{mark(say(guideline.rules[name]))}" for name in names]
    return section(
        guideline.head.short, items(lines), level=3, anchor=f"only-{guideline.id.replace('/', '-')}", searched=False
    )
