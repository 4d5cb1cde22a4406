"""Form 01 (mẫu 01) as PDF, and the lines that review, form and desk show of a declaration."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import directory, organisations
from vssid.kernel.clock import day_of, today
from vssid.kernel.db import reading
from vssid.kernel.memory import Memory
from vssid.kernel.text import grouped, spoken_phone
from vssid.registration import queries
from vssid.registration.drafts import OpenDraft
from vssid.registration.fields import Guardian, HandIn, Info, Kind, Office, Organisation, Purpose, Relation
from vssid.registration.models import Declaration
from vssid.registration.rules import spoken_code
from vssid.web import db, pages, qr
from vssid.web.i18n import say
from vssid.web.papers import as_pdf

TAX_DIGITS = 10
NO_CERTIFICATE = "không có chứng thư số, đề nghị cấp mã xác thực"
BY_SIGNATURE = "theo chữ ký số trên tờ khai này"
_SIGNERS = {
    Kind.ADULT: "Người khai",
    Kind.CHILD: "Người giám hộ",
    Kind.ORGANISATION: "Thủ trưởng cơ quan, tổ chức",
}
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
    """Step 1 in the order of the form; a child's names the guardian, an organisation's its codes."""
    address = full_address(db_, info.address_line, info.province_code, info.ward_code)
    if info.address_given:
        address = _("%(address)s. Trước đây: %(old)s", address=address, old=info.address_given)
    guardian, organisation = _guardian_of(info), organisation_of(info)
    lines = [(_("Mã số BHXH"), grouped(info.ma_so_bhxh, 2, 4)), (_("Họ và tên"), info.full_name)]
    if organisation is not None:
        lines = [
            (_("Tên cơ quan, tổ chức"), info.full_name),
            (_("Loại tổ chức"), say(organisations.OrganisationKind(organisation.kind).label)),
            (_("Mã cơ sở khám chữa bệnh"), organisation.facility_code),
            (_("Mã đơn vị"), organisation.unit_code),
            (_("Mã số thuế"), spoken_tax_code(organisation.tax_code)),
        ]
    elif guardian is None:
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
        (_("Đăng ký giao dịch tại"), say(organisations.Portal(info.portal).label)),
        (_("Tên tổ chức I-VAN"), organisation.ivan_provider if organisation else ""),
    ]
    return [Fact("info", label, value) for label, value in lines if value]


def organisation_of(info: Info | Declaration) -> Organisation | None:
    """What an organisation said of itself; None for persons."""
    if isinstance(info, Info):
        return info.organisation
    if info.kind != Kind.ORGANISATION:
        return None
    return Organisation(info.organisation_kind, info.unit_code, info.id_number, info.ivan_provider, info.facility_code)


def spoken_tax_code(digits: str) -> str:
    """A tax code as it is written: of a branch with its dash."""
    return f"{digits[:10]}-{digits[10:]}" if len(digits) > TAX_DIGITS else digits


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


class Line(NamedTuple):
    """One numbered line of form 01; what names the person stands out."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True)
class Form01:
    """What form 01 says, whatever its purpose. `code` is as it is spoken, `scan` as its QR code holds it.

    An organisation's is `sealed` with its stamp and names its I-VAN `provider`.
    """

    purpose: Purpose
    code: str
    scan: str
    agency: str
    lines: list[Line]
    portal: organisations.Portal
    day: date
    note: str
    hand_in: str = ""
    signer: str = "Người khai"
    sealed: bool = False
    provider: str = ""
    # One that is signed digitally leaves no place for ink.
    to_sign: bool = False


def printed(db_: Session, form: Form01) -> str:
    """Form 01 as one self-contained document. Its text is Vietnamese in every language: an agency reads it."""
    basis = directory.parameter(db_, "to_khai.can_cu", form.day)
    context: dict[str, Any] = {
        "form": form,
        "purposes": list(Purpose),
        "portals": list(organisations.Portal),
        "basis": basis.value if basis else "",
        "code_svg": qr.svg(form.scan, "Mã QR của tờ khai"),
    }
    return pages.paper("registration/form01.html", **context)


