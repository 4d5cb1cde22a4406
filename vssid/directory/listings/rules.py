"""How entries and questions are put into words, and what a slip of the pen was meant to be. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vssid.directory.rules import LONGEST_SEARCH, MOST_WORDS, search_key
from vssid.kernel.text import spelt

LONGEST_WORD = 40
LONGEST_WORDS = 900
_PLAIN = re.compile(r"[a-z0-9]+")
_ZEROS = re.compile(r"^0+(?=\d{1,2}$)")
# A code has no blank and at least one digit: 89012, 08902, TA0123Z.
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z][0-9A-Za-z.\-/]{2,19}")


class Kind(StrEnum):
    """The lists that can be searched, by what the address of their page ends with, shortened."""

    AGENCIES = "co-quan"
    TREATING = "kham"
    CERTIFYING = "nghi"
    EMPLOYERS = "don-vi"
    POINTS = "diem-thu"


# What people and files shorten; both are written out, so that either finds either.
_WRITTEN_OUT = {
    "bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "bv": "benh vien", "bvdk": "benh vien da khoa",
    "bvdktw": "benh vien da khoa trung uong", "bvdkkv": "benh vien da khoa khu vuc", "dk": "da khoa", "dkkv": "da khoa khu vuc",
    "kv": "khu vuc", "pk": "phong kham", "pkdk": "phong kham da khoa", "pkdkkv": "phong kham da khoa khu vuc",
    "tyt": "tram y te", "ttyt": "trung tam y te", "tt": "trung tam", "tw": "trung uong", "yhct": "y hoc co truyen",
    "cty": "cong ty", "ct": "cong ty", "tnhh": "trach nhiem huu han", "mtv": "mot thanh vien", "cp": "co phan", "ctcp": "cong ty co phan", "cttnhh": "cong ty trach nhiem huu han",
    "dntn": "doanh nghiep tu nhan", "htx": "hop tac xa", "xn": "xi nghiep", "ubnd": "uy ban nhan dan", "cn": "chi nhanh",
    "vpdd": "van phong dai dien", "tm": "thuong mai", "dv": "dich vu", "sx": "san xuat", "xd": "xay dung", "xnk": "xuat nhap khau",
    "dt": "dau tu", "th": "tieu hoc", "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "mn": "mam non", "mg": "mau giao",
    "dh": "dai hoc", "cd": "cao dang", "bd": "buu dien", "bdvhx": "buu dien van hoa xa", "tp": "thanh pho", "tx": "thi xa",
    "p": "phuong", "f": "phuong", "q": "quan", "h": "huyen", "x": "xa", "dg": "duong", "hcm": "ho chi minh", "tphcm": "thanh pho ho chi minh",
    "hn": "ha noi", "sg": "sai gon",
}  # fmt: skip
# What many names of a list begin with and nobody tells entries apart by, longest first.
_HEADS = tuple(
    sorted(
        (
            "bao hiem xa hoi co so", "bao hiem xa hoi", "benh vien da khoa khu vuc", "benh vien da khoa", "benh vien",
            "phong kham da khoa khu vuc", "phong kham da khoa", "phong kham", "tram y te phuong", "tram y te xa", "tram y te",
            "trung tam y te", "cong ty trach nhiem huu han mot thanh vien", "cong ty trach nhiem huu han",
            "cong ty co phan", "cong ty", "doanh nghiep tu nhan", "hop tac xa", "chi nhanh", "buu dien van hoa xa", "buu dien",
            "truong tieu hoc", "truong trung hoc co so", "truong trung hoc pho thong", "truong mam non", "truong mau giao", "truong",
            "uy ban nhan dan", "thanh pho", "thi xa", "phuong", "quan", "huyen", "xa", "tinh",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question to one list: the words as typed, and the places of today to keep to (none: everywhere)."""

    kind: Kind
    text: str
    provinces: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()


