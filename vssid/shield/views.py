"""/kiem-tra: a link, a number, a message or a code is pasted; whose is it? Nothing of it is kept or logged."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.kernel.limits import Limiter
from vssid.settings import Settings
from vssid.shield import links, queries
from vssid.shield.rules import (
    CHECKS_A_MINUTE,
    INVITATION,
    LONGEST,
    LOOKED_FOR_EVERYWHERE,
    LOOKED_FOR_HERE,
    Answer,
    Known,
    Owner,
    Record,
    judge,
    legible,
    may_be_looked_for,
)
from vssid.web import db, pages
from vssid.web.flood import Flood
from vssid.web.forms import Form, paragraph
from vssid.web.guards import actor_of, public
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import LANGUAGES, moment, say_in

bp = Blueprint("shield", __name__, url_prefix="/kiem-tra")
HOUR = timedelta(hours=1)
PAGE = "shield/check.html"
TOO_MANY = N_("Mạng này đang hỏi quá nhiều. Hãy đợi một phút rồi kiểm tra lại; điều bạn dán vẫn còn trong ô.")
ILLEGIBLE = N_("Không đọc được chữ nào. Hãy chép lại đúng tin nhắn, số hoặc đường dẫn.")


class CheckForm(Form):
    """Whatever makes one doubt."""

    text = paragraph(
        _l("Dán tin nhắn, đường dẫn, số điện thoại hoặc mã"),
        LONGEST,
        _l("Hãy dán hoặc gõ điều bạn nghi ngờ."),
        description=_l("Chép nguyên văn, không bấm vào đường dẫn. Chúng tôi không lưu lại."),
        render_kw={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false", "rows": 6},
    )


def init_app(app: Flask) -> None:
    """Open the window. Until somebody says which links are invitations, none is."""
    app.extensions["shield.flood"] = Flood(CHECKS_A_MINUTE)
    app.extensions.setdefault("shield.is_invitation", _is_none)
    app.register_blueprint(bp)


def _is_none(_token: str) -> bool:
    return False


def register_link_check(app: Flask, is_invitation: Callable[[str], bool]) -> None:
    """Say how the end of /moi/… is known as an invitation of this house; asked within a request."""
    app.extensions["shield.is_invitation"] = is_invitation


@bp.get("")
@public
def ask() -> Response:
    """The box, and what we never do."""
    return pages.page(PAGE, form=CheckForm(formdata=None), answer=None)


@bp.post("")
@public
def check() -> Response:
    """What we say of it."""
    form = CheckForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, form=form, answer=None)
    network = accounts.network()
    if not current_app.extensions["shield.flood"].takes(network):
        form.refuse(Refused(TOO_MANY))
        return pages.refused(PAGE, status=422 if is_fragment_request() else 429, form=form, answer=None)
    text = legible(form.text.data)
    if not text:
        form.refuse(Refused(ILLEGIBLE, "text"))
        return pages.refused(PAGE, form=form, answer=None)
    return pages.page(PAGE, form=form, answer=_answer(text, network))


def _answer(text: str, network: str) -> Answer:
    at, settings = now(), current_app.config["SETTINGS"]
    by_code = may_be_looked_for(text)
    may_look = not by_code or _may_look(network, at)
    with reading(db.engine()) as session:
        record = _record(session, text, at, by_code=by_code) if may_look else Record(looked=False)
        return judge(text, _known(session, settings, record))


def _may_look(network: str, at: datetime) -> bool:
    """Count a search for a text with a code: with enough of them a code could be guessed."""
    limiter: Limiter = current_app.extensions["limiter"]
    here = ("shield-sent", network, LOOKED_FOR_HERE, HOUR)
    return limiter.allow_all([here, ("shield-sent-all", "", LOOKED_FOR_EVERYWHERE, HOUR)], at)


def _record(session: Session, text: str, at: datetime, *, by_code: bool) -> Record:
    keyring, me = current_app.extensions["keyring"], actor_of(ActorKind.CITIZEN)
    if me is not None:
        mine = notifications.sent_like(session, keyring, text, at, ("account", me.id))
        if mine is not None:
            return Record(moment(mine), to_reader=True)
    sent = notifications.sent_like(session, keyring, text, at) if by_code else None
    return Record(moment(sent) if sent else "")


def _known(session: Session, settings: Settings, record: Record) -> Known:
    me = actor_of(ActorKind.CITIZEN)
    phrase = accounts.phrase_of(session, current_app.extensions["keyring"], me.id) if me else ""
    site = links.Site(settings.public_url, current_app.extensions["shield.is_invitation"])
    invitations = tuple(say_in(code, INVITATION) for code in LANGUAGES)
    return Known(site, settings.hotline, _published(session), invitations, phrase.casefold(), record)


def _published(session: Session) -> Callable[[str], Owner | None]:
    """Whose number it is; the lists are read once, and only if there is a number to ask about."""
    book: dict[str, Owner] = {}

    def whose(digits: str) -> Owner | None:
        if not book:
            book.update(queries.published(session))
        return book.get(digits)

    return whose
