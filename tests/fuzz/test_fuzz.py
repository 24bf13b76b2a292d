"""What a search found stays found, and a short search goes on in every run."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, feed

CORPUS = Path(__file__).with_name("corpus")
SEEDS = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
RUNS = {"yaml": 4000, "csv": 2000, "sheet": 400, "source": 400, "word": 60}


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.parent.name}-{seed.name}")
def test_a_seed_is_read_or_refused_in_order(seed: Path) -> None:
    feed(seed.parent.name, seed.read_bytes())


def test_every_target_has_seeds() -> None:
    assert {seed.parent.name for seed in SEEDS} == set(TARGETS) == set(RUNS)


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, "yaml", lambda raw: raw.decode())
    with pytest.raises(UnicodeDecodeError):
        feed("yaml", b"\xff")


@pytest.mark.parametrize("target", TARGETS)
def test_a_search_guided_by_coverage_finds_nothing(target: str, tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this machine; install it with: pip install atheris")
    options = [f"-runs={RUNS[target]}", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", "tests.fuzz", target, *options]
    done = subprocess.run(
        command, cwd=CORPUS.parents[2], capture_output=True, text=True, timeout=900, check=False, errors="replace"
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done" in done.stderr
