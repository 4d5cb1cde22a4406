"""Trang chủ and Quản lý cá nhân: composed of what other rooms know."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, request, url_for
from flask_babel import gettext as _

from vssid import accounts, card, newsroom, records, registration
from vssid.card import shown
from vssid.card import views as card_views
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.kernel.labels import Label
from vssid.kernel.text import masked, spoken_phone
from vssid.records import IdKind, PartialDate, Sex, benefits, contributions, visits
from vssid.records.whose import Whose, mine, of_child
from vssid.web import db, pages
from vssid.web.guards import actor_of, citizen, guardian_of, public
from vssid.web.i18n import LANGUAGES, day, language, month, say
from vssid.web.published import published

bp = Blueprint("home", __name__)
SHOWN_NEWS = 3


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    REVEALED = "person.revealed"


@bp.get("/")
@published
@public
def index() -> Response:
    """Signed out: what this is and the two ways in. Signed in: the card first, then one's own things."""
    citizen_ = actor_of(ActorKind.CITIZEN)
    if not isinstance(citizen_, accounts.Citizen):
        tongue = language()
        latest = newsroom.latest(db.session, newsroom.Kind.NEWS, tongue, SHOWN_NEWS, now())
        return pages.page("home/index.html", news=[(entry, LANGUAGES[entry.language][1]) for entry in latest])
    holder = shown.holder_of(citizen_.person_id)
    face = holder.face
    strip = card_views.card_summary(face) if face else None
    return pages.page(
        "home/index.html",
        person_name=holder.person.full_name,
        card=strip,
        alerts=_alerts(citizen_),
        tiles=_tiles(face, _records()),
        active="home",
    )


def _alerts(citizen_: accounts.Citizen) -> list[dict[str, str]]:
    """What the owner must see at once: a change of the account that waits, whoever asked for it."""
    alerts = []
    if accounts.recovery.waiting_of(db.session, citizen_.id) is not None:
        words = _("Có người yêu cầu thay mật khẩu của tài khoản này. Nếu không phải bạn, hãy huỷ ngay.")
        alerts.append({"text": words, "href": url_for("witness.own"), "label": _("Xem và huỷ"), "tone": "bad"})
    pending = registration.pending_change(db.session, citizen_.id)
    if pending is None:
        return alerts
    what = say(registration.ChangedItem(pending.item).label)
    text = _("Đang chờ thực hiện: %(item)s. Nếu không phải bạn yêu cầu, hãy huỷ ngay.", item=what)
    return [*alerts, {"text": text, "href": url_for("changes.show", id=pending.id), "label": _("Xem và huỷ")}]


@bp.get("/ca-nhan")
@citizen
def profile() -> Response:
    """Who one is, then one's own things with one line of truth each."""
    holder = shown.holder_of(accounts.me().person_id)
    person = holder.person
    reveal = request.args.get("hien") == "1"
    if reveal:
        with unit(db.engine()) as session:
            audit.record(session, Tag.REVEALED, accounts.me().by, ("person", person.id), now())
    numbers = records.identifiers(db.session, person.id)
    account = accounts.by_person(db.session, person.id)
    phone = spoken_phone(accounts.phone_of(db.session, account)) if account else ""
    return pages.page(
        "home/profile.html",
        person=person,
        ma_so=numbers.get(IdKind.MA_SO_BHXH, ""),
        facts=_facts(holder, numbers, phone, reveal),
        reveal=reveal,
        tiles=_tiles(holder.face, _records(mine("ca-nhan"))),
        active="ca-nhan",
    )


def _facts(holder: card.Holder, numbers: dict[IdKind, str], phone: str, reveal: bool) -> list[tuple[str, str]]:
    def shown(value: str) -> str:
        return value if reveal else masked(value.replace(" ", ""))

    person = holder.person
    papers = [kind for kind in (IdKind.CCCD, IdKind.CMND, IdKind.PASSPORT) if kind in numbers]
    lines: list[tuple[str, str]] = [
        (_("Ngày sinh"), _born(person.birth_date)),
        (_("Giới tính"), say(Sex(person.sex).label)),
        *[(say(kind.label), shown(numbers[kind])) for kind in papers[:1]],
        (_("Số điện thoại"), shown(phone)),
        (_("Địa chỉ"), holder.address),
    ]
    return [(label, value) for label, value in lines if value]


