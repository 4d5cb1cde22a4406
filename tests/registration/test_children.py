"""Children: in the guardian's account and on the public path, until they are of age or register themselves."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

from tests import pages, people
from vssid import records
from vssid.accounts import JOBS as ACCOUNT_JOBS
from vssid.accounts.models import Account, Consent
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.records import IdKind
from vssid.records.models import Guardianship, Person
from vssid.registration.models import Declaration

FAMILY = "/ca-nhan/gia-dinh"


@pytest.fixture
def cast(app, engine):
    """Register, office, an officer's set-up code; the guardian has an account that waits for activation."""
    with app.app_context(), unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        child = people.add_person(db, people.CHILD)
        people.add_card(db, child, people.CHILD)
        people.open_account(app, db, people.GUARDIAN)
        return people.add_officer(app, db, "CB01", "08902")


@pytest.fixture
def guardian(app, new_client, cast):
    client = new_client()
    people.accept_terms(client)
    people.citizen_signs_in(app, client, people.GUARDIAN.ma_so)
    return client


@pytest.fixture
def officer(app, new_client, cast):
    client = new_client()
    people.officer_signs_in(app, client, "CB01", cast)
    return client


def declared(engine) -> Declaration:
    with reading(engine) as db:
        return db.query(Declaration).one()


def id_of(engine, who):
    with reading(engine) as db:
        return records.person_by(db, IdKind.MA_SO_BHXH, who.ma_so).id


def sms(app, engine, kind: str) -> list[tuple[str, str]]:
    with reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == "sms")).all()
        letters = [opened(app.extensions["keyring"], row) for row in rows]
        return [(letter.to, letter.text) for letter in letters]


def approve(officer, engine):
    return people.post(officer, f"/can-bo/to-khai/{declared(engine).id}/duyet", {}, "/can-bo")


def register_in_account(client, **changes):
    form = {"full_name": people.CHILD.name, "ma_so_bhxh": people.CHILD.ma_so, "same_address": "y", **changes}
    return people.post(client, FAMILY + "/dang-ky", form)


def through_the_account(client, **changes):
    answer = register_in_account(client, **changes)
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    answer = people.finish_child(client)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]


def through_the_public_path(client, **changes):
    people.accept_terms(client)
    answer = people.post(
        client, "/dang-ky/tre-em/thong-tin", people.child_form(people.CHILD, people.GUARDIAN, **changes)
    )
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    return people.finish_child(client)


# --- in the account ---------------------------------------------------------------------------------------------------


def test_the_guardians_own_lines_are_filled_in(guardian):
    html = pages.get(guardian, FAMILY + "/dang-ky")
    for known in (people.GUARDIAN.name, "89 0000 0103", people.GUARDIAN.cccd, "Tổ 1, Phường Long Xuyên"):
        assert known in html


def test_a_child_registered_in_the_account_appears_in_the_family_after_approval(app, guardian, officer, engine):
    assert "Chưa có con nào" in pages.get(guardian, FAMILY)
    through_the_account(guardian)
    row = declared(engine)
    assert (row.kind, row.guardian_ma_so, row.guardian_number) == (
        "tre-em",
        people.GUARDIAN.ma_so,
        people.GUARDIAN.cccd,
    )
    assert (row.ward_code, row.phone, row.id_number) == (people.WARD, "+84900000103", "")
    assert people.CHILD.name in pages.get(guardian, FAMILY)
    assert approve(officer, engine).status_code == 303
    [(to, text)] = sms(app, engine, "declaration.child_approved")
    assert to == "+84900000103"
    assert "Dang Be Mau An" in text
    assert sms(app, engine, "code.activation") == [] or len(sms(app, engine, "code.activation")) == 1
    child = f"{FAMILY}/{id_of(engine, people.CHILD)}"
    assert f'href="{child}"' in pages.get(guardian, FAMILY)
    assert people.CHILD.name in pages.get(guardian, child)
    assert "89 0000 0104" in pages.get(guardian, child + "/the-bhyt")
    assert people.CHILD.name in pages.get(guardian, child + "/the-bhyt/su-dung")
    assert guardian.get(child + "/the-bhyt.pdf").data[:4] == b"%PDF"
    with reading(engine) as db:
        assert db.query(Account).count() == 1, "in the account a child needs no account of its own"
        link = db.query(Guardianship).one()
    assert link.valid_to == date(2037, 5, 5)


