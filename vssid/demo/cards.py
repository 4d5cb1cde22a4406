"""Invented BHYT cards: most hold today, a few end within days, ended, were withdrawn, or are still to come."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from vssid.demo.people import CARD_AGE, FIRST_NUMBER, Ids, Someone, deck

SIGNATORY = "Nguyễn Văn Mẫu Ký"
MAIN_FACILITY = "89012"
_KINDS = {
    "year": 58, "open": 13, "rolling": 9, "ending": 6, "expired": 7, "withdrawn": 2, "coming": 2, "none": 3,
}  # fmt: skip
# Object code → level as both hold now: CN moved from 3 to 2 on 1/1/2026 (NQ 261/2025/QH15), CT with QĐ 1697/QĐ-BHXH.
_WORKING = {"DN": (4, 46), "HC": (4, 10), "GD": (4, 26), "CN": (2, 6), "HN": (2, 5), "DT": (2, 4), "XB": (4, 3)}
_OLD = {"HT": (3, 40), "GD": (4, 30), "BT": (2, 12), "CB": (2, 8), "CC": (1, 2), "TC": (3, 8)}
_VERY_OLD = 80
_RETIRED = 61
_ISSUERS = ("Tỉnh An Giang", "BHXH cơ sở Long Xuyên, tỉnh An Giang", "BHXH cơ sở Châu Đốc, tỉnh An Giang")


class Printer:
    """Makes the cards of one person after the other, as rows for the table of cards."""

    def __init__(self, rng: random.Random, ids: Ids, facilities: list[str], today: date, at: datetime) -> None:
        """`facilities` are codes with a BHYT contract; `at` is when the rows are recorded."""
        self._rng, self._ids, self._facilities, self._today, self._at = rng, ids, facilities, today, at
        self._kinds = deck(rng, _KINDS)

    def cards_of(self, who: Someone) -> Iterator[dict[str, Any]]:
        """The versions of a person's cards, oldest first; some people have none."""
        if FIRST_NUMBER <= who.number < FIRST_NUMBER + 4:
            yield from self._of_main_family(who)
            return
        kind, group, level = next(self._kinds), *self._group(who)
        card = self._card(who, group, level)
        if who.died_on is not None:
            year = who.died_on.year
            yield from self._withdrawn({**card, **_between(date(year, 1, 1), date(year, 12, 31))})
        elif group == "TE":
            yield {**card, **_childhood(who)}
        elif kind != "none":
            yield from self._of_kind(kind, card)

    def _of_kind(self, kind: str, card: dict[str, Any]) -> Iterator[dict[str, Any]]:
        rng, today = self._rng, self._today
        first, last = date(today.year, 1, 1), date(today.year, 12, 31)
        if kind == "withdrawn":
            yield from self._withdrawn({**card, **_between(first, last)})
        elif kind == "coming":
            following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
            yield {**card, **_between(first, following - timedelta(days=1))}
            next_one = {**_between(following, date(following.year, 12, 31)), "issued_on": today}
            yield {**card, "id": self._ids.next(), **next_one}
        elif kind == "open":
            yield {**card, **_between(date(today.year - rng.randint(0, 4), 1, 1), None)}
        elif kind == "rolling":
            start = today - timedelta(days=rng.randint(0, 330))
            yield {**card, **_between(start, start + timedelta(days=364))}
        elif kind in ("ending", "expired"):
            end = today + timedelta(days=rng.randint(0, 14) if kind == "ending" else -rng.randint(1, 400))
            yield {**card, **_between(end - timedelta(days=364), end)}
        else:
            if rng.random() < 0.3:
                before = _between(first.replace(year=today.year - 1), last.replace(year=today.year - 1))
                yield {**card, "id": self._ids.next(), **before}
            yield {**card, **_between(first, last)}

    def _withdrawn(self, card: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield card
        yield {**card, "id": self._ids.next(), "version": 2, "status": "thu_hoi"}

    def _of_main_family(self, who: Someone) -> Iterator[dict[str, Any]]:
        year, group, level = self._today.year, *self._group(who)
        main = who.number == FIRST_NUMBER
        card = self._card(who, "DN" if main else group, 4 if main else level) | {
            "number": who.ma_so, "area_code": "", "facility_code": MAIN_FACILITY, "issued_by": _ISSUERS[0],
        }  # fmt: skip
        if group == "TE":
            yield {**card, **_childhood(who)}
            return
        if main:
            card["five_years_from"] = date(2020, 2, 1)
            old = _between(date(year - 1, 1, 1), date(year - 1, 12, 31))
            yield {**card, "id": self._ids.next(), "number": f"DN489{who.ma_so}", **old}
        yield {**card, **_between(date(year, 1, 1), date(year, 12, 31))}

    def _group(self, who: Someone) -> tuple[str, int]:
        """Object code and level for the age (domain: QĐ 1351/QĐ-BHXH and its changes)."""
        age, rng = who.age(self._today), self._rng
        if age < CARD_AGE:
            return "TE", 1
        if age < 18:
            return "HS", 4
        if age < 23 and rng.random() < 0.5:
            return "SV", 4
        if age >= _VERY_OLD and rng.random() < 0.4:
            return "CT", 2
        table = _OLD if age >= _RETIRED else _WORKING
        group = rng.choices(list(table), [weight for _level, weight in table.values()])[0]
        return group, table[group][0]

    def _card(self, who: Someone, group: str, level: int) -> dict[str, Any]:
        rng, today = self._rng, self._today
        # Who was born or insured lately reaches the five years only in some time to come.
        since = max(who.birth_year + 5, today.year - rng.randint(-4, 10))
        facility = MAIN_FACILITY if rng.random() < 0.3 else rng.choice(self._facilities)
        return {
            "id": self._ids.next(), "person_id": who.id, "version": 1, "ma_so_bhxh": who.ma_so,
            "number": f"{group}{level}89{who.ma_so}" if rng.random() < 0.25 else who.ma_so,
            "level": level, "object_code": group, "facility_code": facility,
            "five_years_from": date(since, rng.randint(1, 12), 1),
            "area_code": rng.choice(("K1", "K2", "K3")) if rng.random() < 0.04 else "",
            "issued_by": rng.choice(_ISSUERS), "signatory": SIGNATORY, "status": "hieu_luc", "recorded_at": self._at,
        }  # fmt: skip


def _between(start: date, end: date | None) -> dict[str, Any]:
    """A validity; the card was issued twelve days before."""
    return {"valid_from": start, "valid_to": end, "issued_on": start - timedelta(days=12)}


def _childhood(who: Someone) -> dict[str, Any]:
    """A small child's card: from birth to the September before school, without a day of five years."""
    born = date.fromisoformat(who.birth)
    end = date(born.year + CARD_AGE, 9, 30)
    return {"valid_from": born, "valid_to": end, "issued_on": born, "five_years_from": None}
