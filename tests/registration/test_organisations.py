"""Organisations register with form 01 as people do: four steps, paper, an officer's look, and their first manager."""

import io
import re
import threading

import pypdf
import pytest
from sqlalchemy import delete, update

from tests import pages, people
from vssid import directory
from vssid.directory.models import Facility
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.organisations.models import Member, Organisation
from vssid.registration.models import Declaration
from vssid.registration.signed.queries import said

PATH = "/dang-ky/to-chuc"
PHONE = "0900000301"


def organisation_form(**changes: str) -> dict[str, str]:
    """Step 1 filled in."""
    return {
        "kind": "truong_hoc", "full_name": "Trường THCS Mẫu 2/9 (cơ sở 1)", "unit_code": "th 0009a", "tax_code": "1600000009-001",
        "ward_code": people.WARD, "address_line": "Số 9, đường Mẫu", "contact_name": "Phan Thị Mẫu Giáo", "phone": PHONE,
        "email": "truong@vidu.vn", "portal": "ivan", "ivan_provider": "Công ty I-VAN Mẫu", **changes,
    }  # fmt: skip


def send(client, **changes: str):
    """All four steps without script; the answer to “Gửi”."""
    people.accept_terms(client)
    answer = people.post(client, f"{PATH}/thong-tin", organisation_form(**changes))
    assert answer.status_code == 303, re.findall(r'class="error".*', answer.get_data(as_text=True))
    data = {"photo": (io.BytesIO(people.photo_bytes("GIẤY PHÉP MẪU")), "gp.jpg")}
    answer = people.post(client, f"{PATH}/anh/licence", data, f"{PATH}/anh", content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)[-800:]
    assert people.post(client, f"{PATH}/anh").status_code == 303
    answer = people.post(
        client, f"{PATH}/co-quan", {"agency_code": "08902", "hand_in": "tai_noi", "email": "truong@vidu.vn"}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[-2500:]
    return people.post(client, f"{PATH}/xem-lai")


def row(engine) -> Declaration:
    with reading(engine) as db:
        return db.query(Declaration).order_by(Declaration.sent_at).first()


@pytest.fixture
def sent(desk, new_client):
    """The browser of who sent an organisation's declaration."""
    client = new_client()
    answer = send(client)
    assert answer.location == f"{PATH}/hoan-tat", answer.get_data(as_text=True)[-1500:]
    return client


def test_the_short_address_and_the_start_lead_to_the_form(client):
    people.accept_terms(client)
    assert client.get(PATH).location == f"{PATH}/thong-tin"
    assert f'href="{PATH}/thong-tin"' in pages.get(client, "/dang-ky")
    assert "Mã số thuế" in pages.get(client, f"{PATH}/thong-tin")


def test_an_organisation_becomes_one_and_its_contact_the_first_manager(app, desk, sent, engine, new_client):
    path = f"/can-bo/to-khai/{row(engine).id}"
    review = pages.get(desk, path)
    for words in ("Nhà trường", "TH0009A", "1600000009-001", "Công ty I-VAN Mẫu", "Chưa có tổ chức mang mã đơn vị này"):
        assert words in review
    assert "có trong sổ bộ</li>" not in review
    assert "Tổ chức" in pages.get(desk, "/can-bo/to-khai")
    people.post(desk, f"{path}/giay", {"channel": "tai_noi", "id_shown": "cccd"}, path)
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 303
    with reading(engine) as db:
        made, member = db.query(Organisation).one(), db.query(Member).one()
    assert (made.name, made.ma_don_vi, made.tax_code) == ("Trường THCS Mẫu 2/9 (cơ sở 1)", "TH0009A", "1600000009-001")
    assert (made.portal, made.ivan_provider, made.agency_code) == ("ivan", "Công ty I-VAN Mẫu", "08902")
    assert (member.full_name, member.phone, member.role) == ("Phan Thị Mẫu Giáo", "+84900000301", "quan_ly")
    assert row(engine).organisation_id == made.id
    followed = pages.get(sent, "/to-khai/xem")
    assert "/to-chuc/kich-hoat" in followed
    assert "Kích hoạt tài khoản tổ chức" in followed
    manager = new_client()
    people.member_signs_in(app, manager, PHONE)
    assert "Trường THCS Mẫu 2/9" in pages.get(manager, "/to-chuc")


def test_form_01_of_an_organisation_is_read_back_field_by_field(sent):
    answer = sent.get("/to-khai/mau-01.pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for line in (
        "Tên cơ quan/tổ chức/cá nhân: Trường THCS Mẫu 2/9 (cơ sở 1)", "Mã đơn vị: TH0009A", "Mã số thuế: 1600000009-001",
        "Số 9, đường Mẫu", "Người liên hệ: Phan Thị Mẫu Giáo", "Email: truong@vidu.vn", "Điện thoại di động: 0900 000 301",
        "Thủ trưởng cơ quan, tổ chức (Ký, ghi rõ họ tên, đóng dấu)", "Tổ chức I-VAN: Công ty I-VAN Mẫu", "quyết định thành lập hoặc giấy phép",
    ):  # fmt: skip
        assert line in text, text
    assert "Mã số BHXH" not in text
    assert len(pypdf.PdfReader(io.BytesIO(answer.data)).pages) == 1


@pytest.mark.parametrize("code", ["TH0009A", "TH/09-A.1_2"])
def test_an_officer_finds_an_organisations_declaration_by_its_codes(desk, new_client, code):
    send(new_client(), unit_code=code)
    for text in (code, code.lower(), "1600000009-001", "1600000009001", PHONE):
        assert "Trường THCS Mẫu" in pages.get(desk, f"/can-bo/to-khai?q={text}"), text
    assert "Không tìm thấy" in pages.get(desk, "/can-bo/to-khai?q=TH0009B")


@pytest.mark.parametrize("typed", ["1600000009-001", "1600000009001"])
def test_an_organisation_gets_its_lost_code_by_tax_code_and_phone(app, sent, engine, new_client, typed):
    answer = people.post(new_client(), "/to-khai/quen-ma", {"ma_so_bhxh": typed, "phone": PHONE})
    assert answer.status_code == 303
    with reading(engine) as db:
        asked = db.query(OutboxMessage).where(OutboxMessage.kind == "declaration.code").one()
        assert opened(app.extensions["keyring"], asked).to == "+84900000301"


@pytest.mark.parametrize(
    ("typed", "status"), [("1600000009-002", 303), ("160000000900", 422), ("\u202e1600000009", 422)]
)
def test_another_tax_code_sends_nothing(sent, engine, new_client, typed, status):
    answer = people.post(new_client(), "/to-khai/quen-ma", {"ma_so_bhxh": typed, "phone": PHONE})
    assert answer.status_code == status
    with reading(engine) as db:
        assert db.query(OutboxMessage).where(OutboxMessage.kind == "declaration.code").count() == 0


@pytest.mark.parametrize("column", ["unit_code", "ivan_provider", "id_number", "full_name"])
def test_a_form_to_be_signed_is_worthless_once_a_line_of_the_organisation_is_mended(sent, engine, column):
    with unit(engine) as db:
        declaration = db.query(Declaration).one()
        before = said(declaration)
        setattr(declaration, column, "1600000010")
        assert said(declaration) != before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tax_code": "12345"}, "Mã số thuế gồm 10 số"),
        ({"unit_code": "mã có dấu"}, "Mã đơn vị chỉ gồm"),
        ({"full_name": "x" * 201}, "Dài quá 200 ký tự"),
        ({"ivan_provider": ""}, "Hãy ghi tên tổ chức I-VAN"),
        ({"kind": "khac"}, "Giá trị không hợp lệ"),
        ({"contact_name": "123"}, "Họ và tên chỉ gồm chữ cái"),
        ({"ward_code": ""}, "Hãy chọn phường/xã"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client, changes, words, fragment):
    people.accept_terms(client)
    headers = {"HX-Request": "true"} if fragment else {}
    answer = people.post(client, f"{PATH}/thong-tin", organisation_form(**changes), headers=headers)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "Số 9, đường Mẫu" in answer.get_data(as_text=True)


def test_a_provider_is_kept_only_by_who_files_through_one(client, desk, engine):
    send(client, portal="cong", unit_code="")
    assert (row(engine).portal, row(engine).ivan_provider, row(engine).unit_code) == ("cong", "", "")


def test_a_card_does_not_fill_an_organisations_form(client):
    people.accept_terms(client)
    scan = {"qr_text": f"{people.CITIZEN.cccd}||{people.CITIZEN.name}|04091985|Nữ|Tổ 1|01012022"}
    answer = people.post(client, f"{PATH}/thong-tin", organisation_form() | scan)
    assert answer.status_code == 422


def test_a_second_declaration_of_one_organisation_is_a_candidate_and_persons_are_not(desk, sent, engine, new_client):
    people.send_declaration(new_client(), people.CITIZEN)
    send(new_client(), phone="0900000302")
    review = pages.get(desk, f"/can-bo/to-khai/{row(engine).id}")
    candidates = review.split("Có thể trùng")[1].split("</ul>")[0]
    assert "cùng mã đơn vị" in candidates
    assert "cùng số giấy tờ" in candidates
    assert people.CITIZEN.name not in candidates


def test_two_organisations_without_codes_of_the_register_are_not_one(desk, sent, engine, new_client):
    other = new_client()
    send(other, unit_code="DV0010", tax_code="1600000010", phone="0900000302")
    review = pages.get(desk, f"/can-bo/to-khai/{row(engine).id}")
    assert "Có thể trùng" not in review
    with reading(engine) as db:
        ids = [one.id for one in db.query(Declaration).order_by(Declaration.sent_at)]
    path = f"/can-bo/to-khai/{ids[0]}"
    assert people.post(desk, f"{path}/gop", {"other": str(ids[1])}, path).status_code == 422


def test_a_taken_unit_code_stands_in_the_way(app, desk, sent, engine):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db, "0900000399", ma_don_vi="TH0009A")
    path = f"/can-bo/to-khai/{row(engine).id}"
    assert "Đã có tổ chức mang mã đơn vị này" in pages.get(desk, path)
    answer = people.post(desk, f"{path}/duyet", {}, path)
    assert answer.status_code == 422
    assert row(engine).status == "waiting"


