"""A pack is redone when something it was made from has changed, and only then."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.calendar import WorkCalendar
from generator.document.source import Source
from generator.institution.load import load_institution
from generator.pack import current
from generator.pack.build import Built, build_round
from generator.pack.current import count_current, hash_data
from generator.pack.many import ignore_progress
from generator.pack.plan import load_sources
from generator.pack.press import Options, Press
from generator.paths import templates_dir
from generator.policy.load import open_policy
from tests.pack.conftest import ROOT, ROUND, copy_school

ONLY = ("sign-in", "retention-checklist", "work-plan")


@cache
def all_sources() -> Mapping[str, Source]:
    """Return the document sources."""
    return load_sources(templates_dir())


class Desk:
    """A copy of the policy, an institution, and its pack."""

    def __init__(self, folder: Path) -> None:
        self.policy = folder / "policy"
        self.school = folder / "学校"
        self.out = folder / "out"
        self.options = Options(("docx",), ONLY)

    def press(self) -> Press:
        """Return a press that has read the policy afresh."""
        policy = open_policy(self.policy)
        return Press(policy, all_sources(), WorkCalendar.load(self.policy / "calendar"), self.options)

    def build(self) -> Built:
        """Build the pack."""
        press, path = self.press(), self.school / ROUND
        return build_round(press, load_institution(self.school, (path,), press.policy), path, self.out, ignore_progress)

    def count(self, press: Press | None = None) -> int | None:
        """Return how many files are proven current."""
        return count_current(press or self.press(), hash_data(self.school), self.out)

    def append(self, path: str, text: str = "# 注\n") -> None:
        """Write something more at the end of a file of the policy."""
        file = self.policy / path
        file.write_text(file.read_text("utf-8") + text, encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "policy", folder / "policy")
    copy_school(folder / "学校")
    Desk(folder).build()
    return folder


@pytest.fixture
def desk(built_once: Path, tmp_path: Path) -> Desk:
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


CHANGES: dict[str, Callable[[Desk], object]] = {
    "its guideline": lambda desk: desk.append("jiangsu/school/materials.yaml"),
    "the words all guidelines share": lambda desk: desk.append("terms/retention.yaml"),
    "the texts that are cited": lambda desk: desk.append("references.yaml"),
    "the calendar": lambda desk: desk.append("calendar/2005.yaml"),
    "a fact": lambda desk: (desk.school / "answers.yaml").write_text("{}\n", encoding="utf-8"),
    "a new file of the institution": lambda desk: (desk.school / "filing" / "新.csv").write_bytes(b""),
    "a file of the pack that is damaged": lambda desk: next(desk.out.rglob("*.docx")).write_bytes(b""),
    "a file of the pack that is gone": lambda desk: next(desk.out.rglob("*.docx")).unlink(),
    "a manifest that cannot be read": lambda desk: (desk.out / "manifest.json").write_bytes(b"{"),
}
ASKS = {
    "other formats": Options(("docx", "pdf"), ONLY),
    "other documents": Options(("docx",), ONLY[:1]),
    "another face": Options(("docx",), ONLY, face="annotated"),
    "an archive": Options(("docx",), ONLY, zip=True),
    "all to be redone": Options(("docx",), ONLY, force=True),
}


def test_a_pack_is_current_when_nothing_has_changed(desk: Desk) -> None:
    assert desk.count() == len([path for path in desk.out.rglob("*") if path.is_file()]) - 1
    assert desk.build().written == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_pack_is_not_current_once_what_it_is_made_of_has_changed(
    desk: Desk, change: Callable[[Desk], object]
) -> None:
    change(desk)

    assert desk.count() is None


@pytest.mark.parametrize("options", ASKS.values(), ids=ASKS)
def test_a_pack_is_not_current_when_something_else_is_asked_for(desk: Desk, options: Options) -> None:
    desk.options = options

    assert desk.count() is None


@pytest.mark.parametrize("part", ["program_hash", "face_hash"])
def test_a_pack_is_not_current_once_program_or_fonts_have_changed(
    desk: Desk, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.options = Options(("docx", "pdf"), ONLY[:1])
    desk.build()
    assert desk.count()

    monkeypatch.setattr(current, part, lambda: "other")

    assert desk.count() is None


@pytest.mark.parametrize("part", ["title", "look", "body"])
def test_a_pack_is_not_current_once_a_template_has_changed(desk: Desk, part: str) -> None:
    press = desk.press()
    source = press.sources["sign-in"]
    told: dict[str, Any] = {
        "title": "另一个名称",
        "look": "official",
        "body": replace(source.body, text=source.body.text + "<p>多</p>"),
    }
    sources = {**press.sources, "sign-in": replace(source, **{part: told[part]})}

    assert desk.count(press)
    assert desk.count(replace(press, sources=sources, told={})) is None


def test_another_guideline_may_change_as_it_likes(desk: Desk) -> None:
    for path in ("jiangsu/employer/materials.yaml", "jilin/rules-2024/guideline.yaml"):
        desk.append(path)
    desk.append("jiangsu/third-party/forms.yaml", "这一行不是数据\n")

    assert desk.count()
    assert desk.build().written == 0


def test_a_changed_number_redoes_only_the_documents_that_print_it(desk: Desk) -> None:
    before = {path: path.stat().st_mtime_ns for path in desk.out.rglob("*.docx")}
    materials = desk.policy / "jiangsu/school/materials.yaml"
    text = materials.read_text("utf-8")
    changed = text.replace("retention: 1-year", "retention: permanent", 1)
    assert changed != text
    materials.write_text(changed, encoding="utf-8", newline="\n")

    built = desk.build()

    redone = {path.name for path, then in before.items() if path.stat().st_mtime_ns != then}
    assert built.written
    assert any("保存" in name for name in redone)
    assert not any("签到" in name for name in redone)


def test_a_pack_that_lacks_a_pdf_is_looked_at_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.options = Options(("docx", "pdf"), ONLY[:1])
    monkeypatch.setattr("generator.pack.write.printer", lambda: None)
    assert desk.build().withheld
    monkeypatch.undo()

    assert desk.count() is None
    assert not desk.build().withheld
    assert desk.count()


def test_an_archive_is_proven_as_the_files_are(desk: Desk) -> None:
    desk.options = Options(("docx",), ONLY, zip=True)
    desk.build()
    assert desk.count()

    desk.out.with_name("out.zip").write_bytes(b"damaged")

    assert desk.count() is None


@pytest.mark.parametrize("path", ["../outside.txt", "/outside.txt", "a/../../outside.txt"])
def test_a_manifest_that_speaks_of_files_elsewhere_removes_nothing(desk: Desk, path: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("留着", encoding="utf-8")
    manifest = desk.out / "manifest.json"
    named = path if path[0] != "/" else str(outside)
    entry = f'"{named}": {{"made_from": "", "path": "{named}", "reproducible": true, "sha256": ""}},'
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace('"files": {', f'"files": {{{entry}', 1), encoding="utf-8")

    desk.build()

    assert outside.read_text(encoding="utf-8") == "留着"
