"""Fetch free Chinese fonts as Debian packages, cut them to what documents print, and put them into a folder.

Comes in: the package names below; apt checks each download against Debian's signed index.
Goes out: one font file per role, the packages' licence texts, and ``fonts.json`` with families and hashes;
the folder appears whole or not at all.

    .venv/bin/python setup/fonts.py build/fonts
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

CHARACTERS = Path(__file__).with_name("characters.txt")
CURVE_ERROR = 1.0  # in font units: how far a quadratic curve may lie from the cubic one it replaces


@dataclass(frozen=True)
class Cut:
    """One face to make: its role, the Debian package, file and family it comes from, and what stays of it."""

    role: str
    package: str
    file: str
    family: str
    keep: Callable[[set[str]], set[str]] | None
    """Which of the characters the source has stay; None copies the file as it is."""
    as_truetype: bool = True
    """Whether cubic outlines are replaced: PDFs get smaller, but a large face takes a minute."""


class SetupError(Exception):
    """The fonts cannot be made; the message says what to do."""


def common(available: set[str]) -> set[str]:
    """Return the characters of ordinary documents: Latin, signs, GB 2312 and 通用规范汉字表."""
    return available & (latin_and_signs() | gb2312() | standard())


def uncommon(available: set[str]) -> set[str]:
    """Return all but Korean syllables and the Chinese characters of GB 2312, which every text face has."""
    korean = {chr(code) for code in range(0xAC00, 0xD7A4)}
    return available - korean - {char for char in gb2312() if char >= "\u4e00"}


def latin_and_signs() -> set[str]:
    """Return Latin letters with accents, punctuation, arrows, circled, full-width and other signs."""
    blocks = "20-7E A0-17F 2000-206F 2100-22FF 2460-266F 3000-303F FF00-FFEF"
    ranges = ([int(end, 16) for end in block.split("-")] for block in blocks.split())
    return {chr(code) for first, last in ranges for code in range(first, last + 1)}


def gb2312() -> set[str]:
    """Return the 7445 characters of GB 2312, signs and letters included."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return set("".join(pair.decode("gb2312", errors="ignore") for pair in pairs))


def standard() -> set[str]:
    """Return the 8105 characters of 通用规范汉字表 (2013)."""
    lines = CHARACTERS.read_text(encoding="utf-8").splitlines()
    return set("".join(line for line in lines if not line.startswith("#")))