BHYT = (
    "8900000104|"
    + people.CHILD.name.encode().hex()
    + "|05/05/2019|2|-|89 - 012|01/12/2021|-|07/01/2022|89000000000001|-|4|20/09/2021|0123456789abcdef-1202|4|-|$"
)
CCCD = "089219000104||Đặng Bé Mẫu An|05052019|Nữ|Tổ 1, Phường Mỹ Bình, Long Xuyên, An Giang|01052025"


@pytest.mark.parametrize("path", [FAMILY + "/dang-ky", "/dang-ky/tre-em/thong-tin"])
def test_the_childs_card_fills_the_form_and_a_cccd_leads_to_the_adult_path(guardian, path):
    answer = people.post(guardian, path, {"qr_text": BHYT})
    assert (answer.status_code, answer.location) == (303, path)
    html = pages.get(guardian, path)
    assert f'value="{people.CHILD.ma_so}"' in html
    assert f'value="{people.CHILD.name}"' in html
    assert html.count("Từ mã QR thẻ BHYT") == 2
    answer = people.post(guardian, path, {"qr_text": CCCD})
    assert answer.status_code == 422
    assert "đăng ký như người lớn" in pages.inspected(answer)
    answer = people.post(guardian, path, {"qr_text": "https://example.vn/khong-phai-the"})
    assert answer.status_code == 422
    pages.inspected(answer)


def test_another_address_is_asked_when_the_child_lives_elsewhere(guardian, engine):
    answer = register_in_account(guardian, same_address="")
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert "Hãy nhập số nhà" in html
    through_the_account(guardian, same_address="", ward_code=people.WARD, address_line="Nhà ông bà, tổ 9")
    assert declared(engine).address_line == "Nhà ông bà, tổ 9"


def test_extra_fields_do_not_name_another_guardian(guardian, engine):
    through_the_account(guardian, guardian_ma_so="8900000102", guardian_number="089080000102", kind="ca-nhan")
    assert declared(engine).guardian_ma_so == people.GUARDIAN.ma_so


def test_who_signed_out_cannot_send_what_was_begun_in_the_account(guardian, engine):
    register_in_account(guardian)
    session_free = guardian
    people.post(session_free, "/dang-xuat", {}, "/ca-nhan")
    with reading(engine) as db:
        assert db.query(Declaration).count() == 0


def test_a_visitor_is_sent_to_sign_in(client, cast):
    assert client.get(FAMILY + "/dang-ky").location.startswith("/dang-nhap")
    assert client.get(FAMILY).location.startswith("/dang-nhap")


def test_a_strangers_child_does_not_exist(app, guardian, officer, new_client, engine):
    through_the_account(guardian)
    approve(officer, engine)
    child = f"{FAMILY}/{id_of(engine, people.CHILD)}"
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    for path in (child, child + "/the-bhyt", child + "/the-bhyt/su-dung", child + "/the-bhyt.pdf", child + "/dong-y"):
        assert stranger.get(path).status_code == 404, path
    assert people.post(stranger, child + "/dong-y", {"guardian": "1"}, "/ca-nhan").status_code == 404
    assert people.CHILD.name not in pages.get(stranger, FAMILY)


# --- the public path --------------------------------------------------------------------------------------------------

WRONG = [
    ("full_name", "", "họ và tên"),
    ("ma_so_bhxh", "123", "10 chữ số"),
    ("guardian_ma_so", "", "mã số"),
    ("guardian_number", "", "giấy tờ"),
    ("guardian_number", "12", "giấy tờ"),
    ("ward_code", "", "phường/xã"),
    ("address_line", "", "số nhà"),
    ("phone", "0212345678", "di động"),
]


