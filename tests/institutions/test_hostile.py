"""Hostile data: in every field of the dictionary, from every kind of file, it stays letter for letter or is refused."""

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.institution.folders import find_targets
from generator.institution.load import Institution, load_institution
from generator.policy.vocabulary import DataField, Entity
from generator.problems import KaowuError, Problem
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook
from tests.institutions.support import whole_policy

HOSTILE = [
    "</w:t>", "<w:p/>&amp;&#65;", "{{ 7*7 }}", "{% raw %}{%p if %}", "=HYPERLINK(\"x\")", "+1+cmd|' /C calc'!A0",
    "https://school.example/?a=1&b=2", "'; DROP TABLE x", "..\\..\\etc/passwd", "%s%n", "_x0041_", "{0.__class__}",
    "a\u202eb\u200bc\u00a0d", "𠮷䶮👩‍🏫", "ʼn" * 400, "true", "null", "1e5", "010", "12:30", "2026-02-30", "NaN", "是",
]  # fmt: skip
CONTROL = ["a\x00b", "a\x08b", "a\x1bb", "a\ufffeb", "a\ud800b"]
CANARY = "320000200901010013"
CANARIES = [
    CANARY, "320000 20090101 0013", "320000-20090101-0013", "３２００００２００９０１０１００１３",
    CANARY[:17], f"{CANARY[:17]}x", f"身份证{CANARY}", f"0{CANARY}",
]  # fmt: skip
Fill = Callable[[str, Entity, str, DataField], str]


def load(folder: Path) -> Institution:
    (target,) = find_targets([folder])
    return load_institution(target.folder, target.rounds, whole_policy())


def fill(entity: Entity, value: Callable[[str, DataField], str | None]) -> dict[str, str]:
    """Return label → value for the fields of an entity that get one."""
    filled = ((field.label, value(name, field)) for name, field in entity.fields.items())
    return {label: text for label, text in filled if text is not None}


def write_school(folder: Path, kind: str, value: Callable[[str, DataField], str | None]) -> None:
    """Write an institution with one thing of every entity, as YAML, CSV or workbooks."""
    for path, name, stated in pages(folder):
        entity = whole_policy().entities[name]
        facts = {**fill(entity, value), **stated}
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "xlsx":
            path.with_suffix(".xlsx").write_bytes(workbook(entity.label, ["项目", "内容"], list(facts.items())))
        else:
            lines = (f"{json.dumps(label)}: {json.dumps(text, ensure_ascii=False)}\n" for label, text in facts.items())
            path.write_bytes("".join(lines).encode("utf-8", "surrogatepass"))
    for entity in whole_policy().entities.values():
        for sheet in entity.sheets:
            write_sheet(folder, kind, sheet, entity, fill(entity, value))