CUTS = (
    Cut("fang", "texlive-lang-chinese", "FandolFang-Regular.otf", "FandolFang R", common),
    Cut("song", "fonts-noto-cjk", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", common),
    Cut("xbs", "fonts-noto-cjk", "NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", common),
    Cut("hei", "fonts-noto-cjk", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", common),
    Cut("kai", "fonts-lxgw-wenkai", "LXGWWenKai-Regular.ttf", "LXGW WenKai", common),
    Cut("rare", "fonts-noto-cjk", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", uncommon, as_truetype=False),
    Cut("ext", "fonts-hanazono", "HanaMinB.ttf", "HanaMinB", None),
)


def main(folder: Path) -> None:
    """Put a complete folder in the place of the old one, or leave that as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fonts-", dir=folder.parent) as name:
        sources, made = Path(name), Path(name) / "made"
        made.mkdir()
        for package in sorted({cut.package for cut in CUTS}):
            print(f"取字体：{package}", flush=True)
            unpack(download(package, sources), sources, wanted_of(package))
            keep_licences(package, sources, made)
        with ProcessPoolExecutor() as pool:
            entries = dict(pool.map(make, CUTS, [sources] * len(CUTS), [made] * len(CUTS)))
        record = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
        (made / "fonts.json").write_text(record, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def wanted_of(package: str) -> tuple[str, ...]:
    """Return how the wanted members of a package end: its font files and every text that may be a licence."""
    files = sorted({cut.file for cut in CUTS if cut.package == package})
    return (*files, f"doc/{package}/copyright", "doc/fonts/fandol/COPYING.gz", "doc/fonts/fandol/README")


def download(package: str, into: Path) -> Path:
    """Return the .deb that apt fetched, its hash checked by apt against the signed index."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise SetupError("本机没有 apt-get，取不到字体。请把仿宋、黑体等字体文件放入 ~/.config/kaowu/fonts。")
    if not apt("download", package, cwd=into):
        updated = os.geteuid() == 0 and apt("update", cwd=into)
        if not updated or not apt("download", package, cwd=into):
            raise SetupError(f"取不到软件包 {package}。请先运行：sudo apt-get update ，再重试。")
    return next(into.glob(f"{package}_*.deb"))


def apt(*arguments: str, cwd: Path) -> bool:
    """Return whether apt-get did it; its complaints go to standard error."""
    run = subprocess.run(["apt-get", "-q", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.stderr.write(run.stderr)
    return run.returncode == 0


def unpack(deb: Path, into: Path, endings: tuple[str, ...]) -> None:
    """Write the members that end so side by side; a text gets the name of its folder in front."""
    process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    with process, tarfile.open(fileobj=process.stdout, mode="r|") as archive:
        for member in archive:
            data = archive.extractfile(member) if member.isfile() and member.name.endswith(endings) else None
            if data:
                path = Path(member.name)
                is_font = path.suffix in {".ttf", ".otf", ".ttc"}
                (into / (path.name if is_font else f"{path.parent.name}-{path.name}")).write_bytes(data.read())
    deb.unlink()


def keep_licences(package: str, sources: Path, folder: Path) -> None:
    """Copy the package's licence texts beside the fonts."""
    texts = [sources / f"{package}-copyright", *sources.glob("fandol-*")]
    for text in texts:
        shutil.copyfile(text, folder / text.name)


def make(cut: Cut, sources: Path, folder: Path) -> tuple[str, dict[str, str]]:
    """Write one face under its role's name and return its role with file, source family, package and hash."""
    target = (folder / cut.role).with_suffix(".ttf" if cut.as_truetype else ".otf")
    font = open_family(sources / cut.file, cut.family)
    if cut.keep is None:
        shutil.copyfile(sources / cut.file, target)
    else:
        cut_down(font, cut.keep({chr(code) for code in font.getBestCmap()}))
        # packed by HarfBuzz, where it happens to be installed, the bytes would be others
        font.cfg["fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"] = False
        rename(font, f"Kaowu {cut.role.title()}")
        if cut.as_truetype and "CFF " in font:
            to_truetype(font)
        font.save(target)
    print(f"字体已备：{target.name}（{cut.family}，{target.stat().st_size / 1e6:.1f} MB）", flush=True)
    digest = sha256(target.read_bytes()).hexdigest()
    return cut.role, {"file": target.name, "source": cut.family, "package": cut.package, "sha256": digest}


def open_family(path: Path, family: str) -> TTFont:
    """Return the face of that family name, be the file a font or a collection."""
    for font in faces_of(path):
        if font["name"].getDebugName(1) == family:
            return font
    raise SetupError(f"{path.name} 里没有字体 {family}。请到项目网站报告此事，附上 Debian 的版本号。")


def faces_of(path: Path) -> Iterator[TTFont]:
    """Yield the faces of a file, their dates left alone so that the same source gives the same bytes."""
    first = TTFont(path, fontNumber=0, lazy=True, recalcTimestamp=False)
    yield first
    for number in range(1, first.reader.numFonts if path.suffix == ".ttc" else 1):
        yield TTFont(path, fontNumber=number, lazy=True, recalcTimestamp=False)


def cut_down(font: TTFont, characters: Iterable[str]) -> None:
    """Leave only these characters, unhinted: print needs no hints, and they are half of a file."""
    options = subset.Options(
        hinting=False,
        notdef_outline=True,
        layout_features=["kern"],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        drop_tables=["BASE", "DSIG", "EBDT", "EBLC", "VORG", "meta"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    subsetter.subset(font)


def rename(font: TTFont, family: str) -> None:
    """Give the face a name of our own: LXGW's and Adobe's licences reserve theirs for unmodified fonts."""
    postscript = family.replace(" ", "")
    names = {1: family, 2: "Regular", 3: f"{postscript};cut", 4: family, 6: postscript}
    copyright_ = [record for record in font["name"].names if record.nameID in {0, 13, 14}]
    font["name"].names = copyright_
    for identifier, text in names.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)


def to_truetype(font: TTFont) -> None:
    """Replace cubic outlines by quadratic ones: WeasyPrint embeds those in half the bytes."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name, glyph in glyphs.items():
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    font["maxp"] = truetype_limits(font)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"


def truetype_limits(font: TTFont) -> object:
    """Return the maxp table a face without hints needs, counted from its glyphs."""
    maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    maxp.numGlyphs = len(font.getGlyphOrder())
    hinting = ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements")
    parts = ("CompositePoints", "CompositeContours", "ComponentElements", "ComponentDepth")
    for limit in (*hinting, "Points", "Contours", *parts):
        setattr(maxp, f"max{limit}", 0)
    maxp.maxZones, maxp.maxSizeOfInstructions = 1, 0
    maxp.recalc(font)
    return maxp


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except SetupError as error:
        sys.exit(str(error))
