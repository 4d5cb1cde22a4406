"""Phản ánh, kiến nghị, the officer's side: by the day an answer is due; take, move, ask back, answer, put aside."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from vssid import accounts, directory, officers
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import masked, masked_email, typed_code
from vssid.officers import Permission, Queue
from vssid.support.feedback import actions, brakes, publishing, queries
from vssid.support.feedback.forms import AnswerForm, MoveForm, NoteForm
from vssid.support.feedback.messages import receiver
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.queries import Wanted
from vssid.support.feedback.rules import OPEN, SPAM_UNDO, Category, Kind, Status, Tag, bare_code, checked_text
from vssid.support.feedback.shown import facts
from vssid.web import db, pages
from vssid.web.forms import Form
from vssid.web.guards import fresh, officer, reaches
from vssid.web.i18n import say

bp = Blueprint("feedback_desk", __name__, url_prefix="/can-bo/phan-anh")
ANSWER = Permission.SUPPORT_ANSWER
KEY = "feedback"
LONGEST_KEY, LONGEST_CODE = 60, 30
PAGE = "support/desk_letter.html"
TABS: dict[str, tuple[Label, Wanted]] = {
    "": (N_("Đang chờ"), Wanted((Status.NEW, Status.TAKEN))),
    "cua-toi": (N_("Của tôi"), Wanted((Status.TAKEN, Status.ASKED), mine=True)),
    "cho-bo-sung": (N_("Chờ người gửi"), Wanted((Status.ASKED,))),
    "da-tra-loi": (N_("Đã trả lời"), Wanted((Status.ANSWERED,))),
    "thu-rac": (N_("Thư rác"), Wanted((Status.SPAM,))),
}
# A PDF is for saving: in the browser it would need more than this allows.
SANDBOX = "sandbox; default-src 'none'"


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    officers.register_queue(
        app, Queue(KEY, N_("Phản ánh, kiến nghị"), "feedback_desk.list_queue", ANSWER, queries.waiting_count)
    )


@bp.get("")
@officer(ANSWER)
def list_queue() -> AnyResponse:
    """What is due first at the top; subjects only, no text. A whole code (`ma`) leads to its letter."""
    code = pages.query_text("ma", LONGEST_CODE)
    if code and (id := queries.id_for(db.session, bare_code(typed_code(code)), officers.me())):
        return redirect(url_for(".show", id=id), 303)
    tab, category = pages.query_text("loc", 20), pages.query_text("loai", 20)
    tab, category = (tab if tab in TABS else ""), (category if category in list(Category) else "")
    chosen = TABS[tab][1]
    wanted = Wanted(chosen.states, Category(category) if category else None, chosen.mine)
    page = queries.queue(db.session, officers.me(), wanted, _key(pages.query_text("sau", LONGEST_KEY)))
    codes = queries.officer_codes(db.session, [one.assigned_to for one in page.rows])
    rows = [{**facts(one), "officer": codes.get(one.assigned_to, "") if one.assigned_to else ""} for one in page.rows]
    return pages.page(
        "support/desk_letters.html",
        code=code,
        rows=rows,
        tabs=[
            (say(words), url_for(".list_queue", loc=name or None), name == tab) for name, (words, _w) in TABS.items()
        ],
        tab=tab,
        category=category,
        categories=list(Category),
        following=url_for(".list_queue", loc=tab or None, loai=category or None, sau=page.following)
        if page.following
        else None,
        active=KEY,
    )


def _key(text: str) -> tuple[date, UUID] | None:
    day, _sign, id = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(id)
    except ValueError:
        return None


def letter_for(id: UUID) -> Feedback:
    """A letter of the officer's agencies, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.feedback_for(session, id, officers.me()) or abort(404)


@bp.get("/<uuid:id>")
@reaches("feedback")
@officer(ANSWER)
def show(id: UUID) -> Response:
    """One letter; that it was opened is noted."""
    found, me = letter_for(id), officers.me()
    with unit(db.engine()) as session:
        actions.note(session, Tag.VIEWED, found, me.by, now(), agency=me.agency_code)
    return _show(found)


def _show(found: Feedback, status: int = 200, **forms: Any) -> Response:
    session, me, state = db.session, officers.me(), Status(found.status)
    said = queries.messages_of(session, found.id, inner=True)
    codes = queries.officer_codes(session, [found.assigned_to, *(one.officer_id for one in said)])
    agency = directory.agency(session, found.agency_code) if found.agency_code else None
    return pages.page(
        PAGE,
        status=status,
        **facts(found),
        id=found.id,
        writer=publishing.name_of_writer(session, found),
        contact=_masked(receiver(session, found)),
        agency_to=agency.name if agency else "",
        taken_by=codes.get(found.assigned_to, "") if found.assigned_to else "",
        is_mine=found.assigned_to == me.id,
        said=[(Kind(one.kind), one, codes.get(one.officer_id, "") if one.officer_id else "") for one in said],
        files=queries.files_of(session, found.id),
        near=[facts(one) for one in queries.nearest_others(session, found, me)],
        published=queries.published_of(session, found.id),
        is_open=state in OPEN,
        undoable=state is Status.SPAM and found.closed_at is not None and now() - found.closed_at <= SPAM_UNDO,
        **{**_forms(session, found), **forms},
        active=KEY,
    )


def _forms(session: Session, found: Feedback) -> dict[str, Any]:
    return {
        "answer_form": AnswerForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "move_form": MoveForm(formdata=None, agencies=_elsewhere(session, found)),
    }