def form_01_html(db_: Session, declaration: Declaration, *, to_sign: bool = False) -> str:
    """Form 01 of a registration, to be signed by hand or digitally."""
    d, child = declaration, declaration.kind == Kind.CHILD
    address = full_address(db_, d.address_line, d.province_code, d.ward_code)
    given = f" (trước đây: {d.address_given})" if d.address_given else ""
    lines = [
        Line("Tên cơ quan/tổ chức/cá nhân", d.full_name, True),
        *_number_lines(d, child),
        Line("Địa chỉ liên hệ", address + given),
        Line("Số chứng thư số, tên tổ chức chứng thực, thời hạn", BY_SIGNATURE if to_sign else NO_CERTIFICATE),
        Line("Người liên hệ", d.contact_name or "(người giám hộ)"),
        Line("Email", d.email or "(không có)"),
        Line("Điện thoại di động", _phone_line(d, child)),
    ]
    return printed(
        db_,
        Form01(
            purpose=Purpose.REGISTER,
            code=spoken_code(d.code),
            scan=d.code,
            agency=agency_line(db_, d.agency_code),
            lines=lines,
            portal=organisations.Portal(d.portal),
            day=day_of(d.sent_at),
            note=_note(d, child, to_sign),
            hand_in=str(HandIn(d.hand_in).label),
            signer=_SIGNERS[Kind(d.kind)],
            sealed=d.kind == Kind.ORGANISATION,
            provider=d.ivan_provider,
            to_sign=to_sign,
        ),
    )


def _note(declaration: Declaration, child: bool, to_sign: bool) -> str:
    """What to do with the form, and until when."""
    code, last = spoken_code(declaration.code), declaration.lapses_on.strftime("%d/%m/%Y")
    place = f"mục “Theo dõi tờ khai” của {current_app.config['SETTINGS'].site_name}"
    if to_sign:
        return (
            f"Bản để ký số. Ký ngay trên tệp này rồi gửi lên tại {place} đến hết ngày {last}, bằng mã {code} "
            "và số điện thoại đã khai. Sau ngày đó tờ khai tự huỷ."
        )
    papers = "giấy tờ tuỳ thân (CCCD/CMND/Hộ chiếu)" + (" của người giám hộ và giấy khai sinh của trẻ" if child else "")
    if declaration.kind == Kind.ORGANISATION:
        papers = "quyết định thành lập hoặc giấy phép (bản chính hoặc sao y) và giấy tờ tuỳ thân của người nộp"
    note = f"Nộp tờ khai này kèm {papers} đến hết ngày {last}. Sau ngày đó tờ khai tự huỷ."
    if declaration.counter_by and not declaration.phone:
        return note  # nobody follows without a phone
    return f"{note} Theo dõi bằng mã {code} và số điện thoại đã khai tại {place}."


def _number_lines(declaration: Declaration, child: bool) -> list[Line]:
    organisation = organisation_of(declaration)
    if organisation is not None:
        facility = organisation.facility_code
        return [
            *([Line("Mã cơ sở khám chữa bệnh", facility, True)] if facility else []),
            Line("Mã đơn vị", organisation.unit_code or "(chưa có)", True),
            Line("Mã số thuế", spoken_tax_code(organisation.tax_code), True),
        ]
    ma_so = Line("Mã số BHXH", grouped(declaration.ma_so_bhxh, 2, 4), True)
    if not child:
        return [ma_so, Line("Số CMND/Hộ chiếu/CCCD", declaration.id_number, True)]
    relation = str(Relation(declaration.guardian_relation).label) if declaration.guardian_relation else ""
    guardian = f"{grouped(declaration.guardian_ma_so, 2, 4)} (trẻ là: {relation})"
    return [
        ma_so,
        Line("Mã số BHXH người giám hộ", guardian, True),
        Line("Số CMND/Hộ chiếu/CCCD của người giám hộ", declaration.guardian_number, True),
    ]


def blank_form_pdf() -> bytes:
    """Form 01 to fill in by hand, for who cannot print their own: the same fields, all three purposes. Kept for a minute."""
    return _BLANK.get(today(), _print_blank)


def _print_blank() -> bytes:
    basis = directory.parameter(db.session, "to_khai.can_cu", today())
    context = {"basis": basis.value if basis else "", "portals": list(organisations.Portal), "purposes": list(Purpose)}
    html = pages.paper("registration/form01_blank.html", **context)
    db.abandon()
    return as_pdf(html)


def form_01_pdf(declaration: Declaration) -> bytes:
    """The PDF. Made outside any transaction, in the workshop."""
    html = form_01_html(db.session, declaration)
    db.abandon()
    return as_pdf(html)


def form_01_attachment(id: UUID) -> tuple[str, str, bytes]:
    """Form 01 for the outbox: file name, media type, content."""
    with reading(db.db.engine) as session:
        declaration = queries.by_id(session, id)
        if declaration is None:
            raise LookupError("the declaration is gone")
        html = form_01_html(session, declaration)
        name = f"to-khai-{declaration.code}.pdf"
    return name, "application/pdf", as_pdf(html)
