"""How heavy a page is, said on the page, and text mode: the same page without pictures and scripts."""

import re
import zlib

from flask import Flask, Response, current_app, request

from vssid.web import choices
from vssid.web.headers import LEVEL

# Stands where the page says its weight; no text of ours looks like it.
PLACE = "\x00weight\x00"
_SCRIPTS = re.compile(r"<script\b[^>]*></script>|<link rel=\"(?:manifest|icon|apple-touch-icon|preload)\"[^>]*>")
_ICONS = re.compile(r'<svg class="icon".*?</svg>', re.DOTALL)
_PICTURES = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')


def init_app(app: Flask) -> None:
    """After the headers: what is registered later sees the answer earlier, not yet packed."""
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough:
        return response
    html = response.get_data(as_text=True)
    if choices.text_only() and not request.path.startswith("/can-bo"):
        html = as_text(html)
        response.set_data(html)
    if PLACE in html:
        response.set_data(html.replace(PLACE, str(_kilobytes(html))))
    return response


def as_text(html: str) -> str:
    """`html` without scripts and icons; a picture that says something becomes a link to it, codes drawn in the page stay."""
    return _PICTURES.sub(_as_link, _ICONS.sub("", _SCRIPTS.sub("", html)))


def _as_link(picture: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(picture[0]))
    return f'<a class="pic" href="{found["src"]}">{found["alt"]}</a>' if found.get("alt") and found.get("src") else ""


def _kilobytes(html: str) -> int:
    """What the page weighs on the line with its headers, rounded up to kilobytes of 1,000."""
    bytes_ = len(zlib.compress(html.encode(), LEVEL)) + int(current_app.config["HEADER_BYTES"])
    return -(-bytes_ // 1000)
