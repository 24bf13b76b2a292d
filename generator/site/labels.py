"""How pages word what the policy holds as terms: force, ways of checking, steps, periods; records in, Markdown out."""

from generator.policy.load import Guideline, Policy
from generator.policy.records import Material, Rule, Step
from generator.policy.wording import open_book, word_all, word_value
from generator.schedule import distance_of
from generator.site.page import mark

EVENT = "round"
STATUSES = {"current": "现行", "partly-superseded": "部分被取代", "superseded": "已被取代"}


def word_force(policy: Policy, rule: Rule) -> str:
    """Return a rule's force as a badge."""
    return f'<span class="force {rule.force}">{policy.labels("force")[rule.force]}</span>'


def word_actor(policy: Policy, actor: str) -> str:
    """Return who has a duty."""
    return policy.labels("duty-of").get(actor, actor)


def word_checked(policy: Policy, rule: Rule) -> str:
    """Return how a rule is checked."""
    return policy.labels("checked")[rule.checked]


def word_when(policy: Policy, guideline: Guideline, row: Material | Step) -> str:
    """Return when a row or step applies; nothing where it always does."""
    book = open_book(policy, guideline)
    return mark(word_all(row.when, EVENT, book)) if row.when else ""


def word_distance(policy: Policy, guideline: Guideline, step: Step) -> str:
    """Return how a step hangs on its event, such as ``首场考试日期前，至少 10 个工作日``."""
    path = step.before or step.after
    if path is None:
        return mark(word_value(step.on)) if step.on is not None else mark(step.period or "")
    distance = distance_of(step, guideline)
    side = "之前" if step.before else "之后"
    side = ("的前一日" if step.before else "的次日") if step.next_day else side
    label = policy.dictionary.label_path(EVENT, path)
    if distance is None:
        return mark(f"{label}{side}")
    number = word_value(distance)
    after = f"{number}以内" if step.bound == "latest" else f"满 {number}"
    return mark(f"{label}{side}，{f'至少 {number}' if step.before else after}")


def word_retention(policy: Policy, row: Material) -> str:
    """Return how long a material is kept, by medium where that matters."""
    labels, media = policy.labels("retention"), policy.labels("medium")
    if isinstance(row.retention, str):
        return labels[row.retention]
    return "；".join(f"{media.get(medium, medium)} {labels[period]}" for medium, period in row.retention.items())


def word_start(policy: Policy, guideline: Guideline) -> str:
    """Return the event from which the periods of a guideline count."""
    path = guideline.head.retention_from
    return policy.dictionary.label_path(EVENT, path) if path else ""


def word_clauses(at: list[str]) -> str:
    """Return clauses, enumerated."""
    return mark("、".join(at))
