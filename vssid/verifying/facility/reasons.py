"""How a card stands in the register today, beside what the code in the patient's hand says. Pure.

The codes are ours, in the manner of the list by which the national portal answers (000 fine, 010 expired, 050 unknown,
110 withdrawn); they are not that list, and nothing here has asked that portal.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from vssid.card.rules import Face, Validity, validity
from vssid.card.strips.rules import Strip, initials, payload
from vssid.kernel.labels import N_, Label
from vssid.records.rules import PartialDate
from vssid.verifying.facility.rules import Found

_RANK = {"good": 0, "info": 1, "warn": 2, "bad": 3}


class Reason(StrEnum):
    """How a card stands in the register today (mã kết quả), by codes of our own."""

    FINE = "000"
    OTHER_NUMBER = "003"
    CHANGED = "004"
    EXPIRED = "010"
    NOT_YET = "011"
    NO_CARD = "050"
    NAME = "060"
    BIRTH = "070"
    PORTRAIT = "080"
    WITHDRAWN = "110"
    DIED = "120"

    @property
    def tone(self) -> str:
        """Good, warn (look twice) or bad (no card to use today)."""
        return _REASONS[self][0]

    @property
    def words(self) -> Label:
        """The state in words."""
        return _REASONS[self][1]


_REASONS = {
    Reason.FINE: ("good", N_("Thẻ dùng được hôm nay")),
    Reason.OTHER_NUMBER: (
        "warn",
        N_("Mã số này đã gộp vào mã số khác của cùng một người: dùng mã số trên màn hình này"),
    ),
    Reason.CHANGED: ("warn", N_("Thông tin thẻ đã đổi từ khi có mã: theo thông tin trên màn hình này")),
    Reason.EXPIRED: ("bad", N_("Thẻ đã hết hạn")),
    Reason.NOT_YET: ("bad", N_("Thẻ chưa đến ngày có hiệu lực")),
    Reason.NO_CARD: ("bad", N_("Trong sổ không có thẻ BHYT nào của người này")),
    Reason.NAME: ("warn", N_("Tên trong mã khác tên trong sổ")),
    Reason.BIRTH: ("warn", N_("Năm sinh trong mã khác năm sinh trong sổ")),
    Reason.PORTRAIT: ("warn", N_("Ảnh trên điện thoại hoặc thẻ giấy khác ảnh trong sổ")),
    Reason.WITHDRAWN: ("bad", N_("Thẻ đã bị thu hồi")),
    Reason.DIED: ("bad", N_("Theo sổ, người này đã mất")),
}
_STATES = {
    Validity.VALID: Reason.FINE,
    Validity.NOT_YET: Reason.NOT_YET,
    Validity.EXPIRED: Reason.EXPIRED,
    Validity.WITHDRAWN: Reason.WITHDRAWN,
}


@dataclass(frozen=True)
class Registered:
    """What the register says of somebody now: `birth` as it is kept, possibly partial; `photo` the digest of the portrait."""

    person_id: UUID
    full_name: str
    birth: PartialDate
    sex: str
    died: bool
    face: Face | None
    portrait_file_id: UUID | None
    photo: bytes


def reasons(known: Registered, strip: Strip | None, today: date) -> tuple[Reason, ...]:
    """How the card stands, that first, and in what the code in the patient's hand differs from the register."""
    state = Reason.NO_CARD if known.face is None else _STATES[validity(known.face, today)]
    differs = _differences(known, strip) if strip is not None else {}
    found = (*([Reason.DIED] if known.died else []), state, *(reason for reason, holds in differs.items() if holds))
    return tuple(one for one in found if not (known.died and one is Reason.FINE))


def _differences(known: Registered, strip: Strip) -> dict[Reason, bool]:
    face = known.face
    return {
        Reason.OTHER_NUMBER: face is not None and strip.ma_so != face.ma_so,
        Reason.CHANGED: face is not None and _changed(face, strip),
        Reason.NAME: strip.initials != initials(known.full_name),
        Reason.BIRTH: strip.birth_year != known.birth.year,
        Reason.PORTRAIT: any(strip.photo) and strip.photo != known.photo,
    }


def _changed(face: Face, strip: Strip) -> bool:
    """Whether the card says something else today: compared as a strip writes it, which knows no day before 2020."""
    today = replace(
        strip,
        level=face.level,
        area_code=face.area_code,
        object_code=face.object_code,
        valid_from=face.valid_from,
        valid_to=face.valid_to,
        five_years_from=face.five_years_from,
        facility_code=face.facility_code,
    )
    return payload(today) != payload(strip)


def tone_of(found: Found, why: Collection[Reason]) -> str:
    """The colour of the whole answer: the worst of what the code and what the register says."""
    return max((found.tone, *(one.tone for one in why)), key=lambda tone: _RANK[tone])
