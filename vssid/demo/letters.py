"""A handful of letters (phản ánh, kiến nghị) in all states: of the main citizen and of people without an account."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account, LoginName
from vssid.demo.people import MAIN_MA_SO, Ids
from vssid.kernel.clock import day_of
from vssid.kernel.days import working_day_after
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.support.feedback.models import Feedback, FeedbackMessage, PublishedAnswer
from vssid.support.feedback.rules import Category, Kind, Status, words_of

_WORKING_DAYS = 10  # as the shipped parameter has it


@dataclass(frozen=True)
class _Told:
    """One letter: how many days ago, to which agency ('' the province's), its state, who has it, what was said after it."""

    code: str
    days: int
    agency: str
    category: Category
    status: Status
    subject: str
    text: str
    officer: str = ""
    by_main: bool = False
    may_publish: bool = False
    name: str = ""
    then: tuple[tuple[int, Kind, str], ...] = ()
    published: str = ""


_LETTERS = (
    _Told(
        "BCDF2345", 2, "08901", Category.CARD, Status.NEW, "Thẻ BHYT ghi sai tên đệm",
        "Thẻ của tôi ghi sai tên đệm so với căn cước. Tôi cần làm gì để sửa và mất bao lâu?", by_main=True,
    ),
    _Told(
        "BCDF2346", 5, "08901", Category.CONTRIBUTIONS, Status.ASKED, "Thiếu bốn tháng đóng năm ngoái",
        "Quá trình tham gia của tôi thiếu bốn tháng, trong khi bảng lương vẫn trừ tiền. Nhờ kiểm tra giúp.", "CB01", by_main=True,
        then=((4, Kind.QUESTION, "Xin cho biết đó là những tháng nào và tên đơn vị lúc đó."),),
    ),
    _Told(
        "BCDF2347", 40, "08901", Category.DEADLINES, Status.ANSWERED, "Bao giờ có kết quả cấp lại sổ?",
        "Tôi nộp hồ sơ cấp lại sổ BHXH đã ba tuần mà chưa thấy báo kết quả. Khi nào tôi được nhận?", "CB01", by_main=True,
        may_publish=True, published="Người dân nộp hồ sơ cấp lại sổ BHXH đã ba tuần, hỏi khi nào được nhận kết quả.",
        then=((33, Kind.ANSWER, "Sổ đã in xong. Mời bạn đến bộ phận một cửa nhận trong giờ làm việc, mang theo giấy hẹn."),),
    ),
    _Told(
        "BCDF2348", 21, "", Category.EMPLOYER, Status.TAKEN, "Công ty trừ lương nhưng không đóng",
        "Công ty tôi trừ tiền bảo hiểm mỗi tháng nhưng tra cứu không thấy đóng từ đầu năm. Xin kiểm tra.", "GS01",
        name="Người Gửi Mẫu", then=((20, Kind.NOTE, "Đã hỏi phòng thu, chờ trả lời."),),
    ),
    _Told(
        "BCDF2349", 1, "", Category.APP, Status.NEW, "Không nhận được mã xác thực",
        "Ứng dụng báo đã gửi mã nhưng điện thoại của tôi không có tin nhắn nào, thử nhiều lần vẫn vậy.",
    ),
    _Told(
        "BCDF234B", 1, "08902", Category.APP, Status.NEW, "Mã xác thực không gửi tới điện thoại",
        "Ứng dụng báo đã gửi mã nhưng điện thoại tôi không có tin nhắn nào, đã thử nhiều lần vẫn vậy.",
    ),
    _Told(
        "BCDF234C", 60, "08902", Category.BENEFITS, Status.ANSWERED, "Nghỉ thai sản có phải đóng BHYT không?",
        "Tôi nghỉ sinh từ tháng sau, muốn hỏi trong thời gian đó có phải đóng bảo hiểm y tế không?", "CB02", may_publish=True,
        published="Người lao động sắp nghỉ thai sản, hỏi trong thời gian nghỉ có phải đóng BHYT không.",
        then=((52, Kind.ANSWER, "Cơ quan BHXH đã nhận câu hỏi và hướng dẫn tại quầy. Mời bạn gọi tổng đài nếu cần thêm."),),
    ),
    _Told(
        "BCDF234D", 3, "", Category.OTHER, Status.SPAM, "Vay tiền nhanh lãi thấp",
        "Vay nhanh trong ngày, không cần giấy tờ, liên hệ ngay để được tư vấn miễn phí.",
    ),
)  # fmt: skip


def add_letters(db: Session, ids: Ids, officers: dict[str, UUID], at: datetime) -> None:
    """Write them; nobody is told anything. Those without an account are opened by no code: the secret half is nobody's."""
    query = select(Account.id, Account.person_id).join(LoginName, LoginName.account_id == Account.id)
    main = db.execute(query.where(LoginName.value == MAIN_MA_SO)).one()
    for one in _LETTERS:
        id, sent_at = ids.next(), at - timedelta(days=one.days)
        db.execute(insert(table_of(Feedback)), [_row(one, id, (main[0], main[1]), officers, at)])
        said: list[tuple[datetime, Kind, str, UUID | None]] = [(sent_at, Kind.WORDS, one.text, None)]
        said += [(at - timedelta(days=days), kind, text, officers[one.officer]) for days, kind, text in one.then]
        db.execute(insert(table_of(FeedbackMessage)), [
            {"id": ids.next(), "feedback_id": id, "kind": kind, "text": text, "at": when, "officer_id": officer}
            for when, kind, text, officer in said
        ])  # fmt: skip
        if one.published:
            answer = next(text for _days, kind, text in one.then if kind is Kind.ANSWER)
            db.execute(insert(table_of(PublishedAnswer)), [{
                "id": ids.next(), "feedback_id": id, "category": one.category, "agency_code": one.agency or None,
                "subject": one.subject, "question": one.published, "answer": answer,
                "folded": fold(f"{one.subject} {one.published} {answer}"), "words": words_of(one.subject, one.text),
                "published_at": at - timedelta(days=one.days // 2), "published_by": officers[one.officer],
                "withdrawn_at": None, "withdrawn_by": None,
            }])  # fmt: skip


def _row(one: _Told, id: UUID, main: tuple[UUID, UUID], officers: dict[str, UUID], at: datetime) -> dict[str, Any]:
    sent_at = at - timedelta(days=one.days)
    answered = next((at - timedelta(days=days) for days, kind, _text in one.then if kind is Kind.ANSWER), None)
    return {
        "id": id, "code": one.code, "secret_digest": secrets.token_bytes(32), "account_id": main[0] if one.by_main else None,
        "person_id": main[1] if one.by_main else None,
        "agency_code": one.agency or None, "category": one.category, "subject": one.subject,
        "words": words_of(one.subject, one.text), "name": one.name, "phone": "", "email": "",
        "reply_to": "sms" if one.by_main else "", "language": "vi", "may_publish": one.may_publish, "status": one.status,
        "sent_at": sent_at, "due_on": working_day_after(day_of(sent_at), _WORKING_DAYS),
        "assigned_to": officers.get(one.officer), "answered_at": answered,
        "closed_at": answered or (at if one.status is Status.SPAM else None), "reopened": 0,
    }  # fmt: skip
