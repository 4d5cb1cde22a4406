from tests import people
from vssid.kernel.db import unit


def test_main_job(app, engine, client, new_client):
    with unit(engine) as db:
        people.add_agency(db)
        people.add_card(db, people.add_person(db, people.CITIZEN), people.CITIZEN)
        setup = people.add_officer(app, db, "CB01", "08902")
    answer = people.send_declaration(client, people.CITIZEN)
    assert answer.status_code == 303 and answer.location == "/dang-ky/ca-nhan/hoan-tat", answer.get_data(as_text=True)[
        -1500:
    ]
    page = client.get(answer.location).get_data(as_text=True)
    assert "Mã tờ khai" in page
    pdf = client.get("/to-khai/mau-01.pdf")
    assert pdf.data[:5] == b"%PDF-"
    open("/tmp/form01.pdf", "wb").write(pdf.data)
    assert client.get("/to-khai/xem").status_code == 200
    officer = new_client()
    people.officer_signs_in(app, officer, "CB01", setup)
    assert officer.get("/can-bo").status_code == 200
    queue = officer.get("/can-bo/to-khai").get_data(as_text=True)
    assert people.CITIZEN.name in queue
    import re

    path = re.search(r'href="(/can-bo/to-khai/[0-9a-f-]{36})"', queue)[1]
    review = officer.get(path)
    assert review.status_code == 200
    photo = officer.get(path + "/anh/front.jpg")
    assert photo.mimetype == "image/jpeg"
    assert people.post(officer, path + "/giay", {"channel": "tai_noi", "id_shown": "cccd"}, path).status_code == 303
    answer = people.post(officer, path + "/duyet", {}, path)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    code = people.sent_code(app, "code.activation")
    citizen = new_client()
    answer = people.post(
        citizen,
        "/kich-hoat",
        {"name": people.CITIZEN.ma_so, "code": code, "password": people.PASSWORD, "again": people.PASSWORD},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    answer = people.post(citizen, "/dang-nhap", {"name": people.CITIZEN.cccd, "password": people.PASSWORD})
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    assert answer.location == "/"
    for path in (
        "/tai-khoan",
        "/",
        "/ca-nhan",
        "/ca-nhan?hien=1",
        "/ca-nhan/anh-chan-dung.jpg",
        "/ca-nhan/the-bhyt",
        "/ca-nhan/the-bhyt/su-dung",
        "/ca-nhan/the-bhyt.pdf",
    ):
        answer = citizen.get(path)
        assert answer.status_code == 200, (path, answer.get_data(as_text=True)[-2000:])
    open("/tmp/card.pdf", "wb").write(answer.data)
    assert citizen.get("/tai-khoan/thiet-bi").status_code == 200
