"""A printed document is checked by its code or its QR code; forged, old and withdrawn ones are told apart."""

from base64 import b64decode, urlsafe_b64decode
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import Flask
from sqlalchemy import Engine, func, select

from tests.people import CHILD, CITIZEN, STRANGER, add_person, citizen_signs_in, open_account, post
from vssid import accounts
from vssid.attesting import actions, rules
from vssid.attesting.models import IssuedDocument, IssuerKey
from vssid.attesting.rules import Document, Fact, Statement
from vssid.content import TERMS_DIGEST, TERMS_VERSION
from vssid.kernel.audit import OPERATOR, ActorKind, AuditEntry, By
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_
from vssid.records.models import Guardianship
from vssid.records.rules import CHILD_CONSENT
from vssid.web.db import db as request_db

FACTS = [Fact(N_("Họ và tên"), CITIZEN.name), Fact(N_("Tổng thời gian"), "12 năm 3 tháng")]


def issue(
    app: Flask, person: UUID, content: str = "…", at: datetime | None = None, *, by: UUID | None = None, specimen=False
) -> actions.Issued:
    """One document of a person, printed `by` the account of another one or by their own."""
    statement = Statement(Document.PARTICIPATION, person, FACTS, content)
    with app.app_context(), unit(request_db.engine) as db:
        account = accounts.by_person(db, by or person)
        author = By(ActorKind.CITIZEN, account.id)
        keyring = app.extensions["keyring"]
        return actions.issue(db, keyring, statement, account=account.id, by=author, specimen=specimen, at=at or now())


@pytest.fixture
def person(app: Flask, engine: Engine) -> UUID:
    with app.app_context(), unit(engine) as db:
        return open_account(app, db, CITIZEN)


def sealer(app: Flask, engine: Engine) -> Ed25519PrivateKey:
    """Our own signing key."""
    with reading(engine) as db:
        sealed = db.get_one(IssuerKey, 1).sealed
    return Ed25519PrivateKey.from_private_bytes(app.extensions["keyring"].open(sealed, "issuer key 1"))


def told(client, text: str) -> tuple[int, str]:
    """What the window says of a code."""
    answer = client.post("/xac-minh", data={"code": text})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_genuine_document_shows_its_facts_to_whoever_holds_it(app, engine, client, person):
    issued = issue(app, person)
    for text in (
        rules.spoken(issued.code),
        issued.code.lower(),
        f"http://localhost/xac-minh#{issued.seal}",
        issued.seal,
    ):
        status, page = told(client, text)
        assert status == 200
        assert "Đúng là giấy do chúng tôi cấp" in page
        assert "12 năm 3 tháng" in page
        assert CITIZEN.name in page


def test_each_check_is_counted_and_the_owner_is_told(app, engine, client, person):
    issued = issue(app, person)
    told(client, issued.code)
    told(client, issued.seal)
    with reading(engine) as db:
        assert db.scalar(select(IssuedDocument.checks)) == 2
    citizen_signs_in(app, client, CITIZEN.ma_so)
    page = client.get("/tai-khoan/du-lieu/ai-da-xem").get_data(as_text=True)
    assert page.count("Kiểm tra một giấy của bạn bằng mã xác minh") == 2
    assert "Người cầm giấy" in page


def test_the_same_document_on_the_same_day_keeps_its_code(app, engine, person):
    first, again, other = issue(app, person), issue(app, person), issue(app, person, "other")
    assert first.code == again.code != other.code
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(IssuedDocument)) == 2


def test_a_document_that_was_taken_back_never_holds_again(app, engine, client, person):
    first = issue(app, person)
    with app.app_context(), unit(engine) as db:
        row = db.scalars(select(IssuedDocument)).one()
        actions.withdraw(db, row, by=By(ActorKind.CITIZEN, row.account_id), at=now())
    again = issue(app, person)
    assert again.code != first.code
    assert "đã bị thu hồi" in told(client, first.code)[1]
    assert "đã bị thu hồi" in told(client, first.seal)[1]
    assert told(client, again.code)[0] == 200
    assert issue(app, person).code == again.code


def test_what_was_printed_as_a_specimen_stays_one(app, engine, person):
    invented, real = issue(app, person, specimen=True), issue(app, person)
    with unit(engine) as db:
        assert actions.check(db, invented.code, specimen=False, at=now()).verdict is rules.Verdict.SPECIMEN
        assert actions.check(db, real.code, specimen=False, at=now()).verdict is rules.Verdict.GENUINE
        assert actions.check(db, real.code, specimen=True, at=now()).verdict is rules.Verdict.SPECIMEN


