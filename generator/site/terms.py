"""The terms of the field with their other names and the English word the policy data uses."""

from collections.abc import Iterator

from generator.site.page import Page, join, mark, section, table
from generator.site.shelf import Shelf

HERE = "terms.md"


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the page of the terms: one table per vocabulary."""
    parts = []
    for name, vocabulary in shelf.policy.terms.items():
        rows = [
            (
                mark(term.label),
                mark("、".join(term.aliases)),
                mark(term.english or ""),
                f"`{key}`",
                mark(term.note or ""),
            )
            for key, term in vocabulary.terms.items()
        ]
        body = table(["词", "其他说法", "英文", "编号", "说明"], rows)
        parts.append(section(vocabulary.title, body, anchor=f"terms-{name}"))
    references = [
        (mark(entry.title), mark(entry.number or ""), mark(entry.issuer or ""), mark(entry.note or ""))
        for entry in shelf.policy.references.values()
    ]
    cited = section("被引用的文件", table(["题名", "文号", "发文机关", "说明"], references), anchor="references")
    yield Page(HERE, "术语", join(*parts, cited), boost=2)