def pages(folder: Path) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Yield the pages with what must stand in them."""
    yield folder / "institution.yaml", "institution", {}
    yield folder / "filing" / "filing.yaml", "filing", {}
    yield folder / "批次" / "round.yaml", "round", {"指引": "jiangsu/school"}


def write_sheet(folder: Path, kind: str, sheet: str, entity: Entity, row: dict[str, str]) -> None:
    """Write a sheet of one row where it belongs."""
    home = folder if entity.parent in ("institution", "filing") else folder / "批次"
    path = home / entity.file.replace("*", "成绩")
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        path = home / "scores" / "成绩.xlsx" if "*" in entity.file else path.with_name(f"{sheet}.csv")
    if kind == "xlsx" and path.suffix == ".xlsx":
        path.write_bytes(workbook(sheet, list(row), [tuple(row.values())]))
        return
    with path.with_name(f"{sheet}.csv").open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])


def workbook(sheet: str, headings: list[str], rows: list[tuple[str, ...]]) -> bytes:
    """Return a workbook of one sheet, all text."""
    return write_workbook([SheetSpec(sheet, [ColumnSpec(heading, text=True) for heading in headings], rows)])


def texts(value: str) -> Callable[[str, DataField], str | None]:
    """Return a filling that puts the value into every field that holds plain text."""
    return lambda _name, field: value if field.type in ("text", "phone") and not field.many else needed(field)


def needed(field: DataField) -> str | None:
    """Return nothing, so that only plain text is tried; a required column must be there all the same."""
    return "" if field.required else None


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_stays_letter_for_letter_in_every_text_field(tmp_path: Path, kind: str, value: str) -> None:
    write_school(tmp_path / "校", kind, texts(value))
    institution = load(tmp_path / "校")
    for entity, things in institution.world.things.items():
        fields = institution.world.entities[entity].fields
        plain = [name for name, field in fields.items() if field.type in ("text", "phone") and not field.many]
        assert things or not plain, f"{entity} was not read"
        for thing in things:
            found = {name: thing.facts.get(name) for name in plain if (entity, name) != ("round", "guideline")}
            assert set(found.values()) <= {value}, f"{entity}: {found}"


@pytest.mark.parametrize("kind", ["yaml", "csv"])
@pytest.mark.parametrize("value", CONTROL)
def test_what_no_document_can_hold_is_refused_where_it_stands(tmp_path: Path, kind: str, value: str) -> None:
    folder = tmp_path / "校"
    write_school(folder, kind, texts("好"))
    path = folder / "institution.yaml" if kind == "yaml" else folder / "批次" / "考场.csv"
    raw = path.read_bytes().replace("好".encode(), value.encode("utf-8", "surrogatepass"))
    path.write_bytes(raw.replace(b"\\", b""))
    with pytest.raises(KaowuError) as refused:
        load(folder)
    assert {problem.place.file for problem in refused.value.problems} == {path.relative_to(tmp_path).as_posix()}


TYPED = sorted({field.type for entity in whole_policy().entities.values() for field in entity.fields.values()})


@pytest.mark.parametrize("value", [*HOSTILE[:12], *CANARIES])
@pytest.mark.parametrize("type_", [name for name in TYPED if name not in ("text", "phone")])
def test_hostile_data_in_a_typed_field_is_refused_or_doubted(tmp_path: Path, type_: str, value: str) -> None:
    write_school(
        tmp_path / "校", "yaml", lambda _name, field: value if field.type == type_ else needed_key(_name, field)
    )
    institution, problems = try_to_load(tmp_path / "校")
    if type_ == "photo":  # a file's name, which the photo folder states
        return
    if type_ in ("id", "credit-code") and value in CANARIES[:4]:
        assert institution
    else:
        assert problems
    assert all(problem.place.file.startswith("校/") for problem in problems)


def needed_key(name: str, field: DataField) -> str | None:
    """Return a key for fields that identify a row."""
    return f"甲{name}" if field.required and field.type == "text" else needed(field)


def try_to_load(folder: Path) -> tuple[Institution | None, list[Problem]]:
    """Return what was loaded, if it was, and all problems and doubts."""
    try:
        institution = load(folder)
    except KaowuError as error:
        return None, list(error.problems)
    return institution, list(institution.doubts)


@pytest.mark.parametrize("value", CANARIES)
def test_no_message_repeats_an_id_wherever_it_stands(tmp_path: Path, value: str) -> None:
    problems: list[Problem] = []
    for kind in ("yaml", "xlsx"):
        folder = tmp_path / kind
        write_school(folder, kind, lambda _name, _field: value)
        problems += try_to_load(folder)[1]
    sheet = tmp_path / "yaml" / "批次" / "考生.csv"
    for text in (
        f"{value},{value}\n{value},\n",
        f"考生编号,姓名\n{value},王\n{value},王\n",
        f"{value},考生编号,{value}\n1,1\n",
    ):
        sheet.write_text(text, "utf-8")
        problems += try_to_load(tmp_path / "yaml")[1]
    for text in (f"'{value}': 1\n'{value}': 2\n", f"- {{规则: '{value}', 回答: '{value}', '{value}': 1}}\n"):
        (tmp_path / "yaml" / "institution.yaml").write_text(text, "utf-8")
        (tmp_path / "yaml" / "answers.yaml").write_text(text, "utf-8")
        problems += try_to_load(tmp_path / "yaml")[1]
    assert len(problems) > 50
    for problem in problems:
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", f"{problem.what}{problem.remedy}"))
        assert CANARY[:14] not in digits, str(problem)
