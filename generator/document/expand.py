"""The text of ``body.html`` made ready for Jinja: comments dropped, parts included, form elements spelt out.

Every line keeps its origin, so that errors name the author's file and line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path

from generator.document.tree import TICKED, UNTICKED
from generator.document.values import fill_blank
from generator.problems import KaowuError, Place, Problem

_COMMENT = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)
_INCLUDE = re.compile(r"""\s*\{%\s*include\s+["']([^"']+)["']\s*%\}\s*""")
_ATTRIBUTE = re.compile(r'([\w-]+)\s*=\s*"([^"]*)"')
_ATTRIBUTES = r'((?:\s+[\w-]+\s*=\s*"[^"]*")*)\s*'
_EXPRESSION = re.compile(r"\s*\{\{(.*)\}\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Lines:
    """Text whose every line knows where it was written."""

    text: str
    origins: tuple[Place, ...]

    def place(self, line: int) -> Place:
        """Return the origin of a line counted from 1."""
        return self.origins[min(max(line, 1), len(self.origins)) - 1]


def read_lines(path: Path, parts: Path, *, inside: tuple[Path, ...] = ()) -> Lines:
    """Return a body with its comments dropped and its parts included; raise KaowuError where that fails."""
    text = _COMMENT.sub(lambda hit: "\n" * hit[0].count("\n"), _read_text(path))
    lines: list[str] = []
    origins: list[Place] = []
    for number, line in enumerate(text.split("\n"), 1):
        here = Place(str(path), number, 1)
        if "{% include" in line or "{%include" in line:
            part = _included(line, here, parts, (*inside, path))
            lines += part.text.split("\n")
            origins += part.origins
        else:
            lines.append(line)
            origins.append(here)
    return Lines("\n".join(lines), tuple(origins))


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problem = Problem(Place(str(path)), "source-not-utf8", "文件不是 UTF-8 编码", "另存为 UTF-8")
        raise KaowuError([problem]) from None


def _included(line: str, here: Place, parts: Path, inside: tuple[Path, ...]) -> Lines:
    found = _INCLUDE.fullmatch(line)
    if not found:
        raise KaowuError([Problem(here, "include-line", "include 要独占一行，文件名加引号")])
    path = parts / found[1]
    if path in inside:
        raise KaowuError([Problem(here, "include-loop", f"部件“{found[1]}”包含了自己")])
    if not path.resolve().is_relative_to(parts.resolve()) or not path.is_file():
        raise KaowuError([Problem(here, "include-missing", f"没有部件“{found[1]}”", f"部件放在 {parts}")])
    return read_lines(path, parts, inside=inside)


def spell_out(text: str) -> str:
    """Return the text with the form elements written as Jinja and plain elements; line numbers stay."""
    for pattern, replace in _FORM_ELEMENTS:
        text = pattern.sub(partial(_keeping_lines, replace), text)
    return text


def _keeping_lines(replace: "_Replace", hit: re.Match[str]) -> str:
    attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(hit[1])}
    content = hit[2] if hit.lastindex and hit.lastindex > 1 else ""
    result = replace(attributes, content)
    return result + "\n" * (hit[0].count("\n") - result.count("\n"))


_Replace = Callable[[dict[str, str], str], str]


def _check(attributes: dict[str, str], label: str) -> str:
    if "when" not in attributes:
        return UNTICKED + label
    condition = attributes["when"]
    return f"{{% if {condition} %}}<box>{TICKED}</box>{{% else %}}{UNTICKED}{{% endif %}}{label}"


def _lines(attributes: dict[str, str], _: str) -> str:
    least = attributes.get("least", "1")
    opening = f'<p class="{attributes.get("class", "line")}">'
    if "of" not in attributes:
        return f"{opening}</p>" * int(least)
    return f"{{% for 行 in ({attributes['of']})|分行({least}) %}}{opening}{{{{ 行 }}}}</p>{{% endfor %}}"


def _sign(attributes: dict[str, str], label: str) -> str:
    return f'{label}<blank width="{attributes.get("width", "6em")}"></blank>'


def _seal(_: dict[str, str], label: str) -> str:
    return label + fill_blank("")


def _blank(attributes: dict[str, str], content: str) -> str:
    width = int(float(attributes.get("width", "4em").removesuffix("em")))
    if not content.strip():
        content = fill_blank("", width)
    elif (single := _EXPRESSION.fullmatch(content)) and "{{" not in single[1]:
        content = f"{{{{ ({single[1].strip()})|空白({width}) }}}}"
    return f'<blank hint="{attributes.get("hint", "")}">{content}</blank>'


def _photo(attributes: dict[str, str], label: str) -> str:
    size = f'width="{attributes.get("width", "25mm")}" height="{attributes.get("height", "35mm")}"'
    source = f"{{{{ {attributes['of']} }}}}" if "of" in attributes else ""
    return f'<photo src="{source}" {size}>{label}</photo>'


def _merged_cell(attributes: dict[str, str], _: str) -> str:
    marks = {**attributes, "merge": "{{ 1 if loop.first else 0 }}"}
    return "<td " + " ".join(f'{name}="{value}"' for name, value in marks.items()) + ">"


_FORM_ELEMENTS: tuple[tuple[re.Pattern[str], _Replace], ...] = (
    (re.compile(rf"<check{_ATTRIBUTES}>(.*?)</check>", re.DOTALL), _check),
    (re.compile(rf"<lines{_ATTRIBUTES}/>", re.DOTALL), _lines),
    (re.compile(rf"<sign{_ATTRIBUTES}>(.*?)</sign>", re.DOTALL), _sign),
    (re.compile(rf"<seal{_ATTRIBUTES}>(.*?)</seal>", re.DOTALL), _seal),
    (re.compile(rf"<blank{_ATTRIBUTES}/>", re.DOTALL), lambda attributes, _: _blank(attributes, "")),
    (re.compile(rf"<blank{_ATTRIBUTES}>(.*?)</blank>", re.DOTALL), _blank),
    (re.compile(rf"<photo{_ATTRIBUTES}>(.*?)</photo>", re.DOTALL), _photo),
    (re.compile(rf'<td(?=[^<>]*\smerge="loop"){_ATTRIBUTES}>', re.DOTALL), _merged_cell),
)
