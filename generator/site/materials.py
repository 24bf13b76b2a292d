"""One table of all materials of all guidelines, to be filtered in the page: policy in, Markdown out."""

from collections.abc import Iterator

from generator.policy.load import Guideline
from generator.policy.records import Material
from generator.site.guideline import tell_source, word_kinds
from generator.site.labels import STATUSES, word_clauses, word_retention, word_start, word_when
from generator.site.page import Page, join, mark, table
from generator.site.shelf import Shelf

HERE = "materials.md"
HEADINGS = ("机构", "指引", "状态", "序号", "材料", "保存期限", "什么时候要", "文书", "出处")
FILTERS = ("机构", "指引", "状态", "保存期限", "什么时候要", "文书")
ALWAYS = "都要"


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the page of the materials."""
    rows = [tell_row(shelf, guideline, row) for guideline in shelf.guidelines for row in guideline.materials.values()]
    note = "按机构、保存期限、条件、文书筛选；筛好的表可以直接打印。没有脚本也能看到全部。"
    body = join(note, f'<div class="filter" data-columns="{"|".join(FILTERS)}"></div>', table(HEADINGS, rows))
    starts = "；".join(
        f"{guideline.head.short}从{word_start(shelf.policy, guideline)}起算"
        for guideline in shelf.guidelines
        if guideline.head.retention_from
    )
    yield Page(HERE, "材料清单与保存期限", join(body, f"保存期限：{mark(starts)}。"), boost=2, wide=True)


def tell_row(shelf: Shelf, guideline: Guideline, row: Material) -> tuple[str, ...]:
    """Return one row of one guideline."""
    return (
        word_kinds(shelf, guideline),
        shelf.link_guideline(guideline, here=HERE),
        STATUSES[guideline.head.status],
        str(row.no) if row.no is not None else "正文",
        join_remark(row),
        word_retention(shelf.policy, row),
        word_when(shelf.policy, guideline, row) or ALWAYS,
        tell_source(shelf, row, here=HERE),
        word_clauses(row.at),
    )


def join_remark(row: Material) -> str:
    """Return a row's name with its remark in small print."""
    return f"{mark(row.name)}<br><small>{mark(row.remark)}</small>" if row.remark else mark(row.name)
