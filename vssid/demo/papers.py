"""Invented stays in hospital and the papers that came of them: discharge, summary, birth, pregnancy and sick leave."""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from vssid.demo.cards import MAIN_FACILITY
from vssid.demo.histories import MOST_PEOPLE, Rows
from vssid.demo.people import FIRST_NUMBER, Ids, Someone
from vssid.kernel.clock import VIETNAM
from vssid.records.hospital.values import digest
from vssid.records.papers.models import Paper
from vssid.records.papers.rules import NumberKind, PaperKind, Source
from vssid.records.rules import Sex
from vssid.records.visits.models import Visit, VisitLine

WORKING, MOTHER = range(20, 60), range(21, 40)
_ILLNESSES = (
    ("J18.9", "Viêm phổi, không xác định", "Ho có đờm, sốt 38,5 độ ba ngày."),
    ("K35.8", "Viêm ruột thừa cấp", "Đau bụng vùng hố chậu phải từ hôm trước."),
    ("A90", "Sốt xuất huyết Dengue", "Sốt cao liên tục bốn ngày, đau đầu, mỏi người."),
)
_DOCTORS, _HEAD = ("BS. Võ Thị Mẫu Lành", "BS. Huỳnh Văn Mẫu Khang"), "BS. Nguyễn Văn Mẫu Trưởng"
_EMPLOYER = "Công ty TNHH May Mẫu An Giang"
_COLUMNS = ("diagnosis", "from_date", "to_date", "days")


