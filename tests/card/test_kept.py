"""A phone that keeps a card, over HTTP: agreeing, renewing, and everything that ends it."""

import json
from base64 import b64decode
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, select

from tests import pages, people
from vssid import accounts, content
from vssid.accounts.models import Account, Consent, Device
from vssid.attesting import keys
from vssid.card import strips
from vssid.card.models import Card
from vssid.card.queries import holder
from vssid.card.strips import actions, queries, rules
from vssid.card.strips.models import KeptCard
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.records.models import Guardianship, Person
from vssid.records.rules import CHILD_CONSENT
from vssid.web import i18n

KEEP = "/ca-nhan/the-bhyt/giu-tren-may"
JSON = {"Accept": "application/json"}


@pytest.fixture
def citizen(app, engine, new_client):
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN)
    client = new_client()
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    return client


def keep(client, path: str = KEEP) -> dict:
    answer = people.post(client, path, {"giu_the": "y"}, headers=JSON)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_json()


def renew(client, secret: str, **more):
    return client.post("/the-da-luu/lam-moi", data={"khoa": secret, **more})


def row(engine) -> KeptCard:
    with reading(engine) as db:
        return db.scalars(
            select(KeptCard).order_by(KeptCard.renewed_at.desc(), KeptCard.ended_at.is_(None).desc())
        ).first()


def strip_of(kept: dict, nth: int = 0) -> str:
    body, signatures = b64decode(kept["dai"]), b64decode(kept["ky"])
    day = date.fromisoformat(kept["tu"]) + timedelta(days=nth)
    return rules.written(rules.of_day(body, day), signatures[nth * 64 : (nth + 1) * 64])


def check(app, engine, text: str, on: date | None = None) -> strips.Checked:
    with reading(engine) as db:
        return strips.check(db, app.extensions["keyring"], text, on or today(), specimen=False)


def test_agreeing_gives_a_strip_for_each_of_28_days_in_less_than_4_kb(app, engine, citizen):
    html = pages.get(citizen, KEEP)
    assert "Tôi đồng ý giữ thẻ BHYT này trên máy" in html
    assert "checked" not in html.split('name="giu_the"')[1].split(">")[0]
    kept = keep(citizen)
    assert len(json.dumps({name: kept[name] for name in ("dai", "tu", "ky", "so")}).encode()) <= 4096
    for nth in range(28):
        found = check(app, engine, strip_of(kept, nth), today() + timedelta(days=nth))
        assert found.verdict is strips.Verdict.GOOD
    with reading(engine) as db:
        assert [(one.purpose, one.given) for one in db.query(Consent) if one.purpose == "giu_the"] == [
            ("giu_the", True)
        ]
        assert db.query(AuditEntry).where(AuditEntry.tag == "card.kept").count() == 1


def test_without_script_nothing_is_kept_and_the_paper_is_offered(engine, citizen):
    answer = people.post(citizen, KEEP, {"giu_the": "y"})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "Hãy in thẻ (PDF)" in html
    assert "/ca-nhan/the-bhyt.pdf" in html
    with reading(engine) as db:
        assert db.query(KeptCard).count() == 0


def test_without_agreeing_nothing_is_kept(engine, citizen):
    answer = people.post(citizen, KEEP, {}, headers=JSON)
    assert answer.status_code == 422
    with reading(engine) as db:
        assert db.query(KeptCard).count() == 0


def test_the_secret_renews_without_a_session_and_nothing_else_does(app, engine, citizen, new_client):
    kept = keep(citizen)
    stranger = new_client()
    with time_machine.travel(now() + timedelta(days=5)):
        fresh = renew(stranger, kept["khoa"]).get_json()
        assert fresh["tu"] == today().isoformat()
        assert check(app, engine, strip_of(fresh)).verdict is strips.Verdict.GOOD
    for secret in ("", "x" * 43, kept["khoa"][:-1]):
        answer = renew(stranger, secret)
        assert answer.status_code == 410
        assert "Máy này không còn được giữ thẻ" in answer.get_json()["loi"]
    assert renew(stranger, kept["khoa"], csrf_token="none").status_code == 200
    assert (
        stranger.post(
            "/the-da-luu/lam-moi", data={"khoa": kept["khoa"]}, headers={"Origin": "https://xau.example"}
        ).status_code
        == 403
    )


def test_the_portrait_travels_once(app, engine, citizen):
    with unit(engine) as db:
        stored = app.extensions["files"].put(db, people.photo_bytes(), "image/jpeg", now())
        db.flush()
        db.query(Person).one().portrait_file_id = stored.id
    kept = keep(citizen)
    assert rules.photo_digest(b64decode(kept["anh"])).hex() == kept["anh_dau"]
    body, _signature = rules.taken_apart(strip_of(kept))
    assert rules.read(body).photo.hex() == kept["anh_dau"]
    assert renew(citizen, kept["khoa"], anh=kept["anh_dau"]).get_json()["anh"] is None


