"""Draw the photos of the example rounds: a roster in, one plain portrait for each candidate out.

The people are invented, so are their faces; pictures are drawn rather than kept, always the same ones. The folders are
ignored by git.
"""

import csv
import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from PIL import Image, ImageDraw

EXAMPLES = Path(__file__).resolve().parents[1] / "institutions"
ROUNDS = ("示例技能评价公司/2026-autumn",)
SIZE = (295, 413)  # pixels: one inch by one and a half, as photos for certificates are asked for
DETAIL = 4  # drawn so much larger, then reduced: smooth edges
GROUND = "#8fb8de"
SKINS = ("#f2d3b8", "#eac6a6", "#e2b994")
HAIRS = ("#241f1d", "#3a2f2a", "#4b4440")
COATS = ("#2f3e52", "#4a3f55", "#37514a", "#5a4636")
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """How one person looks."""

    skin: str
    hair: str
    coat: str
    long_hair: bool
    glasses: bool


def choose_look(number: str, sex: str) -> Look:
    """Return the look of a person, always the same for a number."""
    dice = sha256(number.encode()).digest()
    return Look(
        SKINS[dice[0] % len(SKINS)], HAIRS[dice[1] % len(HAIRS)], COATS[dice[2] % len(COATS)], sex == "女", dice[3] < 80
    )


def draw_portrait(look: Look) -> Image.Image:
    """Return head and shoulders, seen from the front."""
    width, height = (side * DETAIL for side in SIZE)
    image = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(image)

    def at(box: Box) -> Box:
        return box[0] * width, box[1] * height, box[2] * width, box[3] * height

    if look.long_hair:
        draw.rounded_rectangle(at((0.24, 0.16, 0.76, 0.74)), 0.2 * width, look.hair)
    draw.ellipse(at((0.02, 0.74, 0.98, 1.5)), look.coat)
    draw.rectangle(at((0.42, 0.58, 0.58, 0.76)), look.skin)
    draw.polygon([(x * width, y * height) for x, y in ((0.36, 0.755), (0.64, 0.755), (0.5, 0.9))], "#f4f4f2")
    draw.ellipse(at((0.29, 0.17, 0.71, 0.67)), look.skin)
    draw.chord(at((0.28, 0.13, 0.72, 0.55)), 185, 355, look.hair)
    for x in (0.41, 0.59):
        draw.ellipse(at((x - 0.022, 0.4, x + 0.022, 0.425)), look.hair)
        draw.line(at((x - 0.045, 0.37, x + 0.045, 0.37)), look.hair, 2 * DETAIL)
        if look.glasses:
            draw.ellipse(at((x - 0.075, 0.375, x + 0.075, 0.455)), outline="#20242a", width=DETAIL)
    draw.line(at((0.5, 0.43, 0.5, 0.49)), "#b98d6d", DETAIL)
    draw.arc(at((0.44, 0.5, 0.56, 0.575)), 20, 160, "#a8564c", 2 * DETAIL)
    return image.resize(SIZE, Image.Resampling.LANCZOS)


def write_portraits(examples: Path = EXAMPLES) -> int:
    """Write the photos that are missing into the example rounds; return how many were written."""
    missing = [
        (target, choose_look(person["考生编号"], person["性别"]))
        for name in ROUNDS
        for person in csv.DictReader((examples / name / "考生.csv").read_text(encoding="utf-8").splitlines())
        if not (target := examples / name / "photos" / f"{person['考生编号']}.png").is_file()
    ]
    for target, look in missing:
        target.parent.mkdir(exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        draw_portrait(look).save(partial, "PNG", optimize=True)
        partial.replace(target)
    return len(missing)


if __name__ == "__main__":
    write_portraits(*map(Path, sys.argv[1:2]))
