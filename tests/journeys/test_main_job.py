"""The main job on imported files, over HTTP, without script: from CSV to the card at the counter."""

import json
import re

import pytest

from tests import pages, people

AGENCIES = """ma;ten;ma_cha;dia_chi;dien_thoai;email;gio_lam_viec
089;BHXH Tỉnh An Giang (mẫu);;Phường Long Xuyên, Tỉnh An Giang;0296 000 001;;7:30–17:00
08902;BHXH cơ sở Mỹ Thới (mẫu);089;1 đường Mẫu, Phường Mỹ Thới, Tỉnh An Giang;0296 000 002;;7:30–17:00
"""
FACILITIES = """ma_cskcb,ten,dia_chi,dien_thoai,ma_tinh,cap_chuyen_mon,hop_dong_bhyt,cap_giay_nghi,hieu_luc_tu,hieu_luc_den
89012,Bệnh viện Đa khoa Khu vực Mẫu,2 đường Mẫu,0296 000 012,91,cơ bản,1,1,01/01/2020,
"""
PARTICIPANTS = """\ufeffma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_giay_to,dien_thoai,email,dia_chi,ma_tinh,ma_xa,ma_ho,quan_he_chu_ho,ghi_chu
8900000101,Đặng Thị Mẫu Ưng,04/09/1985,Nữ,089185000101,0900 000 101,,Tổ 1,91,30301,HO001,Chủ hộ,cột thừa
8900000102,Trần Văn Mẫu Lạ,1980,Nam,089080000102,,,Tổ 2,91,30301,HO002,Chủ hộ,
"""
CARDS = """ma_so_bhxh,so_the,muc_huong,ma_doi_tuong,tu_ngay,den_ngay,ma_cskcb,nam_nam_lien_tuc,ma_khu_vuc,ngay_cap,noi_cap,nguoi_ky,trang_thai
8900000101,8900000101,4,DN,01/01/2026,31/12/2027,89012,01/02/2025,,20/12/2025,Tỉnh An Giang,Nguyễn Văn Mẫu Ký,hieu_luc
"""


def command(app, *args: str) -> str:
    result = app.test_cli_runner().invoke(args=list(args))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def province(app, tmp_path):
    """A province's files, imported by the operator; an officer added."""
    for kind, text in (
        ("agencies", AGENCIES),
        ("facilities", FACILITIES),
        ("participants", PARTICIPANTS),
        ("cards", CARDS),
    ):
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        assert "refused=0" in command(app, "imports", "run", kind, str(path), "--yes")
    added = command(
        app, "officers", "add", "--code", "CB01", "--name", "Cán bộ Mẫu", "--email", "cb01@vidu.vn", "--role", "duyet_ho_so", "--agency", "08902"
    )  # fmt: skip
    return re.search(r"(\d{4} \d{4} \d{4})", added)[1]


def letters(app, kind: str) -> list[dict]:
    """What `flask work` has sent of a kind, as the outbox folder holds it."""
    command(app, "work", "--once")
    found = [json.loads(path.read_text()) for path in (app.config["DATA_DIR"] / "outbox").glob("*.json")]
    return sorted((letter for letter in found if letter["kind"] == kind), key=lambda letter: letter["at"])


def test_from_a_file_to_the_card_without_script(app, client, new_client, province):
    who = people.CITIZEN
    # The citizen registers on a phone.
    pages.get(client, "/")
    answer = people.send_declaration(client, who, wants_form_by_email="y")
    assert answer.location == "/dang-ky/ca-nhan/hoan-tat"
    done = pages.get(client, answer.location)
    code = re.search(r'class="code num">([A-Z2-9]{4}-[A-Z2-9]{4})<', done)[1]
    assert client.get("/to-khai/mau-01.pdf").data.startswith(b"%PDF-")
    received = letters(app, "declaration.received")
    assert {letter["channel"] for letter in received} == {"sms", "email"}
    assert all(code in letter["text"] for letter in received)
    mail = next(letter for letter in received if letter["channel"] == "email")
    assert (app.config["DATA_DIR"] / "outbox" / mail["attachment"]).read_bytes().startswith(b"%PDF-")

    # An officer approves.
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", province)
    queue = pages.get(officer, "/can-bo/to-khai")
    path = re.search(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', queue)[1]
    review = pages.get(officer, path)
    assert who.name in review
    assert officer.get(path + "/anh/front.jpg").data.startswith(b"\xff\xd8\xff")
    assert people.post(officer, path + "/giay", {"channel": "tai_noi", "id_shown": "cccd"}, path).status_code == 303
    assert people.post(officer, path + "/duyet", {}, path).status_code == 303
    assert "Đã duyệt" in pages.get(client, "/to-khai/xem")

    # The citizen receives a code, sets a password, signs in.
    sms = letters(app, "code.activation")[-1]
    assert sms["to"] == "+84900000101"
    assert sms["text"].isascii()
    assert len(sms["text"]) <= 160
    activation = re.search(r"\d{4} \d{4}", sms["text"])[0]
    form = {"name": who.ma_so, "code": activation, "password": people.PASSWORD, "again": people.PASSWORD}
    assert people.post(client, "/kich-hoat", form).location == "/dang-nhap"
    assert people.post(client, "/dang-nhap", {"name": who.cccd, "password": people.PASSWORD}).status_code == 303

    # And shows the card.
    assert "89 0000 0101" in pages.get(client, "/")
    profile = pages.get(client, "/ca-nhan")
    assert "4/9/1985" in profile
    assert client.get("/ca-nhan/anh-chan-dung.jpg").data.startswith(b"\xff\xd8\xff")
    card = pages.get(client, "/ca-nhan/the-bhyt")
    for expected in (
        "Mã: 89 - 012",
        "Bệnh viện Đa khoa Khu vực Mẫu",
        "80% chi phí KCB",
        "1/2/2025",
        "Nguyễn Văn Mẫu Ký",
        "Phường Mỹ Thới",
    ):
        assert expected in card
    assert "<path" in pages.get(client, "/ca-nhan/the-bhyt/su-dung")
    assert client.get("/ca-nhan/the-bhyt.pdf").data.startswith(b"%PDF-")
    assert people.post(client, "/dang-xuat", {}, "/ca-nhan").status_code == 303
    assert client.get("/ca-nhan").status_code == 303


def test_every_signed_in_page_and_part_keeps_the_laws_in_five_languages(app, client, new_client, province):
    people.send_declaration(client, people.CITIZEN)
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", province)
    path = re.search(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', pages.get(officer, "/can-bo/to-khai"))[1]
    for language in ("vi", "en", "ko", "zh", "ja"):
        for page in ("/can-bo", "/can-bo/to-khai", "/can-bo/to-khai?xem=da-duyet", path):
            pages.get(officer, f"{page}{'&' if '?' in page else '?'}lang={language}")
        for page in ("/dang-ky/ca-nhan/hoan-tat", "/to-khai/xem", "/dang-ky", "/dang-ky/ca-nhan/thong-tin"):
            pages.get(client, f"{page}?lang={language}")
        pages.part(client, "/to-khai/xem")
    assert officer.get("/can-bo").status_code == 200
    people.post(officer, "/can-bo/dang-xuat", {}, "/can-bo")
    assert officer.get("/can-bo").status_code == 303
