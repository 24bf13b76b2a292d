"""The rules for authors: each breach is named with its file and line."""

from pathlib import Path

import pytest

from generator.document.source import Source, load_source
from generator.problems import KaowuError
from tests.document.samples import NAMES, SOURCES

DESCRIPTION = "id: paper\ntitle: 表\nscope: round\n"
ROW = '<col width="50%"/><col width="50%"/>'

FAULTS = {
    "unclosed element": ("<p>一\n<b>二</p>", "markup", 2),
    "bare ampersand": ("<p>一</p>\n<p>甲&乙</p>", "markup", 2),
    "unknown element": ("\n<div>一</div>", "element", 2),
    "block in the wrong place": ("<p>一</p>\n<p><table/></p>", "element-place", 2),
    "unknown attribute": ('<p>一</p>\n<p style="x">一</p>', "attribute", 2),
    "unknown class": ('<p class="red">一</p>', "attribute", 1),
    "width in the wrong unit": ('<p><blank width="3cm"/></p>', "attribute", 1),
    "tag in an attribute": ('<p class="{{ 类 }}">一</p>', "attribute", 1),
    "block tag in an attribute": ('<p class="{% if a %}note{% endif %}">一</p>', "markup", 1),
    "loose text": ("<p>一</p>\n散落", "loose-text", 1),
    "text beside paragraphs in a cell": (
        f"<table>{ROW}<tbody>\n<tr><td>甲<p>乙</p></td><td/></tr></tbody></table>",
        "loose-text",
        2,
    ),
    "dash in a tag": ("\n{%- if a %}<p>一</p>{% endif %}", "tag-dash", 2),
    "macro": ("{% macro a() %}{% endmacro %}", "tag-unknown", 1),
    "curly quotes in a tag": ("\n<p>{% if a == “甲” %}一{% endif %}</p>", "tag-character", 2),
    "less-than in a tag": ("<p>{{ a < 3 }}</p>", "tag-character", 1),
    "percent in a block tag": ("{% if a == '5%' %}<p>一</p>{% endif %}", "tag-character", 1),
    "full-width brackets": ("<p>｛｛ 甲 ｝｝</p>", "tag-full-width", 1),
    "pair over two parents": ("<p>{% if a %}</p>\n<p>{% endif %}</p>", "tag-balance", 1),
    "end without beginning": ("\n\n<p>{% endif %}</p>", "tag-balance", 3),
    "condition around a cell": (
        f"<table>{ROW}<tbody>\n<tr>{{% if a %}}<td/>{{% endif %}}<td/></tr></tbody></table>",
        "tag-in-row",
        2,
    ),
    "row too short": (f"<table>{ROW}<tbody>\n<tr><td/></tr></tbody></table>", "table-grid", 2),
    "row too long": (f"<table>{ROW}<tbody>\n<tr><td/><td/><td/></tr></tbody></table>", "table-grid", 2),
    "rowspan over a loop": (
        (
            f'<table>{ROW}<tbody><tr><td rowspan="3"/><td/></tr>\n{{% for a in b %}}<tr><td/></tr>{{% endfor %}}'
            "</tbody></table>"
        ),
        "table-grid",
        2,
    ),
    "widths that do not add up": (
        '\n<table><col width="50%"/><col width="40%"/><tbody><tr><td/><td/></tr></tbody></table>',
        "table-widths",
        2,
    ),
    "no certain row": (
        f"<table>{ROW}<tbody>{{% for a in b %}}<tr><td/><td/></tr>{{% endfor %}}</tbody></table>",
        "table-rows",
        1,
    ),
    "formatted cell merged over a loop": (
        (
            f'<table>{ROW}<tbody>{{% for a in b %}}<tr><td merge="loop">甲<b>乙</b></td><td/></tr>{{% endfor %}}'
            "<tr><td/><td/></tr></tbody></table>"
        ),
        "table-merge",
        1,
    ),
    "unknown filter": ("<p>一</p>\n<p>{{ a|日 }}</p>", "jinja", 2),
    "unfinished expression": ("<p>{{ a. }}</p>", "jinja", 1),
    "unknown part": ('<p>一</p>\n{% include "gone.html" %}', "include-missing", 2),
    "part outside its folder": ('{% include "../paper/body.html" %}', "include-missing", 1),
    "include beside text": ('<p>{% include "a.html" %}</p>', "include-line", 1),
    "part that includes itself": ('{% include "loop.html" %}', "include-loop", 1),
}


def write(folder: Path, body: str, description: str = DESCRIPTION) -> Path:
    """Write a source folder and return it."""
    source = folder / "paper"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "loop.html").write_text('{% include "loop.html" %}', encoding="utf-8")
    source.mkdir()
    (source / "document.yaml").write_text(description, encoding="utf-8")
    (source / "body.html").write_text(body, encoding="utf-8")
    return source


@pytest.mark.parametrize(("body", "code", "line"), FAULTS.values(), ids=FAULTS)
def test_a_breach_of_the_rules_is_named_with_its_line(tmp_path: Path, body: str, code: str, line: int) -> None:
    with pytest.raises(KaowuError) as caught:
        load_source(write(tmp_path, body))
    assert (code, line) in [(problem.code, problem.place.line) for problem in caught.value.problems]
    assert all(problem.place.file.endswith(".html") for problem in caught.value.problems)


DESCRIPTIONS = {
    "no title": ("id: paper\nscope: round\n", "缺少“title”"),
    "another id": ("id: other\ntitle: 表\nscope: round\n", "id 应与文件夹同名：paper"),
    "unknown look": (DESCRIPTION + "look: pretty\n", "look 只能是：official、form"),
    "unknown paper": (DESCRIPTION + "paper: A3\n", "paper 只能是：portrait、landscape"),
}


@pytest.mark.parametrize(("description", "what"), DESCRIPTIONS.values(), ids=DESCRIPTIONS)
def test_a_fault_of_the_description_is_named(tmp_path: Path, description: str, what: str) -> None:
    with pytest.raises(KaowuError, match=what):
        load_source(write(tmp_path, "<p>一</p>", description))


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_keep_the_rules(name: str) -> None:
    assert isinstance(load_source(SOURCES / name), Source)


def test_keys_of_the_caller_pass_through() -> None:
    assert load_source(SOURCES / "plan").extra == {"serves": ["sample"]}


def test_a_fault_in_a_part_names_the_part_and_its_line(tmp_path: Path) -> None:
    source = write(tmp_path, '<p>一</p>\n{% include "part.html" %}\n<p>二</p>')
    (tmp_path / "parts" / "part.html").write_text("<p>一</p>\n\n<p>{{ a|日 }}</p>", encoding="utf-8")
    with pytest.raises(KaowuError) as caught:
        load_source(source)
    place = caught.value.problems[0].place
    assert (Path(place.file).name, place.line) == ("part.html", 3)