@pytest.mark.parametrize(("field", "value", "words"), WRONG)
def test_a_wrong_field_is_named_and_the_rest_is_kept(client, cast, field, value, words):
    people.accept_terms(client)
    form = people.child_form(people.CHILD, people.GUARDIAN, **{field: value})
    answer = people.post(client, "/dang-ky/tre-em/thong-tin", form)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words.split()[0] in html
    if field != "full_name":
        assert people.CHILD.name in html


def test_the_public_path_opens_an_account_that_the_guardian_activates(app, new_client, officer, engine):
    answer = through_the_public_path(new_client())
    assert answer.status_code == 303
    row = declared(engine)
    assert (row.phone, row.phone_of_account) == ("+84900000103", True)
    assert approve(officer, engine).status_code == 303
    messages = sms(app, engine, "code.activation")
    to, text = messages[-1]
    assert to == "+84900000103"
    assert "Dang Be Mau An" in text
    child = new_client()
    people.citizen_signs_in(app, child, people.CHILD.ma_so)
    assert "89 0000 0104" in pages.get(child, "/ca-nhan/the-bhyt")
    with reading(engine) as db:
        account = db.scalars(select(Account).where(Account.guardian_id.is_not(None))).one()
        assert account.phone is None
        assert account.guarded_until == date(2037, 5, 5)
        link = db.query(Guardianship).one()
    assert link.guardian_id == id_of(engine, people.GUARDIAN)


def test_the_phone_of_the_guardians_account_is_shown_to_nobody(new_client, engine, cast):
    client = new_client()
    through_the_public_path(client)
    html = pages.get(client, "/to-khai/xem")
    assert "0900 000 103" not in html
    assert "Số của tài khoản người giám hộ" in html


def test_a_wrong_number_of_the_guardian_reaches_no_phone(app, new_client, engine, cast):
    before = len(sms(app, engine, "declaration.received"))
    through_the_public_path(new_client(), guardian_number="089190000999")
    assert declared(engine).phone == ""
    assert len(sms(app, engine, "declaration.received")) == before


def test_a_guardian_without_an_account_is_reached_at_the_typed_phone(app, new_client, officer, engine):
    with unit(engine) as db:
        people.add_person(db, people.STRANGER)
    people.accept_terms(client := new_client())
    form = people.child_form(people.CHILD, people.STRANGER, phone="0900 000 777")
    assert people.post(client, "/dang-ky/tre-em/thong-tin", form).status_code == 303
    people.finish_child(client)
    assert approve(officer, engine).status_code == 303
    assert sms(app, engine, "code.activation")[-1][0] == "+84900000777"


def test_nobody_reached_is_returned_not_approved(new_client, officer, engine):
    with unit(engine) as db:
        people.add_person(db, people.STRANGER)
    people.accept_terms(client := new_client())
    people.post(client, "/dang-ky/tre-em/thong-tin", people.child_form(people.CHILD, people.STRANGER))
    people.finish_child(client)
    answer = approve(officer, engine)
    assert answer.status_code == 422
    assert "Chưa có số điện thoại của người giám hộ" in pages.inspected(answer)
    with reading(engine) as db:
        assert db.query(Guardianship).count() == 0, "all or nothing"


def test_a_draft_of_a_child_and_one_of_an_adult_are_not_mixed(client, cast):
    people.accept_terms(client)
    people.post(client, "/dang-ky/tre-em/thong-tin", people.child_form(people.CHILD, people.GUARDIAN))
    answer = client.get("/dang-ky/ca-nhan/thong-tin")
    assert (answer.status_code, answer.location) == (303, "/dang-ky")
    assert "Trẻ em" in pages.get(client, "/dang-ky")
    assert client.get("/dang-ky/ca-nhan/anh").location == "/dang-ky/ca-nhan/thong-tin"


