"""A chat without an account: opened by the key that the browser holds, and by nothing else."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.kernel.audit import VISITOR
from vssid.kernel.clock import now
from vssid.kernel.crypto import digest, keyed_digest
from vssid.kernel.labels import Refused
from vssid.support import feedback
from vssid.support.chat import actions, queries, window
from vssid.support.chat.models import Chat
from vssid.support.chat.rules import KEY_DAYS
from vssid.support.chat.window import Window
from vssid.web import cookies, db, pages
from vssid.web.guards import public

bp = Blueprint("chat_guest", __name__, url_prefix="/ho-tro/tro-chuyen/khach")
COOKIE = "chat"
HERE = "/ho-tro/tro-chuyen/khach"


def key_for(nonce: UUID) -> str:
    """The key of a chat that one form starts: the same for both presses of a double press, and for nobody else."""
    return keyed_digest(str(current_app.secret_key), "chat", str(nonce)).hex()


def find(session: Session) -> Chat | None:
    """The chat whose key this browser shows, for seven days after it began."""
    key = cookies.get(COOKIE)
    chat = queries.of_key(session, digest(key)) if key else None
    return chat if chat is not None and now() - chat.opened_at <= timedelta(days=KEY_DAYS) else None


def _window() -> Window:
    return Window(find, HERE, VISITOR, by_account=False)


@bp.get("")
@public
def show() -> Response:
    """The chat, and what is new in it; without the key, the form to begin one."""
    if find(db.session) is None:
        return pages.leave(url_for("chat.form"))
    return window.show(_window())


@bp.post("/gui")
@public
def say() -> Response:
    """Send a message."""
    return window.say(_window())


@bp.post("/ket-thuc")
@public
def end() -> Response:
    """Kết thúc."""
    return window.end(_window())


@bp.post("/danh-gia")
@public
def rate() -> Response:
    """Hữu ích, or not."""
    return window.rate(_window())


@bp.post("/phan-anh")
@public
def to_letter() -> Response:
    """All that was said becomes a letter; its receipt is shown here."""
    mine = _window()
    chat = mine.chat()
    try:
        # The chat was counted as a letter of its network when it began.
        made, secret = actions.to_letter(db.session, accounts.house().keyring, chat.id, by=VISITOR, at=now())
    except Refused as refusal:
        return window.refused(mine, refusal)
    return _receipt(made, secret)


@bp.post("/phieu")
@public
def receipt() -> Response:
    """The receipt of the letter that it became while nobody looked."""
    chat = _window().chat()
    if chat.receipt is None:
        abort(404)
    return _receipt(chat, accounts.house().keyring.open_text(chat.receipt, f"chats {chat.id}"))


def _receipt(chat: Chat, secret: str) -> Response:
    if chat.feedback_id is None:
        abort(404)
    feedback.keep_open(chat.feedback_id, secret)
    return pages.after_post(None, url_for("feedback_follow.show"))


@bp.post("/dong")
@public
def close() -> Response:
    """Forget the chat in this browser."""
    response = pages.after_post(_("Đã đóng. Máy này không mở lại được cuộc trò chuyện nữa."), url_for("chat.form"))
    cookies.drop(response, COOKIE)
    return response
