"""Write a report of changes: Markdown for a review comment, one HTML page, the rows of a comparison table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from generator.change.model import BASES, CLASSES, QUIET, Change, Class, Detail, Report, Side
from generator.policy.export import write_json

PAGE = Path(__file__).with_name("report.html")
NOTHING = "没有变化。"
UNPROVEN = "判断条件和用例都推不出方向，要读两边的文字"
TOUCHED = {"documents": "文书", "checks": "检查", "steps": "日程"}


def name_side(side: Side) -> str:
    """Return how an edition is called; the files as they are have no name of their own."""
    if side.name == ".":
        return "当前文件"
    return f"{side.title}（{side.name}）" if side.title else side.name


def title_of(report: Report) -> str:
    """Return the title of a report."""
    return f"{name_side(report.old)} → {name_side(report.new)}"


def write_report_json(report: Report) -> str:
    """Return the report as JSON text, in the shape of :func:`report_schema`."""
    return write_json(report.model_dump(mode="json", by_alias=True))


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Report.model_json_schema()}


def word_detail(part: Detail) -> str:
    """Return one difference in one line."""
    if part.old is None:
        return f"{part.what}：新增“{part.new}”"
    if part.new is None:
        return f"{part.what}：取消“{part.old}”"
    return f"{part.what}：{part.old} → {part.new}"


def word_details(change: Change) -> list[tuple[Detail, str]]:
    """Return each difference with its line; of a change that goes no one way, each says which way it goes itself."""
    mixed = change.class_ == "方向不明" and len({part.class_ for part in change.details} - set(QUIET)) > 1
    return [
        (part, f"（{part.class_}）{word_detail(part)}" if mixed and part.class_ not in QUIET else word_detail(part))
        for part in change.details
    ]


def word_clauses(change: Change) -> str:
    """Return the clauses before and after."""
    old, new = "、".join(change.old_at), "、".join(change.new_at)
    if old == new or not (old and new):
        return new or old
    return f"{old} → {new}"


def word_touched(change: Change) -> str:
    """Return what hangs on the changed record, in one line; nothing where nothing does."""
    told = [(label, getattr(change.touched, name)) for name, label in TOUCHED.items()]
    return "；".join(f"{label}：{'、'.join(items)}" for label, items in told if items)


def word_name(change: Change) -> str:
    """Return the name of a changed record, with the earlier one where it was renamed."""
    mark = "，更名系推测" if change.guessed else ""
    renamed = change.old_name not in (None, change.name)
    return f"{change.name}（原 {change.old_name}{mark}）" if renamed and change.old_says else change.name


def word_grounds(change: Change) -> str:
    """Return on what grounds the class stands, with the cases that prove it."""
    if change.class_ == "方向不明" and change.basis != "人工" and not change.witnesses:
        return UNPROVEN
    shown = change.witnesses[:4]
    cases = f"：{'；'.join(shown)}{'等' if len(change.witnesses) > len(shown) else ''}" if shown else ""
    return f"{BASES[change.basis]}{cases}"


def write_markdown(report: Report) -> str:
    """Return the report as Markdown; what only changes words is folded away."""
    counts = report.count()
    lines = [f"# 条文变化：{title_of(report)}", ""]
    if not report.changes:
        return "\n".join([*lines, NOTHING, ""])
    lines += ["| 类别 | 数量 | 意思 |", "|---|---:|---|"]
    lines += [f"| {name} | {counts[name]} | {CLASSES[name]} |" for name in CLASSES if counts[name]]
    lines.append("")
    for name in CLASSES:
        if counts[name]:
            lines += mark_class(name, report.of_class(name))
    return "\n".join(lines)


def mark_class(name: Class, changes: list[Change]) -> Iterator[str]:
    """Yield the lines of one class."""
    quiet = name in QUIET
    yield from (
        [f"<details><summary>{name}（{len(changes)}）</summary>", ""] if quiet else [f"## {name}（{len(changes)}）", ""]
    )
    for change in changes:
        yield from mark_change(change)
    yield from (["", "</details>", ""] if quiet else [""])


def mark_change(change: Change) -> Iterator[str]:
    """Yield the lines of one change."""
    force = f"，{change.force}" if change.force else ""
    clauses = word_clauses(change)
    place = f"`{change.guideline}/{word_name(change)}`（{change.topic}{force}）{clauses}"
    yield f"- **{escape_mark(change.title)}** {place}"
    for _part, line in word_details(change):
        yield f"  - {escape_mark(line)}"
    if change.class_ not in QUIET:
        if not any(part.what == "条文" for part in change.details):
            texts = {"旧条文": change.old_says, "新条文": change.new_says}
            texts = {"条文": change.new_says} if change.old_says == change.new_says else texts
            yield from (f"  - {label}：{escape_mark(text)}" for label, text in texts.items() if text)
        if touched := word_touched(change):
            yield f"  - 牵涉 {escape_mark(touched)}"
    if change.witnesses or change.class_ == "方向不明" or change.basis == "人工":
        yield f"  - 依据：{escape_mark(word_grounds(change))}"
    if change.note:
        yield f"  - 说明：{escape_mark(change.note)}"


def escape_mark(text: str) -> str:
    """Return text in which Markdown sees no markup."""
    return "".join(f"\\{sign}" if sign in "*_`<>[]|" else sign for sign in text.replace("\n", " "))


def write_html(report: Report) -> str:
    """Return the report as one HTML page without anything from outside."""
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    groups = [(name, CLASSES[name], [tell_change(c) for c in report.of_class(name)]) for name in CLASSES]
    page = environment.from_string(PAGE.read_text(encoding="utf-8"))
    return page.render(title=title_of(report), groups=[group for group in groups if group[2]], quiet=QUIET)


def tell_change(change: Change) -> dict[str, Any]:
    """Return one change as pages and tables speak of it."""
    return {
        "名称": change.title,
        "地址": change.id,
        "编号": f"{change.guideline}/{word_name(change)}",
        "主题": change.topic,
        "类别": change.class_,
        "力度": change.force or "",
        "旧": words_of(change, new=False),
        "新": words_of(change, new=True),
        "旧出处": "、".join(change.old_at),
        "新出处": "、".join(change.new_at),
        "各处": [line for part, line in word_details(change) if is_told(part, change)],
        "牵涉": word_touched(change),
        "依据": word_grounds(change) if change.witnesses or change.basis == "人工" else "",
        "说明": change.note or "",
    }


def is_told(part: Detail, change: Change) -> bool:
    """Return whether a table shows a difference: its text stands beside, mere wording only where there is no other."""
    return part.what != "条文" and (part.class_ not in QUIET or change.class_ in QUIET)


def words_of(change: Change, *, new: bool) -> str:
    """Return what one edition says: the text of a rule, else the values that differ."""
    says = change.new_says if new else change.old_says
    if says is not None or change.old_says or change.new_says:
        return says or ""
    told = [(part.what, part.new if new else part.old) for part in change.details]
    return "；".join(f"{what}：{value}" for what, value in told if value)


def tell_table(report: Report, *, quiet: bool = False) -> dict[str, Any]:
    """Return the comparison table as its document speaks of it: by topic; mere wording only where ``quiet``."""
    shown = [change for change in report.changes if quiet or change.class_ not in QUIET]
    topics = dict.fromkeys(change.topic for change in shown)
    counts = report.count()
    return {
        "旧": name_side(report.old),
        "新": name_side(report.new),
        "统计": [{"类别": name, "数量": counts[name], "意思": CLASSES[name]} for name in CLASSES if counts[name]],
        "各组": [{"主题": t, "各条": [tell_change(c) for c in shown if c.topic == t]} for t in topics],
    }
