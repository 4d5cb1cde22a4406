"""Questions for an address or a telephone number: which list is meant, and the words to look for in it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vssid.directory.listings import Kind
from vssid.directory.listings.rules import key_of
from vssid.kernel.text import fold
from vssid.support.assistant.rules import LATIN, written_out

MOST_WORDS = 6
# What names a list, longest first where one begins like another; what only asks.
_NAMES = {
    Kind.TREATING: {
        "vi": "benh vien da khoa|benh vien|phong kham|tram y te|trung tam y te|co so kham chua benh|co so y te|noi kham",
        "en": "hospitals|hospital|clinics|clinic|health station|health centre|health center", "ko": "병원|보건소|의원", "zh": "医院|诊所|卫生站", "ja": "病院|診療所|クリニック",
    },
    Kind.POINTS: {
        "vi": "diem thu|dai ly thu|noi dong bao hiem|cho dong bao hiem|noi thu", "en": "collection points|collection point|collection agents|collection agent", "ko": "수납 창구|수납창구|수납 대리점", "zh": "代收点|代收代理点", "ja": "収納窓口|収納代理店",
    },
    Kind.AGENCIES: {
        "vi": "co quan bao hiem xa hoi|co quan bao hiem|van phong bao hiem xa hoi|bao hiem xa hoi co so|bao hiem xa hoi", "en": "social insurance agency|social insurance office|insurance office|social insurance|bhxh", "ko": "사회보험기관|사회보험 기관|사회보험 사무소", "zh": "社会保险机构|社保局|社保机构", "ja": "社会保険機関|社会保険の窓口",
    },
}  # fmt: skip
_ASKING = {
    "vi": "so dien thoai|dien thoai|dia chi|nam o dau|o dau|duong di|ban do|gio lam viec|mo cua|may gio|gan nhat|gan day|quanh day|thanh pho|tp|tx|bao nhieu|la gi|tinh|cho nao|so may|lien he|goi|so|tim|giup|gan|huyen|tai",
    "en": "telephone number|phone number|telephone|phone|address|where|nearest|near|opening hours|hours|find|located|number|call|map|city|ward",
}  # fmt: skip
# Words that no name of a place needs; STOP has too many ("Thới Sơn" has "thoi").
_IDLE = frozenset(
    [
        "may",
        "o",
        "tai",
        "cua",
        "la",
        "cho",
        "co",
        "khong",
        "nao",
        "toi",
        "hoi",
        "xin",
        "ban",
        "duoc",
        "voi",
        "nhe",
        "a",
        "vay",
        "minh",
        "muon",
        "the",
        "in",
        "at",
        "of",
        "the",
        "for",
        "to",
        "is",
        "i",
        "me",
        "please",
        "there",
    ]
)


@dataclass(frozen=True)
class Place:
    """A list and what to look for in it; `needed` are the words without which nothing was found."""

    kind: Kind
    text: str
    needed: tuple[str, ...]


def place_asked(question: str, language: str) -> Place | None:
    """What a question looks for in which list; None when it is about something else."""
    plain = written_out(question, language)
    for kind, names in _NAMES.items():
        pattern = "|".join(names[language].split("|"))
        named = re.search(rf"\b(?:{pattern})\b" if language in LATIN else pattern, plain)
        if named is not None:
            needed = _needed(plain[: named.start()] + " " + plain[named.end() :], language)
            name = named[0] if language == "vi" else ""
            words = f"{name} {' '.join(needed)}".strip()
            return Place(kind, words, needed) if 0 < len(needed) <= MOST_WORDS else None
    return None


def _needed(rest: str, language: str) -> tuple[str, ...]:
    plain, asking = fold(rest), _ASKING.get(language, "")
    plain = re.sub(rf"\b(?:{asking})\b", " ", plain) if asking else plain
    words: Sequence[str] = re.findall(r"[a-z0-9]+", plain)
    return tuple(word for word in words if word not in _IDLE)


def names_it(place: Place, name: str, address: str) -> bool:
    """Whether an entry has all that was asked for: else the question was about something else."""
    there = set(f"{key_of(name)} {key_of(address)}".split())
    return all(word in there for part in place.needed for word in key_of(part).split())
