"""The faces of a PDF: font folders in, a face for each role, a style sheet and what no face can print out.

Documents name roles (``kaowu-fang``), never files. A role's fallbacks are further families and not further
files of the same family: WeasyPrint takes two files under one family for one font and prints wrong glyphs.
"""

import json
import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from generator.paths import fonts_dir, user_fonts_dir

_SUFFIXES = {".ttf", ".otf", ".ttc"}
_FAMILY_NAMES = {1, 4, 6, 16}  # family, full name, PostScript name, typographic family
_FALLBACKS = ("rare", "ext")


@dataclass(frozen=True)
class Role:
    """A part a face plays: the official font it stands for, and the names that font goes by in files."""

    name: str
    official: str
    known_as: tuple[str, ...] = ()


ROLES = (
    Role("xbs", "方正小标宋简体", ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S")),
    Role("fang", "仿宋_GB2312", ("FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "FZFangSong-Z02")),
    Role("hei", "黑体", ("SimHei", "方正黑体_GBK", "FZHei-B01")),
    Role("kai", "楷体_GB2312", ("KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03")),
    Role("song", "宋体", ("SimSun", "方正书宋_GBK", "FZShuSong-Z01")),
    Role("rare", "GB 2312 以外的字"),
    Role("ext", "扩展 B 区及以后的字"),
)


@dataclass(frozen=True)
class Face:
    """The file that plays a role, the family it is (or was cut from), and whether it is the user's own."""

    role: Role
    path: Path
    family: str
    is_users: bool = False

    @property
    def stands_in(self) -> bool:
        """Whether it takes the place of the official font."""
        return self.family not in {self.role.official, *self.role.known_as}


@dataclass(frozen=True)
class Faces:
    """The faces found, in the order of ``ROLES``, and the roles nobody plays."""

    found: tuple[Face, ...]
    missing: tuple[Role, ...] = ()


def find_faces() -> Faces:
    """Return for each role the user's own font, or else the one the set-up fetched.

    A font belongs to the role its file is named after (``fang.ttf``), or whose official name it bears.
    """
    best = _assign(fonts_dir(), is_users=False) | _assign(user_fonts_dir(), is_users=True)
    found = tuple(best[role.name] for role in ROLES if role.name in best)
    return Faces(found, tuple(role for role in ROLES if role.name not in best))


def family_list(role: str) -> str:
    """Return the CSS ``font-family`` value for a role: its family and the ones that step in, in order."""
    return ", ".join(f'"kaowu-{name}"' for name in dict.fromkeys((role, *_FALLBACKS)))


def stylesheet(faces: Faces) -> str:
    """Return the ``@font-face`` rules of the families ``kaowu-<role>``, by absolute file address."""
    return "\n".join(
        f'@font-face {{ font-family: "kaowu-{face.role.name}"; src: url("{face.path.as_uri()}"); }}'
        for face in faces.found
    )


def fontconfig(faces: Faces) -> str:
    """Return a configuration by which programs beside us find the faces under the official names, after their own."""
    places = sorted({str(face.path.parent) for face in faces.found})
    folders = "".join(f"<dir>{escape(place)}</dir>" for place in places)
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family>'
        f"<prefer><family>{escape(family)}</family></prefer></alias>"
        for face in faces.found
        for family in [own_family(face)]
        for name in (face.role.official, *face.role.known_as)
    )
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f"<fontconfig>{system}{folders}{aliases}</fontconfig>"


def own_family(face: Face) -> str:
    """Return the family that a face's file bears."""
    with TTFont(face.path, lazy=True) as font:
        return str(font["name"].getDebugName(1))


def covers(faces: Faces, text: str) -> set[str]:
    """Return the characters a document might fail to print: lacking in some text face and in every fallback.

    Strict on purpose: it does not ask in which face the text will stand.
    """
    printable = _printable(faces)
    return {char for char in set(text) if ord(char) not in printable and not _is_invisible(char)}


@cache
def _printable(faces: Faces) -> frozenset[int]:
    """Return the code points that every text face has, or some fallback."""
    texts = [_characters(face.path) for face in faces.found if face.role.name not in _FALLBACKS]
    fallbacks = [_characters(face.path) for face in faces.found if face.role.name in _FALLBACKS]
    in_every_text_face = frozenset[int]().union(*texts[:1]).intersection(*texts)
    return in_every_text_face.union(*fallbacks)


def _is_invisible(char: str) -> bool:
    """Return whether a character needs no glyph: controls, joiners, line ends and variation selectors."""
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}


def _assign(folder: Path, *, is_users: bool) -> dict[str, Face]:
    """Return the folder's face for each role; of several candidates the first by path."""
    assigned: dict[str, Face] = {}
    cut_from = _cut_from(folder)
    for path in _font_files(folder):
        names = _family_names(path)
        for role in ROLES:
            known = [name for name in (role.official, *role.known_as) if name in names]
            if known or (names and path.stem.lower() == role.name):
                family = cut_from.get(path.name) or (known or names)[0]
                assigned.setdefault(role.name, Face(role, path, family, is_users))
    return assigned


def _cut_from(folder: Path) -> dict[str, str]:
    """Return by file name the families the set-up cut its files from; they bear other names since."""
    record = folder / "fonts.json"
    made = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    return {entry["file"]: entry["source"] for entry in made.values()}


def _font_files(folder: Path) -> list[Path]:
    """Return the font files below a folder; one that is not there has none."""
    files = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sorted(path.absolute() for path in files if path.suffix.lower() in _SUFFIXES)


@cache
def _family_names(path: Path) -> tuple[str, ...]:
    """Return every name a file goes by, in all languages, families first; a file that is no font has none."""
    try:
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            records = [record for record in font["name"].names if record.nameID in _FAMILY_NAMES]
            return tuple(record.toUnicode() for record in sorted(records, key=lambda record: record.nameID))
    except (TTLibError, OSError, KeyError, UnicodeDecodeError):
        return ()


@cache
def _characters(path: Path) -> frozenset[int]:
    """Return the code points a file has a glyph for."""
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
