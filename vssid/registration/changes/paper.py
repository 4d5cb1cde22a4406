"""Form 01 of a change, with its purpose ticked."""

from flask import Response
from sqlalchemy.orm import Session

from vssid import organisations, records
from vssid.kernel.clock import day_of
from vssid.kernel.text import grouped, spoken_phone
from vssid.records import IdKind
from vssid.registration import queries as declarations
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.changes.rules import Item
from vssid.registration.fields import Purpose
from vssid.registration.papers import NO_CERTIFICATE, Form01, Line, agency_line, full_address, printed
from vssid.registration.rules import spoken_code
from vssid.web import db
from vssid.web.papers import as_pdf


def pdf_answer(change: ChangeRequest) -> Response:
    """The form as a file that no cache keeps. The reading is given up before the workshop begins."""
    html = _html(db.session, change)
    db.abandon()
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="to-khai-{change.code}.pdf"',
    }
    return Response(as_pdf(html), mimetype="application/pdf", headers=headers)


def _html(session: Session, change: ChangeRequest) -> str:
    declaration = declarations.approved_of(session, change.person_id)
    stop = change.item == Item.STOP
    day = day_of(change.effective_at or change.ended_at or change.asked_at)
    code, moment = spoken_code(change.code), day.strftime("%d/%m/%Y")
    note = f"Yêu cầu mã {code}, {'ngừng sử dụng' if stop else 'thực hiện'} từ ngày {moment}. " + (
        "Thẻ BHYT, quá trình đóng và quyền lợi không thay đổi." if stop else "Các thông tin khác giữ nguyên."
    )
    return printed(
        session,
        Form01(
            purpose=Purpose.STOP if stop else Purpose.ADJUST,
            code=code,
            scan=change.code,
            agency=agency_line(session, change.agency_code) if change.agency_code else "…………………………",
            lines=_lines(session, change),
            portal=organisations.Portal(declaration.portal) if declaration else organisations.Portal.STATE,
            day=day,
            note=note,
        ),
    )


def _lines(session: Session, change: ChangeRequest) -> list[Line]:
    """The person as the register has them, the contacts as they are to be."""
    person, numbers = records.person(session, change.person_id), records.identifiers(session, change.person_id)
    papers = (IdKind.CCCD, IdKind.CMND, IdKind.PASSPORT)
    address = full_address(session, change.address_line, change.province_code, change.ward_code)
    given = f" (trước đây: {change.address_given})" if change.address_given else ""
    changed = {Item.ADDRESS: "Địa chỉ liên hệ", Item.EMAIL: "Email", Item.PHONE: "Điện thoại di động"}
    lines = [
        Line("Tên cơ quan/tổ chức/cá nhân", person.full_name if person else "", True),
        Line("Mã số BHXH", grouped(numbers.get(IdKind.MA_SO_BHXH, ""), 2, 4), True),
        Line("Số CMND/Hộ chiếu/CCCD", next((numbers[kind] for kind in papers if kind in numbers), ""), True),
        Line("Địa chỉ liên hệ", address + given),
        Line("Số chứng thư số, tên tổ chức chứng thực, thời hạn", NO_CERTIFICATE),
        Line("Người liên hệ", change.contact_name),
        Line("Email", change.email or "(không có)"),
        Line("Điện thoại di động", spoken_phone(change.phone)),
    ]
    new = changed.get(Item(change.item))
    return [Line(line.label, f"{line.value} (thay đổi)", True) if line.label == new else line for line in lines]
