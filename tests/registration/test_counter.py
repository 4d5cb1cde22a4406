"""The counter: anybody is registered by an officer, with or without a phone; the sheet opens the account."""

import io
import re
from dataclasses import replace
from uuid import UUID

import pypdf
import pytest

from tests import pages, people
from tests.scans import phone as printed_codes
from vssid.accounts import contacts
from vssid.accounts.models import Account, BackupCode, Consent
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notifications.models import OutboxMessage
from vssid.registration import queries
from vssid.registration.changes.models import ChangeRequest
from vssid.registration.counter.actions import put_photo
from vssid.registration.fields import Side
from vssid.registration.models import Declaration

QUAY = "/can-bo/quay"
AGREED = ["dich_vu", "giay_to"]


def adult_form(who: people.Specimen, **changes) -> dict:
    form = people.info_form(who) | {"phone": "", "email": "", "language": "vi", "purpose": AGREED}
    return form | changes


def declared(engine) -> Declaration:
    with reading(engine) as db:
        return db.query(Declaration).order_by(Declaration.sent_at.desc()).first()


def photograph(officer, path: str, *sides: str) -> None:
    for side in sides:
        data = {"photo": (io.BytesIO(people.photo_bytes()), f"{side}.jpg")}
        answer = people.post(officer, f"{path}/anh/{side}", data, path, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.get_data(as_text=True)[-800:]


def decide(officer, id: UUID):
    review = f"/can-bo/to-khai/{id}"
    assert people.post(officer, f"{review}/giay", {"channel": "tai_noi", "id_shown": "cccd"}, review).status_code == 303
    return people.post(officer, f"{review}/duyet", {}, review)


def printed(officer, id: UUID) -> str:
    path = f"{QUAY}/{id}/phieu"
    answer = people.post(officer, path, {}, path)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)


def codes_on(sheet: str) -> tuple[str, list[str]]:
    activation = re.search(r"^(\d{5} \d{5})$", sheet, re.M)
    backup = re.findall(r"\b\d{4} \d{4} \d{4}\b", sheet)
    assert activation, sheet
    return activation[1].replace(" ", ""), [code.replace(" ", "") for code in backup]


@pytest.fixture
def taken(desk, engine):
    """An adult without phone and e-mail, taken down, photographed and approved; the officer's browser and the id."""
    answer = people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN))
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    id = declared(engine).id
    assert answer.location == f"{QUAY}/{id}"
    photograph(desk, answer.location, "portrait", "front", "back")
    answer = decide(desk, id)
    assert answer.location == f"{QUAY}/{id}/phieu"
    return id


