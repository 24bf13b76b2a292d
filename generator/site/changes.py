"""Changes: two guidelines compared duty by duty, and what the CHANGELOG says of policy data."""

import re
from collections.abc import Iterator

from generator.change.model import CLASSES, QUIET, Change, Class, Report
from generator.change.tell import word_clauses, word_details, word_grounds, word_touched
from generator.site.compare import Reports, change_path, name_pair
from generator.site.page import Page, items, join, link, mark, section, table
from generator.site.shelf import Shelf, guideline_path, rule_path

INDEX = "changes/index.md"
POLICY_WORDS = re.compile(r"指引|编码|条款")


def pages(shelf: Shelf, reports: Reports, changelog: str) -> Iterator[Page]:
    """Yield the overview and the page of each pair."""
    rows = []
    for (old, new), report in reports.items():
        counts = report.count()
        told = [str(counts[name]) for name in CLASSES if name not in QUIET]
        rows.append((link(name_pair(shelf, old, new), change_path(old, new), here=INDEX), *told))
    loud = [name for name in CLASSES if name not in QUIET]
    meanings = items(f"**{name}**：{meaning}" for name, meaning in CLASSES.items())
    entries = section("数据的变更", tell_changelog(changelog), anchor="changelog")
    yield Page(INDEX, "变更", join(table(["从 → 到", *loud], rows), meanings, entries), boost=2, wide=True)
    for (old, new), report in reports.items():
        yield tell_pair(shelf, old, new, report)


def tell_changelog(text: str) -> str:
    """Return the entries of the CHANGELOG, which is Markdown too, that speak of policy data, under their releases."""
    parts = []
    for release in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = release.partition("\n")
        lines = [line[2:] for line in body.splitlines() if line.startswith("- ") and POLICY_WORDS.search(line)]
        parts.append(section(title, items(lines), level=3))
    return join(*parts)


def tell_pair(shelf: Shelf, old: str, new: str, report: Report) -> Page:
    """Return the page of one pair: the changes by class, mere wording last."""
    here = change_path(old, new)
    both = [shelf.policy.guidelines[name] for name in (old, new)]
    head = " → ".join(link(guideline.head.title, guideline_path(guideline), here=here) for guideline in both)
    counts = report.count()
    summary = table(
        ["类别", "数量", "意思"],
        ((name, str(counts[name]), meaning) for name, meaning in CLASSES.items() if counts[name]),
    )
    parts = [tell_class(shelf, name, report, old=old, here=here) for name in CLASSES]
    again = f"```sh\nkaowu policy diff {old} {new}\n```"
    return Page(here, f"变化：{name_pair(shelf, old, new)}", join(head, summary, *parts, again), searched=False)


def tell_class(shelf: Shelf, name: Class, report: Report, *, old: str, here: str) -> str:
    """Return the changes of one class."""
    changes = report.of_class(name)
    lines = [tell_change(shelf, change, old=old, here=here) for change in changes]
    return section(f"{name}（{len(changes)}）", items(lines)) if changes else ""


def tell_change(shelf: Shelf, change: Change, *, old: str, here: str) -> str:
    """Return one change: the duty with links to both rules, what differs, what hangs on it."""
    sides = []
    named = ((old, change.old_name or change.name, "旧"), (change.guideline, change.name, "新"))
    for guideline, name, label in named:
        if name in shelf.policy.guidelines[guideline].rules:
            sides.append(link(label, rule_path(shelf.policy.guidelines[guideline], name), here=here))
    told = [mark(line) for _part, line in word_details(change)]
    if change.class_ not in QUIET and not any(part.what == "条文" for part in change.details):
        told += [f"{label}：{mark(says)}" for label, says in (("旧", change.old_says), ("新", change.new_says)) if says]
    touched = word_touched(change)
    grounds = [f"牵涉 {mark(touched)}"] if touched and change.class_ not in QUIET else []
    if change.class_ == "方向不明" or change.basis == "人工":
        grounds.append(f"依据：{mark(word_grounds(change))}")
    if change.note:
        grounds.append(f"说明：{mark(change.note)}")
    address = f'<a id="{change.id}" href="#{change.id}">#</a>'
    title = f"{address} **{mark(change.title)}** {' '.join(sides)} <small>{mark(word_clauses(change))}</small>"
    return "<br>".join([title, *told, *grounds])
