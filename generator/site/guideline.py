"""One page per guideline: what it covers, the steps of a round, every duty in plain words, its list and documents."""

from collections.abc import Iterator

from generator.policy.load import Guideline
from generator.policy.records import Committee, Content, Form, Material, Route, Rule, Sheet
from generator.policy.wording import word_value
from generator.site.labels import (
    STATUSES,
    word_actor,
    word_checked,
    word_clauses,
    word_distance,
    word_force,
    word_retention,
    word_when,
)
from generator.site.page import Page, facts, items, join, link, mark, section, table
from generator.site.shelf import Shelf, guideline_path, rule_path, say, topic_path

UNSAID = "原文没有写"


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the list of guidelines and the page of each."""
    yield list_guidelines(shelf)
    for guideline in shelf.guidelines:
        yield tell_guideline(shelf, guideline)


def list_guidelines(shelf: Shelf) -> Page:
    """Return the page that lists the guidelines."""
    here = "guidelines/index.md"
    rows = [
        (
            shelf.link_guideline(guideline, here=here),
            mark(guideline.head.title),
            word_kinds(shelf, guideline),
            STATUSES[guideline.head.status],
            guideline.head.issued or UNSAID,
            str(len(guideline.rules)),
        )
        for guideline in shelf.guidelines
    ]
    body = table(["指引", "题名", "谁用", "状态", "发布", "规则"], rows)
    return Page(here, "全部指引", body, boost=2, wide=True)


def word_kinds(shelf: Shelf, guideline: Guideline) -> str:
    """Return for whom a guideline is."""
    labels = shelf.policy.labels("institution-kind")
    return "、".join(labels[kind] for kind in guideline.head.kinds)


def tell_guideline(shelf: Shelf, guideline: Guideline) -> Page:
    """Return the page of one guideline."""
    here = guideline_path(guideline)
    body = join(
        tell_jumps(),
        section("它是什么", tell_head(shelf, guideline, here), anchor="about"),
        section("管哪些事", tell_topics(shelf, guideline, here), anchor="covers"),
        section("一个批次的步骤", tell_steps(shelf, guideline, here), anchor="steps"),
        section("找谁办", tell_routes(guideline), anchor="routes"),
        section("材料清单", tell_materials(shelf, guideline, here), anchor="materials"),
        section("文书必须写什么", tell_contents(shelf, guideline, here), anchor="contents"),
        section("表单、评分表和委员会", tell_forms(shelf, guideline, here), anchor="forms"),
        section("全部义务", tell_duties(shelf, guideline, here), anchor="duties"),
    )
    tags = [shelf.policy.labels("institution-kind")[kind] for kind in guideline.head.kinds]
    return Page(here, guideline.head.title, body, (*tags, guideline.head.province), boost=4)


def tell_jumps() -> str:
    """Return the links to the sections of a guideline's page, for those who do not scroll."""
    jumps = {"steps": "步骤和时限", "materials": "材料清单", "duties": "全部义务", "routes": "找谁办"}
    return " · ".join(f"[{label}](#{anchor})" for anchor, label in jumps.items())


