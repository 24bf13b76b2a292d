"""Pictures of the photo folder, and no other files."""

from pathlib import Path

from generator.problems import KaowuError, Place, Problem

_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def read_photo(folder: Path | None, source: str) -> tuple[bytes, str]:
    """Return a picture inside the folder and its kind (``png`` or ``jpeg``); raise KaowuError for anything else."""
    path = (folder or Path()) / source
    if folder is None or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise KaowuError([Problem(Place(source), "photo-missing", "找不到这张照片", "照片要放在本批次的照片文件夹里")])
    data = path.read_bytes()
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None:
        raise KaowuError([Problem(Place(source), "photo-kind", "不是 JPEG 或 PNG 图片", "另存为 .jpg 或 .png")])
    return data, kind
