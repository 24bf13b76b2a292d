"""Every export compiles, and filled with an example it is what docxtpl makes of it, part for part."""

from collections.abc import Mapping

import pytest

from generator.document.compiled import compile_template
from generator.document.export import export_template
from generator.document.source import load_source
from generator.paths import templates_dir
from tests.document.test_compiled import expect_the_same
from tests.documents.conftest import SOURCES, Example
from tests.documents.test_validity import in_rounds


@pytest.mark.parametrize("name", SOURCES)
def test_an_export_compiles_and_is_filled_as_docxtpl_fills_it(name: str, examples: Mapping[str, Example]) -> None:
    template = export_template(load_source(templates_dir() / name))
    assert compile_template(template) is not None

    for example in in_rounds(examples, name)[:1]:
        expect_the_same(template, example.context(example.pieces[name]))
