"""/can-bo/noi-dung: the list of articles, and the form in which one is written, a language at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.newsroom import actions
from vssid.newsroom.desk import queries
from vssid.newsroom.desk.forms import NewForm, TextForm
from vssid.newsroom.desk.queries import Desk, Wanted
from vssid.newsroom.reading import shown
from vssid.newsroom.rules import (
    LISTED,
    OFFICIAL,
    TONGUES,
    EditedMeanwhile,
    Kind,
    Origin,
    Standing,
    Topic,
    Written,
    standing,
)
from vssid.officers import Permission
from vssid.web import db, pages
from vssid.web.guards import officer, reaches
from vssid.web.i18n import LANGUAGES, say

bp = Blueprint("articles", __name__, url_prefix="/can-bo/noi-dung")
EDIT = Permission.CONTENT_EDIT
KEY = "articles"
LONGEST_KEY = 90


@bp.get("")
@officer(EDIT)
def list_articles() -> Response:
    """All articles, what was changed last first."""
    at, wanted = now(), _wanted()
    rows, following = queries.listing(db.session, wanted, _key(pages.query_text("sau", LONGEST_KEY)), at)
    asked: dict[str, Any] = {"loai": wanted.kind, "tinh-trang": wanted.standing, "thieu": wanted.missing}
    return pages.page(
        "newsroom/desk_list.html",
        block="found" if asked.keys() & request.args.keys() else "main",
        rows=[(row, Kind(row.article.kind), standing_of(row.article, at)) for row in rows],
        wanted=wanted,
        kinds=[*LISTED, Kind.PAGE],
        standings=list(Standing),
        tongues=names(TONGUES[1:]),
        following=url_for(".list_articles", **asked, sau=following) if following else None,
        earlier="sau" in request.args,
        active=KEY,
    )


def _wanted() -> Wanted:
    asked = [pages.query_text(name, 12) for name in ("loai", "tinh-trang", "thieu")]
    return Wanted(
        next((one for one in Kind if one == asked[0]), None),
        next((one for one in Standing if one == asked[1]), None),
        next((one for one in TONGUES[1:] if one == asked[2]), None),
    )


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, id = text.partition("_")
    try:
        changed = datetime.fromisoformat(moment)
        return (changed, UUID(id)) if changed.tzinfo else None
    except ValueError:
        return None


def standing_of(article: Any, at: datetime) -> Standing:
    """How an article stands."""
    return standing(article.state, article.publish_at, article.expires_at, at)


def names(codes: Any) -> list[tuple[str, str]]:
    """Languages by their own names."""
    return [(code, LANGUAGES[code][2]) for code in codes]


@bp.get("/moi")
@officer(EDIT)
def new_form() -> Response:
    """An empty form: an article begins in Vietnamese."""
    return pages.page("newsroom/desk_new.html", form=NewForm(formdata=None, data={"topic": Topic.OTHER}), active=KEY)


@bp.post("/moi")
@officer(EDIT)
def make() -> Response:
    """Begin it."""
    form = NewForm()
    try:
        if form.validate_on_submit():
            kind, topic, link = Kind(form.kind.data), Topic(form.topic.data), form.video_url.data or ""
            id = actions.make(db.session, kind, topic, link, form.written, by=officers.me(), at=now())
            return pages.after_post(_("Đã lưu bản nháp."), url_for(".edit", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return pages.refused("newsroom/desk_new.html", form=form, active=KEY)


def found(id: UUID) -> Desk:
    """An article, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.one(session, id) or abort(404)


def _tongue() -> str:
    wanted = request.args.get("nn", OFFICIAL)
    return wanted if wanted in TONGUES else OFFICIAL


@bp.get("/<uuid:id>")
@reaches("article")
@officer(EDIT)
def edit(id: UUID) -> Response:
    """One language of an article, and how readers would see it."""
    desk, tongue = queries.one(db.session, id) or abort(404), _tongue()
    return pages.page("newsroom/desk_edit.html", **_context(desk, tongue, _filled(desk, tongue)))


