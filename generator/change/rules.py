"""Judge one rule in two editions by one question: can somebody who complied yesterday fail today?

In: the rule before and after. Out: what differs, each with its class. A rule is kept by whoever it does not apply to
or who meets what it requires; so a narrower ``when`` loosens, and a narrower ``require`` tightens. What only a person
can check is judged by how the text bounds its numbers, and by the question asked; where neither tells, it is said so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from generator.change.entail import Direction, decide, implies, join
from generator.change.model import OF_DIRECTION, Basis, Class, Detail
from generator.change.nodes import Bound, Nodes, Reading, lay_out
from generator.policy.export import fill_in
from generator.policy.lint import bounds_in
from generator.policy.records import Rule
from generator.policy.scopes import tests_in
from generator.policy.values import Day, Quantity, Value
from generator.policy.wording import Book, word_all, word_value

STRENGTH: Mapping[str, int] = {"must": 2, "must-not": 2, "in-principle": 1, "encouraged": 0, "may": 0}
BINDING = ("must", "must-not", "in-principle")
LEAST = re.compile(r"(不少于|不得少于|不低于|不短于|至少为?|最少|达到|满)\s*$")
MOST = re.compile(r"(不超过|不得超过|不多于|不高于|不大于|不长于|至多|最多)\s*$")
LEAST_AFTER = re.compile(r"^\s*[^，。；、]{0,8}?(以上|以前|之前|前)")
MOST_AFTER = re.compile(r"^\s*[^，。；、]{0,8}?(以内|之内|以下|内)")
LEAD = re.compile(r"[^，。；：（）{}]*$")
SLOT = re.compile(r"\{(\w+)\}")
DIGITS = re.compile(r"[\d０-９./~%％]+")
MARKS = re.compile(r"[\s，。、；：！？“”‘’（）《》,.;:!?()\"'—-]+")
LABELS: Mapping[str, str] = {
    "misses": "检查可能漏掉",
    "remedy": "改法",
    "reading": "我们的理解",
}


@dataclass(frozen=True)
class Editions:
    """What both editions of a rule are read with: the words of each, the new names of renamed rules, what is given."""

    old: Book
    new: Book
    names: Mapping[str, str]
    given: Nodes = ()


def judge_rule(old: Rule, new: Rule) -> Direction:
    """Return what the change does to whoever complied, by the predicates alone, names of rules being the same."""
    return judge_named(old, new, {})


def judge_named(old: Rule, new: Rule, names: Mapping[str, str], *, given: Nodes = ()) -> Direction:
    """Return the direction by the predicates, with the new names of renamed rules, for whom ``given`` holds."""
    if old.for_each != new.for_each:
        return Direction.UNKNOWN
    before, after = Reading(old.values, names), Reading(new.values, {})
    old_when, new_when = (*given, *lay_out(old.when, before)), (*given, *lay_out(new.when, after))
    old_require, new_require = lay_out(old.require, before), lay_out(new.require, after)
    return decide(
        tighter=implies(old_when, new_when) and implies((*old_when, *new_require), old_require),
        looser=implies(new_when, old_when) and implies((*new_when, *old_require), new_require),
    )


def judge_force(old: Rule, new: Rule) -> Direction:
    """Return what a change of force does; a duty to do and one to refrain are told apart only by data."""
    before, after = STRENGTH[old.force], STRENGTH[new.force]
    if before != after:
        return Direction.TIGHTER if after > before else Direction.LOOSER
    if old.force == new.force or (old.require and new.require):
        return Direction.SAME
    return Direction.UNKNOWN


def judge_value(says: str, name: str, old: Value, new: Value) -> Direction:
    """Return the direction of one number by how the text bounds it: “不少于 {n}” or “{n} 以内”."""
    side = side_of(says, name)
    if side is None or not isinstance(old, Quantity) or not isinstance(new, Quantity) or old.unit != new.unit:
        return Direction.UNKNOWN
    grown = Direction.TIGHTER if side == "least" else Direction.LOOSER
    return grown if new.amount > old.amount else grown.turned()


def side_of(says: str, name: str) -> str | None:
    """Return whether a text bounds a number from below or from above, or None when it does not say."""
    before, _slot, after = says.partition("{" + name + "}")
    if LEAST.search(before) or LEAST_AFTER.search(after):
        return "least"
    return "most" if MOST.search(before) or MOST_AFTER.search(after) else None


def normalise(text: str | None) -> str:
    """Return a text without punctuation and space."""
    return MARKS.sub("", text or "")


def judge_text(old: Rule, new: Rule) -> Direction:
    """Return the direction of what a person checks: the same text, or the same question, is the same duty."""
    if lone_values(old, new) != lone_values(new, old):
        return Direction.UNKNOWN
    says = [normalise(SLOT.sub("", rule.says)) for rule in (old, new)]
    asked = [normalise(DIGITS.sub("", rule.question or "")) for rule in (old, new)]
    same = says[0] == says[1] or (asked[0] and asked[0] == asked[1])
    return Direction.SAME if same else Direction.UNKNOWN


def lone_values(rule: Rule, other: Rule) -> list[str]:
    """Return the numbers of a rule that the other does not have under the same name."""
    return sorted(word_value(value) for name, value in rule.values.items() if name not in other.values)


def compare_rules(old: Rule, new: Rule, editions: Editions) -> tuple[list[Detail], Basis]:
    """Return what differs between two editions of a rule, and on what grounds its direction stands."""
    typed = bool(old.require and new.require)
    details = [*compare_values(old, new), *compare_tests(old, new, editions)]
    if typed and details and used_values(old) >= changed_values(old, new):
        details = settle(details, judge_named(old, new, editions.names, given=editions.given))
    details += compare_force(old, new, editions)
    if not typed:
        details += compare_hand(old, new)
    elif normalise(SLOT.sub("", old.says)) != normalise(SLOT.sub("", new.says)):
        details.append(detail("条文", Direction.SAME, fill_in(old.says, old.values), fill_in(new.says, new.values)))
    details += compare_notes(old, new)
    by_text = not typed and any(part.class_ in ("收紧", "放宽") and part.what.startswith("数值") for part in details)
    return details, "文字" if by_text else "判断"


def settle(details: list[Detail], direction: Direction) -> list[Detail]:
    """Return the details of numbers and conditions as mere wording where together they change nothing."""
    if direction is not Direction.SAME:
        return details
    return [part.model_copy(update={"class_": "仅措辞"}) for part in details]


def used_values(rule: Rule) -> set[str]:
    """Return the names of the numbers a rule's predicates draw on."""
    return {name for test in tests_in(rule) for name in bounds_in(test)}


