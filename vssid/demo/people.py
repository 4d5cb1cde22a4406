"""Invented households, made one after the other so that a million of them need no more memory than one.

Every name carries “Mẫu” (specimen). Ages are counted back from `today`'s year: a seed gives the same people all year.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle
from typing import TypeVar
from uuid import UUID

from vssid.kernel.text import fold
from vssid.records import IdKind, Sex

T = TypeVar("T")

FIRST_NUMBER = 101
MAIN_NAME, MAIN_MA_SO, MAIN_BIRTH = "Đặng Thị Mẫu Ưng", "8900000101", "1985-09-04"
MAIN_WARD, PROVINCE = "30307", "91"
ADULT = 18
CARD_AGE = 6

_SURNAMES = {
    "Nguyễn": 40, "Trần": 12, "Lê": 11, "Phạm": 7, "Võ": 5, "Huỳnh": 5, "Phan": 4, "Bùi": 3, "Trương": 3, "Đặng": 3,
    "Hồ": 2, "Ngô": 2, "Dương": 2, "Đoàn": 2, "Đinh": 1, "Cao": 1, "Lâm": 1, "Châu": 1, "Thạch": 1, "Mai": 1,
}  # fmt: skip
_MIDDLE = {
    Sex.MALE: ("Văn", "Hữu", "Minh", "Thanh", "Quốc", "Đức", "Công", "Tấn", "Hoàng", "Trọng"),
    Sex.FEMALE: ("Thị", "Ngọc", "Thị Kim", "Thanh", "Hồng", "Bích", "Thị Mỹ", "Thu", "Thuỳ", "Thị Ánh"),
}
_GIVEN = {
    Sex.MALE: (
        "An", "Bảo", "Bình", "Cường", "Danh", "Dũng", "Đạt", "Đông", "Giang", "Hải", "Hậu", "Hiếu", "Hùng", "Khải",
        "Khang", "Kiệt", "Lâm", "Lộc", "Lợi", "Long", "Minh", "Nam", "Nghĩa", "Nhân", "Phát", "Phong", "Phúc", "Quân",
        "Sang", "Sơn", "Tài", "Tâm", "Thành", "Thịnh", "Tín", "Toàn", "Trí", "Trung", "Tuấn", "Vinh",
    ),
    Sex.FEMALE: (
        "Anh", "Chi", "Diễm", "Dung", "Duyên", "Đào", "Giao", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hương", "Huyền",
        "Khanh", "Lan", "Liên", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhi", "Nhung", "Oanh", "Phương", "Quyên",
        "Sương", "Tâm", "Thảo", "Thơ", "Thu", "Thư", "Tiên", "Trang", "Trúc", "Tuyền", "Vân", "Yến",
    ),
}  # fmt: skip
_KINDS = {"alone": 12, "couple": 18, "family": 45, "lone": 8, "three": 17}


@dataclass(frozen=True, slots=True)
class Home:
    """What those who live together share; `ward_code` is of today's numbering."""

    address: str
    ward_code: str
    household_code: str


@dataclass(slots=True)
class Someone:
    """One invented person with the numbers that name them; `birth` is ISO, possibly only a year or a month."""

    id: UUID
    number: int
    name: str
    birth: str
    sex: Sex
    ma_so: str
    papers: dict[IdKind, str]
    phone: str
    email: str
    home: Home
    relation: str
    died_on: date | None = None
    second_ma_so: str = ""
    has_ghost: bool = False
    guardians: list[UUID] = field(default_factory=list)

    @property
    def birth_year(self) -> int:
        """The year of birth, which is always known."""
        return int(self.birth[:4])

    def age(self, today: date) -> int:
        """The age that is reached this year."""
        return today.year - self.birth_year


class Ids:
    """UUIDs (version 8) that depend on the seed alone and grow: random ones would scatter every index over the disk."""

    def __init__(self, seed: int) -> None:
        """The seed is the first third of each id."""
        self._base = (random.Random(seed).getrandbits(32) << 96) | (8 << 76) | (2 << 62)  # noqa: S311 - specimens
        self._count = 0

    def next(self) -> UUID:
        """The next id."""
        self._count += 1
        return UUID(int=self._base | self._count)