def test_single_items_go_back_and_come_back_mended(desk, sent, engine):
    path = f"/can-bo/to-khai/{row(engine).id}"
    back = {"reason-tax_code": "khac_giay_to", "reason-organisation_name": "chua_du", "reason-licence": "mo"}
    assert people.post(desk, f"{path}/tra-lai", back, path).status_code == 303
    mended = "Trường THCS Mẫu 2/9"
    assert people.post(sent, "/to-khai/sua/organisation_name", {"full_name": mended}).status_code == 303
    assert people.post(sent, "/to-khai/sua/tax_code", {"tax_code": "12"}).status_code == 422
    assert people.post(sent, "/to-khai/sua/tax_code", {"tax_code": "1600000008"}).status_code == 303
    photo = {"photo": (io.BytesIO(people.photo_bytes("RÕ HƠN")), "gp.jpg")}
    answer = people.post(sent, "/to-khai/sua/licence", photo, content_type="multipart/form-data")
    assert answer.status_code == 303
    declaration = row(engine)
    assert (declaration.status, declaration.full_name, declaration.id_number) == ("waiting", mended, "1600000008")
    assert declaration.name_folded == "truong thcs mau 2/9"


def test_an_ended_declaration_begins_anew_with_what_it_said(desk, sent, engine):
    assert people.post(sent, "/to-khai/rut", {}, "/to-khai/xem").status_code == 303
    assert people.post(sent, "/to-khai/lam-lai", {}, "/to-khai/xem").location == f"{PATH}/thong-tin"
    form = pages.get(sent, f"{PATH}/thong-tin")
    for value in ("1600000009001", "TH0009A", "Công ty I-VAN Mẫu", "Trường THCS Mẫu 2/9 (cơ sở 1)"):
        assert f'value="{value}"' in form


