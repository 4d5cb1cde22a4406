"""Yêu cầu về dữ liệu: what one asks about one's own data or one's child's, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from flask_babel import gettext as _

from vssid import accounts
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label, Refused
from vssid.privacy.looks import queries as looks
from vssid.privacy.looks.queries import Look
from vssid.privacy.looks.views import opened_key
from vssid.privacy.models import DataRequest
from vssid.privacy.requests import actions, checking, queries
from vssid.privacy.requests.actions import Wish
from vssid.privacy.requests.forms import AskForm, LookForm
from vssid.privacy.rules import CHECK, CHOOSABLE, REQUESTS_A_DAY, About, Clocks, Kind, Status, late
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.registration import house
from vssid.registration.rules import spoken_code
from vssid.web import db, pages
from vssid.web.guards import citizen, guardian_of, reaches

bp = Blueprint("requests", __name__)
BASE = "/tai-khoan/du-lieu/yeu-cau"
TOO_OFTEN = N_("Hôm nay bạn đã gửi nhiều yêu cầu. Hãy thử lại vào ngày mai, hoặc đến cơ quan BHXH.")
SENT = N_("Đã gửi yêu cầu. Cơ quan BHXH giải quyết chậm nhất ngày %(day)s.")
SENT_ROW = N_("Đã gửi khiếu nại. Cơ quan BHXH kiểm tra và trả lời chậm nhất ngày %(day)s.")


@bp.get(BASE)
@citizen
def list_mine() -> Response:
    """What was asked, newest first."""
    rows = [facts(one) for one in queries.newest_of(db.session, accounts.me().id)]
    return pages.page("privacy/requests.html", rows=rows, active="tai-khoan")


def facts(one: DataRequest) -> dict[str, Any]:
    """What both windows show of a request."""
    status, kind = Status(one.status), Kind(one.kind)
    lines, words = checking.apart(one.row_key, one.words)
    return {
        "asked": one,
        "kind": kind,
        "called": CHECK if checking.is_check(one.row_key) else kind.label,
        "lines": lines,
        "words": words,
        "about": About(one.about).label,
        "state": status,
        "code": spoken_code(one.code),
        "late": late(status, Clocks(one.answer_by, one.done_by), today()),
    }


def row_of(one: DataRequest) -> str | None:
    """What the row of a complaint is called today; None for other requests, and for a row that is gone."""
    if one.kind != Kind.ROW:
        return None
    kind, id = one.row_key.split("/")
    return disputes.described(db.session, one.person_id, RowKind(kind), UUID(id))


def _way_to_row(one: DataRequest) -> str:
    """Where the row of a complaint stands for who has complained: among their own, or a child's."""
    kind, id = one.row_key.split("/")
    base = "/ca-nhan" if one.person_id == accounts.me().person_id else f"/ca-nhan/gia-dinh/{one.person_id}"
    return base + disputes.address(db.session, one.person_id, RowKind(kind), UUID(id))


@bp.get(f"{BASE}/moi")
@citizen
def form() -> Response:
    """Yêu cầu mới."""
    wanted = request.args.get("loai", "")
    return _form(AskForm(formdata=None, data={"kind": wanted if wanted in CHOOSABLE else None}))


def _form(form: AskForm, status: int = 200) -> Response:
    shown: dict[str, Any] = {"form": form, "kinds": CHOOSABLE, "active": "tai-khoan"}
    if status == 200:
        return pages.page("privacy/request_form.html", **shown)
    return pages.refused("privacy/request_form.html", status=status, **shown)


@bp.post(BASE)
@citizen
def ask() -> Response:
    """Send it: its clocks begin."""
    form = AskForm()
    try:
        if form.validate_on_submit():
            wish = Wish(Kind(form.kind.data), form.words.data.strip(), About(form.about.data))
            return asked(accounts.me().person_id, wish, now())
    except Refused as refusal:
        form.refuse(refusal)
    return _form(form, 422)


