"""Pictures of the photo folder, and no other files; each is looked through before anybody has to show it."""

import io
import warnings
from pathlib import Path

from generator.problems import KaowuError, Place, Problem

_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_MOST_BYTES = 20 * 1024 * 1024
_MOST_PIXELS = 50_000_000


def read_photo(folder: Path | None, source: str) -> tuple[bytes, str]:
    """Return a picture inside the folder and its kind (``png`` or ``jpeg``); raise KaowuError for anything else."""
    path = (folder or Path()) / source
    if folder is None or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise _refusal(source, "photo-missing", "找不到这张照片", "照片要放在本批次的照片文件夹里")
    if path.stat().st_size > _MOST_BYTES:
        raise _refusal(source, "photo-large", f"照片超过 {_MOST_BYTES // 1024**2} MB", "缩小后再放进来")
    data = path.read_bytes()
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None:
        raise _refusal(source, "photo-kind", "不是 JPEG 或 PNG 图片", "另存为 .jpg 或 .png")
    _look_through(data, source)
    return data, kind


def _look_through(data: bytes, source: str) -> None:
    """Raise KaowuError for a picture that is too large when unpacked, or breaks off: print would leave it out."""
    from PIL import Image, ImageFile  # noqa: PLC0415 - only where there are pictures

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # we have a limit of our own
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                if width * height > _MOST_PIXELS:
                    what = f"照片有 {width}×{height} 个像素"
                    raise _refusal(source, "photo-large", what, "缩小到一寸、二寸照片的大小")
                picture.load()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise _refusal(source, "photo-damaged", "照片已损坏，打不开", "换一张") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _refusal(source: str, code: str, what: str, remedy: str) -> KaowuError:
    return KaowuError([Problem(Place(source), code, what, remedy)])
