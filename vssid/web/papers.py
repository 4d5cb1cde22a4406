"""Documents as PDF or picture: finished HTML goes to the workshop's child process, outside any transaction."""

from flask import Response, current_app

from vssid.kernel.workshop import PDF, PICTURE, Workshop
from vssid.web import db

SECONDS = 20
DOTS_AN_INCH = 300


def as_pdf(html: str) -> bytes:
    """One self-contained document as PDF. Call it outside any transaction. Raises Busy."""
    return _made(PDF, html)


def answer(html: str, name: str) -> Response:
    """The same as an answer to a GET that nobody keeps; `name` is the file's, in plain letters."""
    db.abandon()
    return _shown(as_pdf(html), "application/pdf", name)


def picture(html: str, name: str) -> Response:
    """Its first page as a PNG that a printer may use, likewise."""
    db.abandon()
    return _shown(_made(PICTURE, html, DOTS_AN_INCH), "image/png", name)


def _made(what: str, *args: str | int) -> bytes:
    workshop: Workshop = current_app.extensions["workshop"]
    body: bytes = workshop.run_named(SECONDS, what, *args)
    return body


def _shown(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype=media_type, headers=headers)
