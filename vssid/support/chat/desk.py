"""Trò chuyện, the officer's side: who waits, take one, answer, pass on, give back, make a letter of it, end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from vssid import accounts, officers, records
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Refused
from vssid.officers import Permission, Queue
from vssid.records import IdKind
from vssid.support import feedback
from vssid.support.chat import actions, queries
from vssid.support.chat.forms import PassForm, SayForm
from vssid.support.chat.models import Chat, ChatDesk
from vssid.support.chat.rules import ACTIVE, NOTED_EVERY, PAGE, Ending, Side, Status, Tag, checked_text
from vssid.support.chat.window import number_of
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches
from vssid.web.htmx import is_fragment_request, is_poll

bp = Blueprint("chat_desk", __name__, url_prefix="/can-bo/tro-chuyen")
ANSWER = Permission.SUPPORT_ANSWER
KEY = "chat"
LIST, TALK = "support/desk_chats.html", "support/desk_chat.html"


def init_app(app: Flask) -> None:
    """Show this queue in the console."""
    officers.register_queue(
        app, Queue(KEY, N_("Trò chuyện"), "chat_desk.list_queue", ANSWER, queries.waiting_count)
    )  # fmt: skip


def _is_here() -> None:
    """Note that this desk is open, at most twice a minute; where it cannot be noted the page is shown all the same."""
    me, at = officers.me(), now()
    with reading(db.engine()) as session:
        known = session.get(ChatDesk, me.id)
    if known is not None and at - known.seen_at < NOTED_EVERY:
        return
    try:
        with unit(db.engine()) as session:
            actions.note_presence(session, me.id, at)
    except OperationalError:
        return


# ---- who waits


@bp.get("")
@officer(ANSWER)
def list_queue() -> Response:
    """Who waits, the longest first, and what one has taken; topics only, no text."""
    _is_here()
    context = _lists(db.session)
    if is_poll():
        if pages.query_text("ban", 80) == context["mark"]:
            return Response(status=204)
        return pages.page(LIST, block="lists", **context)
    return pages.page(LIST, **context)


def _lists(session: Session, refusal: str = "") -> dict[str, Any]:
    me, at = officers.me(), now()
    waiting, mine = queries.queue(session, me), queries.taken_by(session, me.id)
    # The first and the last, their number, and the minute, since waiting times are shown.
    mark = f"{len(waiting)}.{sum(one.version + one.messages for one in [*waiting, *mine])}.{len(mine)}.{int(at.timestamp()) // 60}"
    return {
        "waiting": [_row(one) for one in waiting],
        "mine": [_row(one) for one in mine],
        "open_now": queries.open_at(session, at),
        "mark": mark,
        "refusal": refusal,
        "active": KEY,
    }


def _row(chat: Chat) -> dict[str, Any]:
    minutes = int((now() - chat.opened_at).total_seconds()) // 60
    return {
        "chat": chat,
        "topic": feedback.Category(chat.topic).label,
        "minutes": minutes,
        "unread": chat.status == Status.OPEN and chat.silent_since is None,
    }


# ---- one chat


def chat_for(id: UUID) -> Chat:
    """A chat that this officer may open, read before the request writes."""
    with reading(db.engine()) as session:
        return queries.chat_for(session, id, officers.me()) or abort(404)


@bp.get("/<uuid:id>")
@reaches("chat")
@officer(ANSWER)
def show(id: UUID) -> Response:
    """One chat; that it was opened is noted, what comes in afterwards belongs to that look."""
    chat, me = chat_for(id), officers.me()
    _is_here()
    if is_poll():
        return _news(chat)
    with unit(db.engine()) as session:
        actions.note(session, Tag.VIEWED, chat, me.by, now(), agency=me.agency_code)
    return _show(chat)


def _news(chat: Chat) -> Response:
    """204 while nothing is new, here and in the other chats; else what was said since.

    Where the chat is over or somebody else's now, the page is read anew: what is being typed has nowhere to go.
    """
    others = _others(db.session, chat)
    if pages.query_text("tt", 20) != _standing(chat):
        return pages.leave(url_for(".show", id=chat.id))
    if number_of("sau") >= chat.messages and pages.query_text("ban", 80) == others["others_mark"]:
        return Response(status=204)
    return _part(chat, SayForm(formdata=None), fresh_form=False)


def _standing(chat: Chat) -> str:
    return f"{chat.status}.{chat.officer_id == officers.me().id:d}"


def _others(session: Session, chat: Chat) -> dict[str, Any]:
    """The other chats that this officer has open, and a mark that changes with them."""
    rows = [_row(one) for one in queries.taken_by(session, officers.me().id) if one.id != chat.id]
    mark = ".".join(f"{str(row['chat'].id)[:8]}{row['unread']:d}" for row in rows)
    return {"others": rows, "others_mark": mark}


def _show(chat: Chat, status: int = 200, **forms: Any) -> Response:
    until = number_of("truoc")
    said = queries.page(db.session, accounts.house().keyring, chat, until or None)
    return pages.page(TALK, status=status, **{**_context(chat, said, until), **forms}, part=False)


def _part(chat: Chat, form: SayForm, status: int = 200, *, fresh_form: bool = True) -> Response:
    seen = number_of("sau")
    said = queries.messages(
        db.session, accounts.house().keyring, chat.id, max(seen, chat.messages - PAGE), chat.messages
    )
    context = {**_context(chat, said, 0), "form": form, "fresh_form": fresh_form}
    return pages.page(TALK, block="news", status=status, **context, part=True)


def _context(chat: Chat, said: list[queries.Said], until: int) -> dict[str, Any]:
    session, me, state = db.session, officers.me(), Status(chat.status)
    codes = queries.officer_codes(session, [chat.officer_id, *(one.officer_id for one in said)])
    mine = chat.officer_id == me.id
    return {
        **_row(chat),
        "id": chat.id,
        "state": state,
        "ending": Ending(chat.ended_by).label,
        "is_mine": mine and state is Status.OPEN,
        "is_waiting": state is Status.WAITING,
        "goes_on": state in ACTIVE,
        "taken_by": codes.get(chat.officer_id, "") if chat.officer_id else "",
        "who": _who(session, chat),
        "said": [(one, codes.get(one.officer_id, "") if one.officer_id else "") for one in said],
        "earlier": said[0].number if said and said[0].number > 1 and (until or len(said) == PAGE) else 0,
        "until": until,
        "standing": _standing(chat),
        **_others(session, chat),
        "form": SayForm(formdata=None),
        "pass_form": _pass_form(session, formdata=None),
        "active": KEY,
    }


def _who(session: Session, chat: Chat) -> tuple[str, str] | None:
    """Name and mã số of who has shown them; None for everybody else."""
    if not chat.shows_name or chat.person_id is None:
        return None
    person, numbers = records.person(session, chat.person_id), records.identifiers(session, chat.person_id)
    return (person.full_name, numbers.get(IdKind.MA_SO_BHXH, "")) if person else None


def _pass_form(session: Session, **options: Any) -> PassForm:
    form = PassForm(**options)
    there = queries.colleagues(session, officers.me().id, now())
    form.colleague.choices = [(one.code, f"{one.code} · {one.name}") for one in there]
    return form


# ---- acts


@bp.post("/<uuid:id>/nhan")
@fresh
@reaches("chat")
@officer(ANSWER)
def take(id: UUID) -> Response:
    """Nhận: one officer gets it."""
    chat_for(id)
    try:
        actions.take(db.session, id, by=officers.me(), at=now())
        return pages.after_post(None, url_for(".show", id=id))
    except Refused as refusal:
        return _refused(id, refusal)


def _refused(id: UUID, refusal: Refused, **forms: Any) -> Response:
    """The chat as it is now, under what was refused; where it is nobody's business any more, the queue."""
    db.abandon()
    chat = queries.chat_for(db.session, id, officers.me())
    form = forms.pop("form", None) or SayForm(formdata=None)
    form.refuse(Refused(refusal.label, refusal.field))
    if chat is None:
        return pages.refused(LIST, **_lists(db.session, refusal.label))
    return _show(chat, 422, form=form, **forms)