def _elsewhere(session: Session, found: Feedback) -> list[tuple[str, str]]:
    province = directory.province_agency(session, current_app.config["SETTINGS"].province)
    top = [(province.code, province.name)] if province and found.agency_code else []
    return [one for one in (*top, *queries.agencies_below(session, province)) if one[0] != found.agency_code]


def _masked(contact: str) -> str:
    return masked_email(contact) if "@" in contact else masked(contact, 5, 2) if contact else ""


@bp.get("/<uuid:id>/tep/<uuid:file>")
@reaches("feedback")
@officer(ANSWER)
def show_file(id: UUID, file: UUID) -> Response:
    """One file: a photo to look at, a PDF to save; every view is noted."""
    found, me = letter_for(id), officers.me()
    kept, row = queries.file_of(db.session, id, file) or abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(row)
    with unit(db.engine()) as session:
        actions.note(session, Tag.FILE_VIEWED, found, me.by, now(), agency=me.agency_code, file=str(kept.id))
    photo = row.media_type == "image/jpeg"
    name = f"phan-anh-{kept.position + 1}.{'jpg' if photo else 'pdf'}"
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'{"inline" if photo else "attachment"}; filename="{name}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body, mimetype=row.media_type, headers=headers)


def _done(
    id: UUID, form_name: str, form: Form, act: Callable[[], Any], words: str, *, to_queue: bool = False
) -> Response:
    """One act with its form; what was refused comes back with all that was typed."""
    found = letter_for(id)
    try:
        if form.validate_on_submit():
            act()
            return pages.after_post(words, url_for(".list_queue") if to_queue else url_for(".show", id=id))
    except Refused as refusal:
        db.abandon()
        found = letter_for(id)
        form.refuse(refusal)
    db.abandon()
    return _show(found, 422, **{form_name: form})


def _plain(id: UUID, act: Callable[[], Any], words: str) -> Response:
    """One act without words: what was refused stands above the page."""
    letter_for(id)
    try:
        act()
        return pages.after_post(words, url_for(".show", id=id))
    except Refused as refusal:
        db.abandon()
        form = AnswerForm(formdata=None)
        form.refuse(refusal)
    return _show(letter_for(id), 422, answer_form=form)


@bp.post("/<uuid:id>/nhan")
@fresh
@reaches("feedback")
@officer(ANSWER)
def take(id: UUID) -> Response:
    """Nhận xử lý."""
    return _plain(id, lambda: actions.take(db.session, id, by=officers.me(), at=now()), _("Bạn đã nhận xử lý."))


@bp.post("/<uuid:id>/tra-loi")
@fresh
@reaches("feedback")
@officer(ANSWER)
def answer(id: UUID) -> Response:
    """Trả lời."""
    return _told(id, actions.answer, _("Đã trả lời. Người gửi được báo nếu có để lại liên hệ."))


@bp.post("/<uuid:id>/hoi-lai")
@fresh
@reaches("feedback")
@officer(ANSWER)
def ask(id: UUID) -> Response:
    """Hỏi lại."""
    return _told(id, actions.ask, _("Đã hỏi lại. Người gửi được báo nếu có để lại liên hệ."))


def _told(id: UUID, verb: Callable[..., Any], words: str) -> Response:
    """The answer or a question, and the message about it."""
    form, at = AnswerForm(), now()
    found = letter_for(id)
    tell = form.validate_on_submit() and brakes.may_tell(found.phone or found.email)

    def act() -> None:
        text = checked_text(form.text.data)
        verb(db.session, accounts.house(), id, text, by=officers.me(), at=at, tell=tell)

    return _done(id, "answer_form", form, act, words, to_queue=True)


@bp.post("/<uuid:id>/chuyen")
@fresh
@reaches("feedback")
@officer(ANSWER)
def move(id: UUID) -> Response:
    """Chuyển cơ quan khác."""
    with reading(db.engine()) as session:
        form = MoveForm(agencies=_elsewhere(session, letter_for(id)))
    return _done(
        id, "move_form", form,
        lambda: actions.move(
            db.session, id, form.agency.data, checked_text(form.reason.data), by=officers.me(), at=now()
        ),
        _("Đã chuyển."), to_queue=True,
    )  # fmt: skip


@bp.post("/<uuid:id>/ghi-chu")
@fresh
@reaches("feedback")
@officer(ANSWER)
def add_note(id: UUID) -> Response:
    """Ghi chú nội bộ."""
    form = NoteForm()
    return _done(
        id, "note_form", form,
        lambda: actions.add_note(db.session, id, checked_text(form.note.data), by=officers.me(), at=now()),
        _("Đã ghi chú."),
    )  # fmt: skip


@bp.post("/<uuid:id>/thu-rac")
@fresh
@reaches("feedback")
@officer(ANSWER)
def mark_spam(id: UUID) -> Response:
    """Xếp vào thư rác."""
    return _plain(
        id,
        lambda: actions.mark_spam(db.session, id, by=officers.me(), at=now()),
        _("Đã xếp vào thư rác. Trong 7 ngày còn đưa ra lại được."),
    )


@bp.post("/<uuid:id>/hoan-tac")
@fresh
@reaches("feedback")
@officer(ANSWER)
def undo_spam(id: UUID) -> Response:
    """Đưa ra khỏi thư rác."""
    return _plain(
        id, lambda: actions.undo_spam(db.session, id, by=officers.me(), at=now()), _("Đã đưa ra khỏi thư rác.")
    )