def _filled(desk: Desk, tongue: str) -> TextForm:
    article, written = desk.article, desk.written(tongue)
    link = article.video_url if article.next_video_url is None else article.next_video_url
    values = {"topic": article.next_topic or article.topic, "video_url": link, **vars(written)}
    return TextForm(formdata=None, data=values)


def _context(desk: Desk, tongue: str, form: TextForm, other: Written | None = None) -> dict[str, Any]:
    """`other` is what somebody else has saved meanwhile."""
    article = desk.article
    tabs = [
        {"code": code, "name": name, "current": code == tongue, "there": bool(desk.written(code)), "behind": code in desk.behind}
        for code, name in names(TONGUES)
    ]  # fmt: skip
    return {
        "article": article,
        "kind": Kind(article.kind),
        "how": standing_of(article, now()),
        "tabs": tabs,
        "tongue": tongue,
        "text_lang": LANGUAGES[tongue][1],
        "behind": tongue in desk.behind,
        "original": desk.written(OFFICIAL) if tongue != OFFICIAL else None,
        "unpublished": sorted(desk.drafts),
        "shipped": article.origin == Origin.SHIPPED,
        "form": form,
        "other": other,
        "shown": preview_of(desk, tongue),
        "active": KEY,
    }


def preview_of(desk: Desk, tongue: str) -> dict[str, Any]:
    """What a reader of this language would see if it were published now."""
    own = desk.written(tongue)
    code = tongue if own.title else OFFICIAL
    return shown(db.session, desk.article, desk.written(code), code, desk.pictures, tongue)


@bp.post("/<uuid:id>")
@reaches("article")
@officer(EDIT)
def save(id: UUID) -> Response:
    """Keep the draft, and go on to where the pressed button leads: another language, pictures, publishing."""
    goes_on = request.form.get("sang", "")
    places = {"anh": "article_files.show", "dang": "article_publishing.show"}
    if goes_on in places:
        to = url_for(places[goes_on], id=id)
    else:
        to = url_for(".edit", id=id, nn=goes_on if goes_on in TONGUES else _tongue())
    return _saved(id) or pages.after_post(_("Đã lưu bản nháp."), to)


@bp.post("/<uuid:id>/xem-thu")
@reaches("article")
@officer(EDIT)
def save_and_preview(id: UUID) -> Response:
    """Keep the draft and show it; with htmx beside the form, else on a page of its own."""
    refusal = _saved(id)
    if refusal is not None:
        return refusal
    tongue = _tongue()
    db.session.flush()
    desk = queries.one(db.session, id) or abort(404)
    context = _context(desk, tongue, TextForm(formdata=None))
    return pages.after_post(
        None, url_for(".preview", id=id, nn=tongue), "newsroom/desk_edit.html", block="preview", **context
    )


def _saved(id: UUID) -> Response | None:
    """None when the draft was kept, else the answer that says why not; with htmx it stands where the preview would."""
    form, tongue, other = TextForm(), _tongue(), None
    found(id)
    try:
        if form.validate_on_submit():
            topic, link = Topic(form.topic.data), form.video_url.data or ""
            actions.save(
                db.session, id, form.seen_version, tongue, form.written, topic, link, by=officers.me(), at=now()
            )
            return None
    except EditedMeanwhile as meanwhile:
        form.refuse(meanwhile)
        other = found(id).written(tongue)
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return pages.refused("newsroom/desk_edit.html", block="preview", **_context(found(id), tongue, form, other))


@bp.get("/<uuid:id>/xem-thu")
@reaches("article")
@officer(EDIT)
def preview(id: UUID) -> Response:
    """The page as its readers will see it, draft or not."""
    desk, tongue = queries.one(db.session, id) or abort(404), _tongue()
    kind = say(Kind(desk.article.kind).label)
    return pages.page(
        "newsroom/desk_preview.html",
        shown=preview_of(desk, tongue),
        article=desk.article,
        tongue=tongue,
        kind=kind,
        active=KEY,
    )
