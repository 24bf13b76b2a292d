"""The user's own Word templates: an institution's own beats a shared folder's, and both beat ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from generator.document.fill import Filling, fill_template


@dataclass(frozen=True)
class Override:
    """A Word template used in place of our source."""

    path: Path

    def fill(self, context: Mapping[str, Any], *, title: str, day: date, photos: Path) -> bytes:
        """Return the filled DOCX; raise KaowuError with the place of an unknown name."""
        folder = photos if photos.is_dir() else None
        return fill_template(self.path, context, Filling(title, day, folder, self.path.name))


def find_override(document: str, folders: Iterable[Path | None]) -> Override | None:
    """Return the first template named like the document in the folders, or None."""
    for folder in folders:
        if folder is not None and (path := folder / f"{document}.docx").is_file():
            return Override(path)
    return None
