"""Files that appear whole or not at all, archives with fixed bytes, and names every system accepts.

Bytes and texts in, files on disk, zip bytes and file names out.
"""

import contextlib
import errno
import hashlib
import io
import os
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from pathvalidate import sanitize_filename

from generator.problems import KaowuError, Place, Problem

_PART = ".kaowu-{}.part"
_MAX_BYTES = 240  # of 255, so that the caller can add an extension
_UNNAMED = "未命名"
_SAID = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "不存在",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENAMETOOLONG: "路径或文件名太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EFBIG: "超过系统允许的大小",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EMFILE: "打开的文件太多",
    errno.EBUSY: "正被占用",
}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def say_error(error: OSError) -> str:
    """Return the operating system's complaint in Chinese."""
    return _SAID.get(error.errno or 0, error.strerror or str(error))


def write_whole(path: Path, data: bytes) -> None:
    """Write the file, and its folder, so that at any moment it is absent, the old one or the new one.

    Raise KaowuError when the disk is full or the place cannot be written, or is no file; no part is left then.
    """
    with open_whole(path, size=len(data)) as file:
        file.write(data)


@contextlib.contextmanager
def open_whole(path: Path, *, size: int = 0) -> Iterator[IO[bytes]]:
    """Open a file to be written piece by piece; under its name it appears when it is complete.

    Raise KaowuError when it cannot be written; no part of it is left then.
    """
    part = path.parent / _PART.format(uuid.uuid4().hex)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_other_kinds(path)
        try:
            with part.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise KaowuError([_write_problem(path, error, size)]) from None


def _refuse_other_kinds(path: Path) -> None:
    """Raise OSError where a device, a pipe or a folder stands: renaming onto a device would replace it."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EISDIR if path.is_dir() else errno.EPERM, "not a file")


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep the folder, made if need be, to this process while it writes there; the system lets go should it be killed.

    Raise KaowuError where another process holds it. Where the system cannot lock folders, nothing is held.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KaowuError([_write_problem(folder, error, 0)]) from None
    handle = _lock(folder)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _lock(folder: Path) -> int | None:
    """Return the handle that holds the folder, or None where the system (or a network disk) has no such lock."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)  # type: ignore[arg-type]  # it was opened, or nothing would have blocked
        what, remedy = "另一个 kaowu 正在往这里写", "等它结束再运行，或换一个 --to"
        raise KaowuError([Problem(Place(folder.as_posix()), "folder-held", what, remedy)]) from None
    except OSError:
        return handle
    return handle


def remove_parts(folder: Path) -> int:
    """Delete what killed writers left under the folder and return how many files that were."""
    parts = list(folder.rglob(_PART.format("*")))
    for part in parts:
        part.unlink(missing_ok=True)
    return len(parts)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut where the system allows it (Windows does not)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_problem(path: Path, error: OSError, size: int) -> Problem:
    """Return what kept a file from being written, and the remedy."""
    place = Place(path.as_posix())
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        remedy = f"至少腾出 {max(1, size // 1024)} KB 后重新运行"
        return Problem(place, "file-no-space", "磁盘已满，文件没有写出", remedy)
    if isinstance(error, PermissionError):
        remedy = "若文件正在 Word、WPS 或 Excel 中打开，先关闭；再检查文件夹是否可写"
        return Problem(place, "file-unwritable", "没有权限写这个文件", remedy)
    return Problem(place, "file-unwritable", f"文件写不出来（{say_error(error)}）", "检查输出位置")


def zip_bytes(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip of the entries by sorted name, with fixed date, system and compression.

    Raise ValueError for a name that would leave the folder it is unpacked into.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(entries):
            if name.startswith("/") or ".." in name.split("/") or re.search(r"[\\:\0]", name):
                raise ValueError(f"unsafe name in archive: {name!r}")
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entries[name])
    return target.getvalue()


def safe_name(text: str, *, suffix: str = "", limit: int = 60) -> str:
    """Return a file name for the text, without extension, of at most ``limit`` characters and 240 bytes.

    ``suffix`` (an id) stays whole at the end after ``_``; where it is not fit for a name, or too long, a mark
    derived from it follows, so that different suffixes give different names (upper and lower case apart).
    """
    tail = f"_{_plain_suffix(suffix, limit)}" if suffix else ""
    room = min(limit - len(tail), limit)
    stem = _cut(_clean(text), room, _MAX_BYTES - len(tail.encode()))
    name = (stem or _cut(_UNNAMED, room, _MAX_BYTES)) + tail
    fit = sanitize_filename(name, replacement_text="_", platform="universal")
    # Windows reserves CON.anything as well, and the caller adds an extension.
    return re.sub(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\s*(\.|$))", r"\1_", fit)


def _clean(text: str) -> str:
    """Return the text in NFC on one line, without unseen characters, separators and awkward ends."""
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    seen = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSEEN)
    plain = re.sub(r'[<>:"/\\|?*]', "_", unicodedata.normalize("NFC", seen))
    return _trim(plain)


def _trim(text: str) -> str:
    """Return the text without ends that hide a file, look like an option or are dropped by Windows."""
    return text.lstrip(" .-~$").rstrip(" .")


def _cut(text: str, characters: int, size: int) -> str:
    """Return the beginning of the text that fits the number of characters and the size in bytes."""
    return _trim(text[:characters].encode()[:size].decode(errors="ignore"))


def _plain_suffix(suffix: str, limit: int) -> str:
    """Return the suffix itself where it is fit for a name and takes at most half of it, else with a mark."""
    clean = _clean(suffix)
    if clean == suffix and len(suffix) <= limit // 2 and not re.search("[_~]", suffix):
        return suffix
    mark = hashlib.sha256(suffix.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{clean[: limit // 2 - 9].rstrip(' .')}~{mark}"
