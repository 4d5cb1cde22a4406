"""How places and offices are searched, told apart by distance, and named. Pure."""

import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vssid.kernel.text import fold

SYSTEM = "2025"  # two levels, 34 provinces: since 1/7/2025
OLD_SYSTEM = "2004"  # three levels, 63 provinces: the numbering of QĐ 124/2004/QĐ-TTg
SYSTEM_CHANGED = date(2025, 7, 1)
LONGEST_SEARCH = 100
MOST_WORDS = 8
EARTH_KM = 6371.0


class Level(StrEnum):
    """The two levels of units since 1/7/2025."""

    PROVINCE = "province"
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


def address_system(on: date) -> str:
    """The numbering of units that was in force on a day."""
    return SYSTEM if on >= SYSTEM_CHANGED else OLD_SYSTEM


def search_key(text: str) -> str:
    """`text` as it is compared: folded, without apostrophes, every other sign between words one blank."""
    return _NOT_A_WORD.sub(" ", _APOSTROPHE.sub("", fold(text))).strip()


def without_kind(part: str) -> str:
    """A folded name without the word that says what it is: "p. my thoi" → "my thoi"."""
    return _KINDS_OF_UNIT.sub("", part, count=1)


def place_needles(text: str) -> list[str]:
    """What to look for when somebody types a place, the nearest to their words first; empty when nothing is left.

    "P. Mỹ Thới, tỉnh An Giang" → ["p my thoi tinh an giang", "my thoi an giang"]: Xã Phượng Dực begins like a kind of
    unit, so the words are tried both whole and bare.
    """
    parts = [fold(part) for part in text[:LONGEST_SEARCH].split(",")]
    whole = search_key(" ".join(parts))
    bare = search_key(" ".join(without_kind(part) for part in parts))
    return list(dict.fromkeys(needle for needle in (whole, bare) if needle))


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
