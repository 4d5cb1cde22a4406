"""Documents as PDF: finished HTML goes to the workshop's child process, outside any transaction."""

from flask import Response, current_app

from vssid.kernel.workshop import PDF, Workshop
from vssid.web import db

SECONDS = 20


def as_pdf(html: str) -> bytes:
    """One self-contained document as PDF. Call it outside any transaction. Raises Busy."""
    workshop: Workshop = current_app.extensions["workshop"]
    body: bytes = workshop.run_named(SECONDS, PDF, html)
    return body


def answer(html: str, name: str) -> Response:
    """The same as an answer to a GET that nobody keeps; `name` is the file's, in plain letters."""
    db.abandon()
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(as_pdf(html), mimetype="application/pdf", headers=headers)
