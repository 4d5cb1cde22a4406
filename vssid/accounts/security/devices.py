"""Thiết bị và lịch sử: where the account is trusted and used, what happened to it, and “không phải tôi”."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, session, url_for
from flask_babel import gettext as _

from vssid.accounts import actions, freezing, history, messages, queries
from vssid.accounts.entrance import me
from vssid.accounts.models import Account, Device
from vssid.accounts.rules import FREEZE_HOURS, Notice
from vssid.kernel.clock import now
from vssid.web import db, pages
from vssid.web.guards import citizen, fresh, public, reaches

bp = Blueprint("devices", __name__, url_prefix="/tai-khoan")


def _hotline() -> str:
    hotline: str = current_app.config["SETTINGS"].hotline
    return hotline


@bp.get("/thiet-bi")
@citizen
def show() -> Response:
    """Where the account is trusted and when it was used there last, with a button to end that."""
    trusted = queries.devices(db.session, me().id)
    return pages.page("accounts/devices.html", devices=[_facts(device) for device in trusted], active="tai-khoan")


def _facts(device: Device) -> dict[str, Any]:
    newest = history.last_session(db.session, me().id, device.id)
    here = newest is not None and newest.id == me().session_id
    return {
        "id": device.id,
        "here": here,
        "label": device.label,
        "since": device.created_at,
        "seen": newest.last_seen_at if newest else device.last_seen_at,
        "network": newest.network if newest else "",
    }


@bp.post("/thiet-bi/<uuid:id>/xoa")
@reaches("device")
@fresh
@citizen
def forget(id: UUID) -> Response:
    """Stop trusting a device; its session ends at once."""
    actions.forget_device(db.session, me().id, id, at=now())
    account = db.session.get_one(Account, me().id)
    keyring = current_app.extensions["keyring"]
    messages.notify(db.session, keyring, account, Notice.DEVICE_ENDED, at=now(), hotline=_hotline())
    return pages.after_post(
        _("Đã xoá thiết bị. Lần sau đăng nhập trên đó sẽ cần mã xác thực."), url_for("devices.show")
    )


@bp.get("/nhat-ky")
@citizen
def list_history() -> Response:
    """What happened to the account, 25 acts a page."""
    before = request.args.get("truoc", "")
    shown = history.page(db.session, me().id, int(before) if before.isdecimal() and len(before) < 16 else None)
    older = url_for("devices.list_history", truoc=shown.older) if shown.older else None
    return pages.page("accounts/history.html", lines=shown.lines, older=older, active="tai-khoan")


@bp.get("/khong-phai-toi")
@citizen
def freeze_form() -> Response:
    """What freezing does, before it is done."""
    return pages.page("accounts/freeze.html", hours=FREEZE_HOURS, active="tai-khoan")


@bp.post("/khong-phai-toi")
@citizen
def freeze() -> Response:
    """Lock everybody out, oneself too, and lead to recovery. Asks no password: whoever is in a hurry must not be held up."""
    account = db.session.get_one(Account, me().id)
    freezing.freeze(db.session, account, by=me().by, at=now())
    messages.frozen(db.session, current_app.extensions["keyring"], account, at=now(), hotline=_hotline())
    response = pages.leave(url_for("devices.frozen"))
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/da-khoa")
@public
def frozen() -> Response:
    """What now. Says nothing about any account: it is also where a code at /huy leads."""
    return pages.page("accounts/frozen.html", hours=FREEZE_HOURS)