def test_ten_parallel_approvals_make_one_organisation(app, desk, sent, engine):
    path = f"/can-bo/to-khai/{row(engine).id}"
    token = people.csrf(desk, path)
    cookies = [(cookie.key, cookie.value) for cookie in desk._cookies.values()]
    statuses: list[int] = []

    def press() -> None:
        client = app.test_client()
        for key, value in cookies:
            client.set_cookie(key, value)
        statuses.append(client.post(f"{path}/duyet", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303] + [422] * 9
    with reading(engine) as db:
        assert db.query(Organisation).count() == 1
        sms = db.query(OutboxMessage).filter(OutboxMessage.kind == "code.member_activation").count()
    assert sms == 1


def test_back_from_the_agency_leads_to_the_papers(new_client, desk):
    client = new_client()
    people.accept_terms(client)
    people.post(client, f"{PATH}/thong-tin", organisation_form())
    data = {"photo": (io.BytesIO(people.photo_bytes("GIẤY PHÉP MẪU")), "gp.jpg")}
    people.post(client, f"{PATH}/anh/licence", data, f"{PATH}/anh", content_type="multipart/form-data")
    page = client.get(f"{PATH}/co-quan").get_data(as_text=True)
    back = re.search(r'href="([^"]+)">Quay lại<', page)[1]
    assert back == f"{PATH}/anh"
    assert client.get(back).status_code == 200


def test_the_paper_of_an_organisation_is_noted_with_one_press(sent, desk, engine):
    path = f"/can-bo/to-khai/{row(engine).id}"
    page = desk.get(path).get_data(as_text=True)
    ticked = dict(re.findall(r'<input checked[^>]* name="(channel|id_shown)"[^>]* value="(\w+)"', page))
    assert set(ticked) == {"channel", "id_shown"}
    assert people.post(desk, f"{path}/giay", ticked, path).status_code == 303


def test_an_officer_sees_neither_empty_columns_nor_pages_that_nobody_owes(sent, desk, engine):
    page = desk.get(f"/can-bo/to-khai/{row(engine).id}").get_data(as_text=True)
    assert "Mã số thuế" in page
    assert "Sổ bộ" not in page
    assert "không còn hoặc thiếu" not in page


def test_what_to_bring_is_said_without_a_birth_certificate(sent):
    page = sent.get(f"{PATH}/hoan-tat").get_data(as_text=True)
    assert "Thủ trưởng ký" in page
    assert "giấy khai sinh" not in page


def test_a_strangers_invitation_does_not_keep_the_contacts_number(app, desk, sent, engine, new_client):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db, "0900000398", ma_don_vi="TH0398")
    manager = new_client()
    people.member_signs_in(app, manager, "0900000398")
    invitation = {"full_name": "Ai Mẫu Đó", "phone": PHONE, "role": "nhap_lieu"}
    assert people.post(manager, "/to-chuc/thanh-vien", invitation).status_code == 303
    path = f"/can-bo/to-khai/{row(engine).id}"
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 303
    with reading(engine) as db:
        states = {(one.full_name, one.status) for one in db.query(Member).where(Member.phone == "+84900000301")}
    assert states == {("Ai Mẫu Đó", "ended"), ("Phan Thị Mẫu Giáo", "new")}


