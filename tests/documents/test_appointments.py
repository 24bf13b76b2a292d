"""The documents of an appointment: a page for each judge, sums from the data, votes by the guideline's share."""

import io
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest

from generator.calendar import WorkCalendar
from generator.check.report import report_round
from generator.document.docx import write_docx
from generator.document.docx_text import docx_text
from generator.document.pdf import PdfWriter
from generator.document.source import Source
from generator.document.text import text_of
from generator.fonts import Faces
from generator.institution.load import load_institution
from generator.institution.world import Thing
from generator.pack.build import prepare
from generator.pack.materials import close_up
from generator.pack.press import Press
from generator.paths import policy_dir
from generator.policy.load import Policy
from tests.documents.conftest import ROOT, Example
from tests.documents.test_crowded import characters, lengthen
from tests.documents.test_forms import DAY

HOME = "示例装备制造有限公司"
NOW, CHIEF, SPECIAL = (f"{HOME}/{name}" for name in ("2026-appointment", "2023-chief", "2021-special"))
SHEETS = ("performance-score-sheet", "defence-score-sheet", "overall-score-sheet")


@pytest.fixture(scope="module")
def writer(faces: Faces) -> PdfWriter:
    return PdfWriter(faces)


def changed(policy: Policy, sources: Mapping[str, Source], change: Callable[[Thing], object]) -> Example:
    """Return the round of 2026 in a world of its own, changed before anything is looked up in it."""
    path: Path = ROOT / "institutions" / NOW
    institution = load_institution(path.parent, (path,), policy)
    change(institution.rounds[path])
    press = Press(policy, sources, WorkCalendar.load(policy_dir() / "calendar"))
    return Example(prepare(press, institution, path), institution.rounds[path])


def add_own_item(round_thing: Thing) -> None:
    """Let the enterprise list one scoring item of its own."""
    item = Thing(round_thing.world, "score_item", round_thing)
    item.facts |= {"module": "业绩评价", "name": "工艺革新", "points": Fraction(40), "criteria": "看革新的推广"}
    round_thing.world.add(item)


def pages_of(example: Example, name: str, writer: PdfWriter) -> list[str]:
    """Return the text of each page of the first document of a source."""
    pdf = writer.write([example.render(example.pieces[name])], day=DAY)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def said(example: Example, name: str) -> str:
    return text_of(example.render(example.pieces[name]))


def rows_of(thing: Thing, name: str) -> list[Thing]:
    found = thing.one(name)
    assert isinstance(found, list)
    assert found
    return found


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("round_", [NOW, CHIEF])
def test_each_judge_has_one_page_for_each_candidate(
    round_: str, sheet: str, examples: Mapping[str, Example], writer: PdfWriter
) -> None:
    example = examples[round_]
    judges = [str(member.one("staff")) for member in rows_of(example.thing, "voters")]
    pages = pages_of(example, sheet, writer)
    assert [judge in page for judge, page in zip(judges, pages, strict=True)] == [True] * len(judges)
    sheets = [piece for piece in example.plan.pieces() if piece.source.id == sheet]
    assert [piece.thing for piece in sheets] == rows_of(example.thing, "merit_nominees")


@pytest.mark.parametrize("round_", [NOW, CHIEF])
@pytest.mark.parametrize("name", ["committee-table", "ballot-count", "nominee-list", "publicity-notice"])
def test_a_table_of_the_round_is_one_page(
    round_: str, name: str, examples: Mapping[str, Example], writer: PdfWriter
) -> None:
    assert len(pages_of(examples[round_], name, writer)) == 1


@pytest.mark.parametrize("round_", [NOW, CHIEF])
def test_the_collation_gives_each_judge_a_sum_and_each_candidate_the_mean(
    round_: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_]
    rows = [line.split(" | ") for line in said(example, "score-collation").splitlines()]
    for candidate in rows_of(example.thing, "merit_nominees"):
        points: dict[str, Fraction] = {}
        for score in rows_of(candidate, "judge_scores"):
            judge, amount = str(score.one("judge")), score.one("points")
            assert isinstance(amount, Fraction)
            points[judge] = points.get(judge, Fraction(0)) + amount
        mean = sum(points.values()) / len(points)
        assert any(str(candidate) in row and float(row[-1]) == pytest.approx(float(mean), abs=0.005) for row in rows)
        assert [
            judge for judge, total in points.items() if not any(judge in r and r[-1] == str(total) for r in rows)
        ] == []


