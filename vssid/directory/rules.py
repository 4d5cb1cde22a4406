"""How places and offices are searched, told apart by distance, and named. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from vssid.kernel.text import fold

SYSTEM = "2025"  # two levels, 34 provinces: since 1/7/2025
OLD_SYSTEM = "2004"  # three levels, 63 provinces: the numbering of QĐ 124/2004/QĐ-TTg
SYSTEM_CHANGED = date(2025, 7, 1)
LAST_OLD_DAY = SYSTEM_CHANGED - timedelta(days=1)
LONGEST_SEARCH = 100
MOST_WORDS = 8
EARTH_KM = 6371.0


class Level(StrEnum):
    """The levels of units; the middle one ended on 30/6/2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    WARD = "ward"


@dataclass(frozen=True)
class Place:
    """A ward with its province. `latitude` and `longitude` are those of its seat, in degrees."""

    code: str
    full_name: str
    province_code: str
    province_name: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def label(self) -> str:
        """As an address has it: Phường Mỹ Thới, Tỉnh An Giang."""
        return f"{self.full_name}, {self.province_name}"


@dataclass(frozen=True)
class Hit:
    """A place that a search found. `code` is what a form sends for it: a ward of today, or an old unit by `old_choice`.

    `now` holds the ward itself, or the wards of today that an old ward went into; it is empty for an old district or
    province, below which an old ward is still to be chosen.
    """

    code: str
    label: str
    now: tuple[Place, ...]

    @property
    def is_old(self) -> bool:
        """Whether it is a place of before 1/7/2025."""
        return self.code.startswith(_OLD_CHOICE)


_OLD_CHOICE = f"{OLD_SYSTEM}-"


_ICD10_SIGNS = re.compile(r"[^A-Z0-9]")


def icd10_key(code: str) -> str:
    """An ICD-10 code as it is matched: A17.0† → A170. Files write dots, daggers and stars, or leave them out."""
    return _ICD10_SIGNS.sub("", code.upper())


_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_MONEY = frozenset({"luong_co_so", "bhxh_tn.chuan_ngheo"})
LEAST_MONEY = 100_000  # đồng: less is a slip of somebody who thought of thousands or of millions


def number_of(code: str, value: str) -> Decimal | None:
    """A parameter as a number: 2530000, 4.5; None for what is none, or too little for a sum of money."""
    if not _NUMBER.fullmatch(value):
        return None
    number = Decimal(value)
    return None if code in _MONEY and number < LEAST_MONEY else number


def whole_of(code: str, value: str) -> int | None:
    """The same for days, months, percents and sums of money, which are whole."""
    number = number_of(code, value)
    return int(number) if number is not None and number == int(number) else None


# Parameters that name provinces: two digits each, or all of them.
_PROVINCES = frozenset({"kham.tinh_nhan_the_dien_tu"})
_PROVINCE_CODES = re.compile(r"\*|\d{2}(?: \d{2})*", re.ASCII)
# Days of each year (02/09) or of one (16/02/2026), with blanks between them.
_DAYS = frozenset({"tro_chuyen.ngay_nghi"})
_DAY_LIST = re.compile(r"(?:[0-9]{2}/[0-9]{2}(?:/[0-9]{4})?(?: |$))+")


def is_readable(code: str, value: str) -> bool:
    """Whether a parameter can be taken as it is written: words, or a number; 2.530.000 is none, as it could be 2.53.

    A list of provinces is * or codes with a blank between them; one of days is dd/mm or dd/mm/yyyy likewise.
    """
    if code in _PROVINCES:
        return _PROVINCE_CODES.fullmatch(value) is not None
    if code in _DAYS:
        return _DAY_LIST.fullmatch(value) is not None
    if code not in _MONEY and any(sign.isalpha() for sign in value):
        return True
    return number_of(code, value) is not None