def test_a_person_without_phone_or_email_gets_a_sheet_that_opens_the_account(taken, desk, engine, new_client):
    row = declared(engine)
    assert (row.status, row.phone, row.email, row.hand_in) == ("approved", "", "", "tai_noi")
    with reading(engine) as db:
        assert db.query(OutboxMessage).count() == 0
        assert db.query(Account).one().phone is None
    activation, backup = codes_on(printed(desk, taken))
    assert len(set(backup)) == 10
    citizen = new_client()
    form = {"name": people.CITIZEN.ma_so, "code": activation, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(citizen, "/kich-hoat", form).status_code == 303
    signed_in = people.post(citizen, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    assert signed_in.status_code == 303
    assert citizen.get("/ca-nhan").status_code == 200


def test_a_backup_code_lets_a_new_device_in_and_works_once(taken, desk, engine, new_client):
    activation, backup = codes_on(printed(desk, taken))
    first, second = new_client(), new_client()
    form = {"name": people.CITIZEN.ma_so, "code": activation, "password": people.PASSWORD, "again": people.PASSWORD}
    people.post(first, "/kich-hoat", form)
    sign_in = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD}
    people.post(first, "/dang-nhap", sign_in)
    assert people.post(second, "/dang-nhap", sign_in).location.startswith("/thiet-bi-moi")
    assert "mã dự phòng" in pages.get(second, "/thiet-bi-moi")
    assert people.post(second, "/thiet-bi-moi", {"code": "000000000000"}).status_code == 422
    spoken = f"{backup[3][:4]} {backup[3][4:8]} {backup[3][8:]}"
    assert people.post(second, "/thiet-bi-moi", {"code": spoken}).status_code == 303
    assert second.get("/ca-nhan").status_code == 200
    assert first.get("/ca-nhan").status_code == 303, "one device an account"
    people.post(first, "/dang-nhap", sign_in)
    assert people.post(first, "/thiet-bi-moi", {"code": backup[3]}).status_code == 422
    assert people.post(first, "/thiet-bi-moi", {"code": backup[4]}).status_code == 303


def test_a_backup_code_sets_a_new_password_but_never_the_first(taken, desk, engine, new_client):
    activation, backup = codes_on(printed(desk, taken))
    citizen = new_client()
    form = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(citizen, "/kich-hoat", form | {"code": backup[0]}).status_code == 422
    assert people.post(citizen, "/kich-hoat", form | {"code": activation}).status_code == 303
    assert people.post(citizen, "/kich-hoat", form | {"code": activation}).status_code == 422, (
        "the sheet's code is used up"
    )
    new = {"password": "bến đò chiều nay vắng", "again": "bến đò chiều nay vắng"}
    assert people.post(citizen, "/kich-hoat", form | new | {"code": backup[1]}).status_code == 303
    assert people.post(citizen, "/kich-hoat", form | new | {"code": backup[1]}).status_code == 422
    assert people.post(citizen, "/dang-nhap", {"name": people.CITIZEN.ma_so, **new}).status_code == 303
    with reading(engine) as db:
        assert db.query(BackupCode).filter(BackupCode.used_at.is_not(None)).count() == 1


@pytest.mark.parametrize(
    ("person", "officer", "words"),
    [("vi", "en", "Mã kích hoạt"), ("en", "vi", "Activation code"), ("ko", "vi", "Activation code")],
)
def test_the_sheet_speaks_the_persons_language_and_not_the_officers(taken, desk, engine, person, officer, words):
    with unit(engine) as db:
        db.get_one(Declaration, taken).language = person
    desk.get(f"/can-bo?lang={officer}")
    assert words in printed(desk, taken)


def test_printing_again_voids_the_sheet_before_and_ends_with_the_activation(taken, desk, engine, new_client):
    old, _backup = codes_on(printed(desk, taken))
    new, _backup = codes_on(printed(desk, taken))
    citizen = new_client()
    form = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(citizen, "/kich-hoat", form | {"code": old}).status_code == 422
    assert people.post(citizen, "/kich-hoat", form | {"code": new}).status_code == 303
    path = f"{QUAY}/{taken}/phieu"
    assert "In phiếu" not in pages.get(desk, path)
    refused = people.post(desk, path, {}, QUAY + "/ca-nhan")
    assert refused.status_code == 422
    assert refused.mimetype == "text/html"
    with reading(engine) as db:
        tags = [row.tag for row in db.query(AuditEntry).filter(AuditEntry.tag == "account.sheet_printed")]
        assert len(tags) == 2


def test_a_sheet_code_does_not_open_an_account_that_a_message_has_activated(app, desk, engine, new_client):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, phone=people.CITIZEN.phone))
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "portrait", "front", "back")
    decide(desk, id)
    activation, _backup = codes_on(printed(desk, id))
    citizen = new_client()
    people.citizen_signs_in(app, citizen, people.CITIZEN.ma_so)
    form = {"name": people.CITIZEN.ma_so, "code": activation, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(new_client(), "/kich-hoat", form).status_code == 422


def test_the_officer_sees_what_is_missing_and_the_portrait_is_needed(desk, engine):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN))
    id = declared(engine).id
    assert people.CITIZEN.name in pages.get(desk, QUAY)
    photograph(desk, f"{QUAY}/{id}", "front", "back")
    answer = decide(desk, id)
    assert answer.status_code == 422
    assert "thiếu ảnh giấy tờ" in answer.get_data(as_text=True)
    photograph(desk, f"{QUAY}/{id}", "portrait")
    assert "Đã nhận" in pages.get(desk, f"{QUAY}/{id}")
    assert desk.get(f"{QUAY}/{id}/anh/portrait.jpg").data[:3] == b"\xff\xd8\xff"
    assert people.post(desk, f"/can-bo/to-khai/{id}/duyet", {}, f"/can-bo/to-khai/{id}").status_code == 303
    pages.get(desk, QUAY)
    assert people.CITIZEN.name not in pages.get(desk, QUAY), "the second look has no flash of the decision"
    late = {"photo": (io.BytesIO(people.photo_bytes()), "x.jpg")}
    answer = people.post(desk, f"{QUAY}/{id}/anh/front", late, QUAY + "/ca-nhan", content_type="multipart/form-data")
    assert answer.status_code == 404, "what is decided is not changed any more"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purpose": ["dich_vu"]}, "Chưa đủ đồng ý"),
        ({"ma_so_bhxh": "12"}, "đúng 10 chữ số"),
        ({"phone": "12"}, "Chưa phải số di động"),
        ({"ward_code": ""}, "Hãy chọn phường/xã"),
        ({"language": "fr"}, "Giá trị không hợp lệ"),
        ({"full_name": "Bùi \u202eMẫu"}, "Có ký tự không dùng được"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk, engine, changes, words):
    answer = people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, **changes))
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert "Số 1, tổ 2" in html
    assert declared(engine) is None


