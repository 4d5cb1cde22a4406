"""Answers: a page or the part of it that htmx asked for, what follows a POST, and reading the address safely."""

import json
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from jinja2_fragments.flask import render_block
from markupsafe import escape

from vssid.kernel.labels import Label
from vssid.kernel.text import has_control_characters, one_line
from vssid.web import db
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import say


def page(template: str, *, block: str = "main", status: int = 200, **context: Any) -> Response:
    """The whole page, or for htmx the one `block` that the view names. Titles travel with the main block."""
    if not is_fragment_request():
        return make_response(render_template(template, **context), status)
    html = render_block(template, block, **context)
    if block == "main":
        site = escape(current_app.config["SETTINGS"].site_name)
        html = f"<title>{render_block(template, 'title', **context)} · {site}</title>" + html + _flashed()
    return make_response(html, status)


def _flashed() -> str:
    """What the POST before this visit had to say: the flash area stands outside the block that htmx swaps."""
    messages = get_flashed_messages()
    return render_template("parts/flash_oob.html", messages=messages) if messages else ""


def refused(template: str, *, block: str = "main", status: int = 422, **context: Any) -> Response:
    """The form again with its errors and all that was typed; the unit of work is given up first."""
    db.abandon()
    return page(template, block=block, status=status, **context)


def after_post(
    message: str | Label | None, to: str, template: str | None = None, *, block: str = "main", **context: Any
) -> Response:
    """Commit, then answer: without script 303 to `to`; for htmx the `block` of `template`, or a visit to `to`."""
    db.commit()
    if not is_fragment_request():
        if message:
            flash(say(message))
        return _redirect(to)
    if template is None:
        if message:
            flash(say(message))
        place = {"path": to, "target": "#main", "swap": "innerHTML show:window:top"}
        return Response(status=204, headers={"HX-Location": json.dumps(place)})
    parts = render_block(template, block, **context)
    if message:
        parts += render_template("parts/flash_oob.html", messages=[say(message)])
    return make_response(parts)


def leave(to: str) -> Response:
    """A full visit to `to` that no part-swapping may shorten: after sign-in and sign-out."""
    db.commit()
    if is_fragment_request():
        return Response(status=204, headers={"HX-Redirect": to})
    return _redirect(to)


def _redirect(to: str) -> Response:
    return redirect(to, 303, Response)  # type: ignore[return-value]


def paper(template: str, **context: Any) -> str:
    """A self-contained document for print; works outside requests as well, and knows nothing of the reader."""
    specimen = current_app.extensions.get("specimen", bool)()
    site = {"name": current_app.config["SETTINGS"].site_name}
    return current_app.jinja_env.get_template(template).render(site=site, specimen=specimen, **context)


def query_text(name: str, limit: int) -> str:
    """The address's parameter `name` as one clean line of at most `limit` characters; unusable text counts as none."""
    text = one_line(request.args.get(name, "")[: limit * 4])
    return "" if has_control_characters(text) else text[:limit]


def query_number(name: str, most: int) -> int:
    """The address's parameter `name` as a number from 0 to `most`; anything else counts as 0."""
    text = query_text(name, 9)
    return min(int(text), most) if text.isascii() and text.isdigit() else 0


def init_app(app: Flask) -> None:
    """Trim templates' white space: it is a tenth of a page's weight."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