_UNSURE = re.compile(r"\s*\([^()]*(?:trí nhớ|đối chiếu)[^()]*\)", re.IGNORECASE)
_ARTICLE = re.compile(r", Điều [^;()]*")


def shown_source(source: str) -> str:
    """A source as citizens read it: without a bracket that says it is still to be checked, nor the articles before that.

    "Luật số 41/2024/QH15, Điều 59 (số điều ghi theo trí nhớ, cần đối chiếu)" → "Luật số 41/2024/QH15".
    """
    found = _UNSURE.search(source)
    if found is None:
        return source
    return _ARTICLE.sub("", source[: found.start()]) + shown_source(source[found.end() :])


def old_choice(code: str) -> str:
    """An old unit's code told apart from those of today: 30280 → 2004-30280."""
    return _OLD_CHOICE + code


def old_code_of(choice: str) -> str:
    """The old unit's code in what a form sent; '' when it is none."""
    return choice.removeprefix(_OLD_CHOICE) if choice.startswith(_OLD_CHOICE) else ""


# Behind the name of a place of before 1/7/2025, and wherever somebody sends that name back.
OF_BEFORE = "(cũ)"


def old_label(names: list[str]) -> str:
    """Names from the ward upwards, as an old address has them: Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)."""
    return f"{', '.join(names)} {OF_BEFORE}"


# Provinces that ended on 30/6/2025 (resolution 202/2025/QH15), by folded name, and whose code answers for them now.
MERGED_PROVINCES = {
    "ha giang": "08", "yen bai": "15", "bac kan": "19", "bac giang": "24", "vinh phuc": "25", "hoa binh": "25",
    "hai duong": "31", "thai binh": "33", "ha nam": "37", "nam dinh": "37", "quang binh": "44", "quang nam": "48",
    "kon tum": "51", "binh dinh": "52", "ninh thuan": "56", "phu yen": "66", "dak nong": "68", "binh thuan": "68",
    "binh phuoc": "75", "ba ria vung tau": "79", "binh duong": "79", "long an": "80", "tien giang": "82",
    "ben tre": "86", "tra vinh": "86", "kien giang": "91", "hau giang": "92", "soc trang": "92", "bac lieu": "96",
    "thua thien hue": "46",
}  # fmt: skip

KINDS_OF_WARD = ("phuong", "p", "xa", "x", "dac khu", "dk")
_KINDS_OF_UNIT = re.compile(
    r"^(?:phuong|p|xa|x|dac khu|dk|thi tran|tt|quan|q|huyen|h|thi xa|tx|tinh|t|thanh pho|tp)(?:\.\s*|\s+)"
)
_KINDS_OF_OFFICE = re.compile(r"^(?:bhxh|bao hiem xa hoi)(?: co so)?\s+")
_APOSTROPHE = re.compile("['’ʼ]")
_NOT_A_WORD = re.compile(r"[\W_]+")
# "P5", "p. 05", "F5" and "Phường 5" are one word, so that 5 is not found in 15; so are "q3" and "Quận 3".
_NUMBERED = re.compile(r"\b(phuong|p|f|quan|q) ?0*([1-9]\d?)\b")
_KIND_WITH_NUMBER = {"phuong": "phuong", "p": "phuong", "f": "phuong", "quan": "quan", "q": "quan"}
# The word that says what a unit is, wherever it stands before another word.
_KINDS_WITHIN = re.compile(
    r"\b(?:thanh pho|tp|thi xa|tx|thi tran|tt|dac khu|dk|phuong|p|f|xa|x|quan|q|huyen|h|tinh|t) (?=\S)"
)
_SHORT_KINDS = {
    "p": "phuong", "f": "phuong", "x": "xa", "tt": "thi tran", "dk": "dac khu", "q": "quan", "h": "huyen",
    "tx": "thi xa", "tp": "thanh pho", "t": "tinh",
}  # fmt: skip
_CALLED = {"tp hcm": "ho chi minh", "tphcm": "ho chi minh", "hcm": "ho chi minh", "thua thien hue": "hue"}
_NICKNAMES = re.compile(rf"\b(?:{'|'.join(_CALLED)})\b")
_DIGITS = re.compile(r"\d+")