def test_the_form_says_who_may_not_be_taken_down(app, engine, new_client):
    with unit(engine) as db:
        people.add_agency(db, "08902")
        people.add_person(db, people.CITIZEN)
        code = people.add_officer(app, db, "CB01", "08902", ma_so_bhxh=people.CITIZEN.ma_so)
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", code)
    answer = people.post(officer, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN))
    assert answer.status_code == 422
    assert "người nhà" in answer.get_data(as_text=True)


def test_form_01_says_what_was_taken_down_and_its_look_is_noted(desk, engine):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN))
    row = declared(engine)
    answer = desk.get(f"{QUAY}/{row.id}/mau-01.pdf")
    text = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    for value in (people.CITIZEN.name, people.CITIZEN.cccd, "89 0000 0101", "Điện thoại di động: Không có"):
        assert value in text
    with reading(engine) as db:
        assert db.query(AuditEntry).filter(AuditEntry.tag == "declaration.form_viewed").count() == 1
        consents = {row.purpose: row.given for row in db.query(Consent)}
    assert consents == {"dich_vu": True, "giay_to": True, "nhac_viec": False}


def test_a_scanned_card_fills_the_form_and_is_kept_beside_what_is_typed(desk, engine):
    text = f"{people.CITIZEN.cccd}||{people.CITIZEN.name}|04091985|Nữ|Tổ 1, An Giang|01012022"
    answer = people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, id_number="", qr_text=text))
    html = pages.inspected(answer)
    assert answer.status_code == 200
    assert f'value="{people.CITIZEN.cccd}"' in html
    assert "Từ mã QR trên CCCD" in html
    kept = re.search(r'name="scans" value="([^"]+)"', html)[1]
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, scans=kept))
    assert people.CITIZEN.cccd in declared(engine).scans
    forged = people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, scans=kept[:-4] + "AAAA"))
    assert forged.status_code == 303
    assert declared(engine).scans == "", "what was altered on the way is no scan"


def test_a_photo_of_a_cards_code_is_read_without_script(desk):
    picture = printed_codes.printed(f"{people.CITIZEN.cccd}||{people.CITIZEN.name}|04091985|Nữ|Tổ 1|01012022", 900)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG")
    form = adult_form(people.CITIZEN, id_number="") | {"qr_photo": (io.BytesIO(out.getvalue()), "qr.jpg"), "scan": "1"}
    answer = people.post(desk, f"{QUAY}/ca-nhan", form, content_type="multipart/form-data")
    assert f'value="{people.CITIZEN.cccd}"' in answer.get_data(as_text=True)


