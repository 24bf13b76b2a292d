"""Fonts: which file plays which role, what each can print, and what a real PDF embeds."""

import io
import logging
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
import weasyprint
from fontTools.ttLib import TTFont

from generator import fonts
from generator.fonts import ROLES, Faces, covers, family_list, find_faces, fontconfig, own_family, stylesheet

NAMES = {"ascii": "Az09", "common": "考务认定", "standard only": "玥堃镕", "gbk only": "喆犇", "extension": "𠮷䶮𬍛"}


@pytest.fixture
def own_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that plays the user's font folder."""
    monkeypatch.setenv("KAOWU_FONTS", str(tmp_path))
    return tmp_path


def renamed(source: Path, target: Path, family: str) -> None:
    with TTFont(source, recalcTimestamp=False) as font:
        font["name"].removeNames(nameID=1)
        font["name"].setName(family, 1, 3, 1, 0x804)
        font.save(target)


def test_every_role_is_played_by_a_file_of_its_own(faces: Faces) -> None:
    assert [face.role for face in faces.found] == list(ROLES)
    assert len({face.path for face in faces.found}) == len(ROLES)


def test_the_body_face_is_a_true_fangsong_standing_in_for_the_official_one(faces: Faces) -> None:
    body = next(face for face in faces.found if face.role.name == "fang")
    assert (body.family, body.role.official, body.stands_in) == ("FandolFang R", "仿宋_GB2312", True)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_names_people_bear_can_be_printed(faces: Faces, text: str) -> None:
    assert covers(faces, text) == set()


def test_what_the_standards_list_can_be_printed(faces: Faces) -> None:
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    table = Path(__file__).parents[1].joinpath("setup/characters.txt").read_text(encoding="utf-8")
    standard = "".join(table.splitlines()[1:])
    assert (len(gb2312), len(set(standard))) == (7445, 8105)
    assert covers(faces, gb2312 + standard) == set()


def test_what_no_face_has_is_named(faces: Faces) -> None:
    assert covers(faces, "张三😀\ue000\n\u200b\ufe0f") == {"😀", "\ue000"}


def test_a_character_one_text_face_lacks_counts_as_lacking_unless_a_fallback_has_it(faces: Faces) -> None:
    without_fallbacks = Faces(tuple(face for face in faces.found if face.role.name not in {"rare", "ext"}))
    assert covers(without_fallbacks, "认玥𠮷") == {"玥", "𠮷"}
    assert covers(Faces(()), "认") == {"认"}


def test_cut_faces_keep_ascii_and_bear_no_reserved_name(faces: Faces) -> None:
    for face in faces.found:
        with TTFont(face.path, lazy=True) as font:
            names = {record.toUnicode() for record in font["name"].names if record.nameID in {1, 3, 4, 6, 16}}
            if face.role.name != "ext":
                assert set(range(0x20, 0x7F)) <= set(font.getBestCmap())
                assert not [name for name in names if "LXGW" in name or "霞鹜" in name or "Source" in name]


def test_licence_texts_lie_beside_the_fonts(faces: Faces) -> None:
    folder = faces.found[0].path.parent
    packages = {"texlive-lang-chinese", "fonts-noto-cjk", "fonts-lxgw-wenkai", "fonts-hanazono"}
    assert {path.name for path in folder.glob("*-copyright")} == {f"{package}-copyright" for package in packages}


@pytest.mark.parametrize("name", ["仿宋_GB2312", "FangSong", "方正仿宋_GBK"])
def test_a_users_font_is_known_by_its_name_and_goes_first(faces: Faces, own_fonts: Path, name: str) -> None:
    renamed(faces.found[1].path, own_fonts / "whatever.TTF", name)
    body = {face.role.name: face for face in find_faces().found}["fang"]
    assert (body.path, body.family, body.is_users) == (own_fonts / "whatever.TTF", name, True)
    assert not body.stands_in
    assert len(find_faces().found) == len(ROLES)


def test_a_font_of_the_users_named_after_a_role_plays_it(faces: Faces, own_fonts: Path) -> None:
    (own_fonts / "mine").mkdir()
    renamed(faces.found[2].path, own_fonts / "mine/kai.ttf", "无名体")
    kai = {face.role.name: face for face in find_faces().found}["kai"]
    assert (kai.path, kai.family, kai.stands_in) == (own_fonts / "mine/kai.ttf", "无名体", True)


def test_a_file_that_is_no_font_plays_nothing(faces: Faces, own_fonts: Path) -> None:
    (own_fonts / "fang.ttf").write_bytes(b"no font at all")
    assert find_faces() == faces


def test_without_any_font_folder_every_role_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOWU_FONTS", str(tmp_path / "none"))
    monkeypatch.setattr(fonts, "fonts_dir", lambda: tmp_path / "neither")
    assert find_faces() == Faces((), ROLES)


def test_the_fallbacks_follow_every_role_once() -> None:
    assert family_list("fang") == '"kaowu-fang", "kaowu-rare", "kaowu-ext"'
    assert family_list("rare") == '"kaowu-rare", "kaowu-ext"'


def test_no_two_files_share_a_family(faces: Faces) -> None:
    rules = stylesheet(faces).splitlines()
    assert len({rule.split(";")[0] for rule in rules}) == len(rules) == len(ROLES)


def test_a_pdf_embeds_the_roles_and_lacks_no_glyph(faces: Faces, caplog: pytest.LogCaptureFixture) -> None:
    embedded = embedded_in_pdf(faces, "".join(NAMES.values()) + "𠀀𠀐", caplog)
    assert embedded == {"kaowu-fang", "kaowu-rare", "kaowu-ext"}
    assert not caplog.records


def test_a_glyph_that_is_lacking_is_seen(faces: Faces, caplog: pytest.LogCaptureFixture) -> None:
    embedded_in_pdf(faces, "\ue000", caplog)
    assert [record for record in caplog.records if "notdef" in record.getMessage()]


def embedded_in_pdf(faces: Faces, text: str, caplog: pytest.LogCaptureFixture) -> set[str]:
    """Return the families a PDF of this text in the body role embeds."""
    page = f"<style>{stylesheet(faces)} p {{ font-family: {family_list('fang')} }}</style><p>{text}</p>"
    logging.getLogger("weasyprint").addHandler(caplog.handler)
    try:
        data = weasyprint.HTML(string=page).write_pdf()
    finally:
        logging.getLogger("weasyprint").removeHandler(caplog.handler)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parts = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and "/BaseFont" in part]
        names = [str(part["/BaseFont"]).split("+")[1] for part in parts]
    return {"-".join(name.split("-")[:2]) for name in names}


def test_other_programs_find_our_faces_under_the_official_names(faces: Faces) -> None:
    aliases = {
        alias.findtext("family"): alias.findtext("prefer/family")
        for alias in ET.fromstring(fontconfig(faces)).iter("alias")
    }

    assert len({own_family(face) for face in faces.found}) == len(faces.found)
    for face in faces.found:
        assert aliases[face.role.official] == own_family(face)