def address_system(on: date) -> str:
    """The numbering of units that was in force on a day."""
    return SYSTEM if on >= SYSTEM_CHANGED else OLD_SYSTEM


def search_key(text: str) -> str:
    """`text` as it is compared: folded, without apostrophes, every other sign between words one blank."""
    return _NOT_A_WORD.sub(" ", _APOSTROPHE.sub("", fold(text))).strip()


def without_kind(part: str) -> str:
    """A folded name without the word that says what it is: "p. my thoi" → "my thoi"."""
    return _KINDS_OF_UNIT.sub("", part, count=1)


def name_key(kind: str, name: str) -> str:
    """An old unit's own name as it is compared: Mỹ Bình → "my binh", Phường 5 → "phuong5"."""
    return _join_numbers(search_key(f"{kind} {name}" if name.isdigit() else name))


def _join_numbers(key: str) -> str:
    return _NUMBERED.sub(lambda found: _KIND_WITH_NUMBER[found[1]] + found[2], key)


def words_with(*names: str) -> str:
    """Compared names from the unit upwards, each word between blanks: what a search looks through."""
    return f" {' '.join(name for name in names if name)} "


def in_number_order(folded: str) -> str:
    """What to sort numbered names by, so that phuong2 stands before phuong10."""
    return _DIGITS.sub(lambda found: found[0].zfill(3), folded)


def place_needles(text: str) -> list[str]:
    """What to look for when somebody types a place, the nearest to their words first; empty when nothing is left.

    "P. Mỹ Thới, tỉnh An Giang" → ["p my thoi tinh an giang", "my thoi an giang"]: Xã Phượng Dực begins like a kind of
    unit, so the words are tried both whole and bare. "P5 q.3" → ["phuong5 quan3"].
    """
    key = search_key(text[:LONGEST_SEARCH].replace(OF_BEFORE, ""))
    whole = _join_numbers(_NICKNAMES.sub(lambda found: _CALLED[found[0]], key))
    bare = _KINDS_WITHIN.sub("", whole)
    return list(dict.fromkeys(needle for needle in (whole, bare) if needle))


def spelt_out(text: str) -> str:
    """What was typed with the short words for kinds of units written out: "tp. Cao Lãnh" → "thanh pho cao lanh"."""
    return " ".join(_SHORT_KINDS.get(word, word) for word in search_key(text[:LONGEST_SEARCH]).split())


def office_needles(text: str) -> list[str]:
    """What to look for when somebody types the name of an agency: "BHXH TP Châu Đốc" → […, "chau doc"]."""
    needles = (search_key(text[:LONGEST_SEARCH]), bare_office(text[:LONGEST_SEARCH]))
    return list(dict.fromkeys(needle for needle in needles if needle))


def words_of(needle: str) -> list[str]:
    """The words that must all occur, in any order; a longer list is cut."""
    return needle.split()[:MOST_WORDS]


def bare_office(name: str) -> str:
    """The place in an agency's name: "BHXH TP Châu Đốc" → "chau doc"."""
    return without_kind(_KINDS_OF_OFFICE.sub("", search_key(name)))


def province_in_name(name: str, provinces: dict[str, str]) -> str:
    """The province that an agency's name speaks of, also one that was merged; '' if none.

    `provinces` maps folded names of today ("an giang") to codes.
    """
    bare = bare_office(name)
    return provinces.get(bare) or MERGED_PROVINCES.get(bare, "")


def kilometres(from_: tuple[float, float], to: tuple[float, float]) -> float:
    """The distance between two points (latitude, longitude in degrees) over the earth."""
    lat1, lon1, lat2, lon2 = (math.radians(value) for value in (*from_, *to))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))
