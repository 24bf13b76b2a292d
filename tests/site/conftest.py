"""The site, built once from the real policy without the gallery, and a way to ask a browser about it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build/node/node_modules"
BROWSE = Path(__file__).with_name("browse.js")
EPOCH = "315532800"
Ask = Callable[..., dict[str, Any]]


def run(command: list[str], folder: Path) -> None:
    """Run a command; fail with what it printed."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def write_pages(folder: Path, *more: str) -> Path:
    """Write the pages into ``build/pages`` of a folder and return it."""
    own = ["--own", str(ROOT / "site"), "--changelog", str(ROOT / "CHANGELOG.md")]
    pages = [sys.executable, "-m", "generator", "pages", str(folder / "build/pages"), *own, *more]
    run([*pages, "--words", str(folder / "build/words.txt")], ROOT)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder / "build/pages"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the Markdown pages."""
    return write_pages(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def site(pages: Path) -> Path:
    """Return the folder of the built site; the build is strict."""
    run([sys.executable, "-m", "mkdocs", "build", "--quiet"], pages.parents[1])
    return pages.parent / "site"


@pytest.fixture(scope="session")
def rebuild() -> Callable[[Path], Path]:
    """Return a function that builds the whole site once more, in a folder of its own and without a network."""
    alone = ["unshare", "-rn"]
    apart = shutil.which(alone[0]) and not subprocess.run([*alone, "true"], check=False, capture_output=True).returncode

    def again(folder: Path) -> Path:
        write_pages(folder)
        run([*(alone if apart else []), sys.executable, "-m", "mkdocs", "build", "--quiet"], folder)
        return folder / "build/site"

    return again


@pytest.fixture(scope="session")
def ask(tool: Callable[[str], str], site: Path) -> Ask:
    """Return a function that has the browser do tasks on the site, as opened from the file system."""
    node, chromium = tool("node"), tool("chromium")
    if not (MODULES / "playwright-core").is_dir():
        pytest.skip("playwright-core is missing; install it with: make build/node/.ready")

    def browse(*tasks: dict[str, Any]) -> dict[str, Any]:
        asked = {"modules": str(MODULES), "chromium": chromium, "site": site.as_uri(), "tasks": tasks}
        done = subprocess.run(
            [node, BROWSE], input=json.dumps(asked), capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return browse