def test_an_active_members_number_stays_theirs(app, desk, sent, engine, new_client):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db, PHONE, ma_don_vi="TH0398")
    people.member_signs_in(app, new_client(), PHONE)
    path = f"/can-bo/to-khai/{row(engine).id}"
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 422


@pytest.fixture
def hospital(engine):
    """A facility of the directory."""
    with unit(engine) as db:
        ward = directory.place(db, people.WARD)
        people.add_facility(db, address=f"3 đường Mẫu, {ward.label}", phone="0296 000 003")
        people.add_facility(db, "89013", "Trạm y tế Mẫu", address="Ấp Mẫu Hai, huyện Mẫu Cũ")


OF_FACILITY = {"kind": "co_so_kcb", "facility_code": "89 - 012", "full_name": "BV ĐKKV Mẫu", "unit_code": ""}


@pytest.mark.parametrize("fragment", [False, True])
def test_a_facility_is_found_in_the_directory_and_taken_with_a_press(client, hospital, fragment):
    people.accept_terms(client)
    headers = {"HX-Request": "true"} if fragment else {}
    search = organisation_form(kind="co_so_kcb") | {"facility_query": "khu vuc mau", "find_facility": "1"}
    found = people.post(client, f"{PATH}/thong-tin", search, headers=headers).get_data(as_text=True)
    assert 'name="take_facility" value="89012"' in found
    assert "3 đường Mẫu, " in found
    taken = people.post(
        client, f"{PATH}/thong-tin", organisation_form() | {"take_facility": "89012"}, headers=headers
    ).get_data(as_text=True)
    assert re.search(r'name="facility_code"[^>]*value="89012"', taken)
    assert re.search(r'<input checked[^>]*value="co_so_kcb"', taken)
    assert "Đã chọn: Bệnh viện Đa khoa Khu vực Mẫu" in taken
    assert "Theo danh mục cơ sở khám chữa bệnh" in taken
    assert re.search(r'name="full_name"[^>]*value="Bệnh viện Đa khoa Khu vực Mẫu"', taken)
    assert re.search(r'name="address_line"[^>]*value="3 đường Mẫu"', taken)
    assert f'<option value="{people.WARD}" selected>' in taken
    assert 'value="Phan Thị Mẫu Giáo"' in taken, "what was typed before is kept"
    search["facility_query"] = "không có đâu"
    assert "Không thấy cơ sở nào" in people.post(client, f"{PATH}/thong-tin", search).get_data(as_text=True)


