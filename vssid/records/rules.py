"""What may stand in the register: partial dates, numbers that name a person, names. Pure."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import one_line

EARLIEST_YEAR = 1900
LONGEST_NAME = 100
CHILD_CONSENT = "tre_em"
OF_AGE = 18  # Civil Code 91/2015/QH13, article 20
ASKED_FROM = 7  # from here on a child agrees beside the guardian (Law 91/2025/QH15, article 24)

_SHAPES = (
    re.compile(r"(?:(?:(?P<d>\d{1,2})/)?(?P<m>\d{1,2})/)?(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})(?:-(?P<d>\d{2}))?", re.ASCII),
)
_MA_SO = re.compile(r"[0-9]{10}")
_CCCD = re.compile(r"0(?!00)(?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}")
_CMND = re.compile(r"[0-9]{9}")
_PASSPORT = re.compile(r"[A-Z][0-9]{7,8}")


# A Cyrillic "а" in a Latin name is a forgery or a slip; both must be seen. Latin letters end before U+2000 and lie in
# two blocks beyond; marks stand apart where no composed letter exists.
_LETTERS = frozenset(
    sign
    for code in (*range(0x41, 0x2000), *range(0x2C60, 0x2C80), *range(0xA720, 0xA800))
    if unicodedata.name(sign := chr(code), "").startswith("LATIN ") and sign.isalpha()
)
_MARKS = frozenset(chr(code) for code in range(0x300, 0x370))
_NAME_SIGNS = _LETTERS | _MARKS | frozenset(" -'’.")


class Sex(StrEnum):
    """Sex as the card has it: Nam or Nữ."""

    MALE = "M"
    FEMALE = "F"

    @property
    def label(self) -> Label:
        """Nam or Nữ."""
        return N_("Nam") if self is Sex.MALE else N_("Nữ")


class IdKind(StrEnum):
    """The kinds of numbers that name a person."""

    MA_SO_BHXH = "ma_so_bhxh"
    CCCD = "cccd"
    CMND = "cmnd"
    PASSPORT = "passport"

    @property
    def label(self) -> Label:
        """The kind in words."""
        return _ID_LABELS[self]


_ID_LABELS = {
    IdKind.MA_SO_BHXH: N_("Mã số BHXH"),
    IdKind.CCCD: N_("Số CCCD"),
    IdKind.CMND: N_("Số CMND"),
    IdKind.PASSPORT: N_("Số hộ chiếu"),
}


@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year: the register knows of some people only the year of birth."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read 04/09/1985, 9/1985, 1985 or ISO. Raises Refused for anything else and for days that no calendar has."""
        found = next((match for shape in _SHAPES if (match := shape.fullmatch(text.strip()))), None)
        if found is None:
            raise Refused(N_("Ngày phải viết là ngày/tháng/năm, tháng/năm hoặc năm, ví dụ 04/09/1985."))
        year, month, day = (int(found[part]) if found[part] else None for part in ("y", "m", "d"))
        try:
            date(year or 0, 1 if month is None else month, 1 if day is None else day)
        except ValueError as wrong:
            raise Refused(N_("Không có ngày này trong lịch.")) from wrong
        if year is None or year < EARLIEST_YEAR:
            raise Refused(N_("Năm phải từ %(year)s trở đi.", year=EARLIEST_YEAR))
        return cls(year, month, day)

    def iso(self) -> str:
        """1985-09-04, 1985-09 or 1985: as it is kept; sorts by time within one precision."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    def vn(self) -> str:
        """04/09/1985, 09/1985 or 1985: as cards and forms have it."""
        return "/".join(reversed(self.iso().split("-")))

    def first_day(self) -> date:
        """The earliest day that it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> date:
        """The latest day that it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def in_future(self, today: date) -> bool:
        """Whether all of it lies after `today`."""
        return self.first_day() > today


def ma_so_bhxh_ok(text: str) -> bool:
    """Whether `text` has the form of a mã số BHXH: ten digits; no check digit was ever published."""
    return _MA_SO.fullmatch(text) is not None


def id_kind_of(text: str) -> IdKind | None:
    """The kind of identity paper that a number can be of, or None: 12 digits CCCD, 9 CMND, a letter and 7–8 passport."""
    for kind, shape in ((IdKind.CCCD, _CCCD), (IdKind.CMND, _CMND), (IdKind.PASSPORT, _PASSPORT)):
        if shape.fullmatch(text):
            return kind
    return None


def cccd_facts(number: str) -> tuple[int, Sex]:
    """Birth year and sex in a CCCD number: 4th digit century and sex (0/1 19xx Nam/Nữ, 2/3 20xx, …), then the year."""
    century = int(number[3])
    return 1900 + century // 2 * 100 + int(number[4:6]), Sex.MALE if century % 2 == 0 else Sex.FEMALE


def check_cccd(number: str, birth: PartialDate | None, sex: Sex | None) -> list[Label]:
    """What in a CCCD number contradicts birth year and sex; None is not compared. The number must have the form."""
    year, its_sex = cccd_facts(number)
    wrong: list[Label] = []
    if birth is not None and birth.year != year:
        wrong.append(N_("Số CCCD ghi năm sinh %(year)s, khác ngày sinh đã khai.", year=year))
    if sex is not None and sex is not its_sex:
        wrong.append(N_("Số CCCD ghi giới tính %(sex)s, khác giới tính đã khai.", sex=its_sex.label))
    return wrong


def check_name(text: str) -> str:
    """The name of a person, NFC and in single blanks. Raises Refused when it cannot be one.

    2–100 signs; Latin letters with any marks, blank, hyphen, apostrophe, dot. One word is enough: foreigners have such.
    """
    name = one_line(text)
    if not 2 <= len(name) <= LONGEST_NAME:
        raise Refused(N_("Họ và tên phải có từ 2 đến %(max)s ký tự.", max=LONGEST_NAME))
    if not _NAME_SIGNS.issuperset(name):
        raise Refused(N_("Họ và tên chỉ gồm chữ cái, dấu cách, dấu gạch nối, dấu phẩy trên và dấu chấm."))
    if name[0] not in _LETTERS:
        raise Refused(N_("Họ và tên phải bắt đầu bằng chữ cái."))
    return name


def birthday(birth: PartialDate, age: int) -> date:
    """The day on which somebody is `age` years old; of a partial birth date the first on which they may be.

    Who was born on 29 February is a year older on 1 March of common years.
    """
    first = birth.first_day()
    try:
        return first.replace(year=first.year + age)
    except ValueError:
        return date(first.year + age, 3, 1)


def of_age_on(birth: PartialDate) -> date:
    """The day from which nobody acts for this person as a guardian of a minor."""
    return birthday(birth, OF_AGE)


def is_asked(birth: PartialDate, today: date) -> bool:
    """Whether a child is old enough to agree beside the guardian."""
    return birthday(birth, ASKED_FROM) <= today


def consent_lapsed(birth: PartialDate, agreed_on: date | None, today: date) -> bool:
    """Whether the guardian's agreement must be asked anew: never given, or given before the child was asked too."""
    return agreed_on is None or (is_asked(birth, today) and not is_asked(birth, agreed_on))
