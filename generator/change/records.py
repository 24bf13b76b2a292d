"""Judge the records beside the rules: materials, contents, forms, sheets, committees, routes and steps.

A table says for each kind what a change of each field does; parts (items, fields, seats) are matched by name, and one
that is added must be met from now on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from generator.change.entail import Direction, compare
from generator.change.model import OF_DIRECTION, Class, Detail
from generator.change.nodes import Nodes, Reading, lay_out
from generator.change.rules import STRENGTH, compare_clauses, normalise
from generator.policy.export import VALUES
from generator.policy.records import Committee, Content, Form, Material, Record, Route, Sheet, Step
from generator.policy.values import Quantity
from generator.policy.vocabulary import Term
from generator.policy.wording import Book, word_all, word_value


@dataclass(frozen=True)
class Shelf:
    """What records of both editions are read with: their words and their terms of retention."""

    old: Book
    new: Book
    old_periods: Mapping[str, Term]
    new_periods: Mapping[str, Term]
    names: Mapping[str, str]
    given: Nodes = ()


Judge = Callable[[str, Any, Any, Shelf], Iterator[Detail]]


def write(value: Any) -> str | None:
    """Return a field as a report shows it; None for nothing."""
    if isinstance(value, VALUES):
        return word_value(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "、".join(f"{key} {item}" for key, item in value.items()) or None
    if isinstance(value, list | tuple):
        return "、".join(str(write(item)) for item in value) or None
    return str(value) if value not in (None, "") else None


def always(class_: Class) -> Judge:
    """Return a judge for a field whose change is always of one class."""

    def judge(what: str, old: Any, new: Any, _shelf: Shelf) -> Iterator[Detail]:
        same_words = isinstance(old, str) and isinstance(new, str) and normalise(old) == normalise(new)
        yield Detail(what=what, old=write(old), new=write(new), class_="仅措辞" if same_words else class_)

    return judge


def one_more_hand(what: str, old: Any, new: Any, _shelf: Shelf) -> Iterator[Detail]:
    """Judge a reviewer or approver: one that is added is one more hurdle, one that is replaced cannot be told."""
    class_: Class = "收紧" if old is None else "放宽" if new is None else "方向不明"
    yield Detail(what=what, old=write(old), new=write(new), class_=class_)


def scope_of(what: str, old: Any, new: Any, shelf: Shelf) -> Iterator[Detail]:
    """Judge a condition: what applies more widely must be met more often."""
    before = *shelf.given, *lay_out(old, Reading({}, shelf.names))
    after = *shelf.given, *lay_out(new, Reading({}, {}))
    direction = compare(before, after).turned()
    if direction is not Direction.SAME:
        told = [word_all(tests, "round", book) for tests, book in ((old, shelf.old), (new, shelf.new))]
        yield Detail(what=what, old=told[0] or "总是", new=told[1] or "总是", class_=OF_DIRECTION[direction])


def dated_scope(what: str, old: Any, new: Any, shelf: Shelf) -> Iterator[Detail]:
    """Judge the condition of a step: whenever it changes, dates come or go."""
    for part in scope_of(what, old, new, shelf):
        yield part.model_copy(update={"class_": "改期"})


def path_of(class_: Class) -> Judge:
    """Return a judge for one path of the dictionary, or several, whose change is always of one class."""

    def judge(what: str, old: Any, new: Any, shelf: Shelf) -> Iterator[Detail]:
        told = []
        for value, book in ((old, shelf.old), (new, shelf.new)):
            paths = value if isinstance(value, list) else [value] if value else []
            told.append("、".join(book.path("round", path) for path in paths) or None)
        yield Detail(what=what, old=told[0], new=told[1], class_=class_)

    return judge


def force_of(what: str, old: str, new: str, shelf: Shelf) -> Iterator[Detail]:
    """Judge a change of force."""
    grown = STRENGTH[new] - STRENGTH[old]
    class_: Class = "收紧" if grown > 0 else "放宽" if grown < 0 else "方向不明"
    labels = shelf.new.labels("force")
    yield Detail(what=what, old=labels[old], new=labels[new], class_=class_)


def period_of(what: str, old: Any, new: Any, shelf: Shelf) -> Iterator[Detail]:
    """Judge a period of keeping, medium by medium: a longer one binds more."""
    media = shelf.new.labels("medium")
    before, after = ({"": value} if isinstance(value, str) else value for value in (old, new))
    for medium in dict.fromkeys([*before, *after]):
        one, other = before.get(medium, before.get("")), after.get(medium, after.get(""))
        if one == other:
            continue
        old_term = shelf.old_periods.get(str(one))
        new_term = shelf.new_periods.get(str(other))
        name = f"{what}（{media.get(medium, medium)}）" if medium else what
        told = [term.label if term else None for term in (old_term, new_term)]
        yield Detail(what=name, old=told[0], new=told[1], class_=compare_periods(one, old_term, other, new_term))


def compare_periods(one: str | None, old: Term | None, other: str | None, new: Term | None) -> Class:
    """Return what a change of the period does; a medium that is no longer kept is a relief."""
    if old is None or new is None:
        return "收紧" if old is None else "放宽"
    lengths = months_of(str(one), old), months_of(str(other), new)
    if lengths[0] == lengths[1]:
        return "方向不明"
    return "收紧" if lengths[1] > lengths[0] else "放宽"


def months_of(name: str, term: Term) -> float:
    """Return a period in months: for ever is endless, one that is not stated asks for nothing."""
    if term.months is not None:
        return term.months
    return float("inf") if name.startswith("permanent") else 0


def number_of(what: str, old: Any, new: Any, _shelf: Shelf) -> Iterator[Detail]:
    """Judge a least or exact number: more is stricter, an exact one that moves is neither."""
    exact = what.endswith("恰为")
    if isinstance(old, Quantity) and isinstance(new, Quantity) and not exact:
        class_: Class = "收紧" if new.amount > old.amount else "放宽"
    else:
        class_ = "方向不明" if old is not None and new is not None else "收紧" if old is None else "放宽"
    yield Detail(what=what, old=write(old), new=write(new), class_=class_)


def parts_of(fields: Mapping[str, tuple[str, Judge]], key: str, *, binding: bool = True) -> Judge:
    """Return a judge for a list of parts matched by ``key``: one added binds, one gone relieves."""

    def judge(what: str, old: Iterable[BaseModel], new: Iterable[BaseModel], shelf: Shelf) -> Iterator[Detail]:
        before, after = by_key(old, key), by_key(new, key)
        gone = {name: before[name] for name in before if name not in after}
        for name, part in after.items():
            match = before.get(name) or next((gone.pop(n) for n in list(gone) if alike(gone[n], part)), None)
            if match is None:
                yield Detail(what=what, new=name, class_="收紧" if binding else "方向不明")
                continue
            if getattr(match, key) != getattr(part, key):
                yield Detail(what=what, old=getattr(match, key), new=getattr(part, key), class_="仅措辞")
            yield from compare_fields(fields, match, part, shelf, prefix=f"{what}“{name}”")
        for name in gone:
            yield Detail(what=what, old=name, class_="放宽" if binding else "方向不明")

    return judge


def by_key(parts: Iterable[BaseModel], key: str) -> dict[str, BaseModel]:
    """Return the parts by name; those of the same name are numbered."""
    found: dict[str, BaseModel] = {}
    for part in parts:
        name = str(getattr(part, key))
        found[name if name not in found else f"{name} {len(found) + 1}"] = part
    return found


def alike(old: BaseModel, new: BaseModel) -> bool:
    """Return whether two parts carry the same facts, or differ in nothing but their name and stand in one place."""
    rest = [{k: v for k, v in dict(part).items() if k not in ("name", "label", "role")} for part in (old, new)]
    facts = [one.get("facts") or one.get("fact") for one in rest]
    return (bool(facts[0]) and facts[0] == facts[1]) or (bool(rest[0].get("at")) and rest[0] == rest[1])


def compare_fields(
    fields: Mapping[str, tuple[str, Judge]], old: BaseModel, new: BaseModel, shelf: Shelf, *, prefix: str = ""
) -> Iterator[Detail]:
    """Yield what differs in the fields of a record or of a part of one."""
    for name, (what, judge) in fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield from judge(f"{prefix} {what}" if prefix else what, before, after, shelf)
    if prefix and hasattr(old, "at"):
        for part in compare_clauses(old.at, getattr(new, "at", [])):
            yield part.model_copy(update={"what": f"{prefix} 出处"})


def compare_records(old: Record, new: Record, shelf: Shelf) -> list[Detail]:
    """Return what differs between two editions of a record."""
    details = list(compare_fields(FIELDS[type(new)], old, new, shelf))
    if old.reading != new.reading:
        details.append(Detail(what="我们的理解", old=old.reading, new=new.reading, class_="仅措辞"))
    details += compare_clauses(old.at, new.at)
    return details


WORDING, UNCLEAR, DATED, CITED = always("仅措辞"), always("方向不明"), always("改期"), always("仅引注")
BAND = {"says": ("说明", UNCLEAR)}
ITEM = {
    "points": ("分值", UNCLEAR),
    "says": ("要求", UNCLEAR),
    "bands": ("档", parts_of(BAND, "points", binding=False)),
    "parts": ("细目", parts_of({}, "says")),
    "note": ("注", WORDING),
}
MODULE = {
    "points": ("分值", UNCLEAR),
    "items": ("项目", parts_of(ITEM, "name", binding=False)),
    "note": ("注", WORDING),
}
SEAT = {
    "holder": ("人选", UNCLEAR),
    "qualification": ("资格", UNCLEAR),
    "at_least": ("人数不少于", number_of),
    "exactly": ("人数恰为", number_of),
    "supplied_by": ("提供", WORDING),
}
FORM_FIELD = {"note": ("说明", WORDING), "fact": ("数据来源", WORDING), "group": ("分组", WORDING)}
CONTENT_ITEM = {"facts": ("数据来源", path_of("仅措辞")), "when": ("条件", scope_of)}
TITLE = {"title": ("标题", WORDING), "document": ("承载文书", WORDING)}
FIELDS: Mapping[type[Record], Mapping[str, tuple[str, Judge]]] = {
    Material: {
        "no": ("清单行号", CITED),
        "name": ("名称", WORDING),
        "remark": ("备注", UNCLEAR),
        "retention": ("保存期限", period_of),
        "when": ("适用条件", scope_of),
        "documents": ("承载文书", WORDING),
        "supplied_by": ("提供方", WORDING),
        "medium": ("介质", UNCLEAR),
    },
    Content: {**TITLE, "force": ("力度", force_of), "items": ("应当包含", parts_of(CONTENT_ITEM, "name"))},
    Form: {
        **TITLE,
        "scope": ("填写对象", WORDING),
        "fields": ("栏目", parts_of(FORM_FIELD, "label")),
        "repeats": ("可重复", WORDING),
        "note": ("注", WORDING),
    },
    Sheet: {
        **TITLE,
        "points": ("分值", UNCLEAR),
        "columns": ("表头", WORDING),
        "modules": ("模块", parts_of(MODULE, "name", binding=False)),
        "total": ("合计栏", WORDING),
        "note": ("注", WORDING),
    },
    Committee: {**TITLE, "columns": ("表头", WORDING), "seats": ("席位", parts_of(SEAT, "role"))},
    Route: {
        "matter": ("事项", WORDING),
        "who": ("由谁报", UNCLEAR),
        "when": ("条件", scope_of),
        "to": ("报给谁", UNCLEAR),
        "with_": ("会同", UNCLEAR),
        "reviewed_by": ("审核", one_more_hand),
        "approved_by": ("审批", one_more_hand),
        "reported_to": ("抄报", one_more_hand),
    },
    Step: {
        "title": ("事项", WORDING),
        "actor": ("办理", UNCLEAR),
        "rule": ("期限取自", DATED),
        "value": ("期限取自数值", DATED),
        "counted": ("怎样计日", DATED),
        "before": ("在何日之前", path_of("改期")),
        "after": ("在何日之后", path_of("改期")),
        "bound": ("最迟还是最早", DATED),
        "on": ("日期", DATED),
        "period": ("时段", DATED),
        "done": ("办理日期取自", path_of("仅措辞")),
        "when": ("条件", dated_scope),
    },
}
