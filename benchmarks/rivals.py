"""The engines: each opens once for a content, then makes its documents on demand.

An engine takes a content and returns ``make(first, count)``, which makes so many documents and returns how many bytes
they have together. What can be kept between documents is kept, wherever the engine lets one keep it.
"""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks.contents import Content
from generator.document.docx import write_docx
from generator.document.export import export_template
from generator.document.figures import FIGURES
from generator.document.fill import fill_template
from generator.document.html import write_html
from generator.document.run_program import write_source
from generator.document.style import style_folder
from generator.document.values import FILTERS
from generator.fonts import find_faces, stylesheet

ROOT = Path(__file__).parents[1]
NODE = ROOT / "build" / "node"
BATCH = 10

Make = Callable[[int, int], int]
Engine = Callable[[Content], Make]


def each(make: Callable[[int], bytes]) -> Make:
    """Return what makes documents one by one."""
    return lambda first, count: sum(len(make(number)) for number in range(first, first + count))


def kaowu(content: Content) -> Make:
    """Our DOCX, from the data."""
    return each(lambda number: write_source(content.source, content.context(number), day=content.day))


def kaowu_filled(content: Content) -> Make:
    """A Word template of the user's own (our export), filled by us."""
    template = export_template(content.source)
    return each(lambda number: fill_template(template, content.context(number)))


def kaowu_blanks(content: Content) -> Make:
    """A template in which everything is decided but the words from the data, filled by us."""
    template = content.template("{{ ", " }}")
    return each(lambda number: fill_template(template, content.filling(number)))


def docxtpl(content: Content) -> Make:
    """The same Word template, filled by docxtpl as its manual says."""
    template = export_template(content.source)
    return each(lambda number: fill_by_docxtpl(template, content.context(number)))


def docxtpl_blanks(content: Content) -> Make:
    """A template in which everything is decided but the words from the data, filled by docxtpl."""
    template = content.template("{{ ", " }}")
    return each(lambda number: fill_by_docxtpl(template, content.filling(number)))


