"""The face of a card: what is printed, what its QR says, and whether it holds today. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import grouped, one_line

NO_AREA = "4"  # what every published card since 2017 has in the QR's field 11 where no area code applies


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    PRINTED = "card.printed"
    KEPT = "card.kept"
    LET_GO = "card.let_go"


class Validity(StrEnum):
    """Whether a card can be used on a day."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {"valid": "good", "not_yet": "warn", "expired": "bad", "withdrawn": "bad"}[self.value]


@dataclass(frozen=True)
class Face:
    """One version of one card with its holder. `birth` is dd/mm/yyyy, mm/yyyy or yyyy; `facility_code` five signs."""

    version_id: UUID
    ma_so: str
    number: str
    holder: str
    birth: str
    sex: str  # M or F
    address: str
    facility_code: str
    facility_name: str
    valid_from: date
    valid_to: date | None
    five_years_from: date | None
    level: int
    area_code: str
    object_code: str
    issued_on: date | None
    issued_by: str
    signatory: str
    withdrawn: bool

    @property
    def number_spaced(self) -> str:
        """89 0000 0101; of a 15-sign number also its head: DN 4 89 89 0000 0101."""
        if len(self.number) == 15:
            return grouped(self.number, 2, 1, 2, 2, 4)
        return grouped(self.ma_so, 2, 4)

    @property
    def facility_code_spaced(self) -> str:
        """89 - 012, as cards print it."""
        return f"{self.facility_code[:2]} - {self.facility_code[2:]}"


def validity(face: Face, today: date) -> Validity:
    """Whether the card can be used on `today`."""
    if face.withdrawn:
        return Validity.WITHDRAWN
    if today < face.valid_from:
        return Validity.NOT_YET
    if face.valid_to is not None and today > face.valid_to:
        return Validity.EXPIRED
    return Validity.VALID


def validity_line(face: Face, today: date) -> Label:
    """The validity as a sentence: raw dates are misread, and that is what swindlers live on."""
    state = validity(face, today)
    if state is Validity.WITHDRAWN:
        return N_("Thẻ đã bị thu hồi. Hãy hỏi cơ quan BHXH.")
    if state is Validity.NOT_YET:
        return N_("Chưa dùng được: có hiệu lực từ ngày %(date)s.", date=face.valid_from)
    if face.valid_to is None:
        return N_("Đang dùng được; thẻ không ghi ngày hết hạn.")
    if state is Validity.EXPIRED:
        return N_("Đã hết hạn từ ngày %(date)s. Hãy hỏi cơ quan BHXH.", date=face.valid_to)
    left = (face.valid_to - today).days
    if left == 0:
        return N_("Dùng được hết hôm nay.")
    if left == 1:
        return N_("Dùng được đến hết ngày mai, %(date)s.", date=face.valid_to)
    return N_("Dùng được đến hết ngày %(date)s (còn %(days)s ngày).", date=face.valid_to, days=left)


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def qr_payload(face: Face) -> str:
    """The 17-field text of the 2021 card form, which hospital software reads (names in hex of UTF-8, `-` where empty).

    The check string (field 13) is made by an algorithm that is not public and stays `-`; so does the managing agency
    (field 9). Area codes K1–K3 become 1–3, a reading that no published card confirms.
    """
    fields = [
        face.ma_so,
        _hex(face.holder),
        face.birth,
        "1" if face.sex == "M" else "2",
        "-",
        face.facility_code_spaced,
        _day(face.valid_from),
        _day(face.valid_to) or "-",
        _day(face.issued_on) or "-",
        "-",
        "-",
        face.area_code[-1:] or NO_AREA,
        _day(face.five_years_from) or "-",
        "-",
        str(face.level),
        _hex(face.issued_by),
        "$",
    ]
    return "|".join(fields)


def _hex(text: str) -> str:
    return one_line(text).encode().hex() or "-"


def choose(faces: list[Face], today: date) -> Face | None:
    """The card to show: one that holds today, else the next to come, else the one that ended last."""
    order = {Validity.VALID: 0, Validity.NOT_YET: 1, Validity.EXPIRED: 2, Validity.WITHDRAWN: 3}

    def rank(face: Face) -> tuple[int, int]:
        state = validity(face, today)
        start = face.valid_from.toordinal()
        return order[state], start if state is Validity.NOT_YET else -start

    return min(faces, key=rank, default=None)