def ends(engine) -> str:
    with unit(engine) as db:
        actions.sweep(db, list(queries.to_end(db, now())), now())
    with reading(engine) as db:
        gone = db.query(KeptCard).where(KeptCard.ended_at.is_not(None)).all()
        assert sorted(one.handle for one in gone) == queries.revoked(db, today())
        return gone[0].end_reason if gone else ""


def test_another_device_ends_it_and_its_strips_are_revoked(app, engine, citizen, client):
    kept = keep(citizen)
    assert ends(engine) == ""
    with unit(engine) as db:
        db.query(Device).update({"ended_at": now()})
    assert ends(engine) == "device"
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.REVOKED
    assert renew(citizen, kept["khoa"]).status_code == 410
    handles = b64decode(client.get("/xac-minh/thu-hoi.json").get_json()["thu_hoi"])
    assert handles == row(engine).handle


def test_a_frozen_account_keeps_nothing(engine, citizen):
    keep(citizen)
    with unit(engine) as db:
        db.query(Account).update({"frozen_until": now() + timedelta(hours=24)})
    assert ends(engine) == "account"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"level": 2}, "card"),
        ({"status": "thu_hoi"}, "card"),
        ({"valid_to": date(2026, 12, 1)}, "card"),
        ({"valid_to": date(2027, 12, 31)}, ""),
        ({"issued_by": "Nơi khác"}, ""),
    ],
)
def test_a_version_of_the_card_that_makes_strips_wrong_revokes_them(app, engine, citizen, change, reason):
    kept = keep(citizen)
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, **change)
    assert ends(engine) == reason
    answer = renew(citizen, kept["khoa"])
    if change.get("status") == "thu_hoi":
        assert answer.status_code == 410
        return
    fresh = answer.get_json()
    assert fresh["khoa"] == kept["khoa"]
    assert check(app, engine, strip_of(fresh)).verdict is strips.Verdict.GOOD
    # The phone has newer ones: those of the version before are worth nothing, whatever differs.
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.REVOKED
    assert rules.read(rules.taken_apart(strip_of(fresh))[0]).level == change.get("level", 4)


def test_keeping_it_again_ends_what_was_kept_before_once_the_new_secret_has_arrived(app, engine, citizen):
    before, after = keep(citizen), keep(citizen)
    # The answer may be lost on the way: until the phone shows the new secret, the one before opens.
    assert renew(citizen, before["khoa"]).status_code == 200
    after = keep(citizen)
    assert renew(citizen, after["khoa"]).status_code == 200
    assert check(app, engine, strip_of(before)).verdict is strips.Verdict.REVOKED
    assert renew(citizen, before["khoa"]).status_code == 410
    assert check(app, engine, strip_of(after)).verdict is strips.Verdict.GOOD


def test_after_90_days_without_signing_in_the_phone_is_asked_to_and_keeps_what_it_has(engine, citizen):
    kept = keep(citizen)
    with time_machine.travel(now() + timedelta(days=91)):
        answer = renew(citizen, kept["khoa"])
    assert answer.status_code == 409
    assert "Hãy đăng nhập để cập nhật thẻ" in answer.get_json()["loi"]
    assert row(engine).ended_at is None


def test_letting_go_needs_the_secret_only(engine, citizen, new_client):
    kept = keep(citizen)
    assert new_client().post("/the-da-luu/bo", data={"khoa": "x"}).status_code == 204
    assert row(engine).ended_at is None
    assert new_client().post("/the-da-luu/bo", data={"khoa": kept["khoa"]}).status_code == 204
    assert row(engine).end_reason == "let_go"


def test_the_page_around_kept_cards_names_nobody(citizen):
    html = pages.get(citizen, "/the-da-luu")
    assert people.CITIZEN.name not in html
    assert "csrf" not in html


