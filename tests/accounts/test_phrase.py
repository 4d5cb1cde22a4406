"""Câu riêng: what may be one, that it stands in every message to its owner, that each still costs one SMS, and who never learns it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.accounts.sms import LANGUAGES, every_sms, sources
from vssid import accounts
from vssid.accounts import phrases
from vssid.accounts.models import Account, LoginSession
from vssid.accounts.rules import PHRASE_LONGEST, own_phrase, with_phrase
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.crypto import Unreadable
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import SMS_SEGMENT
from vssid.notifications import one_segment
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage

DONE = N_("VssID: Xong.")
PAGE = "/tai-khoan/cau-rieng"
OWN = ("Nguyễn Văn Mẫu An", "8900000101", "0900 000 101")


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [("Lúa Vàng", "lua vang"), ("  con   cò ", "con co"), ("Đồng Tháp", "dong thap"), ("abc", "abc"), ("ngo 12", "ngo 12"), ("a" * 16, "a" * 16)],
)  # fmt: skip
def test_a_phrase_is_kept_as_messages_have_it(typed, phrase):
    assert own_phrase(typed, OWN) == phrase


@pytest.mark.parametrize(
    "typed",
    [
        "ab", "", "   ", "a" * 17, "lua-vang", "lúa (vàng)", "a:b c", "lua\nvang!", "ｌúa", "луа ванг", "黄稻谷", "12345 ab", "mã 90817", "89000", "0900000101",
        "Mẫu An", "văn", "nguyen an", "VssID", "vss id", "bhxh", "x 8900000101",
    ],
)  # fmt: skip
def test_what_messages_cannot_bear_or_others_know_is_refused(typed):
    with pytest.raises(Refused) as refused:
        own_phrase(typed, OWN)
    assert refused.value.field == "phrase"


def test_an_sms_says_it_after_our_name_and_a_letter_in_its_first_line():
    assert with_phrase("VssID: Xong.", "lua vang") == "VssID (lua vang): Xong."
    assert with_phrase("Tờ khai xong.\n\nHết.", "lua vang") == "VssID (lua vang)\n\nTờ khai xong.\n\nHết."
    assert with_phrase("VssID: Xong.", "") == "VssID: Xong."


def test_every_sms_of_the_house_stays_one_segment_with_the_longest_phrase():
    assert len(sources()) > 60
    texts = list(every_sms())
    assert {language for language, _text in texts} == set(LANGUAGES)
    long = [
        (len(marked), marked)
        for _language, text in texts
        if len(marked := with_phrase(text, "w" * PHRASE_LONGEST)) > SMS_SEGMENT
    ]
    assert long == []
    for _language, text in texts:
        assert text.startswith("VssID: ")
        assert one_segment(with_phrase(text, "w" * PHRASE_LONGEST), "test").startswith("VssID (www")


@pytest.fixture
def owner(app, engine, client):
    """A signed-in citizen."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


@pytest.fixture
def account_id(owner, engine):
    with reading(engine) as db:
        return db.scalars(select(Account.id)).one()


def texts(app, engine, kind: str = "") -> list[str]:
    with reading(engine) as db:
        rows = db.scalars(
            select(OutboxMessage).where(OutboxMessage.kind.startswith(kind)).order_by(OutboxMessage.created_at)
        )
        return [opened(app.extensions["keyring"], row).text for row in rows if row.sealed]


def set_phrase(client, words: str = "Lúa vàng", **options):
    return people.post(client, PAGE, {"phrase": words}, **options)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_is_set_shown_told_and_noted(app, engine, owner, headers):
    assert "lua vang" in pages.get(owner, PAGE)  # as an example
    answer = set_phrase(owner, "Con cò bay", headers=headers)
    assert answer.status_code == (204 if headers else 303)
    assert "VssID (con co bay): …" in pages.get(owner, PAGE)
    [told] = texts(app, engine, "notice.phrase")
    assert told.startswith("VssID: Cau rieng cua tai khoan vua duoc doi hoac bo.")
    with reading(engine) as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.tag == "account.phrase_changed"))
        assert "con co" not in repr(vars(entry))
        assert b"con co" not in db.scalars(select(Account.own_phrase)).one()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_will_not_do_is_refused_and_says_why(owner, engine, headers):
    answer = set_phrase(owner, people.CITIZEN.name.split()[-1], headers=headers)
    assert answer.status_code == 422
    assert ("<html" in answer.get_data(as_text=True)) == (not headers)
    assert set_phrase(owner, "x" * 41, headers=headers).status_code == 422
    assert set_phrase(owner, "", headers=headers).status_code == 422
    with reading(engine) as db:
        assert db.scalars(select(Account.own_phrase)).one() is None


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_is_removed(app, engine, owner, headers):
    set_phrase(owner)
    answer = people.post(owner, f"{PAGE}/xoa", page=PAGE, headers=headers)
    assert answer.status_code == (204 if headers else 303)
    with reading(engine) as db:
        assert db.scalars(select(Account.own_phrase)).one() is None
    assert texts(app, engine, "notice.phrase")[-1].startswith("VssID (lua vang): Cau rieng")