def tell_head(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return what identifies a guideline, with what we inferred and why."""
    head = guideline.head
    replaced = [shelf.policy.guidelines[entry.guideline] for entry in head.supersedes]
    followers = [shelf.policy.guidelines[name] for name in shelf.followers.get(guideline.id, [])]
    issued = head.issued or UNSAID
    because = f"（{head.issued_because}）" if head.issued_because else ""
    return facts(
        [
            ("谁用", word_kinds(shelf, guideline)),
            ("省份", head.province),
            ("发文机关", mark(head.issuer or UNSAID)),
            ("文号", mark(head.number or UNSAID)),
            ("发布", mark(issued + because)),
            ("状态", mark(f"{STATUSES[head.status]}：{head.status_because}")),
            ("取代", "、".join(shelf.link_guideline(old, here=here) for old in replaced)),
            ("被取代", "、".join(shelf.link_guideline(new, here=here) for new in followers)),
            ("编号", f"`{guideline.id}`"),
            ("下载", tell_downloads(shelf, guideline, here)),
        ]
    )


def tell_downloads(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return the links to a guideline's files."""
    links = [link("步骤（.ics 任务）", f"calendars/{guideline.id}.ics", here=here)]
    if guideline.id in shelf.forms:
        links.append(link("全部空白表（ZIP）", f"forms/{guideline.id}.zip", here=here))
    links.append(link("看不清的地方怎样理解", f"questions/{guideline.id}.md", here=here))
    return " · ".join(links)


def tell_topics(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return the topics with how many rules each has and how many of them are checked."""
    rows = []
    for topic, rules in shelf.topics_of(guideline):
        title = f"[{mark(shelf.policy.topics[topic].title)}](#{topic})"
        checked = sum(rule.checked != "by-hand" for rule in rules.values())
        compared = link("各地比较", topic_path(topic), here=here)
        rows.append((title, str(len(rules)), str(checked), compared))
    return table(["主题", "规则", "其中能自动检查的", ""], rows)


def tell_steps(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return the steps as a time line."""
    if not guideline.steps:
        return ""
    lines = []
    for step in guideline.steps.values():
        title = link(step.title, rule_path(guideline, step.rule), here=here) if step.rule else mark(step.title)
        when = word_when(shelf.policy, guideline, step)
        told = word_distance(shelf.policy, guideline, step)
        actor = word_actor(shelf.policy, step.actor)
        note = f"（{when}时）" if when else ""
        lines.append(f"**{title}** {told}{note}<br>{actor} · {word_clauses(step.at)}")
    reckon = link("算出每一步的日期", "tools/deadlines.md", here=here)
    return join(f'<div class="timeline" markdown="1">\n\n{items(lines)}\n\n</div>', reckon)


def tell_routes(guideline: Guideline) -> str:
    """Return who files with whom."""
    rows = []
    for route in guideline.of_kind("routing", Route).values():
        others = [("会同", "、".join(route.with_)), ("审核", route.reviewed_by), ("批准", route.approved_by)]
        told = "；".join(f"{label}：{name}" for label, name in [*others, ("报", route.reported_to)] if name)
        rows.append((mark(route.matter), mark(route.who), mark(route.to), mark(told), word_clauses(route.at)))
    return table(["事项", "谁", "向谁", "还有谁", "出处"], rows)


def tell_materials(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return the official list of materials with what the body asks for beside it."""
    rows = [
        (
            str(row.no) if row.no is not None else "正文",
            mark(row.name),
            mark(row.remark or ""),
            word_retention(shelf.policy, row),
            word_when(shelf.policy, guideline, row),
            tell_source(shelf, row, here=here),
        )
        for row in guideline.materials.values()
    ]
    more = link("在全部指引的材料里筛选", "materials.md", here=here)
    return join(table(["序号", "材料", "备注", "保存", "什么时候要", "由什么承载"], rows), more)


def tell_source(shelf: Shelf, row: Material, *, here: str) -> str:
    """Return what a row is made as, then who supplies it; in small print where a document of ours carries it."""
    documents = shelf.link_documents([name for name in row.documents if name in shelf.sources], here=here)
    supplied = mark(row.supplied_by or "")
    return f"{documents}<br><small>{supplied}</small>" if documents and supplied else documents or supplied


def tell_contents(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return what each document must contain."""
    parts = []
    for name, content in guideline.of_kind("contents", Content).items():
        at = word_clauses(content.at)
        known = content.document if content.document in shelf.sources else None
        document = f" · {shelf.link_document(known, here=here)}" if known else ""
        lines = [f"{mark(item.name)}（{word_clauses(item.at)}）" for item in content.items]
        parts.append(section(content.title, join(f"{at}{document}", items(lines)), level=3, anchor=f"contents-{name}"))
    return join(*parts)


def tell_forms(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return the official forms, sheets and committees, each with its labels in order."""
    parts: list[tuple[str, Form | Sheet | Committee, str]] = []
    for name, form in guideline.of_kind("forms", Form).items():
        labels = "、".join(mark(field.label) for field in form.fields)
        parts.append((name, form, labels))
    for name, sheet in guideline.of_kind("sheets", Sheet).items():
        lines = [f"{mark(module.name)}：{'、'.join(mark(i.name) for i in module.items)}" for module in sheet.modules]
        parts.append((name, sheet, items(lines)))
    for name, committee in guideline.of_kind("committees", Committee).items():
        rows = [
            (
                mark(seat.role),
                mark(seat.holder or seat.supplied_by or ""),
                mark(seat.qualification or ""),
                f"不少于 {word_value(seat.at_least)}"
                if seat.at_least
                else word_value(seat.exactly)
                if seat.exactly
                else "",
            )
            for seat in committee.seats
        ]
        parts.append((name, committee, table(["职务", "谁", "资格", "人数"], rows)))
    return join(*(tell_form(shelf, record, name=name, body=body, here=here) for name, record, body in parts))


def tell_form(shelf: Shelf, record: Form | Sheet | Committee, *, name: str, body: str, here: str) -> str:
    """Return the section of one form."""
    known = record.document if record.document in shelf.sources else None
    document = f" · {shelf.link_document(known, here=here)}" if known else ""
    return section(record.title, join(f"{word_clauses(record.at)}{document}", body), level=3, anchor=f"forms-{name}")


def tell_duties(shelf: Shelf, guideline: Guideline, here: str) -> str:
    """Return every duty by topic."""
    parts = []
    for topic, rules in shelf.topics_of(guideline):
        lines = [tell_duty(shelf, guideline, name=name, rule=rule, here=here) for name, rule in rules.items()]
        parts.append(section(shelf.policy.topics[topic].title, items(lines), level=3, anchor=topic))
    return join(*parts)


def tell_duty(shelf: Shelf, guideline: Guideline, *, name: str, rule: Rule, here: str) -> str:
    """Return one duty in a few words."""
    policy = shelf.policy
    title = shelf.link_rule(guideline, name, here=here)
    documents = shelf.link_documents(shelf.carrying(guideline, name, rule), here=here)
    told = [word_actor(policy, rule.duty_of), word_clauses(rule.at), word_checked(policy, rule), documents]
    note = " · ".join(filter(None, told))
    return f"**{title}** {word_force(policy, rule)}<br>{mark(say(rule))}<br><small>{note}</small>"
