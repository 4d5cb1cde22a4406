"""What the QR of a BHYT card or of a CCCD says: a claim that fills a form and proves nothing. Pure.

Sources: three public BHYT strings (2013, 2022, 2023), the parsers of hospital kiosks and two parsers of the CCCD's code;
no authority has published either format.
"""

import contextlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold, one_line

LONGEST_TEXT = 4000
LONGEST_NAME = 100
LONGEST_ADDRESS = 300
_FEWEST_BHYT_FIELDS = 9
_FEWEST_CCCD_FIELDS = 7
# Scanners put it before the text when told to name the kind of code: "]Q1".
_SCANNER_MARK = re.compile(r"\]Q[0-9]")
_MA_SO = re.compile(r"[0-9]{10}")
_CARD_NUMBER = re.compile(r"[A-Z]{2}[0-9][0-9]{2}[0-9A-Z]{10}")
_CCCD = re.compile(r"[0-9]{12}")
_OLD_ID = re.compile(r"[0-9]{9}|[0-9]{12}")
_FACILITY = re.compile(r"([0-9]{2})[ ]?[-–—]?[ ]?([0-9A-Za-z]{3})")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_SPELT_DATE = re.compile(r"(?:(?:([0-9]{1,2})[/.-])?([0-9]{1,2})[/.-])?([0-9]{4})")
_PACKED_DATE = re.compile(r"(?:([0-9]{2})?([0-9]{2}))?([0-9]{4})")
_SEXES = {"1": "M", "nam": "M", "2": "F", "nu": "F"}
# An input method in full-width mode turns what a scanner types into these.
_FULL_WIDTH = {0xFF01 + at: 0x21 + at for at in range(94)} | {0x3000: 0x20}


class ScanKind(StrEnum):
    """Which card was read."""

    BHYT = "bhyt"
    CCCD = "cccd"


class Trouble(StrEnum):
    """Why nothing was filled in."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_A_CARD = "not_a_card"
    DAMAGED = "damaged"
    NO_CODE = "no_code"
    NOT_A_PHOTO = "not_a_photo"
    PHOTO_DAMAGED = "photo_damaged"
    PHOTO_TOO_LARGE = "photo_too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    PHOTO_TOO_SMALL = "photo_too_small"

    @property
    def label(self) -> Label:
        """What to do about it."""
        return _TROUBLES[self]


_TROUBLES = {
    Trouble.EMPTY: N_("Chưa có mã QR nào. Hãy chụp mã QR trên thẻ, hoặc tự nhập thông tin."),
    Trouble.TOO_LONG: N_("Mã QR này quá dài so với mã trên thẻ BHYT hoặc CCCD. Hãy quét đúng mã trên thẻ."),
    Trouble.NOT_A_CARD: N_(
        "Đây không phải mã QR của thẻ BHYT hoặc CCCD. Hãy quét mã trên thẻ, hoặc tự nhập thông tin."
    ),
    Trouble.DAMAGED: N_("Mã QR chỉ đọc được một phần. Hãy quét lại, hoặc tự nhập thông tin."),
    Trouble.NO_CODE: N_(
        "Không thấy mã QR trong ảnh. Hãy chụp gần và rõ hơn, đủ sáng, cả bốn góc của mã; hoặc tự nhập thông tin."
    ),
    Trouble.NOT_A_PHOTO: N_("Tệp này không phải ảnh JPEG, PNG, WebP hoặc HEIC. Hãy chụp lại mã QR."),
    Trouble.PHOTO_DAMAGED: N_("Ảnh mã QR bị hỏng, không mở được. Hãy chụp lại."),
    Trouble.PHOTO_TOO_LARGE: N_("Ảnh mã QR lớn hơn 8 MB. Hãy chọn ảnh nhỏ hơn hoặc chụp lại."),
    Trouble.TOO_MANY_PIXELS: N_(
        "Ảnh mã QR quá lớn (trên 25 triệu điểm ảnh). Hãy giảm độ phân giải máy ảnh rồi chụp lại."
    ),
    Trouble.PHOTO_TOO_SMALL: N_("Ảnh mã QR quá nhỏ, không đọc được. Hãy chụp lại gần hơn."),
}


@dataclass(frozen=True)
class Scan:
    """What one code claims; '' where it does not say. Dates are ISO, the birth date perhaps only yyyy-mm or yyyy.

    `card_number` has the 10 or 15 signs of the card, `ma_so_bhxh` its last ten if they are digits, `facility_code` five.
    """

    kind: ScanKind
    ma_so_bhxh: str = ""
    card_number: str = ""
    id_number: str = ""
    old_id_number: str = ""
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""  # M or F
    address: str = ""
    facility_code: str = ""
    valid_from: str = ""
    valid_to: str = ""
    level: str = ""
    issued_on: str = ""
    five_years_from: str = ""

    def as_dict(self) -> dict[str, str]:
        """Everything as text, for JSON."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Back from `as_dict`, also of another version: what is unknown is left out. Raises on an unknown kind."""
        texts = {field.name: str(values.get(field.name, "")) for field in fields(cls) if field.name != "kind"}
        return cls(kind=ScanKind(values["kind"]), **texts)


