"""The text of every document, as reviewed: for each example round, and blank for those no example needs."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.document.render import render
from generator.document.source import Source
from generator.document.text import text_of
from generator.pack.trial import blank_context
from generator.policy.load import Policy
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
