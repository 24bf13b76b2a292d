"""DOCX into PDF by LibreOffice, for Word templates of the user's own; what it writes is not reproducible.

LibreOffice is told of our fonts: without them a machine that has no Chinese font prints empty boxes.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from generator.fonts import find_faces, fontconfig
from generator.problems import KaowuError, Place, Problem

NO_OFFICE = "用的是自有 Word 模板，本机没有 LibreOffice，PDF 未生成，请从 Word 打印"
SECONDS = 120


def find_office() -> str | None:
    """Return the LibreOffice program, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def has_office() -> bool:
    """Return whether LibreOffice is installed."""
    return find_office() is not None


def convert_docx(docx: bytes) -> bytes:
    """Return the PDF that LibreOffice makes of a DOCX; raise KaowuError when it makes none."""
    program = find_office()
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="kaowu-") as name:
        folder = Path(name)
        (folder / "fonts.conf").write_text(fontconfig(find_faces()), encoding="utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        (folder / "in.docx").write_bytes(docx)
        profile = (folder / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", name]
        try:
            command += [str(folder / "in.docx")]
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=environment)
        except subprocess.TimeoutExpired:
            raise KaowuError([Problem(Place(program), "office-timeout", f"LibreOffice {SECONDS} 秒没有完成")]) from None
        result = folder / "in.pdf"
        data = result.read_bytes() if result.is_file() else b""
    if not data.startswith(b"%PDF"):
        what = "LibreOffice 没有写出 PDF"
        raise KaowuError([Problem(Place(program), "office-failed", what, "用 Word 打开 DOCX 另存为 PDF")])
    return data
