"""What every engine makes: four documents of the example round, and a template of each that only has blanks to fill.

The blanks are the words that come from the data, so a template filled with them says what our own document says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

from benchmarks.example import open_example
from generator.check.rules import subjects
from generator.document.docx import write_docx
from generator.document.render import render
from generator.document.source import Source
from generator.document.tree import Blank, Document, Run

CONTENTS = {
    "方案": "work-plan",
    "申报表": "application-form",
    "成绩汇总表": "score-summary",
    "保存清单": "retention-checklist",
}
MOST = 20  # different documents of one content, taken in turn


@dataclass(frozen=True)
class Content:
    """A source, and what each of its documents is about."""

    source: Source
    contexts: tuple[dict[str, Any], ...]
    day: date

    def context(self, number: int) -> dict[str, Any]:
        """Return the data of one document; after the last comes the first again."""
        return self.contexts[number % len(self.contexts)]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Return the documents, rendered."""
        return tuple(render(self.source, context) for context in self.contexts)

    def document(self, number: int) -> Document:
        """Return one document, rendered."""
        return self.documents[number % len(self.documents)]

    def blanks(self, number: int) -> list[str]:
        """Return the words of a document that come from the data, in order."""
        return [run.text for run in runs_of(self.document(number)) if self.is_data(run)]

    def is_data(self, run: Run) -> bool:
        """Return whether a run has words its source does not have."""
        return run.text not in self.source.compact

    def template(self, opening: str, closing: str) -> bytes:
        """Return the first document as a template: ``v0``, ``v1`` … between these marks where data stood."""
        number = iter(range(1_000_000))
        told = {id(run): f"{opening}v{next(number)}{closing}" for run in runs_of(self.document(0)) if self.is_data(run)}
        return write_docx(rewrite(self.document(0), told), day=self.day)

    @cached_property
    def fillings(self) -> tuple[dict[str, str], ...]:
        """Return what goes into the template, for each document of as many blanks as the first."""
        texts = [self.blanks(number) for number in range(len(self.documents))]
        alike = (own for own in texts if len(own) == len(texts[0]))
        return tuple({f"v{place}": text for place, text in enumerate(own)} for own in alike)

    def filling(self, number: int) -> dict[str, str]:
        """Return what goes into the template for one document."""
        return self.fillings[number % len(self.fillings)]


class Other:
    """A thing with other facts in place of some of its own."""

    def __init__(self, thing: Any, **facts: Any) -> None:
        self.__dict__.update(facts)
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)


@cache
def open_content(name: str) -> Content:
    """Return a content of the example by its name; each of its documents is that of another school."""
    example = open_example()
    source = example.press.sources[CONTENTS[name]]
    things = subjects(example.institution.world, example.institution.rounds[example.path], source.scope)
    contexts = [example.binder.context_for(things[number % len(things)]) for number in range(MOST)]
    return Content(source, tuple(map(at_another_school, contexts, range(MOST))), example.binder.day)


def at_another_school(context: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the context with a school of its own name, so that no engine is asked for the same document again."""
    school = context["单位"]
    return {**context, "单位": Other(school, 单位名称=f"{school.单位名称}第{number + 1}校区")}


def runs_of(node: Any) -> Iterator[Run]:
    """Yield the runs of a tree in order."""
    if isinstance(node, Run):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from runs_of(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from runs_of(getattr(node, field.name))


def rewrite(node: Any, told: dict[int, str]) -> Any:
    """Return the tree with other texts in these runs."""
    if isinstance(node, Run):
        return replace(node, text=told.get(id(node), node.text))
    if isinstance(node, tuple):
        return tuple(rewrite(part, told) for part in node)
    if isinstance(node, Blank):
        return Blank(rewrite(node.inlines, told))  # no control: its hint is ours alone
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{field.name: rewrite(getattr(node, field.name), told) for field in fields(node)})
    return node
