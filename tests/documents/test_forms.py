"""The forms of a pack: on one page with normal content, growing with long content, and never losing a character."""

import io
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pypdf
import pytest

from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import Source
from generator.document.text import text_of
from generator.document.tree import Cell, Document, Group, Row, Table, Tag
from generator.fonts import Faces
from generator.institution.world import Thing
from generator.pack.context import describe_guideline
from generator.pack.trial import blank_context
from generator.policy.load import Policy
from generator.policy.values import Quantity
from tests.document.samples import bare
from tests.documents.conftest import Example

DAY = date(2026, 10, 12)
AUTUMN, TECHNICIAN = "示例技师学院/2026-autumn", "示例技师学院/2026-technician"
FORMS = (
    "application-form",
    "assessor-report",
    "computer-backup",
    "dispatch-order",
    "paper-handover",
    "performance-sheet",
    "practical-score-sheet",
    "room-record",
    "sample-papers",
    "score-confirmation",
    "score-summary",
    "sign-in",
    "supervision-report",
    "video-note",
    "workpiece-custody",
)
NORMAL = [*((AUTUMN, form) for form in FORMS), *((TECHNICIAN, form) for form in ("application-form", "review-summary"))]
LONG = [*FORMS, "certificate-approval"]


@pytest.fixture(scope="module")
def writer(faces: Faces) -> PdfWriter:
    return PdfWriter(faces)


def seat_member(round_thing: Thing, name: str) -> Thing:
    """Return a new person who holds a seat of the round's committee."""
    world = round_thing.world
    person, seat = (Thing(world, entity, round_thing) for entity in ("staff_member", "committee_member"))
    person.facts["name"] = name
    seat.facts |= {"staff": world.add(person), "role": "committee-member"}
    world.add(seat)
    return person


