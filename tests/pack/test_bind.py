"""What is made for each candidate is also bound into one PDF, in the order of the roster."""

import json
from pathlib import Path

import pypdf
import pytest

from generator.document.export import export_template
from generator.pack.plan import load_sources
from tests.pack.conftest import ROOT, ROUND, Run, read_tree

ONLY = ("--only", "application-form", "--only", "work-plan", "--format", "pdf")
BOUND = "（合订）.pdf"


def words(path: Path) -> str:
    """Return the text of a PDF without its spaces."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


def volume_in(folder: Path) -> Path:
    """Return the only volume of a pack."""
    (found,) = folder.glob(f"*{BOUND}")
    return found


@pytest.fixture
def pack(school: Path, run: Run, tmp_path: Path) -> Path:
    """Return the folder of a pack built with its volumes."""
    done = run("build", str(school), "--to", "out", *ONLY, "--bind")
    assert done.returncode == 0, done.stderr
    return tmp_path / "out" / "学校" / ROUND


def test_a_volume_holds_all_forms_of_the_roster_in_its_order_and_stands_in_the_manifest(pack: Path) -> None:
    volume = volume_in(pack)
    singles = sorted((pack / volume.name.removesuffix(BOUND)).glob("*.pdf"))
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))

    assert len(singles) == 4
    assert words(volume) == "".join(map(words, singles))
    assert volume.name in manifest["files"]
    root = pypdf.PdfReader(volume).root_object
    assert "/StructTreeRoot" in root


def test_a_volume_that_is_current_is_left_alone_and_goes_with_the_option(school: Path, pack: Path, run: Run) -> None:
    volume, tree = volume_in(pack), read_tree(pack)
    stamp = volume.stat().st_mtime_ns

    run("build", str(school), "--to", "out", *ONLY, "--bind")
    assert read_tree(pack) == tree
    assert volume.stat().st_mtime_ns == stamp

    run("build", str(school), "--to", "out", *ONLY)
    assert not volume.exists()


def test_volumes_are_the_same_whatever_the_folder_and_the_number_of_processes(
    school: Path, pack: Path, run: Run, tmp_path: Path
) -> None:
    run("build", str(school), "--to", "two", *ONLY, "--bind", "--jobs", "2", TZ="Asia/Tokyo", PYTHONHASHSEED="7")

    assert volume_in(tmp_path / "two" / "学校" / ROUND).read_bytes() == volume_in(pack).read_bytes()


def test_a_changed_candidate_changes_the_volume(school: Path, pack: Path, run: Run) -> None:
    before = volume_in(pack).read_bytes()
    roster = school / ROUND / "考生.csv"
    lines = roster.read_text(encoding="utf-8").splitlines()
    name = next(path.stem.split()[1] for path in sorted(pack.glob("*/*.pdf")))
    roster.write_text("\n".join(lines).replace(name, "司马更名"), encoding="utf-8")

    run("build", str(school), "--to", "out", *ONLY, "--bind")

    assert volume_in(pack).read_bytes() != before
    assert "司马更名" in words(volume_in(pack))


def test_forms_of_ones_own_are_not_bound_and_the_user_is_told(school: Path, run: Run, tmp_path: Path) -> None:
    (school / "templates").mkdir()
    template = export_template(load_sources(ROOT / "templates")["application-form"])
    (school / "templates" / "application-form.docx").write_bytes(template)

    done = run("build", str(school), "--to", "out", *ONLY[:2], "--format", "docx,pdf", "--bind", PATH="/nowhere")

    assert done.returncode == 0, done.stderr
    assert "不能合订" in done.stdout
    assert not list(tmp_path.rglob(f"*{BOUND}"))


def test_volumes_without_pdf_are_refused(school: Path, run: Run) -> None:
    done = run("build", str(school), "--format", "docx", "--bind")

    assert done.returncode == 2
    assert "--format" in done.stderr
