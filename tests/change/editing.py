"""Two editions of the sample guideline: as it stands, and with one edit."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.calendar import WorkCalendar
from generator.change.compare import compare_editions
from generator.change.comparisons import load_settled
from generator.change.editions import Edition
from generator.change.model import Report
from generator.change.renames import load_renames
from generator.change.touched import Template
from generator.policy.load import load_policy
from generator.problems import Place

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ("terms", "duties", "fields", "calendar")
GUIDELINE = "sample/base"
SPOKEN = '<p rule="publicity#result-publicity">公示</p>'
NOTICE = Template("results-notice", "结果公示", SPOKEN, (Place("results-notice/body.html", 1, 1),))
TEMPLATES = {NOTICE.id: NOTICE}


def lay_out(folder: Path) -> Path:
    """Return a policy folder with our shared vocabularies and the sample guideline."""
    root = folder / "policy"
    for name in SHARED:
        shutil.copytree(ROOT / "policy" / name, root / name)
    shutil.copytree(HERE / "sample", root / GUIDELINE)
    shutil.copytree(HERE / "sample-cases", folder / "tests" / "cases" / GUIDELINE)
    return root


def read(root: Path) -> Edition:
    """Return the edition in a folder."""
    cases = root.parent / "tests" / "cases"
    calendar = WorkCalendar.load(root / "calendar")
    names, settled = load_renames(root), load_settled(root)
    return Edition(root.name, load_policy(root), calendar, names, None, cases, None, TEMPLATES, settled)


def apply(edit: Mapping[str, Any], root: Path) -> None:
    """Make one edit in a policy folder."""
    path = root / GUIDELINE / edit["file"]
    text = path.read_text(encoding="utf-8")
    if edit.get("reorder"):
        text = "\n".join(part.strip("\n") + "\n" for part in reversed(text.split("\n\n")))
    elif move := edit.get("move_to"):
        records = text.split("\n\n")
        moved = next(part for part in records if part.startswith(move["rule"]))
        text = "\n\n".join(part.strip("\n") for part in records if part != moved) + "\n"
        (root / GUIDELINE / move["file"]).write_text(moved.strip("\n") + "\n", encoding="utf-8")
    else:
        for old, new in zip(edit["old"].split("|"), edit["new"].split("|"), strict=True):
            assert old in text, f"the sample has no {old!r}"
            text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    if renames := edit.get("renames"):
        lines = "".join(f"  {old}: {new}\n" for old, new in renames.items())
        target = root / "migrations" / "2026.yaml"
        target.parent.mkdir(exist_ok=True)
        target.write_text(f"because: 试改名\nrules:\n{lines}", encoding="utf-8")


def compare_edit(edit: Mapping[str, Any], folder: Path) -> Report:
    """Return the report on one edit of the sample."""
    old = lay_out(folder / "old")
    new = lay_out(folder / "new")
    apply(edit, new)
    return compare_editions(read(old), read(new))
