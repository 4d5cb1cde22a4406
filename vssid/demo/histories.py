"""Invented histories: careers with gaps, overlaps and late payers; illnesses, and chronic patients at the hospital."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from vssid.demo.contributions import FAMILY, contributions_of
from vssid.demo.people import FIRST_NUMBER, Ids, Someone
from vssid.records.contributions.models import Contribution
from vssid.records.visits.models import Visit, VisitLine

Rows = Iterator[tuple[type[Any], dict[str, Any]]]

# A province of a million is loaded for measuring; histories are for looking at.
MOST_PEOPLE = 2_000
ADULT, RETIRED, EARLIEST_YEAR = 20, 62, 2009
FUNDS = ("BHXH", "BHTN", "TNLD", "BHYT")
RAISE_MONTHS, YEARLY_RAISE = 24, Decimal("1.06")
HOUSE_LEVEL = Decimal("0.8")
_EMPLOYERS = (
    ("TZ0001A", "Công ty TNHH May Mẫu An Giang", "Công nhân may"),
    ("TZ0002B", "Công ty Cổ phần Thuỷ sản Mẫu", "Công nhân chế biến"),
    ("TZ0003C", "Trường Tiểu học Mẫu Long Xuyên", "Giáo viên"),
    ("TZ0004D", "Công ty TNHH Gạo Mẫu Châu Phú", "Nhân viên kho"),
    ("TZ0005E", "Bưu điện Mẫu", "Nhân viên giao dịch"),
)
_CHRONIC = (("I10", "Tăng huyết áp nguyên phát"), ("E11", "Bệnh đái tháo đường típ 2"))
_ACUTE = (
    ("J06", "Nhiễm khuẩn đường hô hấp trên cấp"), ("K29", "Viêm dạ dày và tá tràng"),
    ("M54", "Đau lưng"), ("A09", "Viêm dạ dày - ruột"),
)  # fmt: skip


class Job(NamedTuple):
    """One employment; months are counted from year 0, the last one included."""

    employer: int
    first: int
    last: int
    salary: int
    late: int = 0  # of its last months, how many the employer has not paid in time


class Chronicle:
    """Makes what happened to one person after the other, as rows for the tables of records."""

    def __init__(self, seed: int, facilities: list[str], today: date, at: datetime) -> None:
        """Has dice and ids of its own, so that the people of a seed stay the same people."""
        self._rng, self._ids = random.Random(f"histories {seed}"), Ids(seed + 2)  # noqa: S311 - specimens
        self._facilities, self._today, self._at, self._visits = facilities, today, at, 0
        self._now = today.year * 12 + today.month - 1

    def of(self, who: Someone) -> Rows:
        """Everything about one person; nothing of the dead and of those who come late in a large province."""
        if who.died_on is not None or who.number >= FIRST_NUMBER + MOST_PEOPLE:
            return
        age, main = who.age(self._today), who.number == FIRST_NUMBER
        if FIRST_NUMBER <= who.number < FIRST_NUMBER + FAMILY:
            yield from ((Contribution, row) for row in contributions_of(who, self._ids, self._today, self._at))
        else:
            for job in self._career(age):
                yield from self._paid(who, job)
        yield from self._treated(who, age, main)

    # --- contributions ---

    def _career(self, age: int) -> list[Job]:
        rng = self._rng
        if not ADULT <= age < RETIRED or rng.random() < 0.25:
            return []
        month = max(EARLIEST_YEAR, self._today.year - age + rng.randint(ADULT, ADULT + 5)) * 12 + rng.randint(0, 11)
        jobs: list[Job] = []
        employer = rng.randrange(len(_EMPLOYERS))
        while month < self._now - 6 and len(jobs) < 4:
            last = min(self._now - 1, month + rng.randint(18, 96))
            late = rng.choice((1, 2, 3)) if last == self._now - 1 and rng.random() < 0.08 else 0
            jobs.append(Job(employer, month, last, rng.randint(30, 90) * 100_000, late))
            employer = (employer + rng.randint(1, len(_EMPLOYERS) - 1)) % len(_EMPLOYERS)
            # A few begin the next job before the last one ends: those months count once.
            month = last + (rng.choice((-2, 1, 1, 2, 5, 9)) if last < self._now - 1 else 99)
        return jobs

    def _paid(self, who: Someone, job: Job) -> Rows:
        code, name, work = _EMPLOYERS[job.employer]
        salary, month = Decimal(job.salary), job.first
        on_time = job.last - job.late
        while month <= job.last:
            last = min(month + RAISE_MONTHS - 1, on_time if month <= on_time else job.last)
            for fund in FUNDS:
                yield Contribution, {
                    "id": self._ids.next(), "person_id": who.id, "fund": fund, "kind": "bat_buoc",
                    "from_month": _first_day(month), "to_month": _first_day(last), "employer_code": code,
                    "employer_name": name, "employer_key": code, "job": work, "workplace": "Tỉnh An Giang",
                    "salary": salary, "coefficient": None, "currency": "VND",
                    "status": "da_dong" if last <= on_time else "cham_dong", **self._recorded(),
                }  # fmt: skip
            salary = (salary * YEARLY_RAISE**2).quantize(Decimal(1000))
            month = last + 1

    # --- visits ---

    def _treated(self, who: Someone, age: int, main: bool) -> Rows:
        rng = self._rng
        if age >= 50 and rng.random() < 0.35:
            illness, count, every = rng.choice(_CHRONIC), 18, 30
        elif main or rng.random() < 0.45:
            illness, count, every = rng.choice(_ACUTE), 4 if main else rng.randint(1, 3), 140
        else:
            return
        facility = rng.choice(self._facilities)
        for nth in range(count):
            day = self._today - timedelta(days=7 + nth * every + rng.randint(0, 4))
            yield from self._visit(who, day, facility, illness)

    def _visit(self, who: Someone, day: date, facility: str, illness: tuple[str, str]) -> Rows:
        self._visits += 1
        id, came = self._ids.next(), datetime(day.year, day.month, day.day, 1, 15, tzinfo=UTC)
        lines = [self._line(id, n, *cost) for n, cost in enumerate(self._costs(), 1)]
        sums = {
            name: sum((line[name] for line in lines), Decimal(0))
            for name in ("paid_by_fund", "copay", "paid_by_patient", "other_sources")
        }
        yield Visit, {
            "id": id, "person_id": who.id, "facility_code": facility, "link_code": f"MAU{self._visits:08}",
            "year": day.year, "sensitive": False, "visit_kind": "01", "admitted_at": came,
            "discharged_at": came + timedelta(hours=2), "department_code": "K01", "main_diagnosis_code": illness[0],
            "main_diagnosis": illness[1], "result": "2", "discharge_kind": "1",
            "total_hospital": sum(line["amount"] for line in lines),
            "total_insurance": sum(line["insured"] for line in lines), **sums, "paid_at": came + timedelta(hours=3),
            "settled_year": day.year, "settled_month": day.month, "content_digest": f"{self._visits:064x}",
            **self._recorded(),
        }  # fmt: skip
        yield from ((VisitLine, line) for line in lines)

    def _costs(self) -> Iterator[tuple[str, str, str, str, int, int]]:
        """Part, group, name, unit, quantity, price."""
        rng = self._rng
        yield "dich_vu", "13", "Khám bệnh", "Lần", 1, 45_000
        if rng.random() < 0.5:
            yield "dich_vu", "1", "Xét nghiệm máu (mẫu)", "Lần", 1, rng.randint(30, 90) * 1_000
        if rng.random() < 0.3:
            yield "dich_vu", "2", "Siêu âm ổ bụng", "Lần", 1, 58_000
        for name in rng.sample(("Thuốc Mẫu A 5 mg", "Thuốc Mẫu B 500 mg", "Thuốc Mẫu C 20 mg"), rng.randint(1, 3)):
            yield "thuoc", "4", name, "Viên", rng.choice((10, 14, 28, 30)), rng.randint(5, 40) * 100

    def _line(
        self, visit: Any, ordinal: int, part: str, group: str, name: str, unit: str, quantity: int, price: int
    ) -> dict[str, Any]:
        amount = Decimal(quantity * price)
        fund = (amount * HOUSE_LEVEL).quantize(Decimal("0.01"))
        return {
            "id": self._ids.next(), "visit_id": visit, "ordinal": ordinal, "part": part, "group_code": group,
            "code": f"M{group}", "name": name, "unit": unit, "quantity": Decimal(quantity), "price": Decimal(price),
            "rate": 100, "level": 80, "amount": amount, "insured": amount, "paid_by_fund": fund,
            "copay": amount - fund, "paid_by_patient": Decimal(0), "other_sources": Decimal(0),
        }  # fmt: skip

    def _recorded(self) -> dict[str, datetime]:
        return {"recorded_at": self._at, "updated_at": self._at}


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
