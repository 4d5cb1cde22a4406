"""The walk: who chose it hears once of an employer that does not pay, whatever is killed, repeated or imported between."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, select, update

from tests import people
from tests.databases import environ_of
from tests.imports.conftest import Desk
from tests.records.contributions.conftest import add
from tests.walks import DAY, Walked, add_account, add_person
from vssid import work
from vssid.accounts.models import Account, NoticeChoice
from vssid.kernel.db import unit
from vssid.notifications.actions import opened
from vssid.notifications.inbox.models import InboxItem
from vssid.notifications.models import OutboxMessage
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.contributions.models import Contribution, EmployerNotice, EmployerWatch
from vssid.records.contributions.rules import key_of_name
from vssid.records.contributions.watch import making
from vssid.settings import PROJECT_ROOT

EMPLOYER = "Công ty Mẫu Một"
ELSE = UUID(int=9_999 << 64)


class House(Walked):
    """A register with accounts, and the walk."""

    step = staticmethod(making.step)
    kind = "notice.employer"

    def person(self, number: int, *, email: str | None = "mau@vidu.vn", status: str = "active", **more: Any) -> UUID:
        """Somebody of age with an account, who hears by e-mail unless they chose otherwise."""
        choice = more.pop("choice", None)
        guardian, proven = more.pop("guardian_id", None), more.pop("proven", DAY)
        birth = more.pop("birth_date", "1985-09-04")
        with unit(self.engine) as db:
            id = add_person(db, number, birth=birth, **more)
            account = add_account(db, id, status=status, email=email, email_proven_at=proven, guardian_id=guardian)
            if choice:
                db.add(NoticeChoice(account_id=account, kind="employer", channel=choice))
        return id

    def paid(
        self, person: UUID, first: str, last: str, status: str = "da_dong", employer: str = EMPLOYER, **more
    ) -> UUID:
        with unit(self.engine) as db:
            return add(db, person, first, last, employer, status=status, **more)

    def set(self, row: UUID, **values: Any) -> None:
        with unit(self.engine) as db:
            db.execute(update(Contribution).where(Contribution.id == row).values(**values))


@pytest.fixture
def house(app: Flask, engine: Engine) -> House:
    """Somebody else's months tell up to when the register reaches."""
    made = House(app, engine)
    made.paid(made.person(ELSE.int >> 64), "01/2020", "10/2026")
    return made


def test_a_late_employer_is_told_of_once(house):
    who = house.person(1)
    house.paid(who, "01/2020", "08/2026")
    house.paid(who, "09/2026", "10/2026", "cham_dong")
    house.walk()
    [(channel, to, text)] = house.told()
    assert (channel, to) == ("email", "mau@vidu.vn")
    assert "chậm đóng BHXH cho bạn từ tháng 09/2026" in text
    assert EMPLOYER not in text
    [known] = house.rows(EmployerNotice)
    assert (known.person_id, known.first_month, known.last_month) == (who, date(2026, 9, 1), date(2026, 10, 1))
    assert house.walk() == 0, "the day has been walked"
    assert house.walk(DAY + timedelta(days=1)) > 0
    assert len(house.told()) == 1


@pytest.mark.parametrize("status", ["cham_dong", None])
def test_an_employer_whose_code_comes_later_is_not_told_of_again(house, status):
    who = house.person(1)
    rows = [house.paid(who, "01/2020", "08/2026")]
    rows += [house.paid(who, "09/2026", "10/2026", status)] if status else []
    for row in rows:
        house.set(row, employer_code="", employer_key=key_of_name(EMPLOYER))
    house.walk()
    assert len(house.told()) == 1
    for row in rows:
        house.set(row, employer_code="TE0001E", employer_key="TE0001E")
    house.walk(DAY + timedelta(days=1))
    assert len(house.told()) == 1


def test_an_employer_that_stopped_is_told_of_and_how_far_it_has_come_is_kept(house):
    who = house.person(1)
    house.paid(who, "01/2020", "08/2026")
    house.walk()
    [(_channel, _to, text)] = house.told()
    assert "Chưa thấy đơn vị đóng BHXH cho bạn từ tháng 09/2026" in text
    house.paid(house.person(9_998), "01/2020", "11/2026")
    house.walk(DAY + timedelta(days=30))
    assert len(house.told()) == 1
    assert [row.last_month for row in house.rows(EmployerNotice)] == [date(2026, 11, 1)]


def test_the_mail_is_no_notice_of_security_and_waits_for_nothing_by_day(house):
    house.paid(house.person(1), "01/2020", "08/2026")
    house.walk()
    [message] = house.rows(OutboxMessage)
    with house.app.app_context():
        assert opened(house.app.extensions["keyring"], message).subject == "Thông báo của VssID"
    assert message.due_at == DAY


