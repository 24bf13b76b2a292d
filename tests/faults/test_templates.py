"""A Word template that would never end, or would fill the memory, is stopped, and its place is named."""

import io
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from generator.archives import unpack
from generator.document.export import export_template
from generator.document.package import pack
from generator.document.source import load_source
from tests.faults.conftest import MEGABYTE, ROOT, Run
from tests.faults.hostile_files import DOCTYPE, lying, noise, sparse, twice

DOCUMENT = "sign-in"
MOST = 1500
OPENED = "".join("{%% for 甲%d in 材料 %%}" % n for n in range(12))  # noqa: UP031 - braces everywhere
CLOSED = "{% endfor %}" * 12
DOUBLED = "{% set 甲 = '一二三四五六七八九十' %}" + "{% set 甲 = 甲 ~ 甲 %}" * 60
ENDLESS = {
    "loop in loop": (f"{OPENED}{CLOSED}", "循环"),
    "loop in loop with text": (f"{OPENED}文字{CLOSED}", "循环|写出"),
    "loop with a test that is never true": ("{% for 甲 in 材料 %}"
        + OPENED + "{% for 乙 in 材料 if 1 == 2 %}{% endfor %}" + CLOSED + "{% endfor %}", "循环"),
    "text put to itself": (DOUBLED, "拼成"),
    "texts joined": ("{% set 甲 = ['一二三四五六七八九十']|join %}"
        + "{% set 甲 = [甲, 甲, 甲, 甲, 甲, 甲, 甲, 甲]|join %}" * 30, "拼成"),
    "blanks without end": ("{{ '甲'|空白(1000000000) }}", "补足"),
    "rows without end": ("{% for 甲 in []|pad(1000000000) %}{% endfor %}", "补足"),
    "rows in digits without end": ("{% for 甲 in []|pad('" + "9" * 5000 + "') %}{% endfor %}", "补足"),
    "lines without end": ("{% for 甲 in '甲'|分行(1000000000) %}{% endfor %}", "补足"),
    "a macro of itself": ("{% macro 甲() %}{{ 甲() }}{% endmacro %}{{ 甲() }}", "macro|调用"),
    "a block of itself": ("{% block 甲 %}{{ self.甲() }}{% endblock %}", "block|调用"),
    "a text of captured texts": ("{% set 甲 %}文{% endset %}" + "{% set 甲 %}{{ 甲 }}{{ 甲 }}{% endset %}" * 50, "set"),
    "another file": ("{% include '/etc/passwd' %}", "include"),
    "another template": ("{% extends '/etc/passwd' %}", "extends"),
    "loop of a loop": ("{% for 甲 in [1] recursive %}{{ loop([甲]) }}{% endfor %}", "调用"),
    "deep expressions": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", ""),
    "deep conditions": ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, ""),
    "a number without end": ("{{ " + "9" * 100_000 + " }}", ""),
}  # fmt: skip


@cache
def exported() -> dict[str, bytes]:
    """Return the parts of the template as a user would export it."""
    return unpack(export_template(load_source(ROOT / "templates" / DOCUMENT)))


def with_text(text: str) -> bytes:
    """Return the template with a paragraph before its first."""
    parts = dict(exported())
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    paragraph = f"<w:body><w:p><w:r><w:t>{escaped}</w:t></w:r></w:p>"
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", paragraph.encode(), 1)
    assert parts["word/document.xml"] != exported()["word/document.xml"]
    return pack(parts)


def put(school: Path, docx: bytes) -> None:
    """Put a template of the user's own."""
    (school / "templates").mkdir()
    (school / "templates" / f"{DOCUMENT}.docx").write_bytes(docx)


@pytest.mark.parametrize("name", ENDLESS)
def test_a_template_that_never_ends_is_stopped_where_it_runs_away(name: str, school: Path, run: Run) -> None:
    text, words = ENDLESS[name]
    put(school, with_text(text))
    ended = run("build", school, "--only", DOCUMENT, "--to", "out", "--format", "docx")
    assert ended.status in (0, 1, 2), ended.stderr[-500:]
    assert "Traceback" not in ended.stderr, ended.stderr[-800:]
    assert "程序出错" not in ended.stderr + ended.stdout, ended.stderr[-800:]
    assert f"{DOCUMENT}.docx" in ended.stderr, ended.stderr[-800:]
    assert ended.megabytes < MOST
    assert any(word in ended.stderr for word in words.split("|")), ended.stderr[-800:]


def test_a_good_template_is_filled(school: Path, run: Run) -> None:
    put(school, with_text("{% for 甲 in 材料 %}{{ 甲 ~ '、' }}{% endfor %}"))
    ended = run("build", school, "--only", DOCUMENT, "--to", "out", "--format", "docx")
    assert ended.status == 0, ended.stderr


def external() -> bytes:
    """Return the template with a part of its own document type."""
    parts = dict(exported())
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"?>", b"?>" + DOCTYPE.encode(), 1)
    return pack(parts)


def noise_of_template(seed: int) -> bytes:
    """Return the template with a hundredth of its bytes changed."""
    return noise(pack(exported()), seed)


BOMBS: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: sparse(350),
    "lying": lambda: lying(exported(), "word/media/a.xml", 400),
    "a part twice": lambda: twice(exported(), "word/document.xml"),
    "entities": external,
    "deep": lambda: pack({**exported(), "word/document.xml": exported()["word/document.xml"].replace(
        b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 50_000 + b"</w:sdtContent></w:sdt>" * 50_000)}),
    "no document": lambda: pack({"a": b""}),
    "half": lambda: pack(exported())[:3000],
    **{f"noise {seed}": partial(noise_of_template, seed) for seed in range(6)},
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_template_that_is_a_bomb_is_refused_and_named(name: str, school: Path, run: Run) -> None:
    put(school, BOMBS[name]())
    ended = run("build", school, "--only", DOCUMENT, "--to", "out", "--format", "docx")
    assert ended.status == 2, ended.stdout
    assert f"{DOCUMENT}.docx" in ended.stderr, ended.stderr[-800:]
    assert "Traceback" not in ended.stderr
    assert "程序出错" not in ended.stderr, ended.stderr[-800:]
    assert ended.megabytes < MOST


def test_bombs_are_bombs() -> None:
    small = sparse(350)
    assert len(small) < MEGABYTE
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 300 * MEGABYTE
