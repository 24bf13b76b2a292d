"""What a Word file would fetch or run when somebody opens it: its parts in, each fault in words out."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FETCHING = re.compile(r"\b(INCLUDEPICTURE|INCLUDETEXT|DDEAUTO|DDE|IMPORT|LINK|DATABASE|RD)\b", re.IGNORECASE)
_RUNNING = ("vbaProject.bin", "vbaData.xml")
_PLANTED = ("/activeX/", "/embeddings/", "/afchunk")


def find_outside(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Yield code, fault and remedy; raise etree.XMLSyntaxError for a part that cannot be read."""
    for name, data in sorted(parts.items()):
        if name.endswith(_RUNNING):
            yield "macro", "文件里有宏", "另存为不含宏的 .docx"
        elif any(place in f"/{name}" for place in _PLANTED):
            yield "embedded", f"文件里嵌入了别的文件：{name}", "删去嵌入的对象，只留文字、表格和图片"
        elif name.endswith(".rels"):
            yield from _relations(data)
        elif name.startswith("word/") and name.endswith(".xml"):
            yield from _fields(data)


def _relations(data: bytes) -> Iterator[tuple[str, str, str]]:
    for relation in etree.fromstring(data):
        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith("/hyperlink"):
            what = f"引用了文件以外的内容：{relation.get('Target')}"
            yield "external", what, "把图片等内容插入文件中，而不是链接"


def _fields(data: bytes) -> Iterator[tuple[str, str, str]]:
    if b"instr" not in data:
        return
    root = etree.fromstring(data)
    simple = [str(node.get(f"{_W}instr")) for node in root.iter(f"{_W}fldSimple")]
    complex_ = "".join(node.text or "" for node in root.iter(f"{_W}instrText"))
    for found in dict.fromkeys(_FETCHING.findall(" ".join([*simple, complex_]))):
        yield "external", f"有从别处取内容的域 {found.upper()}", "选中域按 Ctrl+Shift+F9 变为普通文字"
