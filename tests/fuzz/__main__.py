"""Search for bytes that break a target, guided by what they reach: ``python -m tests.fuzz TARGET [OPTIONS]``.

The options are libFuzzer's. The corpus of the target is what the search begins with; what breaks it is written to
``build/fuzz``.
"""

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).with_name("corpus")
FOUND = ROOT / "build" / "fuzz"


def main() -> None:
    """Search in one target."""
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["generator", "yaml", "jinja2", "docxtpl"]):
        from tests.fuzz.targets import feed  # noqa: PLC0415 - imported while the search looks on
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    words = CORPUS / f"{name}.dict"
    settings = [f"-artifact_prefix={found}/", "-timeout=60", "-rss_limit_mb=4096", "-print_final_stats=1"]
    settings += [f"-dict={words}"] if words.is_file() else []
    atheris.Setup([sys.argv[0], *settings, *options, str(found), str(CORPUS / name)], lambda raw: feed(name, raw))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
