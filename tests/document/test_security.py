"""Nothing in a template or a datum is executed or fetched."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.archives import unpack
from generator.document.export import export_template
from generator.document.fill import fill_template
from generator.document.package import pack
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import load_source
from generator.document.text import text_of
from generator.problems import KaowuError
from tests.document.samples import DATA, SOURCES, context_of, facts, rendered
from tests.document.test_formats import with_text
from tests.document.test_sources import write

PAYLOADS = [
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('id').read() }}",
    "{{ namespace.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ().__class__.__base__.__subclasses__()[0] }}",
    "{{ 名['__class__']['__mro__'] }}",
    "{{ 名|attr('__class__') }}",
    "{{ '%s'|format(名.__class__) }}",
    "{{ '{0.__class__}'.format(名) }}",
    "{{ ('{0.__class__.__init__.__globals__}'|attr('format'))(名) }}",
    "{{ 名.__init__.__globals__ }}",
    "{{ [名]|map(attribute='__class__')|list }}",
    "{{ [名]|map('attr', 'format')|list }}",
    "{{ 名单|selectattr('__class__')|list }}",
    "{{ 名单.append('x') }}",
    "{{ 名单.pop() }}",
    "{{ range(100000000)|list }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 名.upper() }}",
    "{{ url_for.__globals__ }}",
    "{{ config }}",
    "{{ 名|safe }}",
    "{% set x = 名单.append('x') %}{{ x }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% if ''.__class__ %}x{% endif %}",
]
CONTEXT = {"名": "王乐山", "名单": ["甲", "乙"]}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_source_is_refused(payload: str, tmp_path: Path) -> None:
    with pytest.raises(KaowuError):
        text_of(render(load_source(write(tmp_path, f"<p>{payload}</p>")), CONTEXT))
    assert CONTEXT["名单"] == ["甲", "乙"]


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("part", ["word/document.xml", "word/footer1.xml"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_word_template_is_refused(payload: str, part: str, tmp_path: Path) -> None:
    parts = unpack(export_template(load_source(write(tmp_path, "<p>此处</p>"))))
    target = "此处" if "document" in part else "— "
    text = parts[part].decode()
    assert target in text
    parts[part] = text.replace(target, payload.replace("<", "&lt;"), 1).encode()
    with pytest.raises(KaowuError):
        fill_template(pack(parts), CONTEXT)


def test_properties_of_a_word_template_are_not_executed() -> None:
    parts = unpack(export_template(load_source(SOURCES / "committee")))
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = core.replace(b"</dc:title>", b"{{ 7*7 }}</dc:title>")
    assert parts["docProps/core.xml"] != core
    filled = unpack(fill_template(pack(parts), context_of("committee")))["docProps/core.xml"]
    assert b"49" not in filled
    assert b"7*7" not in filled


VECTORS = [
    '<img src="{url}">',
    '<img src="x" srcset="{url} 2x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">甲</a>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    "<style>@import url({url});</style>",
    '<p style="background:url({url})">甲</p>',
    "<style>@font-face{{font-family:x;src:url({url})}} p{{font-family:x}}</style><p>甲</p>",
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{url}#a"/></svg>',
    '<base href="{url}"><img src="a.png">',
    '<p style="list-style-image:url({url});display:list-item">甲</p>',
    '<p style="content:url({url})">甲</p>',
]


@pytest.mark.parametrize("vector", VECTORS)
def test_markup_that_fetches_is_no_source(vector: str, tmp_path: Path) -> None:
    with pytest.raises(KaowuError):
        load_source(write(tmp_path, vector.format(url="http://127.0.0.1:9/x")))


def test_data_that_look_like_markup_fetch_nothing(listener: tuple[str, list[str]], pdf_writer: PdfWriter) -> None:
    url, hits = listener
    for vector in VECTORS:
        text = vector.format(url=url)
        context = {key: facts(with_text(value, text)) for key, value in DATA["committee"].items()}
        pdf = pdf_writer.write([render(load_source(SOURCES / "committee"), context)], day=date(2026, 1, 1))
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert not opened.attachments
    assert hits == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_even_markup_behind_our_back_fetches_nothing(
    scheme: str, listener: tuple[str, list[str]], pdf_writer: PdfWriter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url, hits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    url = url if scheme == "http" else secret.as_uri()
    for vector in VECTORS:
        page = f"<html><body>{vector.format(url=url)}</body></html>"
        monkeypatch.setattr("generator.document.typeset.write_html", lambda *_, page=page: page)
        try:
            pdf = pdf_writer.write([rendered("committee")], day=date(2026, 1, 1))
        except KaowuError:
            continue
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert not opened.attachments
        assert b"secret" not in pdf
    assert hits == []


def test_a_zip_bomb_is_no_template() -> None:
    parts: dict[str, Any] = {
        **unpack(export_template(load_source(SOURCES / "committee"))),
        "word/x.xml": bytes(301 << 20),
    }
    with pytest.raises(KaowuError, match="不是可以打开的 Word 文件"):
        fill_template(pack(parts), {})
