"""Ai đã xem hồ sơ của tôi, and of one's child."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request, url_for

from vssid import accounts
from vssid.kernel.crypto import Keyring, Unreadable
from vssid.privacy.looks import queries
from vssid.web import db, pages
from vssid.web.guards import citizen, guardian_of

bp = Blueprint("looks", __name__)
LONGEST_KEY = 120


def sealed_key(person_id: UUID, id: int) -> str:
    """The number of a line of the audit as an address may show it: how much the house notes is nobody's business."""
    keyring: Keyring = current_app.extensions["keyring"]
    return urlsafe_b64encode(keyring.seal_text(str(id), f"look {person_id}")).decode()


def opened_key(person_id: UUID, text: str | None) -> int | None:
    """The number again; None for anything that was not made for this person."""
    keyring: Keyring = current_app.extensions["keyring"]
    try:
        return int(keyring.open_text(urlsafe_b64decode((text or "")[:LONGEST_KEY].encode()), f"look {person_id}"))
    except (Unreadable, ValueError):
        return None


@bp.get("/tai-khoan/du-lieu/ai-da-xem")
@citizen
def own() -> Response:
    """Officers who looked at what is mine, newest first."""
    return _page(accounts.me().person_id, "looks.own", "requests.look_form", "/tai-khoan/du-lieu", "tai-khoan")


@bp.get("/ca-nhan/gia-dinh/<uuid:child>/ai-da-xem")
@guardian_of
def of_child(child: UUID) -> Response:
    """The same for a child."""
    back = url_for("child_data.show_child", child=child)
    return _page(child, "looks.of_child", "requests.child_look_form", back, "gia-dinh", child=child)


def _page(person_id: UUID, here: str, ask: str, back: str, active: str, **place: Any) -> Response:
    found = queries.page(db.session, person_id, opened_key(person_id, request.args.get("sau")))
    following = url_for(here, sau=sealed_key(person_id, found.next_key), **place) if found.next_key else None
    rows = [
        (look, url_for(ask, look=sealed_key(person_id, look.id), **place) if look.officer_id else None)
        for look in found.rows
    ]
    ward = g.get("ward")
    return pages.page(
        "privacy/looks.html",
        rows=rows,
        following=following,
        earlier="sau" in request.args,
        ward=ward,
        back=back,
        active=active,
    )
