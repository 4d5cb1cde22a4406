"""What the phone's pages are measured beside: bare pages of the same text, and our own with the style sheet linked."""

import gzip
import json
from collections.abc import Callable, Iterable
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort

from bench.client import ROOT
from vssid import settings as environment
from vssid.factory import create_app
from vssid.web import sheets
from vssid.web.headers import LEVEL

# What makes a text a text, and the controls. What is left out (header, main, section, span) shows only with a style sheet.
_ELEMENTS = {
    "a", "b", "br", "button", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "img", "input", "label",
    "legend", "li", "ol", "option", "p", "select", "small", "strong", "table", "tbody", "td", "textarea", "th", "thead",
    "tr", "ul", "svg", "path",
}  # fmt: skip
_ATTRIBUTES = {
    "action", "alt", "autocomplete", "checked", "d", "fill", "for", "height", "href", "id", "inputmode", "lang",
    "maxlength", "method", "name", "required", "selected", "src", "type", "value", "viewbox", "width",
}  # fmt: skip
_VOID = {"br", "img", "input", "link", "meta", "path", "use"}
_HEAD = '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>VssID</title>'


class _Text(HTMLParser):
    """Collects what a reader of the page sees: no menus that are shut, nothing hidden, no drawing but QR codes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.images: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        shown = self._shown and not self._unseen(tag, values)
        if tag not in _VOID:
            self._open.append((tag, shown))
        if shown and tag in _ELEMENTS:
            kept = "".join(
                f" {name}" if value is None else f' {name}="{escape(value)}"'
                for name, value in attrs
                if name in _ATTRIBUTES and not (name == "id" and tag not in ("input", "select", "textarea"))
            )
            self.out.append(f"<{tag}{kept}>")
            if tag == "img" and values.get("src"):
                self.images.append(values["src"] or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        shown = self._shown
        while self._open and self._open.pop()[0] != tag:
            pass
        if shown and tag in _ELEMENTS:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._shown:
            self.out.append(escape(data if data.strip() else data[:1], quote=False))

    @property
    def _shown(self) -> bool:
        return not self._open or self._open[-1][1]

    def _unseen(self, tag: str, values: dict[str, str | None]) -> bool:
        kinds = (values.get("class") or "").split()
        shut = bool(self._open) and self._open[-1][0] == "details" and tag != "summary"
        drawing = tag == "svg" and values.get("role") != "img"
        aside = tag in ("head", "script", "style", "noscript") or "hidden" in values
        return shut or drawing or aside or (("vh" in kinds or "skip" in kinds) and tag != "label")


def bare(html: str) -> tuple[str, list[str]]:
    """The text and the controls of a page without style, script and frame; and the addresses of its images."""
    text = _Text()
    text.feed(html)
    return f"{_HEAD}{''.join(text.out)}", text.images


def keep(folder: Path, answers: dict[str, tuple[str, bytes]]) -> Path:
    """Lay down what `create` serves: media type and body by address with its query."""
    path = folder / "bare.json"
    path.write_text(json.dumps({address: [kind, body.decode("latin-1")] for address, (kind, body) in answers.items()}))
    return path


def create(kept: str) -> Flask:
    """A Flask that serves the answers that were kept, pages compressed once at our level."""
    app = Flask(__name__, static_folder=None)
    answers: dict[str, tuple[str, bytes]] = {}
    for address, (kind, text) in json.loads(Path(kept).read_text()).items():
        body = text.encode("latin-1")
        answers[address.partition("?")[0]] = kind, gzip.compress(body, LEVEL, mtime=0) if kind == "text/html" else body

    @app.get("/")
    @app.get("/<path:path>")
    def serve(path: str = "") -> Response:
        kind, body = answers.get(f"/{path}") or abort(404)
        return Response(body, mimetype=kind, headers={"Content-Encoding": "gzip"} if kind == "text/html" else {})

    return app


def linked() -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """Our application, each inlined style sheet replaced by links to the same files, immutable as all of static/ is.

    The policy need not change: style-src allows our own files beside the hashes.
    """
    app = create_app(environment.load())
    inlined = sheets.read(ROOT / "static" / "css")
    asset = app.jinja_env.globals["asset"]
    links = [f'<link rel="stylesheet" href="{asset(path)}">' for path in ("css/core.css", "css/card.css")]  # type: ignore[operator]
    swaps = [(f"<style>{inlined.with_card}</style>", "".join(links)), (f"<style>{inlined.core}</style>", links[0])]

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        plain = {key: value for key, value in environ.items() if key != "HTTP_ACCEPT_ENCODING"}
        page = not environ["PATH_INFO"].startswith("/static/")
        given = Response.from_app(app.wsgi_app, plain if page else environ)
        if page and given.mimetype == "text/html":
            html = given.get_data(as_text=True)
            for inlined, link in swaps:
                html = html.replace(inlined, link)
            given.set_data(gzip.compress(html.encode(), LEVEL, mtime=0))
            given.headers["Content-Encoding"] = "gzip"
        return given(environ, start)

    return answer