def changed_values(old: Rule, new: Rule) -> set[str]:
    """Return the names of the numbers that differ."""
    return {name for name in old.values.keys() & new.values.keys() if old.values[name] != new.values[name]}


def detail(what: str, direction: Direction, old: str | None, new: str | None) -> Detail:
    """Return a detail with the class of its direction."""
    class_: Class = OF_DIRECTION.get(direction, "仅措辞")
    return Detail(what=what, old=old or None, new=new or None, class_=class_)


def compare_values(old: Rule, new: Rule) -> Iterator[Detail]:
    """Yield each number that differs, judged as if it alone had changed."""
    for name in dict.fromkeys([*old.values, *new.values]):
        before, after = old.values.get(name), new.values.get(name)
        if before == after or before is None or after is None:
            continue
        alone = old.model_copy(update={"values": {**old.values, name: after}})
        direction = judge_named(old, alone, {})
        if direction is Direction.SAME and before.unit == after.unit:
            direction = judge_value(old.says, name, before, after)
        elif direction is Direction.SAME:
            direction = Direction.UNKNOWN if amount(before) != amount(after) else Direction.SAME
        made = detail(f"数值（{lead_of(old.says, name)}）", direction, word_value(before), word_value(after))
        dated = isinstance(before, Day) and isinstance(after, Day)
        yield made.model_copy(update={"class_": "改期"}) if dated else made


def lead_of(says: str, name: str) -> str:
    """Return the words that lead up to a number, else its name."""
    found = LEAD.search(says.partition("{" + name + "}")[0])
    return (found[0].strip() if found else "") or name


def amount(value: Value) -> object:
    """Return what a value amounts to whatever its unit is called."""
    return value.amount if isinstance(value, Quantity) else value


