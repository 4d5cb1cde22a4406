"""/can-bo/cong-tac: every service that can rest, and the form by which it does."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import Label, Refused
from vssid.notices.switches import actions, queries
from vssid.notices.switches.forms import StopForm
from vssid.notices.switches.gate import gate
from vssid.notices.switches.rules import Service, Stop
from vssid.notices.words import CODES, LONGEST
from vssid.officers import Permission
from vssid.web import db, pages
from vssid.web.guards import fresh, officer
from vssid.web.i18n import say_in

bp = Blueprint("switches_desk", __name__, url_prefix="/can-bo/cong-tac")
MANAGE = Permission.NOTICES_MANAGE
KEY = "switches"
USUAL = timedelta(hours=2)


@bp.get("")
@officer(MANAGE)
def list_services() -> Response:
    """What works and what rests."""
    stops = queries.stops(db.session, now())
    services = [(one, stops.get(one.key)) for one in gate().atlas.services.values()]
    return pages.page("notices/switches.html", services=services, active=KEY)


def _service(key: str) -> Service:
    return gate().atlas.services.get(key) or abort(404)


@bp.get("/<key>")
@officer(MANAGE)
def show(key: str) -> Response:
    """The form: the usual words for a service that works, what holds for one that rests."""
    service, at = _service(key), now()
    found = queries.stops(db.session, at).get(key)
    return _form(service, found, _filled(service, found, at))


def _filled(service: Service, found: Stop | None, at: datetime) -> StopForm:
    words = found.words.columns if found else _usual(service)
    until, version = (found.until, found.version) if found else (at + USUAL, 0)
    return StopForm(formdata=None, data={**words, "until": until, "version": version})


def _usual(service: Service) -> dict[str, str]:
    """The words that ship with the service, in the languages that have them."""
    words = {code: say_in(code, service.words) for code in CODES}
    return {f"words_{code}": text[:LONGEST] for code, text in words.items() if code == "vi" or text != words["vi"]}


def _form(service: Service, found: Stop | None, form: StopForm, status: int = 200) -> Response:
    shown: dict[str, Any] = {"service": service, "stop": found, "form": form, "active": KEY}
    if status == 200:
        return pages.page("notices/switch.html", **shown)
    return pages.refused("notices/switch.html", status=status, **shown)


@bp.post("/<key>/tat")
@fresh
@officer(MANAGE)
def switch_off(key: str) -> Response:
    """Off, or words and time of what is off already."""
    service, at, form = _service(key), now(), StopForm()
    with reading(db.engine()) as session:
        found = queries.stops(session, at).get(key)
    until = form.until.moment
    try:
        if form.validate_on_submit() and until is not None:
            version = form.version.data or 0
            actions.switch_off(db.session, key, version, form.sentence, until, by=officers.me(), at=at)
            return _done(_("Đã tắt. Mọi máy thấy trong vòng 10 giây."))
    except Refused as refusal:
        return _refused(service, form, refusal)
    return _form(service, found, form, 422)


def _done(words: str | Label) -> Response:
    answer = pages.after_post(words, url_for(".list_services"))
    gate().stops.forget()
    return answer


def _refused(service: Service, form: StopForm, refusal: Refused) -> Response:
    """What is wrong with the form stands at its field; where somebody was faster, the form shows what holds now."""
    db.abandon()
    found = queries.stops(db.session, now()).get(service.key)
    if not refusal.field:
        form = _filled(service, found, now())
    form.refuse(refusal)
    return _form(service, found, form, 422)


@bp.post("/<key>/bat")
@fresh
@officer(MANAGE)
def switch_on(key: str) -> Response:
    """On again, before its time."""
    service, form = _service(key), StopForm()
    try:
        actions.switch_on(db.session, key, form.version.data or 0, by=officers.me(), at=now())
    except Refused as refusal:
        return _refused(service, form, refusal)
    return _done(_("Đã mở lại. Mọi máy thấy trong vòng 10 giây."))