def test_what_was_paid_since_ends_it_and_new_months_are_told_anew(house):
    who = house.person(1)
    house.paid(who, "01/2020", "07/2026")
    late = house.paid(who, "08/2026", "08/2026", "cham_dong")
    house.walk()
    assert len(house.told()) == 1
    house.set(late, status="da_dong")
    house.paid(who, "09/2026", "10/2026", "no_dong")
    house.walk(DAY + timedelta(days=1))
    texts = " ".join(text for _channel, _to, text in house.told())
    assert len(house.told()) == 2
    assert "08/2026" in texts
    assert "09/2026" in texts


def test_a_gap_that_is_paid_in_part_is_no_new_one(house):
    who = house.person(1)
    house.paid(who, "01/2020", "07/2026")
    late = house.paid(who, "08/2026", "08/2026", "cham_dong")
    house.paid(who, "09/2026", "10/2026", "cham_dong")
    house.walk()
    house.set(late, status="da_dong")
    house.walk(DAY + timedelta(days=1))
    assert len(house.told()) == 1


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({}, ["email"]),
        ({"email": None}, []),
        ({"proven": None}, []),
        ({"proven": None, "choice": "email"}, ["email"]),
        ({"email": None, "choice": "sms"}, ["sms"]),
        ({"choice": "sms"}, ["sms"]),
        ({"choice": "email"}, ["email"]),
        ({"choice": "none"}, []),
        ({"email": None, "choice": "email"}, []),
        ({"status": "new"}, []),
        ({"status": "closed"}, []),
        ({"died_on": date(2026, 9, 1)}, []),
        ({"birth_date": "2010"}, []),
        ({"birth_date": "2010", "choice": "sms"}, []),
    ],
)
def test_who_is_reached_and_where(house, account, expected):
    who = house.person(1, **account)
    house.paid(who, "01/2020", "08/2026")
    house.walk()
    assert [channel for channel, _to, _text in house.told()] == expected
    unheard = {"status", "died_on", "birth_date"} & set(account)
    # The bell has it whatever was chosen: who later chooses a message hears of what comes then.
    rung = [] if unheard else ["notice.employer"]
    assert [one.kind for one in house.rows(InboxItem)] == rung
    assert len(house.rows(EmployerNotice)) == len(rung)


def test_a_childs_account_hears_nothing(house):
    guardian = house.person(2)
    who = house.person(1, guardian_id=guardian)
    house.paid(who, "01/2020", "08/2026")
    house.walk()
    assert house.told() == []


def benefit(house: House, who: UUID, kind: str, **more: Any) -> None:
    with unit(house.engine) as db:
        db.add(Benefit(id=uuid4(), person_id=who, kind=kind, amount=1, recorded_at=DAY, updated_at=DAY, **more))


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("huu_tri", {"from_date": "2026-09-01"}, 0),
        ("huu_tri", {"from_date": "2020-01-01", "to_date": date(2020, 12, 31)}, 1),
        ("thai_san", {"from_date": "2026-08-20"}, 0),
        ("thai_san", {"from_date": "2024-08-20", "to_date": date(2025, 2, 20)}, 1),
        ("that_nghiep", {"decision_date": date(2026, 10, 5)}, 0),
        ("mot_lan", {}, 1),
        ("tu_tuat", {"from_date": "2026-09-01"}, 1),
    ],
)
def test_whom_a_benefit_explains_it_to_is_not_told(house, kind, facts, told):
    who = house.person(1)
    house.paid(who, "01/2020", "08/2026")
    benefit(house, who, kind, **facts)
    house.walk()
    assert len(house.told()) == told


def test_whose_pension_was_adjusted_draws_one(house):
    who = house.person(1)
    house.paid(who, "01/2020", "08/2026")
    with unit(house.engine) as db:
        db.add(
            PensionAdjustment(
                id=uuid4(), person_id=who, decision_number="1/MAU", effective_from=date(2026, 9, 1), old_amount=1,
                new_amount=2, recorded_at=DAY, updated_at=DAY,
            )
        )  # fmt: skip
    house.walk()
    assert house.told() == []


def test_only_bhxh_is_looked_at(house):
    who = house.person(1)
    house.paid(who, "01/2020", "10/2026")
    house.paid(who, "08/2026", "10/2026", "no_dong", fund="BHYT")
    house.walk()
    assert house.told() == []


def test_nobody_is_woken(house):
    house.paid(house.person(1), "01/2020", "08/2026")
    for hour in (13, 15, 20, 0):  # 20:00, 22:00, 3:00 and 7:00 in Vietnam
        assert house.walk(datetime(2026, 11, 29, hour, 0, tzinfo=UTC)) == 0
    assert house.walk(datetime(2026, 11, 29, 1, 0, tzinfo=UTC)) > 0
    assert len(house.told()) == 1


def test_flask_work_walks(house):
    house.paid(house.person(1), "01/2020", "08/2026")
    with time_machine.travel(DAY):
        work.Worker(house.app).once()
    assert len(house.told()) == 1


def test_an_empty_register_is_walked_in_one_look(app, engine):
    made = House(app, engine)
    made.person(1)
    assert made.walk() == 0
    assert [row.done_at for row in made.rows(EmployerWatch)] == [DAY]


