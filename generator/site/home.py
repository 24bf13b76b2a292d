"""The home page, which asks who you are, and a page for those who answer for others: the assessment centre."""

from collections.abc import Iterator

from generator.site.guideline import word_kinds
from generator.site.labels import STATUSES, word_distance
from generator.site.page import Page, items, join, link, mark, section, table
from generator.site.shelf import Shelf, guideline_path, say

HOME = "index.md"
CENTRE = "centre.md"
AUTHORITY = "authority"
MORE = {
    "materials.md": "材料清单与保存期限：要什么、留多久",
    "documents/index.md": "文书样张：每份长什么样，下载空白的、填好的",
    "forms.md": "空白表：一份指引一个 ZIP",
    "tools/deadlines.md": "算期限：考前几个工作日、公示到哪天",
    "tools/committee.md": "组评委会：席位、外聘比例、表决",
    "tools/retention.md": "保存到哪天",
    "compare/index.md": "比较：同一件事，各份指引怎样规定",
    "changes/index.md": "变更：哪一条收紧、哪一条放宽",
    "questions/index.md": "看不清的地方，我们怎样理解",
    "terms.md": "术语和其他说法",
}


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the home page and the page of the centre."""
    yield tell_home(shelf)
    yield tell_centre(shelf)


def tell_home(shelf: Shelf) -> Page:
    """Return the home page."""
    parts = ["各省的指引怎样规定职业技能等级认定、特级技师和首席技师评聘、技能竞赛。先选你是谁。"]
    cards = [tell_kind(shelf, kind, label) for kind, label in shelf.policy.labels("institution-kind").items()]
    maintain = link("编码一份指引", "guides/encode.md", here=HOME)
    review = link("审一次变更", "guides/review.md", here=HOME)
    cards.append(f"**我维护指引数据**\n\n{items([maintain, review])}")
    body = "\n\n".join(f'<div class="card" markdown="1">\n\n{card}\n\n</div>' for card in cards)
    parts.append(f'<div class="cards who" markdown="1">\n\n{body}\n\n</div>')
    parts.append(section("直接去", items(link(label, path, here=HOME) for path, label in MORE.items()), anchor="more"))
    guides = "guides/first-pack.md"
    more = link("Excel、自己的 Word 模板、许多机构、政策变更", "guides/index.md", here=HOME)
    start = f"用程序生成：{link('十分钟出第一包文书', guides, here=HOME)}。怎样用：{more}。"
    parts.append(section("生成自己的文书", start, anchor="start"))
    parts.append("条款用自己的话重述，附出处；原文以发文机关公布的为准。")
    return Page(HOME, "考务：什么适用于我", join(*parts), wide=True)


def tell_kind(shelf: Shelf, kind: str, label: str) -> str:
    """Return what one kind of institution finds: its guidelines, those in force first."""
    lines = [
        f"{link(guideline.head.title, guideline_path(guideline), here=HOME)}"
        f"<br><small>{guideline.head.province} · {STATUSES[guideline.head.status]}</small>"
        for guideline in shelf.for_kind(kind)
    ]
    return f"**我是{label}**\n\n{items(lines or [link('我的职责和期限', CENTRE, here=HOME)])}"


def tell_centre(shelf: Shelf) -> Page:
    """Return the duties and the dated steps of the authority, by guideline."""
    parts = [f"一条命令查、出许多机构的材料：{link('给鉴定机构', 'guides/centre.md', here=CENTRE)}。"]
    for guideline in shelf.guidelines:
        own = {name: rule for name, rule in guideline.rules.items() if rule.duty_of == AUTHORITY}
        rows = [
            (shelf.link_rule(guideline, name, here=CENTRE), mark(say(rule)), mark("、".join(rule.at)))
            for name, rule in own.items()
        ]
        steps = items(
            f"{mark(step.title)}：{word_distance(shelf.policy, guideline, step)}"
            for step in guideline.steps.values()
            if step.actor == AUTHORITY
        )
        told = join(f"谁用：{word_kinds(shelf, guideline)}", table(["职责", "内容", "出处"], rows), steps)
        if own:
            parts.append(section(guideline.head.short, told, anchor=guideline.id.replace("/", "-")))
    return Page(CENTRE, "鉴定机构的职责和期限", join(*parts), boost=2)
