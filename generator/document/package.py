"""Parts into a DOCX file whose bytes depend on nothing but the parts."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape

_FIRST = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)
_MOST_BYTES = 300 * 1024 * 1024
CORE_PART = "docProps/core.xml"


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a ZIP: sorted behind the content types, dated 1980-01-01, no trace of the machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def unpack(docx: bytes) -> dict[str, bytes]:
    """Return the parts of a DOCX by name; raise zipfile.BadZipFile, or ValueError for a zip bomb."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise ValueError("too large when unpacked")
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def core_properties(title: str, day: date, author: str = "") -> bytes:
    """Return the core properties part; Word caps each text at 255 characters."""
    return _CORE.format(title=escape(title[:255]), author=escape(author[:255]), day=day.isoformat()).encode()
