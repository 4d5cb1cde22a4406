"""Form 01 (mẫu 01) as PDF, and the lines that review, form and desk show of a declaration."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import directory
from vssid.kernel.clock import day_of, today
from vssid.kernel.db import reading
from vssid.kernel.memory import Memory
from vssid.kernel.text import grouped, spoken_phone
from vssid.kernel.workshop import PDF, Workshop
from vssid.registration import queries
from vssid.registration.drafts import OpenDraft
from vssid.registration.fields import Guardian, HandIn, Info, Kind, Office, Portal, Relation
from vssid.registration.models import Declaration
from vssid.registration.rules import spoken_code
from vssid.web import db, pages, qr
from vssid.web.i18n import say

PDF_SECONDS = 20
_BLANK: Memory[date, bytes] = Memory()


@dataclass(frozen=True)
class Fact:
    """One line of a review: its step, name and value."""

    step: str
    label: str
    value: str


def full_address(db_: Session, line: str, province_code: str, ward_code: str) -> str:
    """Street, ward, province."""
    return ", ".join(part for part in (line, directory.place_name(db_, province_code, ward_code)) if part)


def agency_line(db_: Session, code: str) -> str:
    """An agency as the picker names it: [08902] BHXH …"""
    agency = directory.agency(db_, code)
    return f"[{code}] {agency.name}" if agency else f"[{code}]"


def info_facts(db_: Session, info: Info | Declaration) -> list[Fact]:
    """Step 1 in the order of the form; a child's names the guardian instead of a number of its own."""
    address = full_address(db_, info.address_line, info.province_code, info.ward_code)
    if info.address_given:
        address = _("%(address)s. Trước đây: %(old)s", address=address, old=info.address_given)
    lines = [(_("Mã số BHXH"), grouped(info.ma_so_bhxh, 2, 4)), (_("Họ và tên"), info.full_name)]
    guardian = _guardian_of(info)
    if guardian is None:
        lines.append((_("Số CCCD/Hộ chiếu/CMND"), info.id_number))
    else:
        lines += [
            (_("Mã số BHXH người giám hộ"), grouped(guardian.ma_so_bhxh, 2, 4)),
            (_("Số CMND/HC/CC của người giám hộ"), guardian.id_number),
            (_("Trẻ là gì của người giám hộ"), say(Relation(guardian.relation).label)),
        ]
    lines += [
        (_("Địa chỉ liên hệ"), address),
        (_("Số điện thoại"), _phone_line(info, guardian is not None)),
        (_("Người liên hệ"), info.contact_name),
        (_("Email"), info.email or _("Không có")),
        (_("Đăng ký giao dịch tại"), say(Portal(info.portal).label)),
    ]
    return [Fact("info", label, value) for label, value in lines if value]


def _guardian_of(info: Info | Declaration) -> Guardian | None:
    if isinstance(info, Info):
        return info.guardian
    if info.kind != Kind.CHILD:
        return None
    return Guardian(
        info.guardian_ma_so, info.guardian_id_kind, info.guardian_number, info.guardian_relation or Relation.CHILD
    )


def _phone_line(info: Info | Declaration, of_child: bool) -> str:
    """A number that was typed; the number of a guardian's account is nobody else's to read."""
    if isinstance(info, Declaration) and info.counter_by and not info.phone:
        return _("Không có")
    of_account = not info.phone if isinstance(info, Info) else info.phone_of_account or not info.phone
    if of_child and of_account:
        return _("Số của tài khoản người giám hộ")
    return spoken_phone(info.phone)


def office_facts(db_: Session, office: Office | Declaration) -> list[Fact]:
    """Step 3 in the order of the form."""
    by_mail = _("Có, đến %(email)s", email=office.email) if office.wants_form_by_email else _("Không")
    lines = [
        (_("Cơ quan BHXH tiếp nhận"), agency_line(db_, office.agency_code)),
        (_("Hình thức nộp hồ sơ"), say(HandIn(office.hand_in).label)),
        (_("Gửi email tờ khai"), by_mail),
    ]
    return [Fact("office", label, value) for label, value in lines]


def sending_facts(db_: Session, draft: OpenDraft) -> dict[str, list[Fact]]:
    """What the last step shows, by step."""
    info, office = draft.content.info, draft.content.office
    return {"info": info_facts(db_, info) if info else [], "office": office_facts(db_, office) if office else []}


def form_01_html(db_: Session, declaration: Declaration, *, to_sign: bool = False) -> str:
    """Form 01 as one self-contained document. Its text is Vietnamese in every language: an agency reads it.

    One `to_sign` digitally leaves no place for ink and does not ask to be handed in.
    """
    basis = directory.parameter(db_, "to_khai.can_cu", day_of(declaration.sent_at))
    context: dict[str, Any] = {
        "d": declaration,
        "code": spoken_code(declaration.code),
        "ma_so": grouped(declaration.ma_so_bhxh, 2, 4),
        "address": full_address(db_, declaration.address_line, declaration.province_code, declaration.ward_code),
        "agency": agency_line(db_, declaration.agency_code),
        "phone": _phone_line(declaration, declaration.kind == Kind.CHILD),
        "child": declaration.kind == Kind.CHILD,
        "to_sign": to_sign,
        "relation": str(Relation(declaration.guardian_relation).label) if declaration.guardian_relation else "",
        "guardian_ma_so": grouped(declaration.guardian_ma_so, 2, 4),
        "portal": Portal(declaration.portal),
        "portals": list(Portal),
        "hand_in": str(HandIn(declaration.hand_in).label),
        "basis": basis.value if basis else "",
        "sent_on": day_of(declaration.sent_at).strftime("%d/%m/%Y"),
        "lapses_on": declaration.lapses_on.strftime("%d/%m/%Y"),
        "code_svg": qr.svg(declaration.code, "Mã QR của tờ khai"),
    }
    return pages.paper("registration/form01.html", **context)


def blank_form_pdf() -> bytes:
    """Form 01 to fill in by hand, for who cannot print their own: the same fields, all three purposes. Kept for a minute."""
    return _BLANK.get(today(), _print_blank)


def _print_blank() -> bytes:
    basis = directory.parameter(db.session, "to_khai.can_cu", today())
    html = pages.paper("registration/form01_blank.html", basis=basis.value if basis else "", portals=list(Portal))
    db.abandon()
    return printed(html)


def printed(html: str) -> bytes:
    """The PDF of a finished document, made in the workshop, outside any transaction. Raises Busy."""
    workshop: Workshop = current_app.extensions["workshop"]
    body: bytes = workshop.run_named(PDF_SECONDS, PDF, html)
    return body


def form_01_pdf(declaration: Declaration) -> bytes:
    """The PDF. Made outside any transaction, in the workshop."""
    html = form_01_html(db.session, declaration)
    db.abandon()
    return printed(html)


def form_01_attachment(id: UUID) -> tuple[str, str, bytes]:
    """Form 01 for the outbox: file name, media type, content."""
    with reading(db.db.engine) as session:
        declaration = queries.by_id(session, id)
        if declaration is None:
            raise LookupError("the declaration is gone")
        html = form_01_html(session, declaration)
        name = f"to-khai-{declaration.code}.pdf"
    return name, "application/pdf", printed(html)
