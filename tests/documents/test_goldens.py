"""The text of every document, as reviewed: for each example round, and blank for those no example needs."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from generator.check.evaluate import evaluate_all
from generator.document.render import render
from generator.document.source import Source
from generator.document.text import text_of
from generator.document.values import format_date, format_month_day, is_missing, print_value
from generator.institution.world import Thing, step
from generator.pack.trial import blank_context
from generator.policy.load import Policy
from generator.policy.records import Content
from tests.documents.conftest import ROUNDS, SOURCES, Example

GOLDEN = Path(__file__).parent / "golden"
Compare = Callable[[Path, str], None]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("round_", ROUNDS)
def test_the_first_document_of_each_source_says_what_was_reviewed(
    round_: str, name: str, examples: Mapping[str, Example], golden: Compare, request: pytest.FixtureRequest
) -> None:
    example, path = examples[round_], GOLDEN / round_ / f"{name}.txt"
    if name in example.pieces:
        golden(path, text_of(example.render(example.pieces[name])))
    elif request.config.getoption("--accept"):
        path.unlink(missing_ok=True)
    else:
        assert not path.exists(), f"{name} is no longer part of {round_}; if that is right: make accept"


@pytest.mark.parametrize("name", SOURCES)
def test_a_document_that_no_example_needs_is_reviewed_blank(
    name: str, examples: Mapping[str, Example], sources: Mapping[str, Source], policy: Policy, golden: Compare
) -> None:
    if any(name in example.pieces for example in examples.values()):
        return
    source = sources[name]
    users = (g for g in policy.guidelines.values() if any(name in m.documents for m in g.materials.values()))
    guideline = next(users, None) or next(iter(policy.guidelines.values()))
    golden(GOLDEN / "blank" / f"{name}.txt", text_of(render(source, blank_context(policy, guideline, source.scope))))


@pytest.mark.parametrize("name", SOURCES)
def test_rules_named_beside_passages_are_registered_duties(
    name: str, sources: Mapping[str, Source], policy: Policy
) -> None:
    tags = {rule for found in re.findall(r'\brule="([^"]+)"', sources[name].text) for rule in found.split()}
    assert tags <= set(policy.duties), f"unknown: {sorted(tags - set(policy.duties))}"


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_stated_fact_a_guideline_requires_of_a_document_stands_in_it(
    round_: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_]
    assert not list(find_lacking(example)), "not printed in the document that must contain it"


def find_lacking(example: Example) -> Iterator[str]:
    """Yield each fact that a content asks for and a document about the whole round does not print."""
    for content in example.binder.scene.guideline.of_kind("contents", Content).values():
        piece = example.pieces.get(content.document or "")
        if piece is None or piece.thing is not example.thing:
            continue
        text = "".join(text_of(example.render(piece)).split())
        for item in content.items:
            applies = evaluate_all(example.thing, item.when, example.binder.scene).holds is not False
            for path in item.facts if applies else ():
                yield from (f"{piece.source.id} {item.name} {path}: {word}" for word in lacking(example, path, text))


def lacking(example: Example, path: str, text: str) -> Iterator[str]:
    """Yield the values a path leads to that the text does not hold in any usual form."""
    *way, name = path.split(".")
    found: object = example.thing
    for station in way:
        found = step(found, station)
    for holder in found if isinstance(found, list) else [found]:
        value = holder.show(name) if isinstance(holder, Thing) else None
        for part in value if isinstance(value, list | tuple) else [value]:
            forms = forms_of(part)
            if forms and not any("".join(form.split()) in text for form in forms):
                yield forms[0]


def forms_of(value: object) -> list[str]:
    """Return how a value may be printed (a thing by any of its facts); nothing for what is missing or a mere yes."""
    if is_missing(value) or isinstance(value, bool):
        return []
    if isinstance(value, Thing):
        return [text for text in (str(value), *map(str, value.facts.values())) if text]
    if isinstance(value, date):
        return [format_date(value), format_month_day(value)]
    return [print_value(value)]
