"""What people type finds, among the first three, the page they mean: in a browser, from the file system."""

from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pytest

from generator.yaml_source import load_yaml

QUERIES = cast("dict[str, list[str]]", load_yaml(Path(__file__).with_name("queries.yaml")).data)
FIRST = 3


@pytest.fixture(scope="module")
def found(ask: Any, site: Path) -> dict[str, list[str]]:
    start = (site / "index.html").as_uri()
    told = ask({"do": "search", "url": start, "queries": list(QUERIES)})
    assert told["strangers"] == []
    prefix = f"{site.as_posix()}/"
    return {
        query: list(dict.fromkeys(unquote(urlsplit(url).path).removeprefix(prefix) for url in urls))[:FIRST]
        for query, urls in told["results"][0].items()
    }


def test_there_are_at_least_sixty_queries() -> None:
    assert len(QUERIES) >= 60


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_its_page_among_the_first_three(query: str, found: dict[str, list[str]]) -> None:
    assert any(page.startswith(wanted) for page in found[query] for wanted in QUERIES[query]), found[query]


def test_nonsense_finds_nothing(ask: Any, site: Path) -> None:
    told = ask({"do": "search", "url": (site / "index.html").as_uri(), "queries": ["qwxzkj"]})
    assert told["results"][0] == {"qwxzkj": []}
