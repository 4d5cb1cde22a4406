"""The habits of who chats and of who answers, without script and with it."""

import re
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update

from tests import people
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.support.chat import queries
from vssid.support.chat.models import Chat

START, GUEST, OWN = "/ho-tro/tro-chuyen", "/ho-tro/tro-chuyen/khach", "/ho-tro/tro-chuyen/cua-toi"
DESK = "/can-bo/tro-chuyen"
HTMX = {"HX-Request": "true"}
QUESTION = "Tôi chuyển chỗ làm thì thẻ BHYT cũ còn dùng được không?"
REPLY = "Dạ được, thẻ cũ còn dùng đến khi có thẻ mới."


def question(html: str, **changes: Any) -> dict[str, Any]:
    """The form of a page filled in."""
    nonce = re.search(r'name="nonce"[^>]* value="([^"]+)"', html)[1]
    return {"topic": "the", "text": QUESTION, "nonce": nonce, **people.captcha_answer(html), **changes}


def begin(browser: FlaskClient, **changes: Any):
    """Ask; the answer to the form without script."""
    html = browser.get(START).get_data(as_text=True)
    return people.post(browser, START, question(html, **changes))


def chats(engine: Engine) -> list[Chat]:
    with reading(engine) as db:
        return list(db.scalars(select(Chat).order_by(Chat.opened_at, Chat.id)))


def begun(browser: FlaskClient, engine: Engine, **changes: Any) -> Chat:
    """A chat that waits."""
    answer = begin(browser, **changes)
    assert answer.status_code == 303, re.findall(r'class="error".*|<li>.*?</li>', answer.get_data(as_text=True))
    key = UUID(re.search(r"[0-9a-f-]{36}", answer.location)[0]) if "khach" not in answer.location else None
    return next(one for one in reversed(chats(engine)) if key in (None, one.id))


def say(browser: FlaskClient, here: str, text: str, act: str = "gui", **options: Any):
    """A message from a chat's page."""
    html = browser.get(here).get_data(as_text=True)
    found = re.search(r'name="nonce"[^>]* value="([^"]+)"', html)
    return people.post(browser, f"{here}/{act}", {"text": text, "nonce": found[1] if found else ""}, here, **options)


def act(browser: FlaskClient, chat: Chat, what: str, data: dict[str, Any] | None = None, **options: Any):
    """One act of an officer."""
    page = f"{DESK}/{chat.id}"
    return people.post(browser, f"{page}/{what}", data, page, **options)


def said(app, engine: Engine, chat: Chat) -> list[tuple[str, str]]:
    """What was said, in clear."""
    with reading(engine) as db:
        rows = queries.messages(db, app.extensions["keyring"], chat.id, 0, 200)
    return [(str(one.side), one.text) for one in rows]


def change(engine: Engine, chat: Chat, **values: Any) -> None:
    with unit(engine) as db:
        db.execute(update(Chat).where(Chat.id == chat.id).values(**values))


def chat_tags(engine: Engine) -> list[str]:
    with reading(engine) as db:
        query = select(AuditEntry.tag).where(AuditEntry.tag.like("chat.%")).order_by(AuditEntry.id)
        return list(db.scalars(query))
