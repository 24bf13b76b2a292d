"""The built site: nothing broken, nothing asked of another host, readable by all, on a phone, the same each time."""

import filecmp
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pypdf import PdfReader

from generator.paths import policy_dir
from generator.policy.load import find_guidelines, load_policy

SCHEMES = ("http", "https", "ftp", "ws", "wss")
KINDS = {
    "home": "index.html",
    "guidelines": "guidelines/index.html",
    "guideline": "guidelines/jiangsu/school.html",
    "rule": "rules/jiangsu/school/staff/panel-size.html",
    "materials": "materials.html",
    "gallery": "documents/index.html",
    "document": "documents/room-record.html",
    "forms": "forms.html",
    "topics": "compare/index.html",
    "topic": "compare/publicity.html",
    "changes": "changes/index.html",
    "change": "changes/jiangsu-chief-pilot-2023--jiangsu-special-and-chief.html",
    "questions": "questions/jiangsu/school.html",
    "deadlines": "tools/deadlines.html",
    "committee": "tools/committee.html",
    "retention": "tools/retention.html",
    "guide": "guides/first-pack.html",
    "commands": "reference/commands.html",
    "fields": "reference/fields.html",
    "findings": "reference/findings.html",
    "terms": "terms.html",
    "centre": "centre.html",
    "tags": "tags.html",
}


class Reader(HTMLParser):
    """Gathers what a page links to, what it loads, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        self.anchors |= {stated[name] for name in ("id", "name") if name in stated}
        if tag == "a" and "href" in stated:
            self.links.append(stated["href"])
        elif "src" in stated or (tag == "link" and stated.get("rel") in ("stylesheet", "icon", "preload")):
            self.loads.append(stated.get("src") or stated["href"])


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, Reader]:
    """Return what each page holds."""
    found = {}
    for path in site.rglob("*.html"):
        found[path] = Reader()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def test_no_link_and_no_anchor_is_broken(site: Path, read: dict[Path, Reader]) -> None:
    broken = []
    for path, page in read.items():
        for link in {*page.links, *page.loads}:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("/") or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = read[target].anchors if target in read else {parts.fragment}
            if not target.is_file() or (parts.fragment and unquote(parts.fragment) not in known):
                broken.append(f"{path.relative_to(site)} → {link}")
    assert broken[:20] == []


def test_no_page_loads_anything_from_another_host(site: Path, read: dict[Path, Reader]) -> None:
    loads = {load for page in read.values() for load in page.loads if urlsplit(load).scheme in SCHEMES}
    styles = [text for path in site.rglob("*.css") for text in re.findall(r"url\((https?:[^)]*)", path.read_text())]
    assert loads == set()
    assert styles == []


def test_every_rule_has_its_page_at_an_address_that_follows_from_its_name(site: Path) -> None:
    policy = load_policy(policy_dir())
    names = [(guideline.id, name) for guideline in policy.guidelines.values() for name in guideline.rules]
    absent = [name for name in names if not (site / "rules" / name[0] / f"{name[1].replace('#', '/')}.html").is_file()]
    assert absent == []
    assert (site / "rules/jiangsu/school/staff/panel-size.html").is_file()


def test_the_data_are_published(site: Path) -> None:
    data = json.loads((site / "policy.json").read_text(encoding="utf-8"))
    assert [guideline["id"] for guideline in data["guidelines"]] == find_guidelines(policy_dir())
    for name in find_guidelines(policy_dir()):
        steps = (site / f"calendars/{name}.ics").read_bytes()
        assert steps.startswith(b"BEGIN:VCALENDAR")


def test_home_leads_to_every_guideline(site: Path, read: dict[Path, Reader]) -> None:
    linked = {link.partition("#")[0] for link in read[site / "index.html"].links}
    assert {f"guidelines/{name}.html" for name in find_guidelines(policy_dir())} <= linked


def test_the_same_input_gives_the_same_bytes(site: Path, rebuild: Callable[[Path], Path], tmp_path: Path) -> None:
    again = rebuild(tmp_path)
    assert differing(filecmp.dircmp(site, again)) == []
    (again / "index.html").write_text("changed", encoding="utf-8")
    assert differing(filecmp.dircmp(site, again)) == ["index.html"]


def differing(compared: filecmp.dircmp[str]) -> list[str]:
    """Return the files that differ or are on one side only."""
    own = [*compared.left_only, *compared.right_only, *compared.diff_files, *compared.funny_files]
    return own + [name for inner in compared.subdirs.values() for name in differing(inner)]


@pytest.fixture(scope="module")
def seen(ask: Any, site: Path) -> dict[str, Any]:
    """Return what the browser says of each kind of page."""
    urls = [(site / path).as_uri() for path in KINDS.values()]
    return ask({"do": "axe", "urls": urls}, {"do": "overflow", "urls": urls, "width": 390})  # type: ignore[no-any-return]


def test_the_browser_asks_no_other_host_and_meets_no_error(seen: dict[str, Any]) -> None:
    assert seen["strangers"] == []
    assert seen["errors"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious_in_light_or_dark(kind: str, seen: dict[str, Any], site: Path) -> None:
    url = (site / KINDS[kind]).as_uri()
    assert {scheme: seen["results"][0][f"{url} {scheme}"] for scheme in ("light", "dark")} == {"light": [], "dark": []}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_a_phone(kind: str, seen: dict[str, Any], site: Path) -> None:
    assert seen["results"][1][(site / KINDS[kind]).as_uri()] <= 0


def test_the_calculator_shows_the_days(ask: Any, site: Path) -> None:
    url = (site / "tools/deadlines.html").as_uri()
    steps = [
        ["select", "select[name=guideline]", "jiangsu/school"],
        ["fill", "input[name=first_exam_date]", "2026-11-21"],
    ]
    told = ask({"do": "act", "url": url, "steps": steps, "read": "#deadlines .result tr"})
    row = next(text for text in told["results"][0] if "上传考生名单" in text)
    assert "2026-11-" in row


def test_the_table_of_materials_is_filtered_in_the_page(ask: Any, site: Path) -> None:
    url = (site / "materials.html").as_uri()
    steps = [["select", ".filter label:nth-of-type(4) select", "永久"]]
    told = ask({"do": "act", "url": url, "steps": steps, "read": "tbody tr:not([hidden]) td:nth-child(6)"})
    assert set(told["results"][0]) == {"永久"}


def test_the_table_of_materials_prints_across_a4(ask: Any, site: Path, tmp_path: Path) -> None:
    ask({"do": "print", "url": (site / "materials.html").as_uri(), "path": str(tmp_path / "printed.pdf")})
    printed = PdfReader(tmp_path / "printed.pdf")
    assert {tuple(round(side) for side in page.mediabox[2:]) for page in printed.pages} == {(842, 595)}
    rows = re.findall(r"<tr>", (site / "materials.html").read_text(encoding="utf-8"))
    assert len(rows) > 8 * len(printed.pages) > 0
