"""The user's own Word templates: an institution's own beats a shared folder's, and both beat ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.document.fill import fill_template


@dataclass(frozen=True)
class Override:
    """A Word template used in place of our source."""

    path: Path

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """Return the filled DOCX; raise KaowuError with the place of an unknown name."""
        return fill_template(self.path, context)


def find_override(document: str, folders: Iterable[Path | None]) -> Override | None:
    """Return the first template named like the document in the folders, or None."""
    for folder in folders:
        if folder is not None and (path := folder / f"{document}.docx").is_file():
            return Override(path)
    return None
