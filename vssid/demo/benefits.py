"""Invented benefits: sick days, births, months without work, pensions and how they went up."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from vssid.demo.people import FIRST_NUMBER, Ids, Someone
from vssid.records import Sex
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import BenefitKind

_RETIRED, _GROWN = 62, 23
_PAYERS = ("BHXH tỉnh An Giang (mẫu)", "Bưu điện tỉnh An Giang (mẫu)")
_BANK = "Ngân hàng Mẫu"
_RAISED_ON, _RAISED_BY = date(2024, 7, 1), 15  # percent, as all pensions were
_RAISED_BECAUSE = "Nghị định số 75/2024/NĐ-CP"
Row = tuple[type[Any], dict[str, Any]]


class Payer:
    """Makes the benefits of one person after the other. Its own dice: what others get does not depend on them."""

    def __init__(self, seed: int, today: date, at: datetime) -> None:
        """`at` is when the rows are recorded."""
        self._rng, self._ids = random.Random(seed + 1), Ids(seed + 1)  # noqa: S311 - choices among specimens
        self._today, self._at = today, at
        self._numbers = count(1)

    def paid_to(self, who: Someone) -> Iterator[Row]:
        """A table and a row of it, again and again; many people have none."""
        rng, age = self._rng, who.age(self._today)
        main = who.number == FIRST_NUMBER
        if who.died_on is not None or age < _GROWN:
            return
        if age >= _RETIRED:
            if rng.random() < 0.4:
                yield from self._pension(who, date(who.birth_year + _RETIRED, 1, 1))
            return
        if main or rng.random() < 0.2:
            for _ in range(rng.randint(2, 5)):
                start = self._today - timedelta(days=rng.randint(20, 1_500))
                end = start + timedelta(days=rng.randint(1, 9))
                yield self._row(who, BenefitKind.SICKNESS, start, end, rng.randint(2, 24) * 98_000)
        if main or (who.sex is Sex.FEMALE and age < 45 and rng.random() < 0.2):
            start = date(self._today.year - 4, rng.randint(1, 12), 1)
            yield self._row(
                who, BenefitKind.MATERNITY, start, start + timedelta(days=181), rng.randint(28, 50) * 1_000_000
            )
        # The main one's months of contributions leave no room for it.
        if not main and rng.random() < 0.03:
            start = date(self._today.year - 2, rng.randint(1, 9), 1)
            for month in range(3):
                first = start.replace(month=start.month + month)
                yield self._row(who, BenefitKind.UNEMPLOYMENT, first, first + timedelta(days=27), 3_420_000)

    def _pension(self, who: Someone, start: date) -> Iterator[Row]:
        amount = self._rng.randint(25, 70) * 100_000
        yield self._row(who, BenefitKind.PENSION, start, None, amount)
        if start < _RAISED_ON <= self._today:
            slip = {
                "id": self._ids.next(), "person_id": who.id, "decision_number": self._decision(_RAISED_ON),
                "effective_from": _RAISED_ON, "old_amount": amount, "new_amount": amount * (100 + _RAISED_BY) // 100,
                "reason": _RAISED_BECAUSE, "recorded_at": self._at, "updated_at": self._at,
            }  # fmt: skip
            yield PensionAdjustment, slip

    def _row(self, who: Someone, kind: BenefitKind, start: date, end: date | None, amount: int) -> Row:
        row = {
            "id": self._ids.next(), "person_id": who.id, "kind": kind, "decision_number": self._decision(start),
            "decision_date": start, "from_date": start.isoformat(), "to_date": end, "amount": amount,
            "payer": self._rng.choice(_PAYERS), "account_number": f"0000{self._rng.randint(0, 99_999_999):08}",
            "bank": _BANK, "recorded_at": self._at, "updated_at": self._at,
        }  # fmt: skip
        return Benefit, row

    def _decision(self, day: date) -> str:
        return f"{next(self._numbers)}/QĐ-MẪU-{day.year}"
