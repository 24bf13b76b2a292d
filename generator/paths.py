"""Where the data lies: beside the package in a checkout, inside the package in an installed wheel."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE.parent


def policy_dir() -> Path:
    """Return the folder with the encoded guidelines."""
    return _data("policy")


def templates_dir() -> Path:
    """Return the folder with the document sources."""
    return _data("templates")


def fonts_dir() -> Path:
    """Return the folder with the free fonts the set-up fetches; it may not exist, a wheel brings none."""
    return _ROOT / "build" / "fonts" if _in_checkout() else _PACKAGE / "_data" / "fonts"


def user_fonts_dir() -> Path:
    """Return the folder whose fonts go before ours: ``KAOWU_FONTS``, or ``~/.config/kaowu/fonts``."""
    named = os.environ.get("KAOWU_FONTS")
    return Path(named).expanduser() if named else Path.home() / ".config" / "kaowu" / "fonts"


def _data(name: str) -> Path:
    return _ROOT / name if _in_checkout() else _PACKAGE / "_data" / name


def _in_checkout() -> bool:
    return (_ROOT / "pyproject.toml").is_file() and (_ROOT / "policy").is_dir()