def _born(iso: str) -> str:
    """A day of birth as the reader writes days; the month or the year where the register knows no more."""
    known = PartialDate.parse(iso)
    if known.day is not None:
        return day(known.first_day())
    return month(known.first_day()) if known.month is not None else str(known.year)


@bp.get("/ca-nhan/gia-dinh")
@citizen
def family() -> Response:
    """The children for whom one acts, and what was declared for them and is not decided yet."""
    guardian, session = accounts.me().person_id, db.session
    wards = records.children_of(session, guardian, today())
    cards = card.holders(session, [child.id for child in wards], today())
    children = [
        {
            "name": child.full_name,
            "href": url_for("home.child", child=child.id),
            "line": _("Sinh %(date)s", date=_born(child.birth_date)),
            "card": url_for("card.use_child", child=child.id),
            "valid": face and card.validity_line(face, today()),
        }
        for child, face in ((child, cards[child.id].face) for child in wards)
    ]
    declared = registration.of_guardian(session, guardian)
    waiting = [one for one in declared if registration.Status(one.status) is not registration.Status.APPROVED]
    return pages.page(
        "home/family.html",
        children=children,
        waiting=[(one, registration.Status(one.status)) for one in waiting],
        active="gia-dinh",
    )


@bp.post("/ca-nhan/gia-dinh/to-khai")
@citizen
def follow_declared() -> Response:
    """Open a declaration that one has sent for a child: the account is proof enough."""
    wanted = request.form.get("code", "")[:12]
    declared = registration.of_guardian(db.session, accounts.me().person_id)
    registration.keep_open(next((one for one in declared if one.code == wanted), None) or abort(404))
    return pages.leave(url_for("follow.show"))


@bp.get("/ca-nhan/gia-dinh/<uuid:child>")
@guardian_of
def child(child: UUID) -> Response:
    """One child: who they are and their own things, the name always on the screen."""
    holder = shown.holder_of(child)
    numbers = records.identifiers(db.session, child)
    base = url_for("home.child", child=child)
    line = say(card.validity_line(holder.face, today())) if holder.face else _("Chưa thấy thẻ")
    tiles = [{"label": _("Thẻ BHYT"), "href": f"{base}/the-bhyt", "icon": "card", "line": line}, *_records(of_child())]
    facts = [(_("Mã số BHXH"), numbers.get(IdKind.MA_SO_BHXH, "–")), *_facts(holder, {}, "", True)]
    return pages.page("home/child.html", ward=g.ward, facts=facts, tiles=tiles, active="gia-dinh")


def _tiles(face: card.Face | None, of_records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    line = say(card.validity_line(face, today())) if face else _("Chưa thấy thẻ")
    return [
        {"label": _("Thẻ BHYT"), "href": "/ca-nhan/the-bhyt", "icon": "card", "line": line},
        *of_records,
        {
            "label": _("Gia đình"),
            "href": "/ca-nhan/gia-dinh",
            "icon": "family",
            "line": _("Thẻ của con, đăng ký cho con"),
        },
        {
            "label": _("Ước tính"),
            "href": "/ca-nhan/uoc-tinh",
            "icon": "sum",
            "line": _("Lương hưu, thai sản, mức đóng"),
        },
        {"label": _("Thông tin tài khoản"), "href": "/tai-khoan", "icon": "gear", "line": _("Mật khẩu, thiết bị")},
    ]


def _records(whose: Whose | None = None) -> list[dict[str, Any]]:
    """What was paid, received and treated; with its line of truth where a page is about one person."""
    rooms: list[tuple[str, str, str, Any]] = [
        (_("Quá trình tham gia"), "qua-trinh", "chart", contributions.line),
        (_("Thông tin hưởng"), "thong-tin-huong", "gift", benefits.line),
        (_("Sổ khám chữa bệnh"), "so-kham", "book", visits.line),
    ]
    base = whose.base if whose else "/ca-nhan"
    return [
        {
            "label": label, "href": f"{base}/{slug}", "icon": icon,
            "line": _line(line, whose) if whose else None,
        }
        for label, slug, icon, line in rooms
    ]  # fmt: skip


def _line(line: Callable[..., Label], whose: Whose) -> str:
    # A child's own account is in the guardian's hands until the child is of age.
    by_guardian = not whose.own or accounts.me().guarded_until is not None
    more = {"by_guardian": True} if by_guardian and line is visits.line else {}
    return say(line(db.session, whose.person_id, today(), **more))