def compare_force(old: Rule, new: Rule, editions: Editions) -> Iterator[Detail]:
    """Yield a change of force, of who is bound, and of how it is checked."""
    for field, vocabulary, what in (("force", "force", "力度"), ("duty_of", "duty-of", "责任主体")):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            direction = judge_force(old, new) if field == "force" else Direction.UNKNOWN
            yield detail(
                what, direction, editions.old.labels(vocabulary)[before], editions.new.labels(vocabulary)[after]
            )
    if old.checked != new.checked:
        labels = editions.new.labels("checked")
        yield detail("检查方式", Direction.SAME, labels[old.checked], labels[new.checked])


def compare_tests(old: Rule, new: Rule, editions: Editions) -> Iterator[Detail]:
    """Yield changes of when the rule applies and of what it requires, beside those of its numbers alone."""
    if old.for_each != new.for_each:
        labels = [book.dictionary.entities[rule.for_each].label for book, rule in pairs(old, new, editions)]
        yield detail("逐个检查的对象", Direction.UNKNOWN, labels[0], labels[1])
    values = {**new.values, **old.values}
    before, after = Reading(values, editions.names), Reading(values, {})
    for field, what in (("when", "适用条件"), ("require", "要求")):
        tests = (getattr(old, field), getattr(new, field))
        if field == "require" and not all(tests):
            continue  # one of them is checked by a person: its text is judged instead
        nodes = lay_out(tests[0], before), lay_out(tests[1], after)
        known = editions.given
        given = (*known, *lay_out(new.when, after)), (*known, *lay_out(old.when, before))
        if field == "when":
            direction = decide(
                tighter=implies((*known, *nodes[0]), nodes[1]), looser=implies((*known, *nodes[1]), nodes[0])
            )
        else:
            direction = decide(
                tighter=implies((*given[1], *nodes[1]), nodes[0]), looser=implies((*given[0], *nodes[0]), nodes[1])
            )
        if direction is not Direction.SAME:
            books = [book.with_values(rule.values) for book, rule in pairs(old, new, editions)]
            told = [word_all(tests[side], rule.for_each, books[side]) for side, rule in enumerate((old, new))]
            made = detail(what, direction, told[0], told[1])
            moved = field == "require" and direction is Direction.UNKNOWN and is_deadline(*nodes)
            yield made.model_copy(update={"class_": "改期"}) if moved else made


def is_deadline(old: Nodes, new: Nodes) -> bool:
    """Return whether both set nothing but dates and times between two, and one of them a day of the calendar."""
    bounds = [node for node in (*old, *new) if isinstance(node, Bound)]
    dated = [isinstance(node.limit, date) for node in bounds]
    spans = [node.measure[0] == "span" for node in bounds]
    return len(bounds) == len(old) + len(new) and any(dated) and all(map(max, zip(dated, spans, strict=True)))


def pairs(old: Rule, new: Rule, editions: Editions) -> tuple[tuple[Book, Rule], tuple[Book, Rule]]:
    """Return each edition's words with its rule."""
    return (editions.old, old), (editions.new, new)


def compare_hand(old: Rule, new: Rule) -> Iterator[Detail]:
    """Yield changes of what a person checks: the text, and the question where both have one."""
    direction = judge_text(old, new)
    if normalise(SLOT.sub("", old.says)) != normalise(SLOT.sub("", new.says)) or direction is Direction.UNKNOWN:
        yield detail("条文", direction, fill_in(old.says, old.values), fill_in(new.says, new.values))
    asked = [normalise(DIGITS.sub("", rule.question or "")) for rule in (old, new)]
    if asked[0] != asked[1] and old.checked == new.checked:
        yield detail("问题", Direction.SAME, old.question, new.question)


def compare_notes(old: Rule, new: Rule) -> Iterator[Detail]:
    """Yield changes of notes, of the question of a rule that data checks as well, and of the clauses cited."""
    for field, what in LABELS.items():
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield detail(what, Direction.SAME, before, after)
    if old.require and new.require and old.question != new.question:
        yield detail("问题", Direction.SAME, old.question, new.question)
    yield from compare_clauses(old.at, new.at)


def compare_clauses(old: list[str], new: list[str]) -> Iterator[Detail]:
    """Yield a change of the clauses cited, whatever their order."""
    if sorted(old) != sorted(new):
        yield Detail(what="出处", old="、".join(old), new="、".join(new), class_="仅引注")


def direction_of(details: list[Detail]) -> Direction:
    """Return the direction of several details together."""
    turned = {class_: direction for direction, class_ in OF_DIRECTION.items()}
    return join([turned.get(part.class_, Direction.SAME) for part in details])