def child_at_counter(**changes) -> dict:
    form = people.child_form(people.CHILD, people.GUARDIAN)
    return form | {"relation": "con", "phone": "", "language": "vi", "purpose": AGREED} | changes


@pytest.fixture
def family(engine, desk):
    with unit(engine) as db:
        people.add_person(db, people.GUARDIAN)
        people.add_person(db, people.CHILD)


def test_a_child_whose_guardian_has_nothing_gets_an_account_by_sheet(desk, family, engine, new_client):
    answer = people.post(desk, f"{QUAY}/tre-em", child_at_counter(own_account="y"))
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "birth_front")
    assert decide(desk, id).location == f"{QUAY}/{id}/phieu"
    activation, _backup = codes_on(printed(desk, id))
    form = {"name": people.CHILD.ma_so, "code": activation, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(new_client(), "/kich-hoat", form).status_code == 303


def test_a_grown_childs_account_is_not_opened_by_the_sheet_that_the_guardian_has(desk, family, engine, new_client):
    people.post(desk, f"{QUAY}/tre-em", child_at_counter(own_account="y"))
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "birth_front")
    decide(desk, id)
    of_guardian, _backup = codes_on(printed(desk, id))
    grown = replace(people.CHILD, cccd="089319000104")
    assert people.post(desk, f"{QUAY}/ca-nhan", adult_form(grown)).status_code == 303
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "portrait", "front", "back")
    assert decide(desk, id).location == f"{QUAY}/{id}/phieu"
    with reading(engine) as db:
        account = db.query(Account).one()
        assert (account.status, account.guardian_id, account.phone) == ("new", None, None)
    form = {"name": grown.ma_so, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(new_client(), "/kich-hoat", form | {"code": of_guardian}).status_code == 422
    own, _backup = codes_on(printed(desk, id))
    assert people.post(new_client(), "/kich-hoat", form | {"code": own}).status_code == 303


def test_what_a_guardian_asked_for_does_not_end_the_account_of_who_has_grown(desk, family, engine):
    people.post(desk, f"{QUAY}/tre-em", child_at_counter(own_account="y"))
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "birth_front")
    decide(desk, id)
    with reading(engine) as db:
        path = f"/can-bo/thay-doi/tai-khoan/{db.query(Account).one().id}/ngung"
    wish = {"lost": "y", "id_shown": "cccd", "reason": "Mất điện thoại và thẻ SIM."}
    assert people.post(desk, path, wish).status_code == 303
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(replace(people.CHILD, cccd="089319000104")))
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "portrait", "front", "back")
    assert decide(desk, id).location == f"{QUAY}/{id}/phieu"
    with reading(engine) as db:
        assert db.query(ChangeRequest).one().status == "cancelled"
        assert db.query(Account).one().guardian_id is None


def test_a_child_in_the_guardians_account_needs_no_sheet(desk, family, engine):
    people.post(desk, f"{QUAY}/tre-em", child_at_counter())
    id = declared(engine).id
    photograph(desk, f"{QUAY}/{id}", "birth_front")
    decide(desk, id)
    assert "Không có mã nào để in" in pages.get(desk, f"{QUAY}/{id}/phieu")


def test_other_offices_and_strangers_find_nothing(app, desk, engine, new_client):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN))
    path = f"{QUAY}/{declared(engine).id}"
    with unit(engine) as db:
        code = people.add_officer(app, db, "CB02", "08903")
        auditor = people.add_officer(app, db, "KT01", "08902", "kiem_toan")
    other = new_client()
    people.officer_signs_in(app, other, "CB02", code)
    for tail in ("", "/mau-01.pdf", "/phieu", "/anh/front.jpg"):
        assert other.get(path + tail).status_code == 404
        assert new_client().get(path + tail).location.startswith("/can-bo/dang-nhap")
    assert people.post(other, path + "/phieu", {}, QUAY + "/ca-nhan").status_code == 404
    watcher = new_client()
    people.officer_signs_in(app, watcher, "KT01", auditor)
    assert watcher.get(QUAY).status_code == 403


