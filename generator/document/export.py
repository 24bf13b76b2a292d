"""An unrendered source into a Word template for docxtpl."""

from datetime import date

from generator.document.docx import pack_body, write_body
from generator.document.markup import mark_tags
from generator.document.package import core_properties
from generator.document.parse import parse
from generator.document.source import Source
from generator.document.style import load_word_style
from generator.document.word_runs import Draft

_UNDATED = date(1980, 1, 1)


def export_template(source: Source) -> bytes:
    """Return the source as DOCX: ``{{ }}`` in runs, block tags as ``{%p %}``, row tags as ``{%tr %}``.

    Filled by ``fill_template`` it says what the rendered source says.
    """
    style = load_word_style(source.look)
    body, _ = write_body(parse(mark_tags(source.compact)), source.paper, Draft(style, template=True))
    title = "" if "{" in source.title else source.title
    return pack_body(body, {}, style, core_properties(title or source.id, _UNDATED))