class Clerk:
    """Writes what hospitals gave to one person after the other, as rows for the tables of records."""

    def __init__(self, seed: int, facilities: list[str], today: date, at: datetime) -> None:
        """Has dice and ids of its own, so that the people of a seed and their histories stay as they are."""
        self._rng, self._ids = random.Random(f"papers {seed}"), Ids(seed + 3)  # noqa: S311 - specimens
        self._facilities, self._today, self._at, self._count = facilities, today, at, 0

    def of(self, who: Someone) -> Rows:
        """Everything of one person; nothing of the dead and of those who come late in a large province."""
        if who.died_on is not None or who.number >= FIRST_NUMBER + MOST_PEOPLE:
            return
        rng, age, main = self._rng, who.age(self._today), who.number == FIRST_NUMBER
        if main or rng.random() < 0.08:
            yield from self._stay(who, MAIN_FACILITY if main else rng.choice(self._facilities))
        if main or (age in WORKING and rng.random() < 0.12):
            yield self._sick_leave(who, MAIN_FACILITY if main else rng.choice(self._facilities))
        if who.sex is Sex.FEMALE and (main or (age in MOTHER and rng.random() < 0.15)):
            yield from self._birth(who, MAIN_FACILITY if main else rng.choice(self._facilities), main)

    # --- a stay, with its discharge paper and its summary ---

    def _stay(self, who: Someone, facility: str) -> Rows:
        rng, (code, name, course) = self._rng, self._rng.choice(_ILLNESSES)
        days = rng.randint(3, 7)
        out = self._today - timedelta(days=rng.randint(20, 300))
        came = datetime.combine(out - timedelta(days=days), time(2, 10), UTC)
        visit, lines = self._visit(who, facility, came, days, (code, name))
        yield Visit, visit
        yield from ((VisitLine, line) for line in lines)
        moments = {"admitted": _local(came), "discharged": _local(came + timedelta(days=days))}
        shared = {
            "diagnosis": name,
            "treatment": "Nội khoa",
            "icd_code": code,
            "icd_name": name,
            "head": _HEAD,
            **moments,
        }
        doctor = rng.choice(_DOCTORS)
        rest = {"from_date": out + timedelta(days=1), "to_date": out + timedelta(days=3), "days": 3}
        note = {"department": "K03", "note": "Tái khám sau 7 ngày, hoặc khi có dấu hiệu bất thường.", "doctor": doctor}
        number = f"LT{out:%y}-{self._count:05}"
        yield self._paper(
            who, PaperKind.DISCHARGE, facility, out, (NumberKind.FILE, number), {**shared, **note, **rest}, visit["id"]
        )
        summary = {
            **shared, "care": "03", "reason": "Mệt, sốt", "diagnosis_in": "Sốt chưa rõ nguyên nhân", "history": "Khoẻ mạnh",
            "course": f"{course}\nVào viện được khám, làm xét nghiệm và điều trị.\nTình trạng ổn định dần.",
            "findings": "Công thức máu: bạch cầu tăng nhẹ.\nX-quang ngực thẳng: đã chụp.", "result": "1",
            "state": "Tỉnh, hết sốt, ăn uống được", "plan": "Uống thuốc theo đơn, tái khám sau 7 ngày",
        }  # fmt: skip
        number = f"TT{out:%y}-{self._count:05}"
        yield self._paper(who, PaperKind.SUMMARY, facility, out, (NumberKind.SERIAL, number), summary, visit["id"])

    def _visit(
        self, who: Someone, facility: str, came: datetime, days: int, illness: tuple[str, str]
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        self._count += 1
        id, gone = self._ids.next(), came + timedelta(days=days)
        costs = (
            ("dich_vu", "15", "Ngày giường nội khoa (mẫu)", "Ngày", days, 187_100),
            ("dich_vu", "1", "Tổng phân tích tế bào máu (mẫu)", "Lần", 2, 46_200),
            ("dich_vu", "2", "Chụp X-quang ngực thẳng (mẫu)", "Lần", 1, 68_300),
            ("thuoc", "4", "Thuốc Mẫu D 1 g", "Lọ", days * 2, 21_500),
        )
        lines = [self._line(id, n, *cost) for n, cost in enumerate(costs, 1)]
        total = sum((line["amount"] for line in lines), Decimal(0))
        visit = {
            "id": id, "person_id": who.id, "facility_code": facility, "link_code": f"MAUNT{self._count:07}",
            "year": came.year, "sensitive": False, "visit_kind": "03", "admitted_at": came,
            "discharged_at": gone, "department_code": "K03", "main_diagnosis_code": illness[0],
            "main_diagnosis": illness[1], "result": "1", "discharge_kind": "1", "total_hospital": total,
            "total_insurance": total, "paid_by_fund": sum((line["paid_by_fund"] for line in lines), Decimal(0)),
            "copay": sum((line["copay"] for line in lines), Decimal(0)), "paid_by_patient": Decimal(0),
            "other_sources": Decimal(0), "paid_at": gone, "settled_year": gone.year, "settled_month": gone.month,
            "content_digest": f"{self._count:064x}", "recorded_at": self._at, "updated_at": self._at,
        }  # fmt: skip
        return visit, lines

    def _line(
        self, visit: UUID, ordinal: int, part: str, group: str, name: str, unit: str, quantity: int, price: int
    ) -> dict[str, Any]:
        amount = Decimal(quantity * price)
        fund = (amount * Decimal("0.8")).quantize(Decimal("0.01"))
        return {
            "id": self._ids.next(), "visit_id": visit, "ordinal": ordinal, "part": part, "group_code": group,
            "code": f"M{group}", "name": name, "unit": unit, "quantity": Decimal(quantity), "price": Decimal(price),
            "rate": 100, "level": 80, "amount": amount, "insured": amount, "paid_by_fund": fund,
            "copay": amount - fund, "paid_by_patient": Decimal(0), "other_sources": Decimal(0),
        }  # fmt: skip

    # --- papers without a stay of ours ---

    def _sick_leave(self, who: Someone, facility: str) -> tuple[type[Any], dict[str, Any]]:
        self._count += 1
        day = self._today - timedelta(days=self._rng.randint(10, 400))
        said = {
            "name": who.name, "employer": _EMPLOYER, "care_number": f"{day:%y}/{self._count:05}", "examined": day.isoformat(),
            "diagnosis": "Viêm dạ dày và tá tràng", "icd_code": "K29", "treatment": "Uống thuốc, nghỉ ngơi", "days": 2,
            "from_date": day, "to_date": day + timedelta(days=1), "doctor": self._rng.choice(_DOCTORS), "head": _HEAD,
        }  # fmt: skip
        number = NumberKind.SERIAL, f"NV{day:%y}-{self._count:06}"
        return self._paper(who, PaperKind.SICK_LEAVE, facility, day, number, said)

    def _birth(self, who: Someone, facility: str, main: bool) -> Rows:
        self._count += 1
        rng = self._rng
        # The main citizen's younger child is four.
        born = date(self._today.year - 4, 11, 2) if main else self._today - timedelta(days=rng.randint(60, 900))
        if main or rng.random() < 0.5:
            rested = born - timedelta(days=200)
            said = {
                "name": who.name, "employer": _EMPLOYER, "diagnosis": "Thai 10 tuần, doạ sảy; dưỡng thai", "weeks": 10,
                "days": 14, "from_date": rested, "to_date": rested + timedelta(days=13), "doctor": _DOCTORS[0],
            }  # fmt: skip
            number = NumberKind.SERIAL, f"DT{rested:%y}-{self._count:05}"
            yield self._paper(who, PaperKind.PREGNANCY_LEAVE, facility, rested, number, said)
        child = "Trần Thị Mẫu Nhi" if main else "Chưa đặt tên"
        said = {
            "bearer": who.name, "home": who.home.address, "child": child, "child_sex": "2" if main else rng.choice("12"),
            "child_at": f"{born.isoformat()}T04:12:00", "child_weight": rng.randint(26, 38) * 100,
            "child_place": "Khoa Sản, bệnh viện mẫu", "child_state": "Khoẻ mạnh", "children": 1, "births": 2 if main else 1,
            "alive": 2 if main else 1, "caesarean": "0", "early": "0", "attendant": "Hộ sinh Mẫu Hiền",
            "writer": "Điều dưỡng Mẫu Thảo", "head": _HEAD,
        }  # fmt: skip
        number = NumberKind.BOOK, f"{self._count}/{born:%m-%Y}"
        yield self._paper(who, PaperKind.BIRTH, facility, born + timedelta(days=1), number, said)

    def _paper(
        self, who: Someone, kind: PaperKind, facility: str, day: date, number: tuple[NumberKind, str],
        said: dict[str, Any], visit: UUID | None = None,
    ) -> tuple[type[Any], dict[str, Any]]:  # fmt: skip
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
        dates = {"issued": day.isoformat(), "dated": day.isoformat(), "number_kind": str(number[0])}
        sources = {str(Source.DOCUMENT): {**plain, **dates, "sensitive": False}}
        return Paper, {
            "id": self._ids.next(), "person_id": who.id, "visit_id": visit, "kind": str(kind), "facility_code": facility,
            "link_code": "", "number": number[1], "number_kind": str(number[0]), "issued_on": day, "dated_on": day,
            "year": day.year, "sensitive": False, "diagnosis": said.get("diagnosis", ""),
            "from_date": said.get("from_date"), "to_date": said.get("to_date"), "days": said.get("days"),
            "details": {name: value for name, value in plain.items() if name not in _COLUMNS}, "sources": sources,
            "content_digest": digest(sources), "recorded_at": self._at, "updated_at": self._at,
        }  # fmt: skip


def _local(at: datetime) -> str:
    """As papers have it: the time of Viet Nam without a zone."""
    return at.astimezone(VIETNAM).replace(tzinfo=None).isoformat()
