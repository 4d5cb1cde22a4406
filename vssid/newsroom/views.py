"""What everybody reads: lists and articles of each kind, Giới thiệu, their pictures, films and documents."""

import io
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, send_file

from vssid.kernel.clock import day_of, now
from vssid.kernel.crypto import Unreadable
from vssid.kernel.files import StoredFile
from vssid.kernel.text import without_marks
from vssid.newsroom import queries, reading
from vssid.newsroom.actions import written_of
from vssid.newsroom.media import clear_copy, drop_clear_copy, store
from vssid.newsroom.queries import SHOWN, Entry, Key
from vssid.newsroom.rules import ABOUT_SLUG, BY_TOPIC, LISTED, WIDTHS, Kind, Standing, Topic
from vssid.web import db, pages, qr
from vssid.web.guards import public
from vssid.web.i18n import LANGUAGES, language
from vssid.web.published import published

bp = Blueprint("newsroom", __name__)
# What an id stands for never changes.
FOR_EVER = "public, max-age=31536000, immutable"
LONGEST_KEY = 90
GONE = 410


@published
@public
def list_articles(kind: Kind) -> Response:
    """The articles of a kind, what is pinned first, then the newest."""
    topic = next((one for one in Topic if one == pages.query_text("chu-de", 20)), None)
    after = _key(pages.query_text("truoc", LONGEST_KEY))
    found = queries.entries(db.session, kind, language(), now(), SHOWN + 1, topic=topic, after=after)
    rows, more = found[:SHOWN], len(found) > SHOWN
    return pages.page(
        "newsroom/list.html",
        block="found" if "truoc" in request.args else "main",
        kind=kind,
        kinds=[(one, f"/{one.section}") for one in LISTED],
        rows=[_row(entry) for entry in rows],
        topics=[(one, _list_address(kind, one)) for one in Topic] if kind in BY_TOPIC or topic else [],
        topic=topic,
        following=_list_address(kind, topic, rows[-1]) if more else None,
        earlier=after is not None,
        section=f"/{kind.section}",
        active=kind.section,
    )


def _list_address(kind: Kind, topic: Topic | None, last: Entry | None = None) -> str:
    key = f"{'g' if last.pinned else ''}{last.publish_at.isoformat()}_{last.id}" if last else None
    asked = {name: value for name, value in (("chu-de", topic), ("truoc", key)) if value}
    return f"/{kind.section}" + (f"?{urlencode(asked)}" if asked else "")


def _key(text: str) -> Key | None:
    """Where the list goes on, as `_list_address` writes it; None for what is no such key."""
    moment, _sign, id = text.removeprefix("g").partition("_")
    try:
        publish_at = datetime.fromisoformat(moment)
        return (text.startswith("g"), publish_at, UUID(id)) if publish_at.tzinfo else None
    except ValueError:
        return None


def _row(entry: Entry) -> dict[str, Any]:
    cover = reading.cover_of(*entry.cover) if entry.cover else None
    return {"entry": entry, "lang": LANGUAGES[entry.language][1], "day": day_of(entry.publish_at), "cover": cover}


@published
@public
def show_article(kind: Kind, slug: str) -> Response:
    """One article in the reader's language, or in Vietnamese where there is no translation."""
    return _article(kind, slug)


def _article(kind: Kind, slug: str, **more: Any) -> Response:
    how, found = queries.reading(db.session, kind, slug, language(), now())
    if how is Standing.WITHDRAWN:
        return pages.page("newsroom/gone.html", status=GONE, kind=kind, section=f"/{kind.section}", active="")
    if found is None:
        abort(404)
    text = found.text
    shown = reading.shown(db.session, found.article, written_of(text), text.language, found.pictures, language())
    return pages.page("newsroom/article.html", shown=shown, section=f"/{kind.section}", active=kind.section, **more)


for _kind in LISTED:
    bp.add_url_rule(f"/{_kind.section}", f"list_{_kind}", list_articles, defaults={"kind": _kind})
    bp.add_url_rule(f"/{_kind.section}/<slug>", f"show_{_kind}", show_article, defaults={"kind": _kind})


@bp.get("/gioi-thieu")
@published
@public
def about() -> Response:
    """What this is and on what it rests, and a code that brings it onto another phone."""
    home = current_app.config["SETTINGS"].public_url
    return _article(
        Kind.PAGE, ABOUT_SLUG, install=f"{home}/cai-dat-ung-dung", code=qr.svg(f"{home}/cai-dat-ung-dung", home)
    )


@bp.get("/tin-tuc/atom.xml")
@published
@public
def feed() -> Response:
    """The newest news as Atom (RFC 4287), Vietnamese unless `?lang=` asks for another language."""
    wanted = request.args.get("lang", "vi")
    tongue = wanted if wanted in LANGUAGES else "vi"
    rows = queries.latest(db.session, Kind.NEWS, tongue, SHOWN, now())
    home = current_app.config["SETTINGS"].public_url
    body = current_app.jinja_env.get_template("newsroom/atom.xml").render(
        site=current_app.config["SETTINGS"].site_name,
        home=home,
        lang=LANGUAGES[tongue][1],
        itself=f"{home}/tin-tuc/atom.xml" + (f"?lang={tongue}" if tongue != "vi" else ""),
        updated=max((entry.changed_at for entry in rows), default=None) or _EPOCH,
        rows=[(entry, LANGUAGES[entry.language][1]) for entry in rows],
    )
    return Response(body, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=600"})


# A feed must say when it last changed, also one without entries.
_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@bp.get("/tin-tuc/anh/<uuid:id>")
@published
@public
def picture(id: UUID) -> Response:
    """A picture; `?rong=360` the smaller one."""
    row = queries.picture_file(db.session, id, now(), small=request.args.get("rong") == str(WIDTHS[0])) or abort(404)
    return _sent(row)


@bp.get("/tin-tuc/phim/<uuid:id>")
@published
@public
def film(id: UUID) -> Response:
    """A film, also parts of it: phones fetch what they are about to play."""
    return _sent(queries.video_file(db.session, id, now()) or _gone(id))


@bp.get("/tin-tuc/tep/<uuid:id>")
@published
@public
def document(id: UUID) -> Response:
    """A document to keep."""
    row, name = queries.document_file(db.session, id, now()) or _gone(id)
    return _sent(row, without_marks(name))


def _gone(id: UUID) -> NoReturn:
    drop_clear_copy(id)
    abort(404)


def _sent(row: StoredFile, name: str | None = None) -> Response:
    try:
        if not row.media_type.startswith("image/"):
            # The disk may be full, or another process need the room between the copy's being found and being opened.
            with suppress(OSError):
                return _answer(row, name, clear_copy(row))
        return _answer(row, name, io.BytesIO(store().read(row)))
    except Unreadable:
        abort(404)


def _answer(row: StoredFile, name: str | None, content: Path | io.BytesIO) -> Response:
    answer = send_file(
        content,
        row.media_type,
        as_attachment=name is not None,
        download_name=name,
        conditional=True,
        etag=row.id.hex,
    )
    answer.headers["Cache-Control"] = FOR_EVER
    return answer