def act_for(db, guardian, child) -> None:
    values = {"child_id": child, "guardian_id": guardian, "valid_from": date(2026, 1, 1), "valid_to": None}
    db.add(Guardianship(id=uuid4(), source="test", **values))
    accounts.record_consent(
        db, ("person", child), {CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST, by=OPERATOR, at=now()
    )


@pytest.fixture
def guardian(app, engine, new_client):
    with app.app_context(), unit(engine) as db:
        person = people.open_account(app, db, people.GUARDIAN)
        child = people.add_person(db, people.CHILD)
        people.add_card(db, child, people.CHILD)
        act_for(db, person, child)
    client = new_client()
    people.citizen_signs_in(app, client, people.GUARDIAN.ma_so)
    return client, child


def test_a_guardian_keeps_a_childs_card_and_a_stranger_does_not(app, engine, guardian, new_client):
    client, child = guardian
    path = f"/ca-nhan/gia-dinh/{child}/the-bhyt/giu-tren-may"
    kept = keep(client, path)
    assert kept["ten"] == people.CHILD.name
    assert renew(client, kept["khoa"]).status_code == 200
    with reading(engine) as db:
        assert db.query(Consent).where(Consent.purpose == "giu_the").one().subject_id == child
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    assert stranger.get(path).status_code == 404
    with unit(engine) as db:
        db.query(Guardianship).update({"valid_to": today() - timedelta(days=1)})
    answer = renew(client, kept["khoa"])
    assert answer.status_code == 410


def test_the_use_page_shows_todays_strip_its_spoken_code_and_the_form_of_the_card(app, engine, citizen):
    with reading(engine) as db:
        person = db.query(Person).one().id
    html = pages.get(citizen, "/ca-nhan/the-bhyt/su-dung")
    code = html.split("data-spoken>")[1][:8].replace(" ", "")
    assert rules.spoken_code_ok(code)
    found = check(app, engine, f"{people.CITIZEN.ma_so} {code}")
    assert (found.verdict, found.person_id) == (strips.Verdict.GOOD, person)
    assert (
        check(app, engine, f"{people.CITIZEN.ma_so} {code}", today() + timedelta(days=1)).verdict
        is strips.Verdict.STALE
    )
    assert (
        check(app, engine, f"{people.CITIZEN.ma_so} {code}", today() + timedelta(days=2)).verdict
        is strips.Verdict.FORGED
    )
    assert check(app, engine, f"{people.STRANGER.ma_so} {code}").verdict is strips.Verdict.FORGED
    assert "Mã QR theo mẫu thẻ" in html
    with app.app_context(), unit(engine) as db:
        issuer = actions.issuer(db, app.extensions["keyring"], False, today=today())
        about = actions.Shown(person, holder(db, person, today()).face, b"")
        text = actions.page_strip(issuer, about, today()).text()
    assert check(app, engine, text).person_id == person


@pytest.mark.parametrize(
    "path", ["/ca-nhan/the-bhyt/su-dung", KEEP, "/the-da-luu", "/xac-minh/thu-hoi.json", "/xac-minh"]
)
def test_few_statements(engine, citizen, path):
    citizen.get("/ca-nhan/the-bhyt/su-dung")  # makes the issuer's key
    heard: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert citizen.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len([one for one in heard if one.split()[0] in ("SELECT", "INSERT", "UPDATE")]) <= 8, heard


def test_a_withdrawn_card_has_no_strip(engine, citizen):
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, status="thu_hoi")
    html = pages.get(citizen, "/ca-nhan/the-bhyt/su-dung")
    assert "Mã của ngày" not in html
    assert people.post(citizen, KEEP, {"giu_the": "y"}, "/ca-nhan/the-bhyt", headers=JSON).status_code == 404


def test_a_revoked_key_makes_its_strips_worthless(app, engine, citizen):
    kept = keep(citizen)
    with unit(engine) as db:
        keys.published(db)[0].revoked_on = today()
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.FORGED


def test_what_is_over_is_forgotten_after_two_months(engine, citizen):
    keep(citizen)
    for days, left in ((56 + 59, 1), (56 + 61, 0)):
        with unit(engine) as db:
            actions.purge(db, now() + timedelta(days=days))
        with reading(engine) as db:
            assert db.query(KeptCard).count() == left


def test_the_family_page_leads_to_each_childs_card_by_name(guardian):
    client, child = guardian
    html = pages.get(client, "/ca-nhan/gia-dinh")
    assert f'href="/ca-nhan/gia-dinh/{child}/the-bhyt/su-dung"' in html
    assert f"Thẻ BHYT của {people.CHILD.name}" in html
    assert "Dùng được đến hết ngày" in html
    assert 'href="/the-da-luu"' in html


def ended_for_another_version(engine) -> None:
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, level=2)
    assert ends(engine) == "card"


@pytest.mark.parametrize("what", ["device", "frozen", "let_go", "again", "died"])
def test_after_another_version_of_the_card_everything_else_still_ends_it(engine, citizen, new_client, what):
    kept = keep(citizen)
    ended_for_another_version(engine)
    if what == "let_go":
        assert new_client().post("/the-da-luu/bo", data={"khoa": kept["khoa"]}).status_code == 204
    elif what == "again":
        renew(citizen, keep(citizen)["khoa"])
    else:
        with unit(engine) as db:
            if what == "device":
                db.query(Device).update({"ended_at": now()})
            elif what == "frozen":
                db.query(Account).update({"frozen_until": now() + timedelta(hours=24)})
            else:
                db.query(Person).update({"died_on": today()})
    assert renew(new_client(), kept["khoa"]).status_code == 410


