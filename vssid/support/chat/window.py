"""The page of a chat as who asked sees it, whoever they are: what was said, whose turn it is, and what is new."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.kernel.audit import By
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Refused
from vssid.support import feedback
from vssid.support.chat import actions, queries
from vssid.support.chat.forms import SayForm
from vssid.support.chat.models import Chat
from vssid.support.chat.rules import ACTIVE, PAGE, Ending, Side, Status, checked_text, is_there, nobody_comes
from vssid.web import db, pages
from vssid.web.htmx import is_fragment_request, is_poll

TALK = "support/chat_talk.html"
Find = Callable[[Session], Chat | None]


@dataclass(frozen=True)
class Window:
    """Who stands at it: how their chat is found, its address, the author of what they do."""

    find: Find
    here: str
    by: By
    by_account: bool

    def chat(self) -> Chat:
        """The chat, read before the request writes; 404 for what is not theirs."""
        with reading(db.engine()) as session:
            return self.find(session) or abort(404)


def number_of(name: str) -> int:
    """A message's number in the address or a form, 0 for none."""
    text = request.values.get(name, "")[:4]
    return int(text) if text.isascii() and text.isdigit() else 0


def turn_of(session: Session, chat: Chat) -> dict[str, Any]:
    """Whose turn it is: the place in the queue, whether anybody is there, and a mark that changes with either."""
    before, absent, there = 0, False, True
    if chat.status == Status.WAITING:
        at, seen_at = now(), queries.last_seen(session)
        before = queries.before(session, chat)
        there = is_there(seen_at, at)
        absent = nobody_comes(chat.opened_at, seen_at, at) or not queries.open_at(session, at)
    mark = f"{chat.version}.{before}.{absent:d}{there:d}"
    wait = queries.usual_wait(session, now()) if chat.status == Status.WAITING and there else None
    return {"before": before, "absent": absent, "there": there, "mark": mark, "wait": wait}


def show(window: Window) -> Response:
    """The page, an earlier page of it, or what is new since the last look."""
    chat = window.find(db.session) or abort(404)
    if is_poll():
        return news(window, chat)
    return _page(window, chat, SayForm(formdata=None))


def _page(window: Window, chat: Chat, form: SayForm, status: int = 200) -> Response:
    until = number_of("truoc") if request.method == "GET" else 0
    said = queries.page(db.session, accounts.house().keyring, chat, until or None)
    return pages.page(TALK, status=status, **_context(window, chat, form, said, until=until), part=False)


def _context(window: Window, chat: Chat, form: SayForm, said: list[queries.Said], until: int = 0) -> dict[str, Any]:
    state = Status(chat.status)
    return {
        "chat": chat,
        "topic": feedback.Category(chat.topic).label,
        "state": state,
        "ending": Ending(chat.ended_by).label,
        "is_open": state in ACTIVE,
        "said": said,
        "earlier": said[0].number if said and said[0].number > 1 and (until or len(said) == PAGE) else 0,
        "until": until,
        "form": form,
        "here": window.here,
        "by_account": window.by_account,
        "active": "ho-tro",
        **turn_of(db.session, chat),
    }


def news(window: Window, chat: Chat) -> Response:
    """204 while nothing is new; else what was said since, and whose turn it is."""
    seen = number_of("sau")
    turn = turn_of(db.session, chat)
    if seen >= chat.messages and request.args.get("ban") == turn["mark"]:
        return Response(status=204)
    return _part(window, chat, SayForm(formdata=None), fresh_form=False)


def _part(window: Window, chat: Chat, form: SayForm, status: int = 200, *, fresh_form: bool = True) -> Response:
    """What was said since `sau`. The form comes along only in answer to itself: what is being typed would be lost."""
    seen = number_of("sau")
    said = queries.messages(
        db.session, accounts.house().keyring, chat.id, max(seen, chat.messages - PAGE), chat.messages
    )
    return pages.page(
        TALK, block="news", status=status, **_context(window, chat, form, said), part=True, fresh_form=fresh_form
    )


def say(window: Window) -> Response:
    """Send a message; the answer to script is what is new."""
    form, chat = SayForm(), window.chat()
    try:
        if form.validate_on_submit():
            text = checked_text(form.text.data)
            made = actions.add(
                db.session, accounts.house().keyring, chat.id, Side.CITIZEN, text, nonce=form.once, at=now()
            )
            db.commit()
            if not is_fragment_request():
                return pages.after_post(None, window.here)
            return _part(window, made, SayForm(formdata=None))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    chat = window.find(db.session) or chat
    return _part(window, chat, form, 422) if is_fragment_request() else _page(window, chat, form, 422)


def _plain(window: Window, act: Callable[[Chat], None], words: str) -> Response:
    """One act without words: what was refused stands above the page."""
    chat = window.chat()
    try:
        act(chat)
        return pages.after_post(words, window.here)
    except Refused as refusal:
        return refused(window, refusal)


def refused(window: Window, refusal: Refused) -> Response:
    """The page as it is now, under what was refused."""
    db.abandon()
    form = SayForm(formdata=None)
    form.refuse(refusal)
    return _page(window, window.find(db.session) or abort(404), form, 422)


def end(window: Window) -> Response:
    """Kết thúc."""
    return _plain(
        window,
        lambda chat: actions.end(db.session, chat.id, Ending.CITIZEN, by=window.by, at=now()),
        _("Đã kết thúc cuộc trò chuyện."),
    )


def rate(window: Window) -> Response:
    """Hữu ích, or not."""
    useful = request.form.get("huu_ich") == "1"
    return _plain(window, lambda chat: actions.rate(db.session, chat.id, useful), _("Cảm ơn bạn đã đánh giá."))
