"""One truthful line from the record of who is signed in: what other rooms say of it, never anybody's name or number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from vssid import card, records, registration
from vssid.accounts import Citizen
from vssid.kernel.labels import N_, Label
from vssid.records import benefits, contributions, visits
from vssid.records.contributions import Fund
from vssid.support.assistant.intents import Intent
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.queries import newest_of
from vssid.support.feedback.rules import Status

NO_CARD = N_("Chưa thấy thẻ")
NOT_YOURS = (
    N_("Trợ lý chỉ xem được thông tin của chính bạn, không xem được của người khác."),
    N_("Con dưới 16 tuổi có trong mục Gia đình. Người lớn thì tự xem bằng tài khoản của mình, hoặc nhờ bạn giúp."),
)


@dataclass(frozen=True)
class Asking:
    """Who asks, and on which day."""

    db: Session
    who: Citizen
    today: date


def lines(asking: Asking, intent: Intent) -> list[Label]:
    """The answer to an intent; several lines where it is about several children."""
    return _LINES[intent](asking)


def _face(asking: Asking) -> card.Face | None:
    holder = card.holder(asking.db, asking.who.person_id, asking.today)
    return holder.face if holder else None


def _validity(asking: Asking) -> list[Label]:
    face = _face(asking)
    return [card.validity_line(face, asking.today) if face else NO_CARD]


def _level(asking: Asking) -> list[Label]:
    face = _face(asking)
    return [
        N_("Thẻ của bạn ghi mức hưởng %(level)s; lời chính thức ở trang thẻ.", level=face.level) if face else NO_CARD
    ]


def _facility(asking: Asking) -> list[Label]:
    face = _face(asking)
    if face is None or not face.facility_name:
        return [NO_CARD if face is None else N_("Thẻ của bạn chưa ghi tên nơi đăng ký khám ban đầu.")]
    return [N_("Thẻ của bạn ghi: %(facility)s.", facility=face.facility_name)]


def _how_long(asking: Asking) -> list[Label]:
    return [contributions.line(asking.db, asking.who.person_id, asking.today)]


def _late(asking: Asking) -> list[Label]:
    paid = contributions.periods(asking.db, asking.who.person_id, Fund.BHXH)
    found = contributions.tally(paid, contributions.month_of(asking.today))
    if found.whole is None:
        return [N_("Chưa thấy quá trình tham gia")]
    gaps = sum(span.size for span in found.gaps)
    if not (gaps or found.late):
        return [N_("Quỹ BHXH: không có tháng chậm đóng, không có tháng đứt quãng.")]
    return [N_("Quỹ BHXH: chậm đóng %(late)s tháng, đứt quãng %(gaps)s tháng.", late=len(found.late), gaps=gaps)]


def _benefit(asking: Asking) -> list[Label]:
    return [benefits.line(asking.db, asking.who.person_id, asking.today)]


def _visit(asking: Asking) -> list[Label]:
    # A child's own account is in the guardian's hands until the child is of age.
    guarded = asking.who.guarded_until is not None
    return [visits.line(asking.db, asking.who.person_id, asking.today, by_guardian=guarded)]


def _children(asking: Asking) -> list[Label]:
    children = records.children_of(asking.db, asking.who.person_id, asking.today)
    if not children:
        return [N_("Chưa có trẻ nào trong mục Gia đình của bạn.")]
    cards = card.holders(asking.db, [child.id for child in children], asking.today)
    return [
        N_(
            "Con thứ %(nth)s trong danh sách: %(line)s",
            nth=nth,
            line=card.validity_line(face, asking.today) if face else NO_CARD,
        )
        for nth, face in enumerate((cards[child.id].face for child in children), start=1)
    ]


def _declaration(asking: Asking) -> list[Label]:
    declared = registration.of_guardian(asking.db, asking.who.person_id)
    waiting = sum(registration.Status(one.status) is not registration.Status.APPROVED for one in declared)
    own = N_("Tài khoản của bạn đã được mở.")
    return [own, N_("Tờ khai cho con chưa được duyệt: %(count)s.", count=waiting)] if declared else [own]


def _looks(_asking: Asking) -> list[Label]:
    return [N_("Mỗi lần xem đều được ghi lại: ngày giờ, cán bộ, cơ quan. Mở trang dưới đây để đọc.")]


def _feedback(asking: Asking) -> list[Label]:
    newest: list[Feedback] = newest_of(asking.db, asking.who.id, None)[:1]
    if not newest:
        return [N_("Bạn chưa gửi phản ánh nào bằng tài khoản này.")]
    return [N_("Phản ánh gần nhất: %(state)s.", state=Status(newest[0].status).label)]


_LINES: dict[Intent, Callable[[Any], list[Label]]] = {
    Intent.CARD_VALID: _validity,
    Intent.BENEFIT_LEVEL: _level,
    Intent.HOW_LONG: _how_long,
    Intent.LATE_OR_GAPS: _late,
    Intent.LAST_BENEFIT: _benefit,
    Intent.LAST_VISIT: _visit,
    Intent.MY_FACILITY: _facility,
    Intent.CHILDREN_CARDS: _children,
    Intent.MY_DECLARATION: _declaration,
    Intent.WHO_LOOKED: _looks,
    Intent.MY_FEEDBACK: _feedback,
    Intent.SOMEBODY_ELSE: lambda _asking: [*NOT_YOURS],
}
