"""Where a declaration stands, as steps with dates: what is done, who has it now, what is missing, until when."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.kernel.clock import day_of
from vssid.kernel.days import working_day_after
from vssid.registration.fields import Kind, PaperChannel
from vssid.registration.models import Declaration
from vssid.registration.papers import agency_line
from vssid.registration.rules import Status
from vssid.web.i18n import day, say

DAYS_TO_DECIDE = "to_khai.ngay_duyet"


@dataclass(frozen=True)
class Step:
    """One step: 'done', 'now' or 'later', its name, and a line about it."""

    state: str
    name: str
    line: str


def steps_of(db: Session, declaration: Declaration, today: date) -> list[Step]:
    """Sent, paper, review, result, activation: as far as this declaration goes."""
    status = Status(declaration.status)
    sent = Step("done", _("Đã gửi tờ khai"), day(day_of(declaration.sent_at)))
    found = [sent, _paper(declaration, status), _review(db, declaration, status, today)]
    if status is Status.APPROVED:
        found.append(_activation(db, declaration))
    return found


def _paper(declaration: Declaration, status: Status) -> Step:
    name = _("Nhận bản giấy")
    if declaration.paper_at is not None:
        signed = declaration.paper_channel == PaperChannel.SIGNED
        return Step("done", _("Nhận bản ký số") if signed else name, day(day_of(declaration.paper_at)))
    if status is Status.RETURNED:
        return Step("later", name, _("Thời hạn tạm dừng cho đến khi bạn sửa xong."))
    if status is Status.WAITING:
        return Step("now", name, _("Chờ bạn nộp đến hết ngày %(date)s.", date=day(declaration.lapses_on)))
    return Step("later", name, _("Chưa nhận"))


def _review(db: Session, declaration: Declaration, status: Status, today: date) -> Step:
    name, agency = _("Cán bộ xem xét"), agency_line(db, declaration.agency_code)
    if status is Status.RETURNED:
        return Step("now", name, _("Chờ bạn sửa các mục được trả lại."))
    if status.open:
        due = _due(db, declaration)
        if due is None:
            return Step("later" if status is Status.WAITING else "now", name, agency)
        if due < today:
            return Step("now", name, _("%(agency)s, đã quá hạn trả lời %(date)s.", agency=agency, date=day(due)))
        return Step("now", name, _("%(agency)s, trả lời chậm nhất ngày %(date)s.", agency=agency, date=day(due)))
    decided = day(day_of(declaration.decided_at)) if declaration.decided_at else ""
    return Step("done", say(status.label), decided)


def _due(db: Session, declaration: Declaration) -> date | None:
    """The last working day on which the agency answers, counted from the paper; None before it came."""
    if declaration.paper_at is None:
        return None
    received = day_of(declaration.paper_at)
    parameter = directory.parameter(db, DAYS_TO_DECIDE, received)
    days = directory.whole_of(DAYS_TO_DECIDE, parameter.value) if parameter else None
    return None if days is None else working_day_after(received, days)


def _activation(db: Session, declaration: Declaration) -> Step:
    if declaration.kind == Kind.ORGANISATION:
        return Step("now", _("Kích hoạt tài khoản tổ chức"), _("Mã được gửi đến điện thoại của người liên hệ."))
    account = accounts.by_person(db, declaration.person_id) if declaration.person_id else None
    name = _("Kích hoạt tài khoản")
    if account is not None and account.status == "closed":
        return Step("done", _("Tài khoản đã ngừng sử dụng."), _("Muốn dùng lại, hãy đăng ký lại."))
    if account is None:
        return Step("done", _("Thẻ của con"), _("Xem trong mục Gia đình của người giám hộ."))
    if account.status == "new":
        return Step("now", name, _("Chờ bạn nhập mã kích hoạt và đặt mật khẩu."))
    return Step("done", name, _("Tài khoản đã dùng được."))