def deck(rng: random.Random, cards: dict[T, int]) -> Iterator[T]:
    """The keys of `cards`, each as often as it says, shuffled, again and again: what is rare is never missing."""
    shuffled = [card for card, count in cards.items() for _ in range(count)]
    rng.shuffle(shuffled)
    return cycle(shuffled)


class Village:
    """Makes households. `wards` are codes of today's numbering, those with more people named more often."""

    def __init__(self, rng: random.Random, ids: Ids, wards: list[str], today: date) -> None:
        """Nothing is made yet."""
        self._rng, self._ids, self._wards, self._today = rng, ids, wards, today
        self._number, self._household = FIRST_NUMBER - 1, 0
        self._serials: dict[str, int] = {}
        self._dying = deck(rng, {True: 1, False: 11})
        self._merged = deck(rng, {"second": 1, "ghost": 1, "": 98})
        self._papers = deck(rng, {IdKind.CCCD: 92, IdKind.CMND: 4, IdKind.PASSPORT: 2, None: 2})
        self._precision = deck(rng, {4: 4, 7: 1, 10: 45})

    def households(self, people: int) -> Iterator[list[Someone]]:
        """Households of exactly `people` persons together, the main citizen's first; adults come before children."""
        household = self._main_household()
        while people > 0:
            yield household[:people]
            people -= len(household)
            household = self._any_household()

    # --- one person ---------------------------------------------------------------------------------------------------

    def ma_so(self) -> str:
        """The next mã số BHXH: 8900000101 and on."""
        self._number += 1
        return f"89{self._number:08}"

    def _cccd(self, year: int, sex: Sex) -> str:
        """A number of An Giang's old code that agrees with birth year and sex; serials below 1000 are the cast's."""
        head = _cccd_head(year, sex)
        self._serials[head] = self._serials.get(head, 1000) + 1
        return f"{head}{self._serials[head]:06}"

    def _person(self, home: Home, surname: str, sex: Sex, age: int, relation: str) -> Someone:
        rng, given = self._rng, self._rng.choice(_GIVEN[sex])
        birth, ma_so = self._birth(age), self.ma_so()
        year, number, grown = int(birth[:4]), self._number, age >= ADULT
        who = Someone(
            id=self._ids.next(), number=number, name=f"{surname} {rng.choice(_MIDDLE[sex])} Mẫu {given}", birth=birth,
            sex=sex, ma_so=ma_so, papers={}, phone=phone(number) if grown and rng.random() < 0.9 else "",
            email=f"{fold(given)}.{number}@vidu.vn" if grown and rng.random() < 0.3 else "", relation=relation, home=home,
        )  # fmt: skip
        if grown:
            kind = next(self._papers)
            number_of = {
                # Neither series was ever issued: an invented number must not be somebody's.
                IdKind.CMND: f"00{number:07}",
                IdKind.PASSPORT: f"X{number:08}",
            }
            if kind is not None:
                who.papers[kind] = number_of.get(kind) or self._cccd(year, sex)
            merger = next(self._merged)
            who.second_ma_so, who.has_ghost = (self.ma_so() if merger else ""), merger == "ghost"
        elif age > CARD_AGE:
            who.papers[IdKind.CCCD] = self._cccd(year, sex)
        if age >= 65 and next(self._dying):
            who.died_on = self._today - timedelta(days=rng.randint(20, 900))
        return who

    def _birth(self, age: int) -> str:
        day = date(self._today.year - age, 1, 1) + timedelta(days=self._rng.randrange(365))
        if day > self._today:
            day = day.replace(year=day.year - 1)
        # Of some old people the register knows only the year, or month and year.
        return day.isoformat()[: next(self._precision)] if age > 55 else day.isoformat()

    # --- one household ------------------------------------------------------------------------------------------------

    def _home(self) -> Home:
        self._household += 1
        rng = self._rng
        address = f"Số {rng.randint(1, 320)}, tổ {rng.randint(1, 24)}"
        return Home(address, rng.choice(self._wards), f"89{self._household:08}")

    def _surname(self) -> str:
        return self._rng.choices(list(_SURNAMES), list(_SURNAMES.values()))[0]

    def _any_household(self) -> list[Someone]:
        rng, home, surname = self._rng, self._home(), self._surname()
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        age = rng.randint(20, 92) if kind in ("alone", "couple") else rng.randint(26, 52)
        sex = Sex.FEMALE if kind == "lone" or rng.random() < 0.35 else Sex.MALE
        household = [self._person(home, surname, sex, age, "Chủ hộ")]
        if kind in ("couple", "family", "three"):
            other = Sex.MALE if sex is Sex.FEMALE else Sex.FEMALE
            spouse_age = min(max(19, age + rng.randint(-5, 5)), 95)
            relation = "Chồng" if sex is Sex.FEMALE else "Vợ"
            household.append(self._person(home, self._surname(), other, spouse_age, relation))
        parents = list(household)
        if kind == "three":
            for parent_sex, relation in ((Sex.MALE, "Cha"), (Sex.FEMALE, "Mẹ"))[rng.randrange(2) :]:
                household.append(self._person(home, surname, parent_sex, min(age + rng.randint(21, 34), 96), relation))
        if kind in ("family", "lone", "three"):
            household += self._children(home, parents)
        return household

    def _children(self, home: Home, parents: list[Someone]) -> list[Someone]:
        rng = self._rng
        father = next((parent for parent in parents if parent.sex is Sex.MALE), parents[0])
        oldest = min(parent.age(self._today) for parent in parents) - 20
        children = []
        for _child in range(rng.choices((1, 2, 3), (40, 47, 13))[0]):
            sex, age = rng.choice(list(Sex)), rng.randint(0, max(0, min(oldest, 26)))
            children.append(self._child(home, father.name.split()[0], sex, age, parents))
        return children

    def _child(self, home: Home, surname: str, sex: Sex, age: int, parents: list[Someone]) -> Someone:
        child = self._person(home, surname, sex, age, "Con")
        if age < ADULT:
            child.guardians = [parent.id for parent in parents]
        return child

    def _main_household(self) -> list[Someone]:
        """The citizen whom specimen.txt names, her husband and two children."""
        home, year = replace(self._home(), address="Số 12, tổ 5", ward_code=MAIN_WARD), self._today.year
        household: list[Someone] = []
        for name, birth, sex, relation in (
            (MAIN_NAME, MAIN_BIRTH, Sex.FEMALE, "Chủ hộ"),
            ("Trần Văn Mẫu Bền", "1983-03-12", Sex.MALE, "Chồng"),
            ("Trần Minh Mẫu Khôi", f"{year - 9}-05-20", Sex.MALE, "Con"),
            ("Trần Thị Mẫu Nhi", f"{year - 4}-11-02", Sex.FEMALE, "Con"),
        ):
            ma_so = self.ma_so()
            cccd = f"{_cccd_head(int(birth[:4]), sex)}{self._number:06}"
            grown = relation != "Con"
            someone = Someone(
                id=self._ids.next(), number=self._number, name=name, birth=birth, sex=sex, ma_so=ma_so,
                papers={} if int(birth[:4]) > year - CARD_AGE else {IdKind.CCCD: cccd},
                phone=phone(self._number) if grown else "", email=f"mau.{self._number}@vidu.vn" if grown else "",
                relation=relation, guardians=[] if grown else [parent.id for parent in household[:2]], home=home,
            )  # fmt: skip
            household.append(someone)
        return household


def _cccd_head(year: int, sex: Sex) -> str:
    """Province of birth registration, century with sex, and year: the first six digits of a CCCD."""
    return f"089{(year - 1900) // 100 * 2 + (sex is Sex.FEMALE)}{year % 100:02}"


def phone(number: int) -> str:
    """A number of the range that nobody has: 0900 000 000 to 0900 999 999, in E.164."""
    return f"+84900{number % 1_000_000:06}"
