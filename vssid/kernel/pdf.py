"""PDF and pictures from finished HTML, in the workshop's child process. The HTML may refer to `data:` only: no file, no network."""

import io

import pypdfium2 as pdfium
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

COLOURS = 128


def render(html: str) -> bytes:
    """The PDF of one self-contained HTML document."""
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    # A FontConfiguration shared between calls has crashed the process; one of its own each time has not.
    return bytes(HTML(string=html, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration()))


def joined(parts: list[bytes]) -> bytes:
    """The pages of several PDFs, one after the other."""
    whole = pdfium.PdfDocument.new()
    for part in parts:
        with pdfium.PdfDocument(part) as one:
            whole.import_pages(one)
    packed = io.BytesIO()
    whole.save(packed)
    return packed.getvalue()


def picture(html: str, dots: int) -> bytes:
    """The first page of the same as a PNG with `dots` an inch."""
    document = pdfium.PdfDocument(render(html))
    image = document[0].render(scale=dots / 72).to_pil()
    packed = io.BytesIO()
    image.quantize(COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()