def test_no_portrait_is_asked_and_the_back_may_be_missing(client, cast):
    people.accept_terms(client)
    people.post(client, "/dang-ky/tre-em/thong-tin", people.child_form(people.CHILD, people.GUARDIAN))
    html = pages.get(client, "/dang-ky/tre-em/anh")
    assert "Giấy khai sinh, mặt trước" in html
    assert "chân dung" not in html
    assert people.post(client, "/dang-ky/tre-em/anh").status_code == 422
    data = {"photo": (io.BytesIO(people.photo_bytes()), "a.jpg")}
    answer = people.post(
        client, "/dang-ky/tre-em/anh/portrait", data, "/dang-ky/tre-em/anh", content_type="multipart/form-data"
    )
    assert answer.status_code == 404


def test_form_01_of_a_child_names_the_guardian(new_client, engine, cast):
    client = new_client()
    through_the_public_path(client)
    reader = pypdf.PdfReader(io.BytesIO(client.get("/to-khai/mau-01.pdf").data))
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for expected in (
        people.CHILD.name, "89 0000 0104", "Mã số BHXH người giám hộ: 89 0000 0103", people.GUARDIAN.cccd, "Số 1, tổ 2",
        "Người giám hộ", "giấy khai sinh", declared(engine).lapses_on.strftime("%d/%m/%Y"), "[08902]",
    ):  # fmt: skip
        assert expected in text, expected


# --- what the officer sees and may not do -----------------------------------------------------------------------------


def test_the_registers_guardian_link_is_shown(new_client, officer, engine):
    through_the_public_path(new_client())
    path = f"/can-bo/to-khai/{declared(engine).id}"
    assert "Sổ bộ chưa ghi người này là người giám hộ" in pages.get(officer, path)
    with unit(engine) as db:
        db.add(
            Guardianship(
                id=records.Person.id.type.python_type(int=7), child_id=id_of(engine, people.CHILD),
                guardian_id=id_of(engine, people.GUARDIAN), valid_from=date(2020, 1, 1), valid_to=None, source="import",
            )
        )  # fmt: skip
    html = pages.get(officer, path)
    assert "Sổ bộ ghi người này là người giám hộ của trẻ" in html
    assert html.count(people.GUARDIAN.cccd) == 2


