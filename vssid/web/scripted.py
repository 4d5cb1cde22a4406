"""Windows for our own scripts: a small JSON object comes in, one goes out; refusals carry words to show."""

import json
from typing import Any

from flask import Response, abort, request

from vssid.kernel.labels import Label
from vssid.web import db
from vssid.web.i18n import say

LARGEST = 16 * 1024


def body() -> dict[str, Any]:
    """The object that the script sent. Anything else, or more than 16 KB, ends the request (415, 413, 400)."""
    if request.mimetype != "application/json":
        abort(415)
    if request.content_length is None or request.content_length > LARGEST:
        abort(413)
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(found, dict):
        abort(400)
    return found


def text(given: dict[str, Any], name: str, limit: int) -> str:
    """The text under `name`, '' when there is none or it is no text of at most `limit` characters."""
    value = given.get(name)
    return value if isinstance(value, str) and len(value) <= limit and "\0" not in value else ""


def answer(found: dict[str, Any] | str, status: int = 200) -> Response:
    """Commit, then say `found`: an object, or JSON that is written already."""
    db.commit()
    return Response(found if isinstance(found, str) else json.dumps(found), status, mimetype="application/json")


def refusal(words: Label, status: int = 422) -> Response:
    """Give the unit of work up and say why."""
    db.abandon()
    return Response(json.dumps({"error": say(words)}), status, mimetype="application/json")
