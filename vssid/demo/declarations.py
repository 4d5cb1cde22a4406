"""Invented declarations in every state and with many due dates; some differ from the register on purpose."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from vssid import content
from vssid.demo.people import FIRST_NUMBER, PROVINCE, Ids, Someone, phone
from vssid.directory.rules import SYSTEM
from vssid.kernel.clock import VIETNAM, day_of
from vssid.kernel.text import CODE_ALPHABET, fold
from vssid.records import IdKind
from vssid.registration import HandIn, Kind, Status
from vssid.registration.rules import CODE_LENGTH, Rejection, lapse_day

UNKNOWN_MA_SO = "8900000001"  # numbers of the specimen province begin with 101
_OFFICER_OF = {"08902": "CB02"}
_LANGUAGES = {"vi": 88, "en": 5, "ko": 3, "zh": 2, "ja": 2}
_REMINDED_ON = (5, 8)  # days after sending; what is so old has been reminded of already


@dataclass(frozen=True)
class Plan:
    """What one declaration shows: its state, agency, how many days ago it was sent, and how it differs if it does."""

    status: Status
    agency: str
    days_ago: int
    twist: str = ""
    decided_after: int = 2


def _waiting(agency: str, *sent: tuple[int, str]) -> tuple[Plan, ...]:
    return tuple(Plan(Status.WAITING, agency, days, twist) for days, twist in sent)


# Days ago 10 means that today is the last day for the paper, 9 tomorrow.
PLANS = (
    Plan(Status.APPROVED, "08901", 40, "main"),
    *_waiting(
        "08901", (10, ""), (10, "ward"), (9, ""), (9, "digit"), (8, ""), (7, "phone"), (6, ""), (5, "unknown"),
        (4, "sex"), (3, "name"), (2, ""), (2, "dead"), (1, ""), (1, "again"), (0, ""), (0, "ward"),
    ),
    Plan(Status.RECEIVED, "08901", 14), Plan(Status.RECEIVED, "08901", 9, "phone"), Plan(Status.RECEIVED, "08901", 5),
    Plan(Status.RECEIVED, "08901", 2, "digit"),
    *_waiting("08902", (10, ""), (8, "ward"), (6, ""), (3, "unknown"), (1, "")),
    Plan(Status.RECEIVED, "08902", 11), Plan(Status.RECEIVED, "08902", 4),
    *_waiting("08905", (9, ""), (4, "")), *_waiting("08909", (7, ""), (2, "")),
    Plan(Status.APPROVED, "08901", 30), Plan(Status.APPROVED, "08901", 21), Plan(Status.APPROVED, "08901", 12),
    Plan(Status.APPROVED, "08902", 25), Plan(Status.APPROVED, "08902", 8), Plan(Status.APPROVED, "08901", 3, "", 3),
    Plan(Status.REJECTED, "08901", 20, "digit"), Plan(Status.REJECTED, "08901", 9, "unknown"),
    Plan(Status.REJECTED, "08902", 15),
    Plan(Status.WITHDRAWN, "08901", 18), Plan(Status.WITHDRAWN, "08902", 6),
    Plan(Status.LAPSED, "08901", 13), Plan(Status.LAPSED, "08901", 28), Plan(Status.LAPSED, "08902", 17),
)  # fmt: skip
DECLARANTS = len(PLANS)


def declarants(household: list[Someone], today: date) -> Iterator[Someone]:
    """Who of a household could have sent a declaration: its head, when grown, alive and with CCCD and phone."""
    head = household[0]
    if head.died_on is None and head.age(today) < 85 and IdKind.CCCD in head.papers and head.phone:
        yield head


def draw_up(
    rng: random.Random,
    ids: Ids,
    people: list[Someone],
    dead: Someone | None,
    wards: list[str],
    officers: dict[str, UUID],
    at: datetime,
) -> list[tuple[dict[str, Any], Someone]]:
    """Rows of declarations with who stands behind them, in the order of sending.

    `people` are possible declarants, the main citizen first; each sends one, except where a plan says otherwise. With
    fewer people than plans the last plans are left out.
    """
    waiting = iter(people)
    sent: list[tuple[dict[str, Any], Someone]] = []
    for plan in PLANS:
        who = sent[-1][1] if plan.twist == "again" else next(waiting, None)
        if plan.twist == "dead" and dead is not None:
            who = dead
        if who is None:
            break
        row = _row(rng, ids, plan, who, at)
        _twist(rng, row, plan.twist, wards)
        _end(row, plan, officers, at)
        sent.append((row, who))
    return sorted(sent, key=lambda pair: pair[0]["sent_at"])


def _row(rng: random.Random, ids: Ids, plan: Plan, who: Someone, at: datetime) -> dict[str, Any]:
    sent_at = _moment(rng, day_of(at) - timedelta(days=plan.days_ago), at)
    sent_on = day_of(sent_at)
    kind, number = next(iter(who.papers.items()))
    return {
        "id": ids.next(), "code": "".join(rng.choices(CODE_ALPHABET, k=CODE_LENGTH)), "status": plan.status,
        "kind": Kind.ADULT, "ma_so_bhxh": who.ma_so, "full_name": who.name, "name_folded": fold(who.name),
        "birth_date": who.birth, "id_kind": kind, "id_number": number,
        "unit_system": SYSTEM, "province_code": PROVINCE, "ward_code": who.home.ward_code, "address_line": who.home.address,
        "phone": who.phone or phone(who.number), "contact_name": who.name, "email": who.email,
        "wants_form_by_email": bool(who.email), "wants_reminders": rng.random() < 0.7,
        "terms_version": content.TERMS_VERSION, "portal": "ivan" if rng.random() < 0.1 else "cong",
        "agency_code": plan.agency, "hand_in": rng.choices(list(HandIn), (6, 2, 2))[0],
        "language": rng.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0],
        "sent_at": sent_at, "lapses_on": lapse_day(sent_on),
        "reminders_sent": sum(plan.days_ago >= day for day in _REMINDED_ON),
        "paper_at": None, "paper_channel": None, "paper_id_shown": None, "paper_by": None,
        "decided_at": None, "decided_by": None, "reason_code": None, "reason": None, "person_id": None,
    }  # fmt: skip


def _moment(rng: random.Random, day: date, at: datetime) -> datetime:
    """Some time in the waking hours of a day, never after `at`."""
    moment = datetime.combine(day, time(7, 0), VIETNAM) + timedelta(minutes=rng.randrange(13 * 60))
    if moment <= at:
        return moment
    midnight = datetime.combine(day, time(0, 0), VIETNAM)
    return midnight + (at - midnight) * 0.9


def _twist(rng: random.Random, row: dict[str, Any], twist: str, wards: list[str]) -> None:
    """Let the declaration differ from the register, as real ones do; an officer is to find it."""
    number: str = row["id_number"]
    if twist == "ward":
        row["ward_code"] = rng.choice([ward for ward in wards if ward != row["ward_code"]])
    elif twist == "digit":
        # Serials with a 9 in front are not given out, so this is nobody else's number.
        row["id_number"] = f"{number[:6]}9{number[7:]}"
    elif twist == "sex":
        row["id_number"] = f"{number[:3]}{int(number[3]) ^ 1}{number[4:6]}8{number[7:]}"
    elif twist == "phone":
        row["phone"] = phone(FIRST_NUMBER)
    elif twist == "unknown":
        row["ma_so_bhxh"] = UNKNOWN_MA_SO
    elif twist == "main":
        row["language"] = "vi"  # the one whom visitors sign in as
    elif twist == "name":
        row["full_name"] = row["contact_name"] = row["full_name"].replace("Mẫu", "Thanh Mẫu")


def _end(row: dict[str, Any], plan: Plan, officers: dict[str, UUID], at: datetime) -> None:
    """The paper and the decision, as far as the plan has come; nothing lies in the future."""
    status, sent_at = plan.status, row["sent_at"]
    officer = officers[_OFFICER_OF.get(plan.agency, "CB01")]
    decided_at = min(sent_at + timedelta(days=plan.decided_after), at)
    if status in (Status.RECEIVED, Status.APPROVED):
        paper_at = min(sent_at + timedelta(days=1), at)
        row |= {"paper_at": paper_at, "paper_channel": row["hand_in"], "paper_id_shown": "cccd", "paper_by": officer}
    if status in (Status.APPROVED, Status.REJECTED):
        row |= {"decided_at": decided_at, "decided_by": officer}
    if status is Status.REJECTED:
        row |= {"reason_code": _reason(plan), "reason": "Xin chụp lại giấy tờ và khai theo đúng giấy tờ đang dùng."}
    if status is Status.WITHDRAWN:
        row["decided_at"] = decided_at
    if status is Status.LAPSED:
        after = datetime.combine(row["lapses_on"] + timedelta(days=1), time(0, 1), VIETNAM)
        row["decided_at"] = min(after, at)


def _reason(plan: Plan) -> Rejection:
    by_twist = {"digit": Rejection.NUMBER_DIFFERS, "unknown": Rejection.NOT_IN_REGISTER}
    return by_twist.get(plan.twist, Rejection.PHOTO_UNCLEAR)
