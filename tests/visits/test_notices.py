"""“Có lần khám mới”: told to who asked for it, once a day, never what it was; a guardian hears of the child."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, select

from tests import people
from tests.imports.test_undo import newest, take_back
from tests.visits.build import Visit, file_of
from vssid import accounts, content
from vssid.accounts.models import Account, NoticeChoice
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import VIETNAM
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.kernel.text import SMS_SEGMENT, sms_text
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT
from vssid.records.visits import notices
from vssid.web.i18n import say_in

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=VIETNAM)
HIV = {"MA_BENH_CHINH": "B20", "CHAN_DOAN_RV": "Nhiễm HIV"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


class Ears:
    """Gives people accounts and choices, and reads what they were told."""

    def __init__(self, app, engine, register):
        self.app, self.engine, self.register = app, engine, register

    def let_in(self, who: people.Specimen, choice: str | None = "sms", **facts) -> None:
        with self.app.app_context(), unit(self.engine) as db:
            account = Account(
                id=uuid4(), person_id=self.register[who.ma_so], status="active", phone="+84" + who.phone[1:],
                language="vi", sms_sign_in=True, terms_version="", created_at=NOON, **{"email": "mau@vidu.vn", **facts},
            )  # fmt: skip
            db.add(account)
            db.flush()
            if choice:
                db.add(NoticeChoice(account_id=account.id, kind="visit", channel=choice))

    def guard(self, *, agreed: datetime | None = NOON, until: datetime | None = None) -> None:
        guardian, child = self.register[people.GUARDIAN.ma_so], self.register[people.CHILD.ma_so]
        with self.app.app_context(), unit(self.engine) as db:
            db.add(
                Guardianship(
                    id=uuid4(), child_id=child, guardian_id=guardian, valid_from=NOON.date() - timedelta(days=100),
                    valid_to=until and until.date(), source="test",
                )
            )  # fmt: skip
            if agreed:
                accounts.record_consent(
                    db, ("person", child), {CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST,
                    by=OPERATOR, at=agreed,
                )  # fmt: skip

    def set(self, who: people.Specimen, **values) -> None:
        with unit(self.engine) as db:
            person = db.get_one(Person, self.register[who.ma_so])
            for name, value in values.items():
                setattr(person, name, value)

    def messages(self) -> list[OutboxMessage]:
        with reading(self.engine) as db:
            return list(db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice.visit")))

    def told(self) -> list[tuple[str, str]]:
        letters = [opened(self.app.extensions["keyring"], one) for one in self.messages()]
        return sorted((one.to, one.text) for one in letters)


@pytest.fixture
def ears(app, engine, register) -> Ears:
    return Ears(app, engine, register)


def visit(link: str, days: int = 3, who: people.Specimen = people.CITIZEN, **values: str) -> Visit:
    """A visit of so many days ago."""
    day = f"{NOON - timedelta(days=days):%Y%m%d}"
    times = {"NGAY_VAO": day + "0805", "NGAY_RA": day + "1030", "NGAY_TTOAN": day + "1030"}
    return Visit(link, who, values={**times, **values})


CHILDS = people.CHILD


def take(book, *visits: Visit, status: int = 0) -> None:
    done = book.take(file_of(*visits))
    assert done.code == status, done.err


def test_who_asked_hears_of_a_new_visit_and_of_nothing_in_it(book, ears):
    ears.let_in(people.CITIZEN)
    take(book, visit("MAU0001", 3))
    [(to, text)] = ears.told()
    assert to == "+84900000101"
    assert "lan kham moi, ngay 26/11" in text
    for secret in ("89012", "I10", "huyet ap", "dai thao", people.CITIZEN.name, "95", "http"):
        assert secret not in text


@pytest.mark.parametrize("choice", [None, "none"])
def test_nobody_hears_unasked(book, ears, choice):
    ears.let_in(people.CITIZEN, choice)
    take(book, visit("MAU0001"))
    assert ears.told() == []


def test_a_batch_is_one_message_and_so_is_a_day(book, ears):
    ears.let_in(people.CITIZEN, "email")
    take(book, visit("MAU0001", 9), visit("MAU0002", 4), visit("MAU0003", 6))
    [(to, text)] = ears.told()
    assert to == "mau@vidu.vn"
    assert "ngày 25/11" in text
    assert "Không muốn nhận thông báo này nữa?" in text
    take(book, visit("MAU0004", 1))
    assert len(ears.told()) == 1
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        take(book, visit("MAU0005", 0))
    assert len(ears.told()) == 2


def test_visits_that_are_taken_back_and_come_again_the_same_day_tell_nobody_twice(book, ears, engine):
    ears.let_in(people.CITIZEN)
    ears.let_in(people.GUARDIAN)
    ears.guard()
    file = [visit("MAU0001", 3), visit("MAU0002", 3, who=CHILDS)]
    take(book, *file)
    assert len(ears.told()) == 2
    take_back(engine, newest(engine))
    assert book.visits() == []
    take(book, *file)
    assert len(book.visits()) == 2
    assert len(ears.told()) == 2
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        take(book, visit("MAU0003", 1))
    assert len(ears.told()) == 3


def test_a_guardian_hears_of_each_child_and_of_themselves_once_a_day(book, ears):
    ears.let_in(people.GUARDIAN)
    ears.guard()
    for link, who in (
        ("MAU0001", people.GUARDIAN),
        ("MAU0002", CHILDS),
        ("MAU0003", people.GUARDIAN),
        ("MAU0004", CHILDS),
    ):
        take(book, visit(link, who=who))
    assert sorted("cua con" in text for _to, text in ears.told()) == [False, True]


def test_the_same_file_again_and_a_changed_visit_tell_nobody(book, ears):
    ears.let_in(people.CITIZEN)
    take(book, visit("MAU0001"))
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        take(book, visit("MAU0001"))
        take(book, visit("MAU0001", LY_DO_VV="Đau lưng mẫu"))
    assert len(book.visits()) == 1
    assert len(ears.told()) == 1


@pytest.mark.parametrize(("days", "told"), [(60, 1), (61, 0), (900, 0)])
def test_histories_that_are_loaded_later_tell_nobody(book, ears, days, told):
    ears.let_in(people.CITIZEN)
    take(book, visit("MAU0001", days))
    assert len(ears.told()) == told
    if not told:
        take(book, visit("MAU0002", 2))
        assert len(ears.told()) == 1, "what was not told of keeps nothing back"


def test_at_night_it_waits_until_eight(book, ears):
    ears.let_in(people.CITIZEN)
    with time_machine.travel(NOON + timedelta(hours=11), tick=False):
        take(book, visit("MAU0001"))
    [message] = ears.messages()
    assert message.due_at == datetime(2026, 11, 30, 8, 0, tzinfo=VIETNAM)


def test_nobody_is_told_of_the_dead(book, ears):
    ears.let_in(people.CITIZEN)
    ears.set(people.CITIZEN, died_on=NOON.date())
    take(book, visit("MAU0001"))
    assert ears.told() == []


def test_strangers_hear_nothing(book, ears):
    for who in (people.STRANGER, people.GUARDIAN):
        ears.let_in(who)
    take(book, visit("MAU0001"))
    assert ears.told() == []


# --- children ---------------------------------------------------------------------------------------------------------


def test_a_guardian_who_asked_hears_of_the_child(book, ears):
    ears.let_in(people.GUARDIAN)
    ears.guard()
    take(book, visit("MAU0001", who=CHILDS))
    [(to, text)] = ears.told()
    assert to == "+84900000103"
    assert "cua con" in text
    assert "An" not in text.split()


def test_a_guardian_who_did_not_ask_hears_nothing_and_the_childs_account_neither(book, ears):
    ears.let_in(people.GUARDIAN, "none")
    ears.guard()
    guardian = ears.register[people.GUARDIAN.ma_so]
    ears.let_in(people.Specimen("", CHILDS.ma_so, "", "", "", "0900000104"), guardian_id=guardian)
    take(book, visit("MAU0001", who=CHILDS))
    assert ears.told() == []


@pytest.mark.parametrize(
    "bond",
    [
        {"agreed": None},
        {"agreed": NOON - timedelta(days=5 * 365)},
        {"until": NOON},
        {"until": NOON - timedelta(days=1)},
    ],
)
def test_no_guardian_without_a_bond_and_an_agreement_that_hold(book, ears, bond):
    ears.let_in(people.GUARDIAN)
    ears.guard(**bond)
    take(book, visit("MAU0001", who=CHILDS))
    assert ears.told() == []


def test_who_is_of_age_has_no_guardian(book, ears):
    ears.let_in(people.GUARDIAN)
    ears.guard()
    ears.set(CHILDS, birth_date="2008-11-29")
    take(book, visit("MAU0001", who=CHILDS))
    assert ears.told() == []


def test_from_sixteen_on_no_guardian_hears_of_a_sensitive_visit(book, ears):
    ears.let_in(people.GUARDIAN)
    ears.guard()
    ears.set(CHILDS, birth_date="2010-05-05")
    take(book, visit("MAU0001", who=CHILDS, **HIV))
    assert ears.told() == []
    take(book, visit("MAU0002", 5, who=CHILDS))
    [(_to, text)] = ears.told()
    assert "ngay 24/11" in text
    take(book, visit("MAU0003", 1, who=CHILDS))
    assert len(ears.told()) == 1


def test_below_sixteen_a_guardian_hears_of_every_visit(book, ears):
    ears.let_in(people.GUARDIAN)
    ears.guard()
    take(book, visit("MAU0001", who=CHILDS, **HIV))
    assert len(ears.told()) == 1


def test_one_hears_of_ones_own_sensitive_visit(book, ears):
    ears.let_in(people.CITIZEN)
    take(book, visit("MAU0001", **HIV))
    [(_to, text)] = ears.told()
    assert "HIV" not in text


# --- the whole --------------------------------------------------------------------------------------------------------


def test_an_address_that_cannot_be_written_to_keeps_no_visit_out(book, ears):
    ears.let_in(people.CITIZEN, "email", email="không phải thư @")
    ears.let_in(people.STRANGER)
    take(book, visit("MAU0001"), visit("MAU0002", who=people.STRANGER))
    assert len(book.visits()) == 2
    assert [to for to, _text in ears.told()] == ["+84900000102"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("words", [notices.OWN, notices.CHILDS])
def test_each_is_one_sms(app, words, language):
    with app.app_context():
        text = say_in(language, Label(str(words), day="30/12", hotline="9" * 14))
    assert len(sms_text(text)) <= SMS_SEGMENT


def test_reads_do_not_grow_with_visits(book, ears, engine):
    ears.let_in(people.CITIZEN)
    ears.let_in(people.GUARDIAN)
    ears.guard()
    heard: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    counts = []
    for day, many in enumerate((1, 40)):
        heard.clear()
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            visits = [visit(f"MAU{day}{n:03}", 3, who=(people.CITIZEN, CHILDS)[n % 2]) for n in range(2 * many)]
            take(book, *visits)
        reads = ("FROM persons", "guardianships", "consents", "notice_choices", "FROM audit_entries")
        counts.append(sum(one.startswith("SELECT") and any(name in one for name in reads) for one in heard))
    event.remove(engine, "before_cursor_execute", listen)
    assert counts[0] == counts[1]
    assert len(ears.told()) == 4