@bp.post("/<uuid:id>/tra-loi")
@reaches("chat")
@officer(ANSWER)
def answer(id: UUID) -> Response:
    """Say something; the answer to script is what is new."""
    form = SayForm()
    chat_for(id)
    _is_here()
    try:
        if form.validate_on_submit():
            made = actions.add(
                db.session, accounts.house().keyring, id, Side.OFFICER, checked_text(form.text.data),
                nonce=form.once, at=now(), by=officers.me(),
            )  # fmt: skip
            db.commit()
            if not is_fragment_request():
                return pages.after_post(None, url_for(".show", id=id))
            return _part(made, SayForm(formdata=None))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    chat = chat_for(id)
    return _part(chat, form, 422) if is_fragment_request() else _show(chat, 422, form=form)


def _plain(id: UUID, act: Callable[[], Any], words: str) -> Response:
    """One act that ends this officer's part of it."""
    chat_for(id)
    try:
        act()
        return pages.after_post(words, url_for(".list_queue"))
    except Refused as refusal:
        return _refused(id, refusal)


@bp.post("/<uuid:id>/tra-hang")
@fresh
@reaches("chat")
@officer(ANSWER)
def give_back(id: UUID) -> Response:
    """Trả về hàng chờ."""
    return _plain(
        id,
        lambda: actions.give_back(db.session, id, by=officers.me(), at=now()),
        _("Đã trả về hàng chờ, ở đúng chỗ cũ."),
    )


@bp.post("/<uuid:id>/chuyen")
@fresh
@reaches("chat")
@officer(ANSWER)
def pass_on(id: UUID) -> Response:
    """Chuyển cho cán bộ khác."""
    with reading(db.engine()) as session:
        form = _pass_form(session)
    chat_for(id)
    try:
        actions.pass_on(db.session, id, (form.colleague.data or "")[:20], by=officers.me(), at=now())
        return pages.after_post(_("Đã chuyển cho đồng nghiệp."), url_for(".list_queue"))
    except Refused as refusal:
        form.refuse(refusal)
        return _refused(id, refusal, pass_form=form)


@bp.post("/<uuid:id>/phan-anh")
@fresh
@reaches("chat")
@officer(ANSWER)
def to_letter(id: UUID) -> Response:
    """Chuyển thành phản ánh: this officer answers it."""
    me = officers.me()
    return _plain(
        id,
        lambda: actions.to_letter(db.session, accounts.house().keyring, id, by=me.by, at=now(), officer=me),
        _("Đã chuyển thành phản ánh; bạn là người xử lý."),
    )


@bp.post("/<uuid:id>/ket-thuc")
@fresh
@reaches("chat")
@officer(ANSWER)
def end(id: UUID) -> Response:
    """Kết thúc."""
    me = officers.me()
    return _plain(
        id,
        lambda: actions.end(db.session, id, Ending.OFFICER, by=me.by, at=now(), officer=me),
        _("Đã kết thúc cuộc trò chuyện."),
    )
