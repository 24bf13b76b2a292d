"""Archives of unknown origin (workbooks, Word templates): bytes in, their parts out, each proved to be what it says.

What reads an archive after us may take its word for sizes and names; so no part may be larger than it says, or be
there twice, or declare entities of its own.
"""

import copy
import io
import re
import struct
import zipfile
import zlib

MOST_BYTES = 300 * 1024 * 1024
MOST_PARTS = 10_000

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
_XML = (".xml", ".rels", ".vml")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)")


class ArchiveError(ValueError):
    """An archive that is damaged, or made as no office program makes it."""


class ArchiveTooLargeError(ArchiveError):
    """An archive with more in it than we unpack."""


def unpack(raw: bytes) -> dict[str, bytes]:
    """Return the parts of an archive by name, folders left out; raise ArchiveError."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES or len(entries) > MOST_PARTS:
                raise ArchiveTooLargeError("too large when unpacked")
            parts = {entry.filename: _read(archive, entry) for entry in entries if not entry.is_dir()}
            if len(parts) < sum(not entry.is_dir() for entry in entries):
                raise ArchiveError("a part is there twice")
    except ArchiveError:
        raise
    except _DAMAGE as error:
        raise ArchiveError(str(error)) from error
    return parts


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return one part, unpacked to one byte more than it says at most."""
    if entry.compress_type not in _METHODS:
        raise ArchiveError("compressed in an unusual way")
    generous = copy.copy(entry)
    generous.file_size += 1
    with archive.open(generous) as part:
        data = part.read(generous.file_size)
    if len(data) != entry.file_size:
        raise ArchiveError("a part is not as large as it says")
    if entry.filename.endswith(_XML) and _DOCTYPE.search(data):
        raise ArchiveError("a part declares its own entities")
    return data