def test_a_vote_passes_at_the_share_of_the_guideline_and_not_below(examples: Mapping[str, Example]) -> None:
    counted = [line.split(" | ") for line in said(examples[NOW], "ballot-count").splitlines()]
    assert {row[1]: tuple(row[-2:]) for row in counted if row[-1] in ("通过", "未通过")} == {
        "冯国强": ("8/9", "通过"),
        "龚大为": ("6/9", "通过"),
        "裴文静": ("5/9", "未通过"),
    }


def test_ballots_are_as_many_as_members_and_bear_no_name(examples: Mapping[str, Example], writer: PdfWriter) -> None:
    example = examples[NOW]
    members = rows_of(example.thing, "voters")
    pages = pages_of(example, "ballot", writer)
    assert len(pages) == len(members)
    assert [str(m.one("staff")) for m in members if any(str(m.one("staff")) in page for page in pages)] == []


@pytest.mark.parametrize("round_", [NOW, CHIEF, SPECIAL])
def test_the_nominee_form_has_the_labels_of_its_day_in_their_order(
    round_: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_]
    form = example.binder.scene.guideline.records["forms"]["application-form"]
    text = "".join(said(example, "nominee-form").split())
    assert text.startswith(form.title)  # type: ignore[attr-defined]
    at = 0
    for field in form.fields:  # type: ignore[attr-defined]
        if field.fact != "photo":
            at = text.index(field.label, at) + len(field.label)
    others = {"省职业技能鉴定中心意见", "设区市行业主管部门或央企驻苏分支机构意见", "设区市人社部门鉴定机构意见"}
    assert [label for label in others - {f.label for f in form.fields} if label in text] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("round_", [NOW, CHIEF, SPECIAL])
def test_the_plan_has_a_section_for_each_content_in_the_order_of_the_guideline(
    round_: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_]
    content = example.binder.scene.guideline.contents["appointment-plan"]
    lines = said(example, "appointment-plan").splitlines()
    heads = [line.partition("、")[2] for line in lines if line.partition("、")[0] in "一二三四五六七八九十十一"]
    assert [head for head in heads if head] == [item.name for item in content.items]


def test_the_committee_table_sets_the_requirements_of_a_seat_beside_its_members(
    examples: Mapping[str, Example],
) -> None:
    example = examples[CHIEF]
    table = said(example, "committee-table")
    committee = example.binder.scene.guideline.records["committees"]["committee-table"]
    for seat in committee.seats:  # type: ignore[attr-defined]
        wanted = [seat.role, *(close_up(words) for words in (seat.holder, seat.qualification) if words)]
        assert any(all(word in line for word in wanted) for line in table.splitlines()), seat.role
    assert [str(m.one("staff")) for m in rows_of(example.thing, "committee") if str(m.one("staff")) not in table] == []


def test_scoring_items_of_the_enterprise_take_the_place_of_the_reference(
    policy: Policy, sources: Mapping[str, Source]
) -> None:
    own = changed(policy, sources, add_own_item)
    sheet = said(own, "performance-score-sheet")
    assert "工艺革新 | 看革新的推广 | 40分" in sheet
    assert "近5年效益" not in sheet
    assert "传技带徒" in said(own, "overall-score-sheet")


@pytest.mark.parametrize(
    "name", ["nominee-form", "committee-table", "score-collation", "appointment-agreement", *SHEETS]
)
def test_overlong_data_loses_no_character(
    policy: Policy, sources: Mapping[str, Source], name: str, writer: PdfWriter
) -> None:
    own = changed(policy, sources, lambda round_thing: lengthen(round_thing.world))
    document = own.render(own.pieces[name])
    expected = characters(text_of(document))
    pdf = writer.write([document], day=DAY)
    printed = characters("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))
    assert not expected - characters(docx_text(write_docx(document, day=DAY)))
    assert not expected - printed


@pytest.mark.parametrize("round_", [NOW, CHIEF, SPECIAL])
def test_the_enterprise_meets_every_rule_and_leaves_nothing_unchecked(
    round_: str, examples: Mapping[str, Example]
) -> None:
    binder = examples[round_].binder
    report = report_round(binder.institution, examples[round_].thing, binder.scene, today=binder.day)
    settled = ("pass", "not-applicable")
    assert [f"{finding.rule}: {finding.status}" for finding in report.findings if finding.status not in settled] == []
    assert binder.institution.doubts == ()
