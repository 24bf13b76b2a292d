"""Compare what all guidelines share: terms, titles of duties, the dictionary of facts, cited texts, the calendar."""

from collections.abc import Iterator, Mapping

from generator.change.model import Change, Class, Detail, Touched, strongest
from generator.change.records import write
from generator.policy.export import plain
from generator.policy.load import Policy
from generator.policy.predicates import Strict
from generator.policy.vocabulary import Term

SHARED = "共用"
LABELS: Mapping[str, str] = {
    "label": "名称",
    "title": "名称",
    "note": "说明",
    "hint": "提示",
    "example": "示例",
    "aliases": "别名",
    "english": "英文",
    "collection_label": "集合名称",
    "unit": "单位",
    "type": "类型",
    "terms": "词表",
    "to": "引用",
    "many": "可多个",
    "required": "必填",
    "where": "条件",
    "rows": "取自",
    "holds": "判断",
    "first": "取自",
    "earliest": "最早",
    "latest": "最晚",
    "count": "计数",
    "number": "文号",
    "issuer": "发文机关",
    "key": "编号栏",
    "parent": "上级",
    "file": "文件",
    "sheets": "工作表",
    "additions": "补填的工作表",
    "named": "文件名",
    "collection": "集合",
    "highest": "最大",
    "lowest": "最小",
}
WORDS = ("label", "title", "note", "hint", "example", "aliases", "english", "collection_label", "unit")


def compare_shared(old: Policy, new: Policy) -> list[Change]:
    """Return the changes of the shared vocabularies, by kind and name."""
    found = [*compare_terms(old, new), *compare_duties(old, new), *compare_entities(old, new)]
    found += compare_entries("references", "被引文件", old.references, new.references)
    return [*found, *compare_calendars(old, new)]


def make(kind: str, topic: str, name: str, details: list[Detail], title: str = "") -> Iterator[Change]:
    """Yield the change of one shared entry, if anything differs."""
    if details:
        yield Change(
            guideline=SHARED,
            name=f"{kind}#{name}",
            title=title or name,
            topic=topic,
            class_=strongest(details),
            basis="数据",
            details=details,
        )


def compare_terms(old: Policy, new: Policy) -> Iterator[Change]:
    """Yield changed terms; a period of keeping that grows binds every material kept so long."""
    for name in dict.fromkeys([*old.terms, *new.terms]):
        before = old.terms[name].terms if name in old.terms else {}
        after = new.terms[name].terms if name in new.terms else {}
        title = (new.terms.get(name) or old.terms[name]).title
        for term in dict.fromkeys([*before, *after]):
            details = list(compare_term(before.get(term), after.get(term)))
            for change in make(f"terms/{name}", "词表", term, details, f"{title}：{label_of(before, after, term)}"):
                kept = users_of_period(new, term) if name == "retention" else []
                yield change.model_copy(update={"touched": Touched(documents=kept)})


def label_of(before: Mapping[str, Term], after: Mapping[str, Term], term: str) -> str:
    """Return the newest label of a term."""
    return (after.get(term) or before[term]).label


def users_of_period(policy: Policy, period: str) -> list[str]:
    """Return the names of the materials kept for a period."""
    rows = [row for guideline in policy.guidelines.values() for row in guideline.materials.values()]
    kept = [(row.name, row.retention if isinstance(row.retention, dict) else {"": row.retention}) for row in rows]
    return list(dict.fromkeys(name for name, periods in kept if period in periods.values()))


def compare_term(old: Term | None, new: Term | None) -> Iterator[Detail]:
    """Yield what differs in one term; what data may say only grows or shrinks, which no rule feels by itself."""
    if old is None or new is None:
        class_: Class = "仅措辞" if old is None else "方向不明"
        yield Detail(what="词", old=old.label if old else None, new=new.label if new else None, class_=class_)
        return
    for field in ("label", "english", "aliases", "note"):
        if getattr(old, field) != getattr(new, field):
            yield Detail(
                what=LABELS[field], old=write(getattr(old, field)), new=write(getattr(new, field)), class_="仅措辞"
            )
    if old.months != new.months:
        longer = (new.months or 0) > (old.months or 0)
        known = old.months is not None and new.months is not None
        class_ = "方向不明" if not known else "收紧" if longer else "放宽"
        yield Detail(what="月数", old=write(old.months), new=write(new.months), class_=class_)


def compare_duties(old: Policy, new: Policy) -> Iterator[Change]:
    """Yield duties under another title; a slug that is registered or dropped shows with its rules."""
    for name in sorted(old.duties.keys() & new.duties.keys()):
        if old.duties[name] != new.duties[name]:
            made = Detail(what="名称", old=old.duties[name], new=new.duties[name], class_="仅措辞")
            yield from make("duties", "义务登记簿", name, [made], new.duties[name])


def compare_entities(old: Policy, new: Policy) -> Iterator[Change]:
    """Yield changed facts of the dictionary: labels are wording, what they mean is not."""
    for name in dict.fromkeys([*old.entities, *new.entities]):
        before, after = old.entities.get(name), new.entities.get(name)
        if before is None or after is None:
            label = next(entity.label for entity in (after, before) if entity)
            made = Detail(what="实体", old=label if before else None, new=label if after else None, class_="仅措辞")
            yield from make("fields", "数据字典", name, [made], label)
            continue
        own = [{name: entity.model_copy(update={"fields": {}, "derived": {}})} for entity in (before, after)]
        yield from compare_entries("fields", "数据字典", own[0], own[1])
        for part in ("fields", "derived"):
            ours, theirs = getattr(before, part), getattr(after, part)
            prefix = after.label
            yield from compare_entries(f"fields/{name}", "数据字典", ours, theirs, prefix=f"{prefix}·")


def compare_entries(
    kind: str, topic: str, old: Mapping[str, Strict], new: Mapping[str, Strict], *, prefix: str = ""
) -> Iterator[Change]:
    """Yield changed entries of a mapping: new ones ask nothing by themselves, lost ones may."""
    for name in dict.fromkeys([*old, *new]):
        before = plain(old[name]) if name in old else {}
        after = plain(new[name]) if name in new else {}
        title = prefix + str((after or before).get("label") or (after or before).get("title") or name)
        if not before or not after:
            class_: Class = "仅措辞" if after else "方向不明"
            made = [Detail(what="条目", old=title if before else None, new=title if after else None, class_=class_)]
        else:
            made = [
                Detail(
                    what=LABELS.get(key, key),
                    old=write(before.get(key)),
                    new=write(after.get(key)),
                    class_="仅措辞" if key in WORDS else "方向不明",
                )
                for key in after
                if before.get(key) != after.get(key)
            ]
        yield from make(kind, topic, name, made, title)


def compare_calendars(old: Policy, new: Policy) -> Iterator[Change]:
    """Yield changed tables of working days."""
    texts = [
        {path.stem: path.read_text(encoding="utf-8") for path in sorted((policy.root / "calendar").glob("*.yaml"))}
        for policy in (old, new)
    ]
    for year in sorted(texts[0].keys() | texts[1].keys()):
        before, after = (set(lines_of(side.get(year, ""))) for side in texts)
        if before != after:
            gone, come = "、".join(sorted(before - after)), "、".join(sorted(after - before))
            made = Detail(what="工作日", old=gone or None, new=come or None, class_="改期")
            yield from make("calendar", "工作日历", year, [made], f"{year} 年工作日历")


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a file that say something."""
    yield from (line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