def pages_of(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def cells_of(document: Document) -> list[Cell]:
    rows = (
        row
        for block in document.blocks
        if isinstance(block, Table)
        for group in block.groups
        if isinstance(group, Group)
        for row in group.rows
    )
    return [cell for row in rows if isinstance(row, Row) for cell in row.cells]


@pytest.mark.parametrize(("round_name", "form"), NORMAL)
def test_a_form_with_normal_content_is_one_page(
    round_name: str, form: str, examples: Mapping[str, Example], writer: PdfWriter
) -> None:
    example = examples[round_name]
    assert pages_of(writer.write([example.render(example.pieces[form])], day=DAY)) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_form_is_one_page(form: str, policy: Policy, sources: Mapping[str, Source], writer: PdfWriter) -> None:
    source = sources[form]
    document = render(source, blank_context(policy, policy.guideline("jiangsu/school"), source.scope))
    assert pages_of(writer.write([document], day=DAY)) == 1


def test_the_approval_is_one_page_and_the_roster_follows_with_every_certified_candidate(
    examples: Mapping[str, Example], writer: PdfWriter
) -> None:
    example = examples[AUTUMN]
    pdf = writer.write([example.render(example.pieces["certificate-approval"])], day=DAY)
    first, *roster = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "认定负责人签名" in first
    assert "获证人员名册" in roster[0]
    certified = example.thing.one("certified")
    assert isinstance(certified, list)
    assert certified
    listed = "".join(roster)
    assert [c.key for c in certified if str(c.one("id_no")) not in listed] == []


def test_identity_numbers_stand_only_in_the_forms_that_need_them(examples: Mapping[str, Example]) -> None:
    example = examples[AUTUMN]
    ids = {str(c.one("id_no")) for c in example.binder.institution.world.things["candidate"]}
    shown = {
        form
        for form in LONG
        if form in example.pieces and any(number in text_of(example.render(example.pieces[form])) for number in ids)
    }
    assert shown == {"application-form", "certificate-approval"}


def test_scores_by_credits_are_marked_and_absence_is_written(examples: Mapping[str, Example]) -> None:
    example = examples[AUTUMN]
    summaries = [piece for piece in example.plan.pieces() if piece.source.id == "score-summary"]
    waived, examined = (text_of(example.render(piece)) for piece in summaries)
    assert [word for word in ("成绩※", "※ 免理论知识考试", "缺考") if word not in waived] == []
    assert "※" not in examined


def test_a_score_sheet_has_a_row_for_each_judge_of_each_module(examples: Mapping[str, Example]) -> None:
    example = examples[AUTUMN]
    piece = example.pieces["practical-score-sheet"]
    document = example.render(piece)
    session = piece.thing.one("practical_session")
    judges = [str(member.follow("staff.name")) for member in session.one("panel")]  # type: ignore[attr-defined]
    modules = piece.thing.follow("occupation.modules")
    assert isinstance(modules, list)
    texts = [text_of(Document((Table((100,), (Group((Row((cell,)),)),)),), "")).strip() for cell in cells_of(document)]
    assert [texts.count(judge) for judge in judges] == [len(modules)] * len(judges)


def test_the_number_of_judges_comes_from_the_guideline(policy: Policy, sources: Mapping[str, Source]) -> None:
    guideline = policy.guideline("jiangsu/school")
    source = sources["dispatch-order"]
    context = blank_context(policy, guideline, source.scope)
    rule = guideline.rules["staff#panel-size"]
    stricter = rule.model_copy(update={"values": {**rule.values, "members": Quantity(Fraction(7), "人")}})
    rules = {**guideline.rules, "staff#panel-size": stricter}
    told = describe_guideline(policy, type(guideline)(**{**vars(guideline), "rules": rules}))
    assert "不少于7人" in bare(text_of(render(source, {**context, **told})))
    assert "不少于7人" not in bare(text_of(render(source, context)))


@pytest.mark.parametrize("guideline", ["jiangsu/chief-pilot-2023", "jiangsu/special-and-chief"])
def test_a_committee_table_joins_the_members_of_a_seat(
    guideline: str, policy: Policy, sources: Mapping[str, Source]
) -> None:
    context = blank_context(policy, policy.guideline(guideline), "round")
    round_thing = context["批次"]
    members = [seat_member(round_thing, f"委员{number}") for number in range(1, 6)]
    document = render(sources["committee-table"], context)
    table = text_of(document)
    assert [str(member) for member in members if str(member) not in table] == []
    assert [cell.rows for cell in cells_of(document) if cell.rows == len(members)] == [len(members)] * 4


def test_a_banded_score_sheet_carries_every_band_beside_its_item(
    policy: Policy, sources: Mapping[str, Source], writer: PdfWriter
) -> None:
    guideline = policy.guideline("jiangsu/chief-pilot-2023")
    source = sources["performance-score-sheet"]
    document = render(source, blank_context(policy, guideline, source.scope))
    sheet = guideline.records["sheets"]["performance-score-sheet"]
    items = [item for module in sheet.modules for item in module.items]  # type: ignore[attr-defined]
    text = bare(text_of(document))
    assert [band.says for item in items for band in item.bands if bare(band.says) not in text] == []
    joined = [cell.rows for cell in cells_of(document) if cell.rows > 1]
    assert joined == [len(item.bands) for item in items for _ in range(2)]
    assert pages_of(writer.write([document], day=DAY)) == 1


@pytest.mark.parametrize("form", [*FORMS, "certificate-approval", "review-summary"])
def test_tables_repeat_their_heads_and_keep_no_tags(form: str, examples: Mapping[str, Example]) -> None:
    example = examples[TECHNICIAN if form == "review-summary" else AUTUMN]
    tables = [block for block in example.render(example.pieces[form]).blocks if isinstance(block, Table)]
    listing = [table for table in tables if table.kind == "grid" and len(table.groups) > 2]
    assert all(isinstance(table.groups[0], Group) and table.groups[0].heading for table in listing)
    assert not any(isinstance(group, Tag) for table in tables for group in table.groups)


@pytest.mark.parametrize("round_name", [AUTUMN, "示例精工机械公司/2026-level4"])
def test_the_annotated_face_cites_the_clauses_of_its_guideline_and_no_others(
    round_name: str, examples: Mapping[str, Example]
) -> None:
    example = examples[round_name]
    piece, binder = example.pieces["supervision-report"], example.binder
    document = render(piece.source, example.context(piece), face="annotated", cite=binder.cite)
    cited = [line for line in text_of(document).splitlines() if line.startswith("依据：")]
    parts = [part for line in cited for part in line.removeprefix("依据：").split("；")]
    own = tuple(f" {binder.press.policy.duties[rule]}" for rule in binder.scene.guideline.rules)
    assert parts
    assert [part for part in parts if not part.endswith(own)] == []