LIST = "/ca-nhan/giay-co-ma"


@pytest.fixture
def child(app, engine, person) -> UUID:
    """A child of `person`, who has agreed for it."""
    with unit(engine) as db:
        child = add_person(db, CHILD)
        db.add(
            Guardianship(id=uuid4(), child_id=child, guardian_id=person, valid_from=date(2020, 1, 1), source="import")
        )
        given = {CHILD_CONSENT: True}
        accounts.record_consent(db, ("person", child), given, TERMS_VERSION, TERMS_DIGEST, by=OPERATOR, at=now())
    return child


def listed(client, issued: actions.Issued) -> bool:
    return rules.spoken(issued.code) in client.get(LIST).get_data(as_text=True)


def takes_back(client, engine, issued: actions.Issued) -> int:
    """What the press answers."""
    with reading(engine) as db:
        id = db.scalar(select(IssuedDocument.id).where(IssuedDocument.code == issued.code))
    return post(client, f"{LIST}/{id}/thu-hoi", page=LIST).status_code


def test_a_childs_document_is_the_guardians_who_printed_it_while_they_act_for_the_child(app, engine, client, child):
    with reading(engine) as db:
        guardian = db.scalar(select(Guardianship.guardian_id))
    first, second = issue(app, child, by=guardian), issue(app, child, "other", by=guardian)
    citizen_signs_in(app, client, CITIZEN.ma_so)
    assert listed(client, first)
    assert takes_back(client, engine, first) == 303
    with unit(engine) as db:
        db.scalars(select(Guardianship)).one().valid_to = today()
    assert not listed(client, first)
    assert not listed(client, second)
    assert takes_back(client, engine, second) == 404


def test_a_guardian_who_must_agree_anew_has_no_documents_of_the_child(app, engine, client, child):
    with reading(engine) as db:
        guardian = db.scalar(select(Guardianship.guardian_id))
    issued = issue(app, child, by=guardian)
    citizen_signs_in(app, client, CITIZEN.ma_so)
    with unit(engine) as db:
        accounts.record_consent(
            db, ("person", child), {CHILD_CONSENT: False}, TERMS_VERSION, TERMS_DIGEST, by=OPERATOR, at=now()
        )
    assert not listed(client, issued)
    assert takes_back(client, engine, issued) == 404


def test_a_child_with_an_account_sees_what_was_printed_of_it_by_anybody(app, engine, client, child, new_client):
    with reading(engine) as db:
        guardian = db.scalar(select(Guardianship.guardian_id))
    by_guardian = issue(app, child, by=guardian)
    citizen_signs_in(app, client, CITIZEN.ma_so)
    with app.app_context(), unit(engine) as db:
        open_account(app, db, replace(CHILD, phone="0900000188"))
    grown = new_client()
    citizen_signs_in(app, grown, CHILD.ma_so)
    by_child = issue(app, child)
    assert by_child.code != by_guardian.code, "a code belongs to the account that printed"
    assert listed(grown, by_guardian)
    assert listed(grown, by_child)
    assert listed(client, by_guardian)
    assert not listed(client, by_child)
    assert takes_back(client, engine, by_child) == 404
    assert takes_back(grown, engine, by_guardian) == 303


