"""The doctor: what is there is found, and each thing that is missing is named with its remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator import doctor
from generator.doctor import Check, examine
from generator.fonts import ROLES, Faces, Role


def by_name(start: str) -> Check:
    return next(check for check in examine() if check.name.startswith(start))


def test_all_is_well_after_the_set_up(faces: Faces) -> None:
    assert [check for check in examine() if check.needed and not check.ok] == []
    assert sum(check.name.startswith("字体 ") for check in examine()) == len(faces.found)


@pytest.mark.usefixtures("faces")
def test_a_font_that_stands_in_says_for_which() -> None:
    assert by_name("字体 仿宋_GB2312").found.startswith("FandolFang R（代用）")
    assert by_name("字体 GB 2312 以外的字").found.startswith("Noto Serif CJK SC（补字）")


def test_the_calendar_says_which_years_it_knows() -> None:
    assert by_name("工作日历").found.startswith("2004 年至 20")


def refuse(_name: str) -> None:
    """Find no command."""


def fail_to_load(name: str) -> None:
    raise OSError(name)


@pytest.mark.parametrize(
    ("check", "target", "substitute", "remedy"),
    [
        ("Python", "sys.version_info", (3, 10, 4), "3.11"),
        ("Pango", "ctypes.CDLL", fail_to_load, "libpango-1.0-0"),
        ("HarfBuzz", "ctypes.CDLL", fail_to_load, "libharfbuzz-subset0"),
        ("政策数据", "policy_dir", lambda: Path("nowhere"), "重新取得"),
        ("文书模板", "templates_dir", lambda: Path("nowhere"), "重新取得"),
        ("LibreOffice", "shutil.which", refuse, "libreoffice-writer-nogui"),
        ("字体 黑体", "find_faces", lambda: Faces((), ROLES), "make demo"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, check: str, target: str, substitute: Callable[..., object], remedy: str
) -> None:
    monkeypatch.setattr(f"{doctor.__name__}.{target}", substitute)
    found = by_name(check)
    assert not found.ok
    assert remedy in found.remedy


def test_a_faulty_calendar_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar/2027.yaml").write_text("source: [", encoding="utf-8")
    monkeypatch.setattr(doctor, "policy_dir", lambda: tmp_path)
    calendar = by_name("工作日历")
    assert not calendar.ok
    assert "2027.yaml" in calendar.found


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_font_that_is_missing_is_named_by_what_it_is_for(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_faces", lambda: Faces((), (role,)))
    (missing,) = [check for check in examine() if check.name.startswith("字体 ") and not check.ok]
    assert role.official in missing.name
    assert missing.remedy
