"""PDF from finished HTML, in the workshop's child process. The HTML may refer to `data:` only: no file, no network."""

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


def render(html: str) -> bytes:
    """The PDF of one self-contained HTML document."""
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    # A FontConfiguration shared between calls has crashed the process; one of its own each time has not.
    return bytes(HTML(string=html, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration()))