def test_a_card_from_another_day_that_is_shown_instead_and_says_something_else_revokes(app, engine, citizen):
    kept = keep(citizen)
    with unit(engine) as db:
        person = db.query(Card).one().person_id
        people.add_card(db, person, people.CITIZEN, valid_from=date(2026, 10, 1), level=2, object_code="GD")
    assert ends(engine) == "card"
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.REVOKED


def test_next_years_card_revokes_nothing_yet(app, engine, citizen):
    kept = keep(citizen)
    with unit(engine) as db:
        person = db.query(Card).one().person_id
        people.add_card(db, person, people.CITIZEN, valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31), level=2)
    assert ends(engine) == ""
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.GOOD


def test_a_version_that_was_taken_back_revokes_what_tells_of_it(engine, citizen):
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, level=2)
    keep(citizen)
    with unit(engine) as db:
        db.query(Card).where(Card.version == 2).delete()
    assert ends(engine) == "card"


def test_strips_of_a_guardian_who_acts_no_longer_are_revoked_without_any_contact(app, engine, guardian):
    client, child = guardian
    kept = keep(client, f"/ca-nhan/gia-dinh/{child}/the-bhyt/giu-tren-may")
    assert ends(engine) == ""
    with unit(engine) as db:
        db.query(Guardianship).update({"valid_to": today() - timedelta(days=1)})
    assert ends(engine) == "guardian"
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.REVOKED


def test_of_a_child_who_grew_up_too(engine, guardian):
    client, child = guardian
    keep(client, f"/ca-nhan/gia-dinh/{child}/the-bhyt/giu-tren-may")
    with unit(engine) as db:
        db.get(Person, child).birth_date = (today() - timedelta(days=18 * 366)).isoformat()
    assert ends(engine) == "guardian"


def test_printing_on_many_days_shuts_no_spoken_code_out(app, engine, citizen):
    kept = keep(citizen)
    with unit(engine) as db:
        row = db.query(KeptCard).one()
        for n in range(25):
            db.add(
                KeptCard(
                    id=uuid4(), kind="paper", handle=n.to_bytes(6, "big"), person_id=row.person_id, card_id=row.card_id,
                    account_id=row.account_id, created_at=now(), renewed_at=now(), last_day=row.last_day,
                )
            )  # fmt: skip
    assert check(app, engine, f"{people.CITIZEN.ma_so} {kept['so'][:7]}").verdict is strips.Verdict.GOOD


def test_a_network_of_many_phones_shuts_none_out(citizen, new_client):
    kept = keep(citizen)
    for _n in range(200):
        assert renew(new_client(), "x").status_code == 410
    assert renew(new_client(), "x").status_code == 429
    assert renew(new_client(), kept["khoa"]).status_code == 200


def test_letting_go_takes_the_consent_back(engine, citizen):
    kept = keep(citizen)
    citizen.post("/the-da-luu/bo", data={"khoa": kept["khoa"]})
    with reading(engine) as db:
        said = db.scalars(select(Consent).where(Consent.purpose == "giu_the").order_by(Consent.at)).all()
        assert [one.given for one in said] == [True, False]


def test_the_owner_sees_where_the_card_is_and_takes_it_back_there(app, engine, citizen, new_client):
    kept = keep(citizen)
    citizen.get("/ca-nhan/the-bhyt.pdf")
    where = "/ca-nhan/the-bhyt/noi-giu"
    html = pages.get(citizen, where)
    assert "Thiết bị này" in html
    assert f"{i18n.day(today() + timedelta(days=rules.DAYS - 1))}" in html, "the last day of the codes on the phone"
    assert "Thẻ giấy đã in" in html
    with reading(engine) as db:
        ids = {one.kind: one.id for one in db.query(KeptCard)}
    for kind in ("phone", "paper"):
        assert people.post(citizen, f"{where}/{ids[kind]}/thu-hoi", page=where).status_code == 303
    assert "Chưa giữ ở đâu" in pages.get(citizen, where)
    assert check(app, engine, strip_of(kept)).verdict is strips.Verdict.REVOKED
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    assert people.post(stranger, f"{where}/{ids['phone']}/thu-hoi", page=where).status_code == 404


def test_a_guardian_takes_a_childs_card_back(engine, guardian):
    client, child = guardian
    base = f"/ca-nhan/gia-dinh/{child}/the-bhyt"
    keep(client, f"{base}/giu-tren-may")
    with reading(engine) as db:
        id = db.query(KeptCard).one().id
    assert people.post(client, f"{base}/noi-giu/{id}/thu-hoi", page=f"{base}/noi-giu").status_code == 303
    assert row(engine).end_reason == "let_go"


def test_the_list_of_revoked_ones_is_fetched_once_while_it_stays_the_same(client):
    answer = client.get("/xac-minh/thu-hoi.json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/xac-minh/thu-hoi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