def read(text: str) -> Scan | Trouble:
    """The card behind the text of a code, however it came: from a photo, a camera or a scanner that types."""
    if len(text) > LONGEST_TEXT:
        return Trouble.TOO_LONG
    parts = _parts(text)
    if not any(parts):
        return Trouble.EMPTY
    number = "".join(parts[0].split()).upper()
    if _CCCD.fullmatch(number):
        return Scan(ScanKind.CCCD, id_number=number) if len(parts) == 1 else _cccd(number, parts)
    if _MA_SO.fullmatch(number) or _CARD_NUMBER.fullmatch(number):
        return _bhyt(number, parts)
    return Trouble.NOT_A_CARD


def _parts(text: str) -> list[str]:
    """The trimmed fields, without what scanners put around them and without the terminator ($, #, **##)."""
    plain = _visible(_repaired(text.translate(_FULL_WIDTH))).strip()
    plain = _SCANNER_MARK.sub("", plain, count=1) if plain.startswith("]Q") else plain
    if "|" not in plain and plain.count("\\") >= _FEWEST_CCCD_FIELDS - 1:
        # The US layout has | above \: a scanner that loses Shift types the latter, which no field of a card holds.
        plain = plain.replace("\\", "|")
    return [part.strip() for part in plain.rstrip("$#* ").split("|")]


def _repaired(text: str) -> str:
    """UTF-8 that a scanner typed byte by byte ("LÃª" for "Lê") as it was meant; anything else as it is."""
    try:
        return b"".join(_byte(sign) for sign in text).decode() if not text.isascii() else text
    except UnicodeError:
        return text


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1") if sign <= "\xff" else sign.encode("cp1252")


def _visible(text: str) -> str:
    """`text` in NFC without what cannot be seen: controls, BOM, bidi overrides, lone surrogates. White space stays."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if sign.isspace() else sign for sign in composed if _can_be_seen(sign))


def _can_be_seen(sign: str) -> bool:
    return sign in "\t\r\n" or not unicodedata.category(sign).startswith("C")


def _bhyt(number: str, parts: list[str]) -> Scan | Trouble:
    """Of 15 signs (before 2021) or 10; nine fields in the oldest, seventeen in the newest, the terminator counted."""
    ma_so = number[-10:] if _MA_SO.fullmatch(number[-10:]) else ""
    if len(parts) == 1:
        return Scan(ScanKind.BHYT, ma_so_bhxh=ma_so, card_number=number, level=_level("", number))
    at = dict(enumerate(parts))
    name = _spelt(at.get(1, ""), LONGEST_NAME)
    if len(parts) < _FEWEST_BHYT_FIELDS or not name:
        return Trouble.DAMAGED
    return Scan(
        ScanKind.BHYT,
        ma_so_bhxh=ma_so,
        card_number=number,
        full_name=name,
        birth_date=_spelt_date(at[2]),
        sex=_sex(at[3]),
        address=_spelt(at[4], LONGEST_ADDRESS),
        facility_code=_facility(at[5]),
        valid_from=_day(at[6]),
        valid_to=_day(at[7]),
        level=_level(at.get(14, ""), number),
        issued_on=_day(at[8]),
        five_years_from=_day(at.get(12, "")),
    )


def _cccd(number: str, parts: list[str]) -> Scan | Trouble:
    """Number, old number or nothing, name, birth date, sex, address, day of issue; newer cards may add fields."""
    if len(parts) < _FEWEST_CCCD_FIELDS:
        return Trouble.DAMAGED
    name = _written(parts[2], LONGEST_NAME)
    if not name:
        return Trouble.DAMAGED
    return Scan(
        ScanKind.CCCD,
        id_number=number,
        old_id_number=parts[1] if _OLD_ID.fullmatch(parts[1]) else "",
        full_name=name,
        birth_date=_packed_date(parts[3]),
        sex=_sex(parts[4]),
        address=_written(parts[5], LONGEST_ADDRESS),
        issued_on=_whole(_packed_date(parts[6])),
    )


def _written(text: str, longest: int) -> str:
    return "" if text in ("-", "–") else one_line(text)[:longest].strip()


def _spelt(field: str, longest: int) -> str:
    """Hex of UTF-8, which is how BHYT codes write words; what is not such hex stands for itself."""
    if _HEX.fullmatch(field):
        with contextlib.suppress(UnicodeDecodeError):
            field = _visible(bytes.fromhex(field).decode())
    return _written(field, longest)


def _sex(field: str) -> str:
    return _SEXES.get(fold(field), "")


def _facility(field: str) -> str:
    found = _FACILITY.fullmatch(one_line(field))
    return (found[1] + found[2]).upper() if found else ""


def _level(field: str, number: str) -> str:
    """The level of benefit, 1 to 5: its own field since 2021, the third sign of a card number before."""
    claimed = field if field or len(number) != 15 else number[2]
    return claimed if claimed in ("1", "2", "3", "4", "5") else ""


def _spelt_date(field: str) -> str:
    found = _SPELT_DATE.fullmatch(field)
    return _iso(found) if found else ""


def _packed_date(field: str) -> str:
    found = _PACKED_DATE.fullmatch(field)
    return _iso(found) if found else _spelt_date(field)


def _iso(found: re.Match[str]) -> str:
    """yyyy-mm-dd, or what is left of it when day or month is not given (also as 00); '' for a day that never was."""
    day, month, year = (int(part or 0) for part in found.groups())
    try:
        known = date(year, month or 1, day or 1)
    except ValueError:
        return ""
    if not 1850 <= year < 2200:
        return ""
    return known.isoformat()[: 10 if month and day else 7 if month else 4]


def _day(field: str) -> str:
    return _whole(_spelt_date(field))


def _whole(iso: str) -> str:
    return iso if len(iso) == 10 else ""
