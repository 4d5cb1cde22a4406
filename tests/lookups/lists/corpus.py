"""Invented entries of the five lists, and 500 questions about them as people type: made from a seed, the same everywhere.

`python -m tests.lookups.lists.corpus` prints what SQLite answers, for answers.csv: look at the differences before they
are committed.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, insert

from vssid.directory import listings
from vssid.directory.actions import FOLDER
from vssid.directory.listings import Asked, Kind
from vssid.directory.models import Agency, CollectionPoint, Employer, Facility
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.text import fold, without_marks

ANSWERS = Path(__file__).with_name("answers.csv")
QUESTIONS, SHOWN = 500, 5
_GIVEN = [
    "An",
    "Bình",
    "Châu",
    "Đức",
    "Gia",
    "Hưng",
    "Khánh",
    "Linh",
    "Minh",
    "Nam",
    "Phát",
    "Phú",
    "Quang",
    "Sơn",
    "Tâm",
    "Thành",
    "Thịnh",
    "Tiến",
    "Trí",
    "Vinh",
]
_FIRMS = (
    "Công ty TNHH",
    "Công ty TNHH MTV",
    "Công ty Cổ phần",
    "Công ty CP Xây dựng",
    "DNTN",
    "HTX",
    "Trường Tiểu học",
)
_HOUSES = (
    "Bệnh viện Đa khoa",
    "Bệnh viện",
    "Phòng khám Đa khoa",
    "Trung tâm Y tế",
    "Trạm Y tế",
    "Bệnh viện Đa khoa Khu vực",
)
_SHORT = {
    "Công ty": "cty", "Cổ phần": "CP", "Bệnh viện": "bv", "Đa khoa": "đk", "Phòng khám": "PK", "Trạm Y tế": "TYT",
    "Trung tâm Y tế": "ttyt", "Bảo hiểm xã hội": "BHXH", "Tiểu học": "TH", "Thành phố": "TP", "Khu vực": "KV", "Xây dựng": "xd",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of a list, as its table has it."""

    kind: Kind
    code: str
    name: str
    address: str


def entries() -> list[Entry]:
    """About 2,400 of them in wards of today."""
    chance = random.Random(8)
    places = _places()
    found: list[Entry] = []
    for nth, (ward, province) in enumerate(chance.sample(places, 60)):
        found.append(
            Entry(Kind.AGENCIES, f"9{nth:02}01", f"BHXH cơ sở {ward.split(' ', 1)[1]} (mẫu)", f"{ward}, {province}")
        )
    for nth, (ward, province) in enumerate(chance.sample(places, 700)):
        own = ward.split(" ", 1)[1] if nth % 3 else f"{chance.choice(_GIVEN)} {chance.choice(_GIVEN)}"
        found.append(
            Entry(
                Kind.TREATING,
                f"{10 + nth // 100}{nth:03}"[-5:],
                f"{_HOUSES[nth % 6]} {own}",
                f"Số {1 + nth % 90}, {ward}, {province}",
            )
        )
    for nth in range(1500):
        ward, province = chance.choice(places)
        own = " ".join(chance.sample(_GIVEN, chance.choice((2, 2, 3))))
        found.append(
            Entry(Kind.EMPLOYERS, f"TA{nth:04}Z", f"{_FIRMS[nth % 7]} {own} Mẫu {nth % 41}", f"{ward}, {province}")
        )
    for nth, (ward, province) in enumerate(chance.sample(places, 150)):
        found.append(Entry(Kind.POINTS, f"DT{nth:03}", f"Điểm thu Bưu điện {ward}", f"{ward}, {province}"))
    return found


def _places() -> list[tuple[str, str]]:
    with (FOLDER / "units_2025.csv").open(encoding="utf-8", newline="") as source:
        units = list(csv.DictReader(source))
    names = {unit["code"]: f"{unit['unit']} {unit['name']}" for unit in units}
    return [(names[unit["code"]], names[unit["parent"]]) for unit in units if unit["parent"]]


def load(engine: Engine) -> None:
    """Put the entries into the tables and make the lists."""
    tables = {Kind.AGENCIES: Agency, Kind.TREATING: Facility, Kind.EMPLOYERS: Employer, Kind.POINTS: CollectionPoint}
    with unit(engine) as db:
        for kind, model in tables.items():
            rows = [
                {"code": one.code, "name": one.name, "address": one.address} for one in entries() if one.kind is kind
            ]
            folded = {"folded": ""} if kind in (Kind.AGENCIES, Kind.TREATING) else {}
            db.execute(insert(model), [{**row, **(folded and {"folded": fold(row["name"])})} for row in rows])
            listings.touch(db, kind, at=now())
    listings.bring_up_all(engine)


def questions() -> Iterator[tuple[Kind, str, str]]:
    """(list, what is typed, the code of the entry that was meant)."""
    chance = random.Random(9)
    ways = (_as_it_is, _plain, _short, _cut, _swapped, _missing, _together, _with_place, _tail, _code)
    for nth, entry in enumerate(chance.sample(entries(), QUESTIONS)):
        yield entry.kind, ways[nth % len(ways)](entry, chance), entry.code


def _as_it_is(entry: Entry, _chance: random.Random) -> str:
    return entry.name


def _plain(entry: Entry, _chance: random.Random) -> str:
    return without_marks(entry.name).lower()


def _short(entry: Entry, _chance: random.Random) -> str:
    text = entry.name
    for whole, short in _SHORT.items():
        text = text.replace(whole, short)
    return text


def _cut(entry: Entry, _chance: random.Random) -> str:
    """The last word is still being typed."""
    return without_marks(entry.name)[:-1].rstrip()


def _swapped(entry: Entry, chance: random.Random) -> str:
    words = without_marks(entry.name).split()
    at = max(range(len(words)), key=lambda nth: len(words[nth]))
    place = chance.randrange(1, len(words[at]) - 2) if len(words[at]) > 3 else 0
    word = words[at]
    words[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


def _missing(entry: Entry, chance: random.Random) -> str:
    words = without_marks(entry.name).split()
    at = max(range(len(words)), key=lambda nth: len(words[nth]))
    place = chance.randrange(1, len(words[at]))
    words[at] = words[at][:place] + words[at][place + 1 :]
    return " ".join(words)


def _together(entry: Entry, _chance: random.Random) -> str:
    first, second, *rest = without_marks(entry.name).lower().split()
    return " ".join([first + second, *rest])


def _with_place(entry: Entry, _chance: random.Random) -> str:
    return f"{without_marks(entry.name)} {without_marks(entry.address.split(',')[-1]).lower()}"


def _tail(entry: Entry, _chance: random.Random) -> str:
    return " ".join(entry.name.split()[-4:])


def _code(entry: Entry, _chance: random.Random) -> str:
    return entry.code.lower()


def answers(engine: Engine) -> list[list[str]]:
    """For each question its list, what is typed, the entry meant and the first that are found."""
    lines = []
    with reading(engine) as db:
        for kind, text, code in questions():
            found = listings.find(db, Asked(kind, text), today()).codes
            lines.append([kind, text, code, " ".join(found[:SHOWN])])
    return lines


if __name__ == "__main__":
    import sys
    import tempfile

    from vssid import settings as environment
    from vssid.factory import create_app, prepare_database
    from vssid.web.db import db as request_db

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(environment.load({"DATA_DIR": folder, "LOG_LEVEL": "error"}))
        with app.app_context():
            prepare_database(request_db.engine)
            load(request_db.engine)
            csv.writer(sys.stdout, lineterminator="\n").writerows(answers(request_db.engine))
