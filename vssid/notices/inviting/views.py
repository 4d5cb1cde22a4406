"""/moi: the invitation, sent by whoever invites; /moi/<token>: where it leads."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app
from flask_babel import gettext as _

from vssid.kernel.clock import today
from vssid.kernel.labels import Label
from vssid.notices.inviting.rules import WORDS, is_signed, new_token
from vssid.settings import Settings
from vssid.web import pages, qr
from vssid.web.guards import public
from vssid.web.i18n import say
from vssid.web.published import published

bp = Blueprint("inviting", __name__, url_prefix="/moi")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def is_ours(token: str) -> bool:
    """Whether an invitation's token was made by this house: whoever checks a link may say so."""
    return is_signed(_settings().secret_key, token)


@bp.get("")
@published
@public
def invite() -> Response:
    """Words with a link, by the sender's own SMS or whatever their phone shares with, to copy, or to scan."""
    settings = _settings()
    link = f"{settings.public_url}/moi/{new_token(settings.secret_key, today())}"
    words = say(Label(str(WORDS), link=link))
    return pages.page(
        "notices/invite.html",
        words=words,
        link=link,
        # Both phones take this form; each leaves out what it does not know.
        sms=f"sms:?&body={quote(words, safe='')}",
        code=qr.svg(link, _("Mã QR của lời mời")),
    )


@bp.get("/<token>")
@public
def land(token: str) -> Response:
    """What this is and how it comes onto the phone; a link that is not ours is named as that."""
    if not is_ours(token):
        return pages.page("notices/not_ours.html", status=404)
    return pages.page("notices/invited.html")