def key_of(text: str) -> str:
    """A name or a question as it is compared: plain words, what is shortened written out: "BV ĐK kv" → "benh vien da khoa khu vuc"."""
    words = (_ZEROS.sub("", word) for word in _PLAIN.findall(search_key(text)))
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words)


def bare_of(key: str) -> str:
    """A compared name without what many begin with; the name itself when nothing else is in it."""
    bare = key
    while head := next((head for head in _HEADS if bare.startswith(head + " ")), None):
        bare = bare.removeprefix(head + " ")
    return key if bare in _HEADS else bare


def marks_of(kind: str, province_code: str, ward_code: str) -> list[str]:
    """The words that nobody types: by them a search keeps to one list and to places."""
    places = [f"zp{province_code}"] if province_code else []
    return [mark_of(kind), *places, *([f"zw{ward_code}"] if ward_code else [])]


def mark_of(kind: str) -> str:
    """The word that all entries of a list have."""
    return "zk" + kind.replace("-", "")


def words_of_entry(kind: str, name: str, address: str, province_code: str, ward_code: str) -> str:
    """What `listings.words` holds."""
    words = f"{key_of(name)} {key_of(address)}".split()
    marks = marks_of(kind, province_code, ward_code)
    room = LONGEST_WORDS - sum(len(mark) + 1 for mark in marks) - 1
    kept: dict[str, None] = {}
    for word in words:
        if word not in kept and len(word) <= LONGEST_WORD and room > len(word):
            kept[word], room = None, room - len(word) - 1
    return f" {' '.join([*kept, *marks])} "


def asked_key(text: str) -> str:
    """What was typed as it is compared; '' when nothing can be searched."""
    return key_of(text[:LONGEST_SEARCH])


def asked_words(key: str) -> list[str]:
    """The words of a compared question, each once; a longer list is cut."""
    return list(dict.fromkeys(word for word in key.split() if len(word) <= LONGEST_WORD))[: 2 * MOST_WORDS]


def asked_code(text: str) -> str:
    """What was typed as the code of an entry, '' when it cannot be one."""
    plain = text.strip()
    return plain.upper() if _CODE.fullmatch(plain) else ""


def marked_words(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The words typed that have marks, as `kernel.text.spelt` gives them: of names alike without marks these tell."""
    return tuple(word for word in spelt(text[:LONGEST_SEARCH])[:MOST_WORDS] if word[1] or not word[0].isascii())


def splits(word: str) -> list[tuple[str, str]]:
    """The ways to read a word as two that were written without a blank."""
    return [(word[:at], word[at:]) for at in range(1, len(word))] if 4 <= len(word) <= 14 and word.isalpha() else []


def slips_allowed(word: str) -> int:
    """How many letters may be wrong, missing, too many or swapped in a word of this length; a number has to be right."""
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2


def meant(word: str, known: Iterable[tuple[str, int]], *, most: int = 3, at_least: int = 0) -> list[str]:
    """Which of the `known` words (with how often they occur) a word with a slip may stand for, nearest and commonest first."""
    allowed = max(slips_allowed(word), at_least)
    near = []
    for other, times in known:
        if abs(len(other) - len(word)) <= allowed and (distance := slips(word, other, allowed)) <= allowed:
            near.append((distance, -times, other))
    return [other for _distance, _times, other in sorted(near)[:most]]


def slips(one: str, other: str, most: int) -> int:
    """How many letters to change, add, drop or swap with their neighbour (Damerau), `most` + 1 for more than `most`."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for y, left in enumerate(one, start=1):
        older, before, line = before, line, [y]
        for x, right in enumerate(other, start=1):
            steps = min(before[x] + 1, line[x - 1] + 1, before[x - 1] + (left != right))
            if y > 1 and x > 1 and left == other[x - 2] and one[y - 2] == right:
                steps = min(steps, older[x - 2] + 1)
            line.append(steps)
        if min(line) > most:
            return most + 1
    return line[-1]
