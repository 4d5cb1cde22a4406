"""Who may be told a mã số BHXH, how often it may be asked, and what a look-up costs a busy network. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold, spelt

_HOUR = timedelta(hours=1)
DEVICE_LIMIT = (20, _HOUR)
IDENTITY_LIMIT = (5, _HOUR)
QUESTION_LIMIT = (10, _HOUR)  # of a busy network, whose look-ups without the proof of work are the cheap ones
NETWORK_LIMIT = (1_000_000, _HOUR)  # none: an address is shared by many, so it only sets the price
_NETWORK_STEP = 40
_HIGHEST_PRICE = 8  # some ten seconds of a weak phone

_SEPARATORS = re.compile(r"[\s.\-]+")
_DATE_SEPARATORS = re.compile(r"[\s.\-/]+")
_ISO = re.compile(r"\d{4}-")
# A keypad of digits has no stroke. Six of them are month and year; day, month and two of the year could be either.
_DIGITS_ONLY = re.compile(r"(\d\d)?(\d\d)((?:19|20)\d\d)", re.ASCII)


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    FOUND = "lookup.ma_so_found"
    NOT_FOUND = "lookup.ma_so_not_found"
    TOO_OFTEN = "lookup.ma_so_too_often"


# What the person reads of it (“Ai đã xem hồ sơ của tôi”).
SEEN = {Tag.FOUND: N_("Tìm ra mã số BHXH bằng đúng họ tên, ngày sinh và số giấy tờ")}


class Brake(StrEnum):
    """Which limit stopped a look-up. None of them depends on what the register knows."""

    DEVICE = "device"
    IDENTITY = "identity"
    QUESTION = "question"

    @property
    def label(self) -> Label:
        """What happened and what to do."""
        return _BRAKES[self.value]


_BRAKES = {
    "device": N_("Trình duyệt này đã tra cứu quá nhiều lần. Hãy đợi một giờ rồi thử lại, hoặc theo một cách dưới đây."),
    "identity": N_(
        "Người này hoặc số giấy tờ này đã được tra cứu quá nhiều lần. Hãy đợi một giờ rồi thử lại, hoặc theo một cách "
        "dưới đây."
    ),
    "question": N_(
        "Mạng bạn đang dùng có quá nhiều lượt tra cứu. Hãy bật JavaScript trong trình duyệt, đổi mạng hoặc đợi một giờ "
        "rồi thử lại."
    ),
}


@dataclass(frozen=True)
class Asked:
    """Whose mã số is asked for: the name, the birth date in ISO (perhaps a year or a month), kind and number of paper."""

    name: str
    born: str
    id_kind: str
    id_number: str

    @property
    def by_name(self) -> str:
        """What limits count a searched person by, however the name is written."""
        return f"{fold(self.name)} {self.born}"


@dataclass(frozen=True)
class Known:
    """What the register knows of the holder of a paper."""

    name: str
    born: str
    living: bool
    ma_so_bhxh: str


NOBODY = Known("", "", False, "")


def price(asked_before: int) -> int:
    """How many times the usual work a look-up costs in a network that asked so often within the hour: 1, 2, 4, 8."""
    return int(min(_HIGHEST_PRICE, 2 ** (min(asked_before, 1000) // _NETWORK_STEP)))


def answer(asked: Asked, known: Known) -> str | None:
    """The mã số, if the name with its marks and the birth date are those of a living holder; None tells nothing more."""
    agrees = [spelt(asked.name) == spelt(known.name), asked.born == known.born, known.living]
    return (known.ma_so_bhxh or None) if all(agrees) else None


def typed_date(text: str) -> str:
    """A date with its parts between strokes, however it was typed: 4.9.1985, 4-9-1985, 4 / 9 / 1985, 04091985. ISO stays."""
    if digits := _DIGITS_ONLY.fullmatch(text.strip()):
        return "/".join(part for part in digits.groups() if part)
    return text if _ISO.match(text) else _DATE_SEPARATORS.sub("/", text)


def typed_number(text: str) -> str:
    """The number of a paper without blanks, letters upper case."""
    return _SEPARATORS.sub("", text).upper()