def test_what_came_over_the_net_has_no_page_at_the_counter(counter):
    assert counter.officer.get(f"{QUAY}/{counter.row.id}").status_code == 404


def test_a_closed_account_takes_its_backup_codes_along(taken, desk, engine):
    printed(desk, taken)
    with unit(engine) as db:
        contacts.close(db, db.query(Account).one(), by=OPERATOR, at=now(), reason="counter")
    with reading(engine) as db:
        assert db.query(BackupCode).count() == 0


def test_a_photo_is_not_replaced_once_it_is_decided(taken, desk, engine):
    """Taking one takes a second or two, in which another officer may decide; the address itself is closed as well."""
    data = {"photo": (io.BytesIO(people.photo_bytes()), "front.jpg")}
    page = f"{QUAY}/{taken}"
    answer = people.post(desk, f"{page}/anh/front", data, QUAY + "/ca-nhan", content_type="multipart/form-data")
    assert answer.status_code == 404
    with unit(engine) as db:
        row = db.get_one(Declaration, taken)
        front = queries.photos(db, taken)[Side.FRONT]
        files = (queries.photo_file(db, front), queries.preview_file(db, front))
        with pytest.raises(Refused):
            put_photo(db, row, Side.FRONT, files, 0, at=now())
        assert queries.photos(db, taken)[Side.FRONT].id == front.id


def test_an_old_declaration_prints_no_codes_of_an_account_that_was_begun_anew(app, taken, desk, engine, new_client):
    with unit(engine) as db:
        contacts.close(db, db.query(Account).one(), by=OPERATOR, at=now(), reason="counter")
    people.send_declaration(new_client(), people.CITIZEN, agency="08903")
    newest = declared(engine).id
    assert newest != taken
    with unit(engine) as db:
        code = people.add_officer(app, db, "CB02", "08903")
    other = new_client()
    people.officer_signs_in(app, other, "CB02", code)
    assert decide(other, newest).status_code == 303
    path = f"{QUAY}/{taken}/phieu"
    assert "In phiếu" not in pages.get(desk, path)
    assert people.post(desk, path, {}, QUAY + "/ca-nhan").status_code == 422


@pytest.mark.parametrize(("phone", "status"), [("", 422), (people.CITIZEN.phone, 303)])
def test_nothing_is_returned_to_who_cannot_follow(desk, engine, phone, status):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, phone=phone))
    path = f"/can-bo/to-khai/{declared(engine).id}"
    answer = people.post(desk, f"{path}/tra-lai", {"reason-address": "chua_du"}, path)
    assert answer.status_code == status
    assert declared(engine).status == ("waiting" if status == 422 else "returned")
    assert status == 303 or "lập tờ khai mới tại quầy" in pages.inspected(answer)


def test_who_has_no_phone_hears_so_however_often_they_ask(taken, desk, new_client):
    activation, _backup = codes_on(printed(desk, taken))
    citizen, form = new_client(), {"password": people.PASSWORD, "again": people.PASSWORD}
    people.post(citizen, "/kich-hoat", {"name": people.CITIZEN.ma_so, "code": activation, **form})
    people.post(citizen, "/dang-nhap", {"name": people.CITIZEN.ma_so, "password": people.PASSWORD})
    for _time in range(12):
        answer = people.post(citizen, "/tai-khoan/dien-thoai", {"phone": "0900000777"})
        assert answer.status_code == 422
        assert "không có số điện thoại nào nhận mã" in pages.inspected(answer)


@pytest.mark.parametrize(("phone", "promised"), [("", False), (people.CITIZEN.phone, True)])
def test_form_01_promises_no_following_to_who_has_no_phone(desk, engine, phone, promised):
    people.post(desk, f"{QUAY}/ca-nhan", adult_form(people.CITIZEN, phone=phone))
    answer = desk.get(f"{QUAY}/{declared(engine).id}/mau-01.pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert "đến hết ngày" in text
    assert ("Theo dõi bằng mã" in text) is promised