def test_an_address_whose_ward_is_not_of_today_is_taken_whole(client, hospital):
    people.accept_terms(client)
    form = organisation_form(ward_code="") | {"take_facility": "89013"}
    taken = people.post(client, f"{PATH}/thong-tin", form).get_data(as_text=True)
    assert re.search(r'name="address_line"[^>]*value="Ấp Mẫu Hai, huyện Mẫu Cũ"', taken)
    assert "Hãy nhập" not in taken


@pytest.mark.parametrize(
    ("address", "line", "ward"),
    [
        ("12 Trần Mẫu, Phường Quy Nhơn Bắc, Tỉnh Gia Lai", "12 Trần Mẫu", "Phường Quy Nhơn Bắc"),
        ("12 Trần Mẫu, Phường Quy Nhơn, Tỉnh Gia Lai", "12 Trần Mẫu", "Phường Quy Nhơn"),
        ("12 Trần Mẫu, Khu 2,  phường Quy Nhơn Đông", "12 Trần Mẫu, Khu 2", "Phường Quy Nhơn Đông"),
        ("Số 1, Phường Quy Nhơn Mẫu, Tỉnh Gia Lai", None, ""),
        ("Số 1, Phường Quy Nhơn, Thành phố Quy Nhơn, Tỉnh Bình Định", None, ""),
        ("Phường Quy Nhơn, Tỉnh Gia Lai", None, ""),
    ],
)
def test_the_ward_of_a_facility_is_a_whole_part_of_its_address(client, engine, address, line, ward):
    with unit(engine) as db:
        province = next(one.code for one in directory.provinces(db) if one.full_name == "Tỉnh Gia Lai")
        codes = {one.full_name: one.code for one in directory.wards(db, province)}
        people.add_facility(db, "64001", "Trạm y tế Mẫu")
        db.execute(update(Facility).where(Facility.code == "64001").values(province_code=province, address=address))
    people.accept_terms(client)
    form = organisation_form(ward_code="") | {"take_facility": "64001"}
    taken = people.post(client, f"{PATH}/thong-tin", form).get_data(as_text=True)
    assert re.search(rf'name="address_line"[^>]*value="{line or address}"', taken)
    for name, code in codes.items():
        assert (f'<option value="{code}" selected>' in taken) is (name == ward)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"facility_code": ""}, "Hãy chọn cơ sở trong danh mục"),
        ({"facility_code": "8901"}, "Mã cơ sở khám chữa bệnh gồm 5 ký tự"),
        ({"facility_code": "89999"}, "Danh mục không có cơ sở"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_a_facility_names_itself_by_a_code_that_the_directory_knows(client, hospital, changes, words, fragment):
    people.accept_terms(client)
    headers = {"HX-Request": "true"} if fragment else {}
    form = organisation_form(**OF_FACILITY) | changes
    answer = people.post(client, f"{PATH}/thong-tin", form, headers=headers)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_the_officer_sees_the_directory_beside_what_a_facility_typed(app, desk, hospital, engine, new_client):
    client = new_client()
    assert send(client, **OF_FACILITY).location == f"{PATH}/hoan-tat"
    text = pypdf.PdfReader(io.BytesIO(client.get("/to-khai/mau-01.pdf").data)).pages[0].extract_text()
    assert "Mã cơ sở khám chữa bệnh: 89012" in " ".join(text.split())
    path = f"/can-bo/to-khai/{row(engine).id}"
    review = pages.get(desk, path)
    for words in (
        "BV ĐKKV Mẫu", "Bệnh viện Đa khoa Khu vực Mẫu", "3 đường Mẫu, ", "Danh mục",
        "Cơ sở đang có hợp đồng khám chữa bệnh BHYT", "Chưa có tổ chức của cơ sở này",
    ):  # fmt: skip
        assert words in review
    people.post(desk, f"{path}/giay", {"channel": "tai_noi", "id_shown": "cccd"}, path)
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 303
    with reading(engine) as db:
        assert db.query(Organisation).one().facility_code == "89012"
    manager = new_client()
    people.member_signs_in(app, manager, PHONE)
    assert "/to-chuc/tiep-nhan" in pages.get(manager, "/to-chuc")


@pytest.mark.parametrize(
    ("name", "phone", "told"),
    [
        ("BV ĐKKV Mẫu", "0296 000 003", "Hãy gọi cơ sở 0296 000 003 trước khi duyệt."),
        ("BV ĐKKV Mẫu", "", "Hãy hỏi cơ sở trước khi duyệt."),
        ("BỆNH VIỆN ĐA KHOA  KHU VỰC MẪU", "0296 000 003", None),
    ],
)
def test_a_name_that_is_not_the_directorys_is_said_first_and_its_telephone_is_no_difference(
    desk, hospital, engine, new_client, name, phone, told
):
    with unit(engine) as db:
        db.query(Facility).update({"phone": phone})
    send(new_client(), **{**OF_FACILITY, "full_name": name})
    review = pages.get(desk, f"/can-bo/to-khai/{row(engine).id}")
    assert ("Tên khai khác tên trong danh mục" in review) is (told is not None)
    assert (told or "") in review
    for line in re.findall(r"<tr><th scope=\"row\">Số điện thoại</th>.*?</tr>", review):
        assert "differs" not in line
    assert phone in review


def test_a_facility_that_is_taken_or_gone_from_the_directory_is_not_approved(app, desk, hospital, engine, new_client):
    send(new_client(), **OF_FACILITY)
    path = f"/can-bo/to-khai/{row(engine).id}"
    taken = {"kind": "co_so_kcb", "ma_don_vi": "", "facility_code": "89012"}
    with app.app_context(), unit(engine) as db:
        other = people.add_organisation(app, db, "0900000399", **taken)
    assert "Đã có tổ chức của cơ sở khám chữa bệnh này" in pages.get(desk, path)
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 422
    with unit(engine) as db:
        db.get(Organisation, other).status = "ended"
        db.execute(delete(Facility))
    assert "Danh mục không có cơ sở" in pages.get(desk, path)
    assert people.post(desk, f"{path}/duyet", {}, path).status_code == 422
    assert row(engine).status == "waiting"


def test_a_facility_without_a_contract_stands_out(desk, engine, new_client):
    with unit(engine) as db:
        people.add_facility(db, bhyt_contract=False)
    send(new_client(), **OF_FACILITY)
    assert "Theo danh mục, cơ sở không có hợp đồng" in pages.get(desk, f"/can-bo/to-khai/{row(engine).id}")


def test_only_a_facility_keeps_a_facilitys_code(desk, hospital, engine, new_client):
    send(new_client(), facility_code="89012")
    assert row(engine).facility_code == ""


def test_a_facilitys_code_goes_back_alone_and_comes_back_mended(desk, hospital, engine, new_client):
    client = new_client()
    send(client, **OF_FACILITY)
    path = f"/can-bo/to-khai/{row(engine).id}"
    assert people.post(desk, f"{path}/tra-lai", {"reason-facility_code": "khac_giay_to"}, path).status_code == 303
    assert people.post(client, "/to-khai/sua/facility_code", {"facility_code": ""}).status_code == 422
    assert people.post(client, "/to-khai/sua/facility_code", {"facility_code": "89 - 013"}).status_code == 303
    assert (row(engine).status, row(engine).facility_code) == ("waiting", "89013")


def test_a_schools_declaration_has_no_facilitys_code_to_give_back(desk, sent, engine):
    path = f"/can-bo/to-khai/{row(engine).id}"
    assert "reason-facility_code" not in pages.get(desk, path)
    assert people.post(desk, f"{path}/tra-lai", {"reason-facility_code": "khac_giay_to"}, path).status_code == 422
