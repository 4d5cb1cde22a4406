"""PDF and pictures from finished HTML, in the workshop's child process. The HTML may refer to `data:` only: no file, no network."""

import io

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

COLOURS = 128
MOST_PAGES = 60


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
    return _packed(whole)


def rebuilt(data: bytes) -> bytes | None:
    """The pages of a stranger's PDF as a new one: without its scripts, embedded files, metadata and whatever stood around it.

    None for what cannot be opened (damaged, under a password), has no page or more than sixty.
    """
    try:
        with pdfium.PdfDocument(data) as found:
            if not 0 < len(found) <= MOST_PAGES:
                return None
            whole = pdfium.PdfDocument.new()
            whole.import_pages(found)
    except pdfium.PdfiumError:
        return None
    for page in whole:
        # Links, forms and media can carry actions; what is drawn on the page stays.
        for number in reversed(range(pdfium_c.FPDFPage_GetAnnotCount(page))):  # type: ignore[attr-defined]
            pdfium_c.FPDFPage_RemoveAnnot(page, number)  # type: ignore[attr-defined]
    # Once more: what no page refers to any longer stays behind.
    return joined([_packed(whole)])


def _packed(document: pdfium.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(html: str, dots: int) -> bytes:
    """The first page of the same as a PNG with `dots` an inch."""
    document = pdfium.PdfDocument(render(html))
    image = document[0].render(scale=dots / 72).to_pil()
    packed = io.BytesIO()
    image.quantize(COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()
