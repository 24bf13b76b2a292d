"""One page per rule, at an address that never changes: words, clauses, check, documents, the same duty elsewhere."""

from collections.abc import Iterator, Mapping

from generator.policy.load import Guideline
from generator.policy.records import Rule
from generator.policy.wording import open_book, word_rule, word_value
from generator.site.labels import word_actor, word_checked, word_distance, word_force
from generator.site.page import Page, facts, items, join, link, mark, section, table
from generator.site.shelf import Shelf, duty_anchor, guideline_path, rule_path, say, topic_path
from generator.site.words import also_said, other_names


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the page of every rule."""
    names = other_names(shelf.policy)
    for guideline in shelf.guidelines:
        for name, rule in guideline.rules.items():
            yield tell_rule(shelf, guideline, name, rule, names)


def tell_rule(shelf: Shelf, guideline: Guideline, name: str, rule: Rule, names: Mapping[str, tuple[str, ...]]) -> Page:
    """Return the page of one rule."""
    here = rule_path(guideline, name)
    title = shelf.policy.duties.get(name, name)
    body = join(
        f"{word_force(shelf.policy, rule)} {mark(say(rule))}",
        tell_facts(shelf, guideline, name, rule, here=here),
        section("怎样检查", tell_check(shelf, guideline, rule), anchor="check", searched=False),
        section("我们怎样理解", mark(rule.reading or ""), anchor="reading"),
        section("期限", tell_steps(shelf, guideline, name), anchor="steps", searched=False),
        section("别处怎样规定", tell_elsewhere(shelf, guideline, name, here), anchor="elsewhere", searched=False),
    )
    said = also_said(f"{title}{say(rule)}", names)
    note = f"其他说法：{mark('、'.join(said))}" if said else ""
    named = f"{title} · {guideline.head.short} {rule.at[0]}"
    return Page(here, named, join(body, note), boost=boost_of(guideline))


def boost_of(guideline: Guideline) -> float:
    """Return how much a guideline's rules count in the search: what was superseded counts half."""
    return 1 if guideline.head.status == "current" else 0.5


def tell_facts(shelf: Shelf, guideline: Guideline, name: str, rule: Rule, *, here: str) -> str:
    """Return whose duty it is, where it stands in the source, and what carries it."""
    topic = name.partition("#")[0]
    clauses = "；".join(f"{at} {clause_heading(guideline, at)}".strip() for at in rule.at)
    values = "；".join(f"{key} = {word_value(value)}" for key, value in rule.values.items())
    return facts(
        [
            ("指引", link(guideline.head.title, guideline_path(guideline), here=here)),
            ("主题", link(shelf.policy.topics[topic].title, f"{guideline_path(guideline)}#{topic}", here=here)),
            ("出处", mark(clauses)),
            ("谁的义务", word_actor(shelf.policy, rule.duty_of)),
            ("数值", f"`{values}`" if values else ""),
            ("由什么文书承载", shelf.link_documents(shelf.carrying(guideline, name, rule), here=here)),
            ("编号", f"`{guideline.id}/{name}`"),
        ]
    )


def clause_heading(guideline: Guideline, at: str) -> str:
    """Return the heading of a clause."""
    clause = guideline.head.outline.get(at)
    return clause.heading if clause else ""


def tell_check(shelf: Shelf, guideline: Guideline, rule: Rule) -> str:
    """Return how a rule is checked, in words."""
    when, required = word_rule(rule, open_book(shelf.policy, guideline))
    entity = shelf.policy.entities[rule.for_each].label
    return facts(
        [
            ("方式", word_checked(shelf.policy, rule)),
            ("逐个检查", entity if rule.require else ""),
            ("什么时候适用", mark(when)),
            ("检查什么", mark(required)),
            ("可能漏掉", mark(rule.misses or "")),
            ("请回答", mark(rule.question or "")),
            ("不符合怎么办", mark(rule.remedy or "")),
        ]
    )


def tell_steps(shelf: Shelf, guideline: Guideline, name: str) -> str:
    """Return the steps that a rule dates."""
    steps = [step for step in guideline.steps.values() if step.rule == name]
    return items(f"{mark(step.title)}：{word_distance(shelf.policy, guideline, step)}" for step in steps)


def tell_elsewhere(shelf: Shelf, guideline: Guideline, name: str, here: str) -> str:
    """Return what other guidelines say of the same duty."""
    topic, _, slug = name.partition("#")
    rows = []
    for other in shelf.guidelines:
        found = other.rules.get(name)
        if found and other is not guideline:
            linked = link(other.head.short, rule_path(other, name), here=here)
            rows.append((linked, word_force(shelf.policy, found), mark(say(found)), mark("、".join(found.at))))
    more = link("同一主题的全部比较", f"{topic_path(topic)}{f'#{duty_anchor(slug)}' if rows else ''}", here=here)
    return join(table(["指引", "力度", "要求", "出处"], rows), more)
