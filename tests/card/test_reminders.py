"""The walk: who agreed to it hears once a step of a card that ends, by day, whatever is killed, corrected or repeated."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from tests.walks import DAY, Walked, add_account, add_person
from vssid import accounts, content, records
from vssid.accounts.models import Account
from vssid.card.models import Card
from vssid.card.renewal import MAKERS, reminding
from vssid.card.renewal.models import CardReminder, CardWatch
from vssid.directory.models import Facility
from vssid.kernel.audit import OPERATOR
from vssid.kernel.db import unit
from vssid.records.models import Person
from vssid.records.rules import CHILD_CONSENT

TODAY = date(2026, 11, 29)


class House(Walked):
    """A register with accounts and cards, and the walk."""

    step = staticmethod(reminding.step)
    kind = "card.reminder"

    def person(
        self, number: int, *, agrees: bool | None = True, version: str = content.TERMS_VERSION, **more: Any
    ) -> UUID:
        """Somebody with an account and a telephone, who agreed to reminders in this version of the terms."""
        died, birth = more.pop("died_on", None), more.pop("birth_date", "1985-09-04")
        with unit(self.engine) as db:
            id = add_person(db, number, birth=birth, died_on=died)
            account = add_account(db, id, terms_version=content.TERMS_VERSION, **more)
            if agrees is not None:
                self._agree(db, ("account", account), "nhac_viec", agrees, version, DAY - timedelta(days=9))
        return id

    def _agree(self, db: Any, subject: tuple[str, UUID], purpose: str, given: bool, version: str, at: datetime) -> None:
        accounts.record_consent(db, subject, {purpose: given}, version, content.TERMS_DIGEST, by=OPERATOR, at=at)

    def withdraws(self, person: UUID) -> None:
        with unit(self.engine) as db:
            account = db.scalar(select(Account.id).where(Account.person_id == person))
            self._agree(db, ("account", account), "nhac_viec", False, content.TERMS_VERSION, DAY - timedelta(days=1))

    def child(self, number: int, guardian: UUID, *, agreed: bool = True, birth: str = "2019-05-05") -> UUID:
        with unit(self.engine) as db:
            id = add_person(db, number, "Nguyễn Bé Mẫu", birth)
            persons = records.person(db, guardian), records.person(db, id)
            records.add_guardianship(db, *persons, date(2026, 1, 1), "decision")
            if agreed:
                self._agree(db, ("person", id), CHILD_CONSENT, True, content.TERMS_VERSION, DAY - timedelta(days=9))
        return id

    def card(self, person: UUID, days: int | None, **more: Any) -> None:
        """A card that ends in so many days."""
        with unit(self.engine) as db:
            number = f"89{person.int >> 64:08}"
            values = {
                "valid_from": date(2026, 1, 1), "version": 1, "object_code": "DN", "level": 4,
                "valid_to": None if days is None else TODAY + timedelta(days=days), **more,
            }  # fmt: skip
            db.add(
                Card(
                    id=uuid4(), person_id=person, ma_so_bhxh=number, number=number, facility_code="89012",
                    recorded_at=DAY, **values,
                )
            )  # fmt: skip


@pytest.fixture
def house(app: Flask, engine: Engine) -> House:
    """The facility of the cards stands in the list."""
    with unit(engine) as db:
        db.add(Facility(code="89012", name="Bệnh viện Mẫu", folded="benh vien mau", province_code="91"))
    return House(app, engine)


def test_a_card_that_ends_is_told_of_thirty_and_seven_days_before_and_never_twice(house):
    house.card(house.person(1), 30)
    counts = []
    for day in range(32):
        house.walk(DAY + timedelta(days=day))
        house.walk(DAY + timedelta(days=day, hours=2))
        counts.append(len(house.told()))
    assert counts == [1] * 23 + [2] * 9
    assert {text for _channel, _to, text in house.told()} == {
        "VssID: The BHYT cua ban ghi dung den het 29/12/2026. Mo VssID, muc The BHYT de xem can lam gi. Khong ai thu phi"
        " gia han. Hoi 1900 0000."
    }


def test_after_a_stop_over_both_days_the_later_one_goes_out(house):
    house.card(house.person(1), 30)
    house.walk(DAY + timedelta(days=25))
    house.walk(DAY + timedelta(days=26))
    assert len(house.told()) == 1
    assert [row.days_before for row in house.rows(CardReminder)] == [7]


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({}, 1),
        ({"agrees": None}, 0),
        ({"agrees": False}, 0),
        # What was agreed to then spoke of declarations only.
        ({"version": "2026-11"}, 0),
        ({"status": "new"}, 0),
        ({"status": "closed"}, 0),
        ({"died_on": date(2026, 5, 1)}, 0),
    ],
)
def test_only_who_agreed_and_lives_is_told(house, account, told):
    house.card(house.person(1, **account), 7)
    house.walk()
    assert len(house.told()) == told


def test_who_has_withdrawn_is_told_no_more(house):
    person = house.person(1)
    house.card(person, 7)
    house.withdraws(person)
    house.walk()
    assert house.told() == []


@pytest.mark.parametrize(
    ("email", "proven", "to"),
    [("mau@vidu.vn", DAY, ("email", "mau@vidu.vn")), ("mau@vidu.vn", None, ("sms", "+84900000001"))],
)
def test_a_proven_address_gets_a_letter_that_says_how_to_end_them(house, email, proven, to):
    house.card(house.person(1, email=email, email_proven_at=proven), 7)
    house.walk()
    [(channel, receiver, text)] = house.told()
    assert (channel, receiver) == to
    assert ("rút đồng ý" in text) is (channel == "email")


@pytest.mark.parametrize(
    "card",
    [
        {"object_code": "HT"},
        {"object_code": "BT"},
        {"status": "thu_hoi"},
        {"valid_from": date(2026, 12, 1)},
    ],
)
def test_a_card_that_the_agency_renews_or_that_does_not_hold_is_not_told_of(house, card):
    house.card(house.person(1), 7, **card)
    house.walk()
    assert house.told() == []


def test_a_household_is_told_to_pay_in_time(house):
    house.card(house.person(1), 7, object_code="GD")
    house.walk()
    assert "Dong tiep truoc ngay do" in house.told()[0][2]


def test_who_has_the_next_card_already_is_not_told(house):
    person = house.person(1)
    house.card(person, 7)
    house.card(person, 300, valid_from=TODAY + timedelta(days=8))
    house.walk()
    assert house.told() == []


def test_a_correction_that_leaves_the_last_day_is_no_news_another_day_is(house):
    person = house.person(1)
    house.card(person, 7)
    house.walk()
    house.card(person, 7, version=2, level=3)
    house.walk(DAY + timedelta(days=1))
    assert len(house.told()) == 1
    house.card(person, 5, version=3)
    house.walk(DAY + timedelta(days=2))
    assert len(house.told()) == 2


def test_a_withdrawn_version_ends_it(house):
    person = house.person(1)
    house.card(person, 7)
    house.card(person, 7, version=2, status="thu_hoi")
    house.walk()
    assert house.told() == []


def test_a_card_under_a_merged_number_counts(house):
    survivor, lost = house.person(1), house.person(2, agrees=None)
    house.card(lost, 7)
    with unit(house.engine) as db:
        db.execute(update(Person).where(Person.id == lost).values(merged_into_id=survivor))
    house.walk()
    assert [to for _channel, to, _text in house.told()] == ["+84900000001"]


def test_the_guardian_hears_of_a_childs_card(house):
    mother = house.person(1)
    house.card(house.child(2, mother), 7)
    house.walk()
    [(_channel, to, text)] = house.told()
    assert to == "+84900000001"
    assert "The BHYT cua con ghi" in text
    assert "Be Mau" not in text


@pytest.mark.parametrize("child", [{"agreed": False}, {"birth": "2008-01-01"}])
def test_without_agreement_or_once_grown_the_child_is_not_told_of(house, child):
    house.card(house.child(2, house.person(1), **child), 7)
    house.walk()
    assert house.told() == []


def test_a_childs_own_account_hears_nothing(house):
    mother = house.person(1)
    child = house.person(2, guardian_id=mother, birth_date="2019-05-05")
    house.card(child, 7)
    house.walk()
    assert house.told() == []


@pytest.mark.parametrize(("hour", "awake"), [(0, False), (1, True), (12, True), (13, False), (20, False)])
def test_nobody_is_woken(house, hour, awake):
    house.card(house.person(1), 7)
    house.walk(DAY.replace(hour=hour))
    assert bool(house.told()) is awake


def test_a_walk_goes_on_where_it_was(house, monkeypatch):
    monkeypatch.setattr(reminding, "SIZE", 3)
    for number in range(1, 11):
        house.card(house.person(number), 7)
    for _step in range(3):
        assert reminding.step(house.app, DAY)
    assert 0 < len(house.told()) < 10
    # Some other process, the next day: it goes on, then walks anew.
    house.walk(DAY + timedelta(days=1))
    assert len(house.told()) == len({to for _channel, to, _text in house.told()}) == 10
    assert house.rows(CardWatch)[0].done_at == DAY + timedelta(days=1)


def test_of_two_walkers_in_the_same_place_one_writes(house, monkeypatch):
    for number in range(1, 4):
        house.card(house.person(number), 7)
    assert reminding.step(house.app, DAY)
    look, rival = reminding.look, []

    def meanwhile(*given):
        found = look(*given)
        if not rival:
            rival.append(True)
            reminding.step(house.app, DAY)
        return found

    monkeypatch.setattr(reminding, "look", meanwhile)
    house.walk()
    assert len(house.told()) == 3


def test_what_cannot_be_sent_stops_nobody(house):
    house.card(house.person(1, email="không phải thư", email_proven_at=DAY), 7)
    house.card(house.person(2), 7)
    house.walk()
    assert [to for _channel, to, _text in house.told()] == ["+84900000002"]
    assert len(house.rows(CardReminder)) == 1


def test_old_memories_go(house):
    person = house.person(1)
    house.card(person, 7)
    house.walk()
    with unit(house.engine) as db:
        db.execute(update(CardReminder).values(ends_on=date(2026, 8, 1)))
    house.card(person, 6, version=2)
    house.walk(DAY + timedelta(days=1))
    assert [row.ends_on for row in house.rows(CardReminder)] == [TODAY + timedelta(days=6)]


def test_statements_do_not_grow_with_people(house, hear):
    def asked(people_from: int, count: int) -> int:
        for number in range(people_from, people_from + count):
            mother = house.person(number)
            house.card(mother, 40)
            house.card(house.child(number + 1_000, mother), 40)
        hear.clear()
        at = DAY + timedelta(days=people_from)
        house.walk(at)
        return len(hear)

    assert asked(1, 2) == asked(3, 12)


def test_flask_work_knows_the_walk(app):
    assert MAKERS[0] in app.extensions["makers"]
