"""What the guidelines require of documents stands in them: every item, every document, whatever each is about."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from generator.document.render import render
from generator.document.source import Source
from generator.document.text import text_of
from generator.pack.contents import close_text, find_lacks, items_for, read_document, shown_by
from generator.pack.plan import Piece
from generator.pack.trial import blank_context
from generator.paths import policy_dir
from generator.policy.load import Guideline, Policy, load_policy
from generator.policy.records import Content, Form
from tests.documents.conftest import ROUNDS, Example

GUIDELINES = sorted(load_policy(policy_dir()).guidelines)
OPINION = "opinion-pattern"  # the blanks of a sentence, printed as that sentence
THIRD_PARTY = "示例技能评价公司/2026-autumn"


def lacks_of(example: Example, read: Callable[[Piece], str]) -> list[str]:
    """Return what lacks in the documents of an example, as one line each."""
    found = find_lacks(example.plan.pieces(), read, example.binder.scene, example.thing)
    return [f"{lack.stem} {lack.content} {lack.item}: {lack.what}" for lack in found]


def contents_of(guideline: Guideline) -> Mapping[str, Content]:
    """Return what a guideline requires of documents that we make."""
    return {name: content for name, content in guideline.of_kind("contents", Content).items() if content.document}


def proven_in(example: Example) -> Iterator[tuple[str, str, str]]:
    """Yield the guideline, content and item of all that some document of an example has to show."""
    guideline = example.binder.scene.guideline
    for name, content in contents_of(guideline).items():
        pieces = [piece for piece in example.plan.pieces() if piece.source.id == content.document]
        for item in items_for(content, example.binder.scene, example.thing):
            if any(shown_by(item, piece.thing, example.thing) for piece in pieces):
                yield guideline.id, name, item.name


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_document_contains_what_its_guideline_requires_of_it(
    round_: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_]
    assert lacks_of(example, lambda piece: read_document(example.render(piece))) == []


@pytest.mark.parametrize("id_", GUIDELINES)
def test_every_item_of_every_content_is_put_to_the_proof(
    id_: str, examples: Mapping[str, Example], policy: Policy
) -> None:
    proven = {item for example in examples.values() for item in proven_in(example)}
    contents = contents_of(policy.guideline(id_))
    required = {(id_, name, item.name) for name, content in contents.items() for item in content.items}
    assert required
    assert required - proven == set()


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_document_that_says_nothing_lacks_every_item(round_: str, examples: Mapping[str, Example]) -> None:
    example = examples[round_]
    lacking = find_lacks(example.plan.pieces(), lambda _: "", example.binder.scene, example.thing)
    assert {(lack.content, lack.item) for lack in lacking} == {item[1:] for item in proven_in(example)}


def test_a_document_about_one_candidate_shows_that_candidate_and_no_other_need(
    examples: Mapping[str, Example],
) -> None:
    example = examples[THIRD_PARTY]
    first, second, *_ = [piece for piece in example.plan.pieces() if piece.source.id == "application-form"]
    of_second = read_document(example.render(second))

    found = list(find_lacks([first], lambda _: of_second, example.binder.scene, example.thing))

    assert {"姓名", "证件类型和号码", "手机号码"} <= {lack.item for lack in found}
    assert [*find_lacks([second], lambda _: of_second, example.binder.scene, example.thing)] == []


@pytest.mark.parametrize("id_", GUIDELINES)
def test_blank_documents_name_what_they_must_contain(id_: str, policy: Policy, sources: Mapping[str, Source]) -> None:
    guideline = policy.guideline(id_)
    lacking = []
    for name, content in contents_of(guideline).items():
        source = sources[str(content.document)]
        text = close_text(read_document(render(source, blank_context(policy, guideline, source.scope))))
        words = {
            word for item in content.items if not item.when for word in item.words or [item.name] if not item.facts
        }
        lacking += [f"{name}: {word}" for word in words if close_text(word) not in text]
    assert lacking == []


@pytest.mark.parametrize("round_", ROUNDS)
def test_official_forms_have_their_labels_in_their_order(round_: str, examples: Mapping[str, Example]) -> None:
    example = examples[round_]
    forms = example.binder.scene.guideline.of_kind("forms", Form)
    for name, form in forms.items():
        piece = example.pieces.get(form.document or "")
        if piece is None or name == OPINION:
            continue
        rest = close_text(text_of(example.render(piece))).replace("|", "")
        for field in form.fields:
            _, found, rest = rest.partition(close_text(field.label))
            assert found, f"{name}: {field.label}"