REFUSED = {
    "has a CCCD": ({"cccd": "089219000104"}, "đã có CCCD"),
    "is of age": ({"birth": "2000-05-05"}, "đã đủ 18 tuổi"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_child_who_is_none_is_sent_to_the_adult_path(new_client, officer, engine, case):
    change, words = REFUSED[case]
    other = replace(people.CHILD, ma_so="8900000105", **change)
    with unit(engine) as db:
        people.add_person(db, other)
    people.accept_terms(client := new_client())
    people.post(client, "/dang-ky/tre-em/thong-tin", people.child_form(other, people.GUARDIAN))
    people.finish_child(client)
    assert words in pages.get(officer, f"/can-bo/to-khai/{declared(engine).id}")
    answer = approve(officer, engine)
    assert answer.status_code == 422
    assert words in pages.inspected(answer)


def test_a_guardian_must_be_of_age_and_another_person(new_client, officer, engine):
    people.accept_terms(client := new_client())
    people.post(
        client, "/dang-ky/tre-em/thong-tin", people.child_form(people.CHILD, replace(people.CHILD, cccd="089190000103"))
    )
    people.finish_child(client)
    answer = approve(officer, engine)
    assert answer.status_code == 422
    assert "cùng một người" in pages.inspected(answer)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_guardian_access_ends_when_the_child_registers_with_a_cccd(app, guardian, officer, new_client, engine):
    client = new_client()
    through_the_public_path(client)
    approve(officer, engine)
    held = new_client()
    people.citizen_signs_in(app, held, people.CHILD.ma_so)
    child = f"{FAMILY}/{id_of(engine, people.CHILD)}"
    pages.get(guardian, child)
    grown = replace(people.CHILD, cccd="089319000104", phone="0900000104")
    people.send_declaration(new_client(), grown)
    with reading(engine) as db:
        row = db.scalars(select(Declaration).where(Declaration.kind == "ca-nhan")).one()
    answer = people.post(officer, f"/can-bo/to-khai/{row.id}/duyet", {}, "/can-bo")
    assert answer.status_code == 303, re.findall(r"<li>.*?</li>", answer.get_data(as_text=True))
    assert guardian.get(child).status_code == 404
    assert held.get("/ca-nhan").status_code == 303, "the guardian's session in the child's account has ended"
    people.citizen_signs_in(app, own := new_client(), grown.cccd)
    assert people.CHILD.name in pages.get(own, "/ca-nhan")
    with reading(engine) as db:
        account = db.scalars(select(Account).where(Account.person_id == id_of(engine, people.CHILD))).one()
    assert (account.phone, account.guardian_id) == ("+84900000104", None)


def test_guardian_access_ends_at_eighteen(app, guardian, officer, engine, new_client):
    through_the_account(guardian, own_account="y")
    approve(officer, engine)
    with unit(engine) as db:
        person = db.get(Person, id_of(engine, people.CHILD))
        person.birth_date = "2008-01-01"
    assert guardian.get(f"{FAMILY}/{id_of(engine, people.CHILD)}").status_code == 404
    assert people.CHILD.name not in pages.get(guardian, FAMILY)


def test_a_childs_account_is_closed_on_the_day_of_age(app, new_client, officer, engine):
    through_the_public_path(new_client())
    approve(officer, engine)
    people.citizen_signs_in(app, child := new_client(), people.CHILD.ma_so)
    with unit(engine) as db:
        account = db.scalars(select(Account).where(Account.guardian_id.is_not(None))).one()
        account.guarded_until = now().date() - timedelta(days=1)
    assert child.get("/ca-nhan").status_code == 303, "at once, whoever has not run yet"
    job = next(job for name, _every, job in ACCOUNT_JOBS if name == "accounts.of_age")
    with app.app_context(), unit(engine) as db:
        job(db, now())
    with reading(engine) as db:
        assert db.scalars(select(Account.status).where(Account.guarded_until.is_not(None))).one() == "closed"


def test_consent_is_asked_anew_at_seven_of_guardian_and_child(app, guardian, officer, engine):
    through_the_account(guardian)
    approve(officer, engine)
    child = f"{FAMILY}/{id_of(engine, people.CHILD)}"
    assert guardian.get(child).status_code == 200
    with unit(engine) as db:
        for consent in db.scalars(select(Consent).where(Consent.purpose == "tre_em")):
            consent.at = consent.at.replace(year=2026, month=5, day=2)
    assert guardian.get(child + "/the-bhyt").location == child + "/dong-y"
    assert "Con đã đủ 7 tuổi" in pages.get(guardian, child + "/dong-y")
    assert people.post(guardian, child + "/dong-y", {"guardian": "1"}).status_code == 422
    assert people.post(guardian, child + "/dong-y", {"guardian": "1", "child": "1"}).status_code == 303
    assert guardian.get(child).status_code == 200


def test_a_new_code_counts_against_the_phone_that_gets_it(app, new_client, officer, engine):
    """Not against the number that stands in the declaration: a stranger could change that and go on."""
    client = new_client()
    through_the_public_path(client)
    approve(officer, engine)
    with unit(engine) as db:
        db.query(Declaration).one().phone = "+84900000999"
    for n in range(5):
        with unit(engine) as db:
            db.query(Declaration).one().phone = f"+8490000090{n}"
        people.post(client, "/to-khai/gui-lai", {"kenh": "sms"}, "/to-khai/xem")
    assert len(sms(app, engine, "code.activation")) <= 1 + 1 + 3


def test_what_a_guardian_began_by_a_scan_goes_on_in_the_account(guardian):
    people.accept_terms(guardian)
    scan = {
        "qr_text": f"{people.CHILD.ma_so}|{people.CHILD.name.encode().hex()}|05/05/2019|2|-|89 - 012|01/01/2026|-|01/01/2026|-|-|4|-|-|-"
    }
    answer = people.post(guardian, f"{FAMILY}/dang-ky", scan)
    assert answer.location == f"{FAMILY}/dang-ky", answer.get_data(as_text=True)[-600:]
    assert f'href="{FAMILY}/dang-ky"' in pages.get(guardian, "/dang-ky")
