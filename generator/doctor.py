"""What is there and what is missing on this machine: nothing comes in, a list of checks goes out."""

import ctypes
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.fonts import Face, Role, find_faces
from generator.paths import policy_dir, templates_dir, user_fonts_dir
from generator.problems import KaowuError

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Check:
    """One thing looked for: its name, whether it is there, what was found, what to do, and what it is for."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True
    """Whether kaowu works badly without it; False for what only some need."""


def examine() -> list[Check]:
    """Return every check in the order a reader would put things right."""
    return [*_check_runtime(), *_check_data(), *_check_fonts(), _check_libreoffice()]


def _check_runtime() -> Iterator[Check]:
    python_ok = sys.version_info >= OLDEST_PYTHON
    yield Check("Python", python_ok, platform.python_version(), "" if python_ok else "请安装 Python 3.11 以上")
    yield _check_library(
        "Pango（生成 PDF）",
        ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"),
        "没有它仍可生成 DOCX、核对和排期。Debian：sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0",
    )
    yield _check_library(
        "HarfBuzz 字体裁剪（PDF 快 7 至 40 倍）",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
        "Debian：sudo apt-get install libharfbuzz-subset0",
    )


def _check_library(name: str, files: tuple[str, ...], remedy: str) -> Check:
    found = next(filter(_can_load, files), None)
    return Check(name, bool(found), found or "没有", "" if found else remedy)


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _check_data() -> Iterator[Check]:
    for name, folder in (("政策数据", policy_dir()), ("文书模板", templates_dir())):
        ok = folder.is_dir()
        remedy = "" if ok else "安装不完整，请重新取得 kaowu"
        yield Check(name, ok, str(folder) if ok else f"没有 {folder}", remedy)
    yield _check_calendar(policy_dir() / "calendar")


def _check_calendar(folder: Path) -> Check:
    try:
        calendar = WorkCalendar.load(folder)
    except KaowuError as error:
        return Check("工作日历", ok=False, found=str(error), remedy="请改正上面所指的文件")
    years = f"{calendar.first_known.year} 年至 {calendar.last_known.year} 年，其后的日期标为暂定"
    return Check("工作日历", ok=True, found=years)


def _check_fonts() -> Iterator[Check]:
    faces = find_faces()
    for face in faces.found:
        yield Check(_font_name(face.role), ok=True, found=_describe(face))
    for role in faces.missing:
        remedy = f"请运行 make demo 自动取得，或把字体文件放入 {user_fonts_dir()}"
        yield Check(_font_name(role), ok=False, found="没有", remedy=remedy)


def _font_name(role: Role) -> str:
    return f"字体 {role.official}"


def _describe(face: Face) -> str:
    ours = "代用" if face.role.known_as else "补字"
    whose = "自备" if face.is_users else ours
    return f"{face.family}（{whose}）{face.path}"


def _check_libreoffice() -> Check:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    remedy = (
        "" if found else "只有自备 Word 模板又要 PDF 时才需要。Debian：sudo apt-get install libreoffice-writer-nogui"
    )
    return Check("LibreOffice", bool(found), found or "没有", remedy, needed=False)
