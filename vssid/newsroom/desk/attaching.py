"""/can-bo/noi-dung/…/anh: pictures of an article with the line that shows each, its film or its document."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Refused
from vssid.newsroom import media
from vssid.newsroom.desk import queries
from vssid.newsroom.desk.forms import FileForm, PictureForm
from vssid.newsroom.desk.writing import EDIT, KEY, found
from vssid.newsroom.reading import cover_of, picture_address, shown
from vssid.newsroom.rules import UPLOADS_AN_HOUR, Kind
from vssid.web import db, pages
from vssid.web.guards import officer, reaches

bp = Blueprint("article_files", __name__, url_prefix="/can-bo/noi-dung/<uuid:id>")
PICTURES, FILES = "anh", "tep"
TOO_OFTEN = N_("Bạn đã gửi nhiều tệp trong một giờ. Hãy đợi rồi gửi tiếp.")


@bp.get("/anh")
@reaches("article")
@officer(EDIT)
def show(id: UUID) -> Response:
    """What hangs on the article."""
    return _page(id)


def _page(id: UUID, picture: PictureForm | None = None, file: FileForm | None = None) -> Response:
    refused = picture is not None or file is not None
    if refused:
        db.abandon()
    desk = queries.one(db.session, id) or abort(404)
    written = desk.written("vi")
    pictures = [
        {"picture": one, "cover": cover_of(one.id, one.alt, one.width, one.height), "line": _line(one)}
        for one in desk.pictures
    ]
    return pages.page(
        "newsroom/desk_files.html",
        status=422 if refused else 200,
        article=desk.article,
        title=written.title,
        kind=Kind(desk.article.kind),
        pictures=pictures,
        shown=shown(db.session, desk.article, written, "vi", [], "vi"),
        picture_form=picture or PictureForm(formdata=None, prefix=PICTURES),
        file_form=file or FileForm(formdata=None, prefix=FILES),
        active=KEY,
    )


def _line(picture: Any) -> str:
    """What an editor copies into the text."""
    alt = picture.alt.replace("\\", "").replace("[", "(").replace("]", ")")
    return f"![{alt}]({picture_address(picture.id)})"


def _within_limits() -> None:
    if not current_app.extensions["limiter"].allow("article-file", str(officers.me().id), *UPLOADS_AN_HOUR, now()):
        raise Refused(TOO_OFTEN, "file")


@bp.post("/anh")
@reaches("article")
@officer(EDIT)
def add_picture(id: UUID) -> Response:
    """A picture with the words for who does not see it."""
    form = PictureForm(prefix=PICTURES)
    found(id)
    try:
        if form.validate_on_submit():
            _within_limits()
            sizes = media.sent_picture(request.files.get(form.file.name))
            media.add_picture(db.session, id, sizes, form.alt.data, by=officers.me(), at=now())
            return pages.after_post(_("Đã thêm ảnh. Chép dòng bên dưới ảnh vào bài."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _page(id, picture=form)


@bp.post("/anh/<uuid:picture>/bia")
@reaches("article")
@officer(EDIT)
def choose_cover(id: UUID, picture: UUID) -> Response:
    """Show it in lists, or no longer."""
    return _done(
        id, lambda: media.choose_cover(db.session, id, picture, by=officers.me(), at=now()), _("Đã đổi ảnh bìa.")
    )


@bp.post("/anh/<uuid:picture>/xoa")
@reaches("article")
@officer(EDIT)
def drop_picture(id: UUID, picture: UUID) -> Response:
    """Destroy it."""
    return _done(id, lambda: media.drop_picture(db.session, id, picture, by=officers.me(), at=now()), _("Đã xoá ảnh."))


@bp.post("/video")
@reaches("article")
@officer(EDIT)
def put_video(id: UUID) -> Response:
    """A film that our own pages play."""

    def put() -> None:
        body, kind = media.sent_video(request.files.get(f"{FILES}-file"))
        media.put_video(db.session, id, body, kind, by=officers.me(), at=now())

    return _put(id, put)


@bp.post("/tep")
@reaches("article")
@officer(EDIT)
def put_document(id: UUID) -> Response:
    """A PDF to keep."""

    def put() -> None:
        body, kind, name = media.sent_document(request.files.get(f"{FILES}-file"))
        media.put_document(db.session, id, body, kind, name, by=officers.me(), at=now())

    return _put(id, put)


def _put(id: UUID, put: Any) -> Response:
    form = FileForm(prefix=FILES)
    found(id)
    try:
        if form.validate_on_submit():
            _within_limits()
            put()
            return pages.after_post(_("Đã nhận tệp."), url_for(".show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    return _page(id, file=form)


@bp.post("/tep/xoa")
@reaches("article")
@officer(EDIT)
def drop_files(id: UUID) -> Response:
    """Destroy film and document."""
    return _done(id, lambda: media.drop_files(db.session, id, by=officers.me(), at=now()), _("Đã xoá tệp."))


def _done(id: UUID, do: Any, words: str) -> Response:
    found(id)
    try:
        do()
    except Refused as refusal:
        db.abandon()
        return pages.after_post(refusal.label, url_for(".show", id=id))
    return pages.after_post(words, url_for(".show", id=id))
