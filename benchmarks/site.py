"""The site: how long its pages take to write and to build, and what one more guideline adds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Row
from generator.calendar import WorkCalendar
from generator.pack.plan import load_sources
from generator.paths import policy_dir, templates_dir
from generator.policy.load import Policy, load_policy
from generator.site.page import write_page
from generator.site.shelf import Shelf
from generator.site.write import make_pages

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = "plugins: [{search: {separator: '[\\s\\u200b]+'}}, tags, offline]\n"
CONFIG = "site_name: 考务\ntheme: {name: material, language: zh, font: false}\nnav: [index.md]\n" + PLUGINS


def measure_site() -> list[Row]:
    """Return rows: guidelines, pages, seconds to write and to build them, and seconds a guideline added."""
    rows: list[Row] = [("指引", "网页", "写出", "构建", "每多一份")]
    before: tuple[int, float] | None = None
    for policy in growing_policies():
        pages, written, built = build_once(policy)
        number, total = len(policy.guidelines), written + built
        more = f"{(total - before[1]) / (number - before[0]):.1f} s" if before else ""
        rows.append((str(number), str(pages), f"{written:.1f} s", f"{built:.1f} s", more))
        before = (number, total)
    return rows


def growing_policies() -> Iterator[Policy]:
    """Yield policies with a third, two thirds and all of the guidelines; what a guideline replaced comes with it."""
    root = policy_dir()
    every = load_policy(root).guidelines
    order: list[str] = []
    for name, guideline in every.items():
        order += [old.guideline for old in guideline.head.supersedes if old.guideline not in order]
        order += [name] if name not in order else []
    for part in (1, 2, 3):
        yield load_policy(root, order[: len(order) * part // 3])


def build_once(policy: Policy) -> tuple[int, float, float]:
    """Return how many pages a policy gives, and the seconds to write and to build them."""
    start = time.perf_counter()
    shelf = Shelf(policy, load_sources(templates_dir()), WorkCalendar.load(policy.root / "calendar"))
    pages = [(page.path, write_page(page)) for page in make_pages(shelf, "", [])]
    written = time.perf_counter() - start
    with TemporaryDirectory() as scratch:
        for path, content in pages:
            target = Path(scratch, "docs", path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        Path(scratch, "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
        start = time.perf_counter()
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
        subprocess.run(command, cwd=scratch, env=environment, check=True, capture_output=True)
        return len(pages), written, time.perf_counter() - start
