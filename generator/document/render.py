"""A source and the data into a document tree."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, Template

from generator.document.environment import SourceBreaks, make_environment
from generator.document.messages import FAULTS, error_line, explain
from generator.document.parse import parse
from generator.document.source import Source
from generator.document.tree import Block, Document, Heading, Paragraph, Row, Run, Table
from generator.problems import KaowuError, Place

Cite = Callable[[str], str]


def render(source: Source, context: Mapping[str, Any], *, face: str = "filled", cite: Cite | None = None) -> Document:
    """Return the document; face ``annotated`` adds ``cite(rule)`` after each block that carries rules.

    Raises KaowuError with file and line for an unknown name and for a value that cannot print.
    """
    blocks = parse(_fill(source, _template_of(source), context))
    if face == "annotated" and cite:
        blocks = tuple(_annotated(blocks, cite))
    return Document(blocks, title_of(source, context), source.look, source.paper)


def title_of(source: Source, context: Mapping[str, Any]) -> str:
    """Return the title; raise KaowuError for an unknown name."""
    return " ".join(_fill_title(source, context).split())


@cache
def _environment() -> Environment:
    return make_environment(extensions=(SourceBreaks,))


@cache
def _template_of(source: Source) -> Template:
    environment = _environment()
    code = environment.compile(source.text, name=source.id, filename=_file_name(source))
    return Template.from_code(environment, code, {})


def _file_name(source: Source) -> str:
    return f"<{source.id}>"


def _fill(source: Source, template: Template, context: Mapping[str, Any]) -> str:
    try:
        return template.render(context)
    except FAULTS as error:
        line = error_line(error, _file_name(source))
        raise KaowuError([explain(error, source.body.place(line), context)]) from error


def _fill_title(source: Source, context: Mapping[str, Any]) -> str:
    if "{" not in source.title:
        return source.title
    try:
        return _title_template(source.title).render(context)
    except FAULTS as error:
        place = Place(str(source.folder / "document.yaml"))
        raise KaowuError([explain(error, place, context)]) from error


@cache
def _title_environment() -> Environment:
    return make_environment(markup=False)


@cache
def _title_template(title: str) -> Template:
    return _title_environment().from_string(title)


def _annotated(blocks: tuple[Block, ...], cite: Cite) -> Iterator[Block]:
    for block in blocks:
        yield block
        notes = "；".join(filter(None, dict.fromkeys(cite(rule) for rule in _rules_of(block))))
        if notes:
            yield Paragraph("citation", (Run(f"依据：{notes}"),))


def _rules_of(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph | Table):
        yield from block.rules
    if isinstance(block, Table):
        rows = (row for group in block.groups for row in getattr(group, "rows", ()) if isinstance(row, Row))
        for row in rows:
            yield from row.rules
            for cell in row.cells:
                for inner in cell.blocks:
                    yield from inner.rules if isinstance(inner, Paragraph) else ()
