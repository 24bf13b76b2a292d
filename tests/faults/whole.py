"""Whether the files of a folder open: what a killed or failed run leaves is judged by this."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping

import pikepdf

ARCHIVES = (".docx", ".xlsx", ".zip")


def outputs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that count: what a killed writer leaves beside them is hidden."""
    return {name: data for name, data in files.items() if not name.rpartition("/")[2].startswith(".")}


def broken(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the files that do not open, with the reason."""
    for name, data in files.items():
        try:
            fault = fault_of(name, data)
        except (ValueError, zipfile.BadZipFile, pikepdf.PdfError) as error:
            fault = str(error) or repr(error)
        if fault:
            yield f"{name}: {fault}"


def fault_of(name: str, data: bytes) -> str:
    """Return what is wrong with one file, or nothing; raise what its reader raises."""
    if name.endswith(ARCHIVES):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return f"bad part {bad}" if (bad := archive.testzip()) else ""
    if name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(data)) as opened:
            return "" if data.rstrip().endswith(b"%%EOF") and len(opened.pages) else "no end or no page"
    if name.endswith(".json"):
        json.loads(data)
        return ""
    return "" if not name.endswith(".ics") or data.endswith(b"END:VCALENDAR\r\n") else "no end"
