"""The self-assessment follows the sheet of the institution's own kind."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.calendar import WorkCalendar
from generator.document.source import Source
from generator.document.text import text_of
from generator.institution.load import load_institution
from generator.pack.build import prepare
from generator.pack.press import Press
from generator.paths import policy_dir
from generator.policy.load import Policy
from generator.policy.records import Sheet
from tests.documents.conftest import ROOT, Example

EMPLOYER = ROOT / "institutions" / "示例重型机械公司2020"
SHEETS = {"用人单位": "employer-assessment", "第三方评价机构": "third-party-assessment"}


@pytest.mark.parametrize("kind", SHEETS)
def test_each_kind_assesses_itself_by_its_own_sheet_whole(
    kind: str, tmp_path: Path, policy: Policy, sources: Mapping[str, Source]
) -> None:
    folder = tmp_path / "单位"
    shutil.copytree(EMPLOYER, folder)
    page = folder / "institution.yaml"
    page.write_text(page.read_text("utf-8").replace("机构类型: 用人单位", f"机构类型: {kind}"), "utf-8")
    path = folder / "2020-autumn"
    institution = load_institution(folder, (path,), policy)
    press = Press(policy, sources, WorkCalendar.load(policy_dir() / "calendar"))
    example = Example(prepare(press, institution, path), institution.rounds[path])

    text = "".join(text_of(example.render(example.pieces["self-assessment"])).split())

    sheets = policy.guideline("jiangsu/rules-2019").of_kind("sheets", Sheet)
    assert not [words for words in words_of(sheets[SHEETS[kind]]) if words not in text]
    others = next(sheets[name] for other, name in SHEETS.items() if other != kind)
    assert others.title not in text
    assert ("没有这一项，评估不通过" in text) is (kind == "第三方评价机构")


def words_of(sheet: Sheet) -> list[str]:
    """Return all that a sheet asks, without white space."""
    items = [item for module in sheet.modules for item in module.items]
    words = [sheet.title, *(module.name for module in sheet.modules), *(item.name for item in items)]
    words += [says for item in items for says in (item.says, *(part.says for part in item.parts)) if says]
    return ["".join(text.split()) for text in words]
