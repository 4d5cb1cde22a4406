"""/can-bo/noi-dung/…/dang: an article is given to everybody, now or later, and taken back with a reason."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label, Refused
from vssid.newsroom import actions
from vssid.newsroom.desk import queries
from vssid.newsroom.desk.forms import PublishForm, WithdrawForm
from vssid.newsroom.desk.writing import EDIT, KEY, found, names, standing_of
from vssid.newsroom.rules import TONGUES, Kind, Standing, State, Tag
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("article_publishing", __name__, url_prefix="/can-bo/noi-dung/<uuid:id>")
_DONE: dict[Tag, Label] = {
    Tag.MADE: N_("Viết bài"), Tag.SAVED: N_("Lưu bản nháp"), Tag.PUBLISHED: N_("Đăng bài"), Tag.WITHDRAWN: N_("Gỡ bài"),
    Tag.DELETED: N_("Xoá bài"), Tag.PICTURE_ADDED: N_("Thêm ảnh"), Tag.PICTURE_DROPPED: N_("Xoá ảnh"),
    Tag.COVER_CHOSEN: N_("Chọn ảnh bìa"), Tag.FILE_ADDED: N_("Thêm tệp"), Tag.FILE_DROPPED: N_("Xoá tệp"),
}  # fmt: skip


@bp.get("/dang")
@reaches("article")
@officer(EDIT)
def show(id: UUID) -> Response:
    """What would be published, when, and what was done so far."""
    return _page(id)


def _page(id: UUID, publishing: PublishForm | None = None, withdrawing: WithdrawForm | None = None) -> Response:
    refused = publishing is not None or withdrawing is not None
    if refused:
        db.abandon()
    desk = queries.one(db.session, id) or abort(404)
    article, at = desk.article, now()
    values = {"publish_at": article.publish_at if article.state == State.PUBLISHED else None,
              "expires_at": article.expires_at, "pinned": article.pinned}  # fmt: skip
    context: dict[str, Any] = {
        "article": article,
        "kind": Kind(article.kind),
        "how": standing_of(article, at),
        "title": desk.written("vi").title,
        "languages": [
            (code, name, code in desk.drafts, code in desk.behind)
            for code, name in names(TONGUES)
            if desk.written(code)
        ],
        "missing": [name for code, name in names(TONGUES) if not desk.written(code)],
        "publishing": publishing or PublishForm(formdata=None, data=values),
        "withdrawing": withdrawing or WithdrawForm(formdata=None),
        "address": Kind(article.kind).address(article.slug) if article.state == State.PUBLISHED else None,
        "history": [(moment, _DONE[tag], code) for moment, tag, code in queries.history(db.session, id)],
        "active": KEY,
    }
    return pages.page("newsroom/desk_publish.html", status=422 if refused else 200, **context)


@bp.post("/dang")
@fresh
@reaches("article")
@officer(EDIT)
def publish(id: UUID) -> Response:
    """Let everybody read what is written."""
    form = PublishForm()
    found(id)
    try:
        if form.validate_on_submit():
            at = now()
            article = actions.publish(
                db.session, id, _version(form), publish_at=form.publish_at.data, expires_at=form.expires_at.data,
                pinned=form.pinned.data, by=officers.me(), at=at,
            )  # fmt: skip
            later = standing_of(article, at) is Standing.SCHEDULED
            words = _("Đã hẹn giờ đăng.") if later else _("Đã đăng. Ai cũng đọc được.")
            return pages.after_post(words, url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _page(id, publishing=form)


def _version(form: PublishForm | WithdrawForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@bp.post("/go")
@fresh
@reaches("article")
@officer(EDIT)
def withdraw(id: UUID) -> Response:
    """Take it back."""
    form = WithdrawForm()
    found(id)
    try:
        if form.validate_on_submit():
            actions.withdraw(db.session, id, _version(form), form.reason.data, by=officers.me(), at=now())
            return pages.after_post(_("Đã gỡ bài."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _page(id, withdrawing=form)


@bp.post("/xoa")
@reaches("article")
@officer(EDIT)
def delete(id: UUID) -> Response:
    """Destroy what nobody ever published."""
    found(id)
    try:
        actions.drop_draft(db.session, id, by=officers.me(), at=now())
    except Refused as refusal:
        db.abandon()
        return pages.after_post(refusal.label, url_for(".show", id=id))
    return pages.after_post(_("Đã xoá bản nháp."), url_for("articles.list_articles"))