def crowd(house: House, count: int) -> None:
    """So many people whose employer stopped, and enough others for the register to reach further."""
    for number in range(count // 9):
        house.paid(ELSE, "01/2026", "10/2026", employer=f"Công ty Mẫu {number}")
    for number in range(1, count + 1):
        house.paid(house.person(number, email=f"mau{number}@vidu.vn"), "01/2020", "08/2026")


def test_a_walk_goes_on_where_it_was_and_tells_each_once(house, monkeypatch):
    monkeypatch.setattr(making, "SIZE", 3)
    crowd(house, 10)
    for _step in range(3):
        assert making.step(house.app, DAY)
    told = len(house.told())
    assert 0 < told < 10
    # Some other process, the next day: it goes on, then walks anew.
    house.walk(DAY + timedelta(days=1))
    assert len(house.told()) == len({to for _channel, to, _text in house.told()}) == 10


def test_of_two_walkers_in_the_same_place_one_writes(house, monkeypatch):
    crowd(house, 3)
    assert making.step(house.app, DAY)
    look, rival = making._look, []

    def meanwhile(*given):
        found = look(*given)
        if not rival:
            rival.append(True)
            making.step(house.app, DAY)
        return found

    monkeypatch.setattr(making, "_look", meanwhile)
    house.walk()
    assert len(house.told()) == 3


def test_what_cannot_be_sent_stops_nobody(house):
    house.paid(house.person(1, email="không phải thư"), "01/2020", "08/2026")
    house.paid(house.person(2, email="mau2@vidu.vn"), "01/2020", "08/2026")
    house.walk()
    assert [to for _channel, to, _text in house.told()] == ["mau2@vidu.vn"]
    assert len(house.rows(EmployerNotice)) == 1


def test_an_import_has_everybody_looked_at_again(house, tmp_path):
    who = people.CITIZEN
    with house.app.app_context(), unit(house.engine) as db:
        people.open_account(house.app, db, who)
        account = db.scalars(select(Account).where(Account.phone == "+84" + who.phone[1:])).one()
        account.status, account.email, account.email_proven_at = "active", "mau@vidu.vn", DAY
    house.walk()
    assert house.walk(DAY + timedelta(hours=1)) == 0
    header = "ma_so_bhxh,quy,tu_thang,den_thang,ma_don_vi,ten_don_vi,trang_thai\n"
    rows = header + f"{who.ma_so},BHXH,01/2020,10/2026,TE0001E,Công ty Mẫu,cham_dong\n"
    with time_machine.travel(DAY + timedelta(hours=2)):
        assert Desk(house.app, tmp_path).take("contributions", rows).code == 0
    house.walk(DAY + timedelta(hours=2, minutes=5))
    assert [text for _channel, _to, text in house.told() if "01/2020" in text]
    assert house.walk(DAY + timedelta(hours=3)) == 0


def test_old_memories_go(house):
    who = house.person(1)
    house.paid(who, "01/2020", "10/2026")
    with unit(house.engine) as db:
        for first, last in ((date(2024, 5, 1), date(2024, 9, 1)), (date(2024, 8, 1), date(2024, 10, 1))):
            db.add(EmployerNotice(person_id=who, employer_key="x", first_month=first, last_month=last, told_at=DAY))
    house.walk()
    assert [row.last_month for row in house.rows(EmployerNotice)] == [date(2024, 10, 1)]


def test_statements_do_not_grow_with_people(house, hear):
    crowd(house, 2)
    making.step(house.app, DAY)
    hear.clear()
    making.step(house.app, DAY)
    few = len(hear)
    crowd_of = House(house.app, house.engine)
    for number in range(20, 40):
        crowd_of.paid(crowd_of.person(number, choice="none"), "01/2020", "08/2026")
    house.walk(DAY + timedelta(days=1))
    making.step(house.app, DAY + timedelta(days=2))
    hear.clear()
    making.step(house.app, DAY + timedelta(days=2))
    assert len(hear) <= few <= 22, "\n".join(hear)  # on PostgreSQL each unit begins with a statement of its own


def test_a_killed_walk_is_ended_by_the_next_one(house):
    """Real processes, each killed as soon as it has told somebody."""
    crowd(house, 60)
    command, before = [sys.executable, "-c", WALKER], 0
    for _kill in range(3):
        with subprocess.Popen(command, cwd=PROJECT_ROOT, env=environ_of(house.app), stdout=subprocess.PIPE) as process:
            while (told := len(house.rows(EmployerNotice))) == before:
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
        before = told
    assert 0 < len(house.rows(EmployerNotice)) < 60
    house.walk()
    receivers = [to for _channel, to, _text in house.told()]
    assert len(receivers) == len(set(receivers)) == len(house.rows(EmployerNotice)) == 60


WALKER = """
import time
from datetime import UTC, datetime
from vssid.factory import create_app
from vssid.records.contributions.watch import making
making.SIZE = 1
app = create_app()
while making.step(app, datetime(2026, 11, 29, 3, 0, tzinfo=UTC)):
    time.sleep(0.02)
"""