def asked(person_id: UUID, wish: Wish, at: datetime) -> Response:
    """The wish noted, and the way to it. Raises Refused for one too many."""
    me = accounts.me()
    if not current_app.extensions["limiter"].allow("data-request", str(me.id), *REQUESTS_A_DAY, at):
        raise Refused(TOO_OFTEN)
    made = actions.ask(db.session, house(), me.id, person_id, wish, by=me.by, at=at)
    words = SENT_ROW if wish.kind is Kind.ROW else SENT
    return pages.after_post(Label(str(words), day=made.done_by), url_for("requests.show", id=made.id))


@bp.get(f"{BASE}/<uuid:id>")
@reaches("request")
@citizen
def show(id: UUID) -> Response:
    """Where a request stands: its clocks, its answer."""
    found = queries.of_account(db.session, id, accounts.me().id) or abort(404)
    look = looks.one(db.session, found.person_id, found.look_id) if found.look_id else None
    row = row_of(found)
    shown = facts(found)
    shown["about"] = About(found.about).in_words_of(own=found.person_id == accounts.me().person_id)
    way = _way_to_row(found) if row else None
    return pages.page("privacy/request.html", **shown, look=look, row=row, row_at=way, active="tai-khoan")


@bp.post(f"{BASE}/<uuid:id>/rut")
@reaches("request")
@citizen
def take_back(id: UUID) -> Response:
    """Rút yêu cầu."""
    me = accounts.me()
    with reading(db.engine()) as session:
        if queries.of_account(session, id, me.id) is None:
            abort(404)
    words = _("Đã rút yêu cầu.")
    try:
        actions.take_back(db.session, id, me.id, by=me.by, at=now())
    except Refused as refusal:
        db.abandon()
        return pages.after_post(refusal.label, url_for("requests.show", id=id))
    return pages.after_post(words, url_for("requests.show", id=id))


# --- a complaint about a look -----------------------------------------------------------------------------------------


@bp.get("/tai-khoan/du-lieu/ai-da-xem/<look>/hoi")
@citizen
def look_form(look: str) -> Response:
    """Không đúng? Hỏi cơ quan."""
    return _look_page(accounts.me().person_id, look, LookForm(formdata=None))


@bp.post("/tai-khoan/du-lieu/ai-da-xem/<look>/hoi")
@citizen
def ask_about_look(look: str) -> Response:
    """The complaint: another officer than the one who looked answers it."""
    return _ask_about(accounts.me().person_id, look)


@bp.get("/ca-nhan/gia-dinh/<uuid:child>/ai-da-xem/<look>/hoi")
@guardian_of
def child_look_form(child: UUID, look: str) -> Response:
    """The same about a look at one's child."""
    return _look_page(child, look, LookForm(formdata=None))


@bp.post("/ca-nhan/gia-dinh/<uuid:child>/ai-da-xem/<look>/hoi")
@guardian_of
def ask_about_child_look(child: UUID, look: str) -> Response:
    """The complaint of a guardian."""
    return _ask_about(child, look)


def _look(person_id: UUID, key: str) -> Look:
    """The look of an address, read before the request writes."""
    id = opened_key(person_id, key)
    with reading(db.engine()) as session:
        return (looks.one(session, person_id, id) if id is not None else None) or abort(404)


def _look_page(person_id: UUID, key: str, form: LookForm, status: int = 200) -> Response:
    look = _look(person_id, key)
    if look.officer_id is None:
        abort(404)
    ward = g.get("ward")
    back = url_for("looks.of_child", child=ward.id) if ward else url_for("looks.own")
    shown = {"form": form, "look": look, "ward": ward, "back": back, "here": request.path, "active": "tai-khoan"}
    if status == 200:
        return pages.page("privacy/look_form.html", **shown)
    return pages.refused("privacy/look_form.html", status=status, **shown)


def _ask_about(person_id: UUID, key: str) -> Response:
    form, look = LookForm(), _look(person_id, key)
    if look.officer_id is None:
        abort(404)
    try:
        if form.validate_on_submit():
            return asked(person_id, Wish(Kind.LOOK, form.words.data.strip(), look=look), now())
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _look_page(person_id, key, form, 422)
