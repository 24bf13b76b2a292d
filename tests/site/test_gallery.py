"""The gallery: samples filled, annotated and blank, a picture of the first page, archives; nothing made twice."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from generator.calendar import WorkCalendar
from generator.fonts import Faces
from generator.institution.load import load_institution
from generator.pack.plan import load_sources
from generator.paths import policy_dir, templates_dir
from generator.policy.load import load_policy
from generator.site.gallery import write_gallery
from generator.site.shelf import Shelf

ROOT = Path(__file__).resolve().parents[2]
FEW = ("room-record", "sign-in", "work-plan")
GUIDELINE = "jiangsu/school"


def test_samples_pictures_and_archives_are_made_once(tmp_path: Path, tool: Callable[[str], str], faces: Faces) -> None:
    tool("pdftoppm")
    assert not faces.missing
    policy = load_policy(policy_dir(), [GUIDELINE])
    sources = {name: source for name, source in load_sources(templates_dir()).items() if name in FEW}
    shelf = Shelf(policy, sources, WorkCalendar.load(policy.root / "calendar"))
    folder = ROOT / "institutions/示例技师学院"
    school = load_institution(folder, (folder / "2026-autumn",), policy)
    made, kept = write_gallery(shelf, [school], tmp_path)
    assert made > kept == 0
    for name in FEW:
        own = tmp_path / "gallery" / name
        assert (own / "preview.png").read_bytes().startswith(b"\x89PNG")
        assert (own / "template.docx").read_bytes().startswith(b"PK")
        for face in ("filled", "annotated", "blank"):
            assert (own / f"{face}.pdf").read_bytes().startswith(b"%PDF")
            assert (own / f"{face}.docx").read_bytes().startswith(b"PK")
        texts = [document_text(own / f"{face}.docx") for face in ("filled", "annotated", "blank")]
        assert len(set(texts)) > 1
    archive = ZipFile(tmp_path / f"forms/{GUIDELINE}.zip").namelist()
    assert len(archive) == 2 * len(FEW)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "gallery").rglob("*.pdf")}
    assert write_gallery(shelf, [school], tmp_path) == (0, made)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "gallery").rglob("*.pdf")} == before


def document_text(path: Path) -> bytes:
    """Return the body of a DOCX."""
    return ZipFile(BytesIO(path.read_bytes())).read("word/document.xml")
