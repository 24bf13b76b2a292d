"""An institution's own Word template takes the place of ours; what is wrong in it is said with its place."""

import io
import zipfile
from pathlib import Path

import docx

from generator.document.docx_text import docx_text
from generator.document.export import export_template
from generator.pack.plan import load_sources
from tests.pack.conftest import ROOT, ROUND, Run

ONLY = ("--only", "application-form", "--format", "docx")


def exported() -> bytes:
    """Return our application form as a Word template."""
    return export_template(load_sources(ROOT / "templates")["application-form"])


def edit(template: bytes, *, old: str, new: str) -> bytes:
    """Return the template with a text replaced everywhere in its body, as an editor would save it."""
    document = docx.Document(io.BytesIO(template))
    buffer = io.BytesIO()
    document.save(buffer)
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as before, zipfile.ZipFile(result, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(old.encode(), new.encode()) if name == "word/document.xml" else data)
    return result.getvalue()


def test_an_edited_export_is_used_in_place_of_ours(school: Path, run: Run, tmp_path: Path) -> None:
    (school / "templates").mkdir()
    (school / "templates" / "application-form.docx").write_bytes(edit(exported(), old="申报表", new="报名登记表"))

    done = run("build", str(school), "--to", "out", *ONLY)

    assert done.returncode == 0, done.stderr
    text = docx_text(next((tmp_path / "out" / "学校" / ROUND).rglob("*.docx")).read_bytes())
    assert "报名登记表" in text
    assert "{{" not in text


def test_an_institutions_own_template_beats_the_shared_folder(school: Path, run: Run, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    for folder, name in ((shared, "地区表"), (school / "templates", "本校表")):
        folder.mkdir()
        (folder / "application-form.docx").write_bytes(edit(exported(), old="申报表", new=name))

    run("build", str(school), "--to", "own", *ONLY, "--templates", str(shared))
    (school / "templates" / "application-form.docx").unlink()
    run("build", str(school), "--to", "area", *ONLY, "--templates", str(shared))

    texts = [docx_text(next((tmp_path / out).rglob("*.docx")).read_bytes()) for out in ("own", "area")]
    assert "本校表" in texts[0]
    assert "地区表" in texts[1]


def test_a_misspelt_field_is_reported_with_its_place_and_the_nearest_name(school: Path, run: Run) -> None:
    path = school / "templates" / "application-form.docx"
    path.parent.mkdir()
    path.write_bytes(edit(exported(), old="考生.姓名", new="考生.姓名字"))

    linted = run("template", "lint", str(path))
    built = run("build", str(school), "--to", "out", *ONLY)

    for done in (linted, built):
        assert done.returncode != 0
        assert "没有“姓名字”" in done.stderr
        assert "是否想写“姓名”" in done.stderr
        assert "段" in done.stderr or "行" in done.stderr