def fill_by_docxtpl(template: bytes, context: dict[str, Any]) -> bytes:
    """Return a template filled by docxtpl, with nothing of ours but the filters it names."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 - an engine imports what it uses
    from jinja2 import Environment  # noqa: PLC0415

    environment = Environment(autoescape=True)
    environment.filters.update({**FILTERS, **FIGURES, "照片": str})
    filled = DocxTemplate(io.BytesIO(template))
    filled.render(dict(context), environment)
    buffer = io.BytesIO()
    filled.save(buffer)
    return buffer.getvalue()


def python_docx(content: Content) -> Make:
    """The document built paragraph by paragraph and cell by cell."""
    from benchmarks.by_hand import build  # noqa: PLC0415

    return each(lambda number: build(content.document(number)))


def docxtemplater(content: Content) -> Make:
    """The template with nothing but blanks, filled by docxtemplater in one warm Node."""
    template = Path(mkdtemp()) / "template.docx"
    template.write_bytes(content.template("{", "}"))
    command = ["node", str(Path(__file__).with_name("docxtemplater.js")), str(NODE / "node_modules"), str(template)]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    asked, told = node.stdin, node.stdout
    assert asked
    assert told
    asked.write(json.dumps(content.fillings) + "\n")

    def make(first: int, count: int) -> int:
        print(first, count, file=asked, flush=True)
        return int(told.readline())

    return make


def pandoc(content: Content) -> Make:
    """Markdown of the same words, which knows no merged cells, made into DOCX; one start per document."""
    import pypandoc  # noqa: PLC0415

    from benchmarks.by_hand import as_markdown  # noqa: PLC0415

    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "docx", "-o", "-"]
    texts = [as_markdown(document).encode() for document in content.documents]
    return each(lambda number: run(command, texts[number % len(texts)]))


def run(command: list[str], given: bytes) -> bytes:
    """Return what a program prints for an input."""
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def libreoffice(batch: int) -> Engine:
    """Return the engine that converts our DOCX into PDF, so many files per start of LibreOffice."""

    def opened(content: Content) -> Make:
        folder = Path(mkdtemp())
        docx = [write_docx(document, day=content.day) for document in content.documents]
        return lambda first, count: sum(
            convert(folder, [docx[number % len(docx)] for number in range(at, min(at + batch, first + count))])
            for at in range(first, first + count, batch)
        )

    return opened


def convert(folder: Path, files: list[bytes]) -> int:
    """Return the bytes of the PDFs that LibreOffice makes of the files in one start."""
    for number, data in enumerate(files):
        (folder / f"{number}.docx").write_bytes(data)
    names = [str(folder / f"{number}.docx") for number in range(len(files))]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *names]
    subprocess.run(command, check=True, capture_output=True)
    return sum(Path(name).with_suffix(".pdf").stat().st_size for name in names)


def weasyprint(content: Content) -> Make:
    """The same page in the same faces, printed by WeasyPrint as its manual says, fonts and styles read once."""
    import weasyprint as engine  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    fonts, look = FontConfiguration(), content.document(0)
    folder = style_folder() / "print"
    texts = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in ("base", look.look)]
    texts = [stylesheet(find_faces()), *texts, f"@page {{ size: A4 {look.paper} }}"]
    sheets = [engine.CSS(string=text, font_config=fonts) for text in texts]
    options = {"stylesheets": sheets, "font_config": fonts, "pdf_variant": "pdf/a-2u", "pdf_tags": True}
    pages = [write_html(document, content.day.isoformat()) for document in content.documents]
    return each(lambda number: bytes(engine.HTML(string=pages[number % len(pages)]).write_pdf(**options)))


def kaowu_pdf(content: Content) -> Make:
    """Our PDF, each document laid out afresh."""
    return each(print_each(content, many=False))


def kaowu_stamped(content: Content) -> Make:
    """Our PDF of a form of which there are many: laid out once, then the words put in."""
    return each(print_each(content, many=True))


def print_each(content: Content, *, many: bool) -> Callable[[int], bytes]:
    """Return what prints one document."""
    from generator.document.pdf import PdfWriter  # noqa: PLC0415
    from generator.document.text import text_of  # noqa: PLC0415

    writer = PdfWriter(find_faces())
    writer.expect("".join(text_of(document) for document in content.documents))
    return lambda number: writer.write([content.document(number)], day=content.day, many=many)


def typst(content: Content) -> Make:
    """The same words and tables in the same faces, set by one Typst compiler, which keeps its fonts."""
    import typst as engine  # noqa: PLC0415

    from benchmarks.by_hand import as_typst  # noqa: PLC0415

    folder = Path(mkdtemp())
    for number, document in enumerate(content.documents):
        (folder / f"{number}.typ").write_text(as_typst(document), encoding="utf-8")
    (folder / "main.typ").write_text('#include sys.inputs.at("part") + ".typ"', encoding="utf-8")
    faces = sorted({str(face.path.parent) for face in find_faces().found})
    compiler: Any = engine.Compiler(str(folder / "main.typ"), font_paths=faces, ignore_system_fonts=True)
    parts = len(content.documents)
    return each(lambda number: compiler.compile(format="pdf", sys_inputs={"part": str(number % parts)}))


DOCX: dict[str, Engine] = {
    "docxtpl": docxtpl,
    "docxtpl，模板只有空": docxtpl_blanks,
    "docxtemplater": docxtemplater,
    "python-docx": python_docx,
    "pandoc（Markdown）": pandoc,
    "kaowu，模板只有空": kaowu_blanks,
    "kaowu，自备模板": kaowu_filled,
    "kaowu": kaowu,
}
PDF: dict[str, Engine] = {
    "WeasyPrint": weasyprint,
    "Typst": typst,
    "LibreOffice，每份启动": libreoffice(1),
    f"LibreOffice，{BATCH} 份一批": libreoffice(BATCH),
    "kaowu，逐份排版": kaowu_pdf,
    "kaowu，同表多份": kaowu_stamped,
}