def test_a_change_is_told_in_words_that_the_owner_still_believes(app, engine, owner):
    """Whoever changes it without being the owner would else be announced by a message without the owner's phrase."""
    set_phrase(owner)
    set_phrase(owner, "Con cò bay")
    assert texts(app, engine, "notice.phrase")[-1].startswith("VssID (lua vang): Cau rieng")


def test_it_is_asked_for_the_password_first_where_that_is_long_ago(app, engine, owner):
    with unit(engine) as db:
        for one in db.scalars(select(LoginSession)):
            one.proven_at = now() - timedelta(minutes=6)
    assert "Làm tiếp" in set_phrase(owner).get_data(as_text=True)
    with reading(engine) as db:
        assert db.scalars(select(Account.own_phrase)).one() is None


def test_a_stranger_never_sees_it(app, engine, owner, new_client):
    set_phrase(owner, "Con cò bay")
    other = new_client()
    assert other.get(PAGE).status_code in (302, 303)
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    people.citizen_signs_in(app, other, people.STRANGER.ma_so)
    assert "con co bay" not in pages.get(other, PAGE)


def test_the_account_page_leads_there(owner):
    assert f'href="{PAGE}"' in pages.get(owner, "/tai-khoan")


def test_a_code_begins_with_it(app, engine, owner, new_client):
    set_phrase(owner)
    people.post(new_client(), "/quen-mat-khau", {"phone": people.CITIZEN.phone, "name": people.CITIZEN.ma_so})
    assert texts(app, engine, "code.reset")[-1].startswith("VssID (lua vang): Ma dat lai mat khau")


def tell(app, engine, to: str, account_id, words: Label = DONE) -> str:
    with app.app_context(), unit(engine) as db:
        accounts.tell(db, app.extensions["keyring"], to, "vi", words, "test", account_id, now())
    return texts(app, engine, "test")[-1]


def test_only_numbers_and_addresses_that_the_owner_has_proven_get_it(app, engine, owner, account_id):
    set_phrase(owner)
    phone = "+84" + people.CITIZEN.phone[1:]
    assert tell(app, engine, phone, account_id) == "VssID (lua vang): Xong."
    assert tell(app, engine, "+84900000987", account_id) == "VssID: Xong."
    with unit(engine) as db:
        db.get_one(Account, account_id).email = "an@mau.vn"
    assert tell(app, engine, "an@mau.vn", account_id) == "VssID: Xong."
    with unit(engine) as db:
        db.get_one(Account, account_id).email_proven_at = now()
    assert tell(app, engine, "an@mau.vn", account_id) == "VssID (lua vang): Xong."
    assert tell(app, engine, "ai@mau.vn", account_id) == "VssID: Xong."
    with unit(engine) as db:
        db.get_one(Account, account_id).phone_proven_at = None
    assert tell(app, engine, phone, account_id) == "VssID: Xong."


def test_a_childs_message_carries_the_guardians(app, engine, owner, account_id):
    set_phrase(owner)
    with app.app_context(), unit(engine) as db:
        child = people.add_person(db, people.STRANGER)
        guardian = db.get_one(Account, account_id)
        guardian.email, guardian.email_proven_at = "an@mau.vn", now()
        db.add(
            made := Account(
                id=child,
                person_id=child,
                status="active",
                guardian_id=guardian.person_id,
                email="an@mau.vn",
                created_at=now(),
            )
        )
        db.flush()
        id = made.id
    assert tell(app, engine, "+84" + people.CITIZEN.phone[1:], id).startswith("VssID (lua vang): ")
    assert tell(app, engine, "an@mau.vn", id).startswith("VssID (lua vang): ")


def test_a_message_too_long_for_it_arrives_without(app, engine, owner, account_id):
    set_phrase(owner)
    words = Label("VssID: " + "x" * 150)
    assert tell(app, engine, "+84" + people.CITIZEN.phone[1:], account_id, words) == str(words)


def test_the_bell_does_not_show_it(owner):
    set_phrase(owner, "Con cò bay")
    assert "con co bay" not in pages.get(owner, "/thong-bao")


def test_a_closed_account_has_none(app, engine, owner, account_id):
    set_phrase(owner)
    with app.app_context(), unit(engine) as db:
        account = db.get_one(Account, account_id)
        accounts.contacts.close(db, account, by=OPERATOR, at=now(), reason="test")
    with reading(engine) as db:
        assert db.get_one(Account, account_id).own_phrase is None


def test_it_opens_in_no_other_row(app):
    keyring = app.extensions["keyring"]
    one, other = uuid4(), uuid4()
    sealed = phrases.sealed(keyring, one, "lua vang")
    with pytest.raises(Unreadable):
        keyring.open_text(sealed, phrases._purpose(other))
    assert b"lua" not in sealed