def test_flipped_bits_foreign_keys_and_other_purposes_are_not_believed(app, engine, client, person):
    issued = issue(app, person)
    raw = urlsafe_b64decode(issued.seal)
    for at in range(0, len(raw) * 8, 37):
        changed = bytearray(raw)
        changed[at // 8] ^= 1 << at % 8
        with unit(engine) as db:
            found = actions.check(db, rules.written(bytes(changed), b""), specimen=False, at=now())
        assert found.verdict is rules.Verdict.ALTERED, at
    body = raw[:-64]
    for signature in (Ed25519PrivateKey.generate().sign(rules.DOMAIN + body), sealer(app, engine).sign(body)):
        assert told(client, rules.written(body, signature))[0] == 422


def test_a_seal_over_other_facts_is_altered(app, engine, client, person):
    issued = issue(app, person)
    body = rules.payload(replace(rules.said(urlsafe_b64decode(issued.seal)[:-64]), digest=b"y" * 16))
    assert (
        "không phải do chúng tôi ký"
        in told(client, rules.written(body, sealer(app, engine).sign(rules.DOMAIN + body)))[1]
    )


def test_an_old_document_is_genuine_but_too_old(app, engine, client, person):
    issued = issue(app, person, at=now() - timedelta(days=31))
    status, page = told(client, issued.code)
    assert status == 200
    assert "đã quá hạn xác minh" in page


def test_codes_of_nobody_and_slips_are_told_apart(client, app):
    assert "không cấp giấy nào" in told(client, rules.new_code())[1]
    slip = rules.new_code()
    slip = slip[:-1] + ("2" if slip[-1] != "2" else "3")
    assert "Mã gõ chưa đúng" in told(client, slip)[1]
    assert told(client, "")[0] == 422
    assert told(client, "x" * 700)[0] == 422


def test_who_lost_a_paper_takes_its_code_back_and_strangers_cannot(app, engine, client, person):
    issued = issue(app, person)
    citizen_signs_in(app, client, CITIZEN.ma_so)
    with app.app_context(), unit(engine) as db:
        id = db.scalar(select(IssuedDocument.id))
        open_account(app, db, STRANGER)
    stranger = app.test_client()
    citizen_signs_in(app, stranger, STRANGER.ma_so)
    assert rules.spoken(issued.code) not in stranger.get("/ca-nhan/giay-co-ma").get_data(as_text=True)
    assert post(stranger, f"/ca-nhan/giay-co-ma/{id}/thu-hoi", page="/ca-nhan/giay-co-ma").status_code == 404

    assert rules.spoken(issued.code) in client.get("/ca-nhan/giay-co-ma").get_data(as_text=True)
    assert post(client, f"/ca-nhan/giay-co-ma/{id}/thu-hoi", page="/ca-nhan/giay-co-ma").status_code == 303
    assert "đã bị thu hồi" in told(client, issued.code)[1]
    assert "12 năm" not in told(client, issued.code)[1]
    with reading(engine) as db:
        assert len(list(db.scalars(select(AuditEntry.id).where(AuditEntry.tag == rules.Tag.WITHDRAWN)))) == 1


def test_what_one_has_printed_is_told_apart_in_the_readers_language(app, engine, client, person):
    for diagnosis in ("có in", "không in"):
        facts = [
            Fact(N_("Họ và tên"), CITIZEN.name), Fact(N_("Năm sinh"), "1985"),
            Fact(N_("Năm khám chữa bệnh"), "2026"), Fact(N_("Chẩn đoán"), diagnosis),
        ]  # fmt: skip
        with app.app_context(), unit(request_db.engine) as db:
            account = accounts.by_person(db, person)
            by = By(ActorKind.CITIZEN, account.id)
            actions.issue(
                db, app.extensions["keyring"], Statement(Document.VISITS, person, facts, "…"),
                account=account.id, by=by, specimen=False, at=now(),
            )  # fmt: skip
    citizen_signs_in(app, client, CITIZEN.ma_so)
    html = client.get("/ca-nhan/giay-co-ma?lang=vi").get_data(as_text=True)
    for text in ("<dd>có in</dd>", "<dd>không in</dd>", '<dd lang="vi">2026</dd>'):
        assert text in html
    assert "Năm sinh" not in html
    html = client.get("/ca-nhan/giay-co-ma?lang=en").get_data(as_text=True)
    assert "<dt>Full name</dt>" in html
    assert "Họ và tên" not in html
    assert f'<dd lang="vi">{CITIZEN.name}</dd>' in html


def test_the_published_keys_verify_a_seal_without_us(app, engine, client, person):
    issued = issue(app, person)
    [key] = client.get("/xac-minh/khoa.json").get_json()["khoa_cong_khai"]
    raw = urlsafe_b64decode(issued.seal)
    Ed25519PublicKey.from_public_bytes(b64decode(key["ed25519"])).verify(raw[-64:], rules.DOMAIN + raw[:-64])
    assert rules.said(raw[:-64]).key == key["khoa"]


def test_htmx_gets_the_verdict_in_place(app, engine, client, person):
    issued = issue(app, person)
    answer = client.post("/xac-minh", data={"code": issued.code}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.get_data(as_text=True)
    wrong = client.post("/xac-minh", data={"code": ""}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422


def test_documents_are_forgotten_a_year_after_their_last_day(app, engine, person):
    issue(app, person, at=now() - timedelta(days=31 + 365))
    kept = issue(app, person, at=now() - timedelta(days=300))
    with unit(engine) as db:
        actions.purge(db, now())
        assert list(db.scalars(select(IssuedDocument.code))) == [kept.code]


def test_random_codes_find_nothing(app, engine, person):
    issue(app, person)
    with reading(engine) as db:
        verdicts = {actions.check(db, rules.new_code(), specimen=False, at=now()).verdict for _ in range(500)}
    assert verdicts == {rules.Verdict.UNKNOWN}
