"""/to-khai: by code and phone, without an account."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from tests import pages, people
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.registration import JOBS
from vssid.registration.models import Declaration
from vssid.registration.rules import spoken_code


@pytest.fixture
def sent(client, engine):
    with unit(engine) as db:
        people.add_agency(db)
        people.add_person(db, people.CITIZEN)
    people.send_declaration(client, people.CITIZEN, wants_form_by_email="y")
    with reading(engine) as db:
        return db.query(Declaration).one()


def state(engine) -> Declaration:
    with reading(engine) as db:
        return db.query(Declaration).one()


def messages(app, engine) -> list[tuple[str, str, str]]:
    with reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
        return [(row.kind, row.channel, opened(app.extensions["keyring"], row).text) for row in rows]


def test_code_and_phone_open_it_in_any_spelling(new_client, sent):
    client = new_client()
    answer = people.post(client, "/to-khai", {"code": spoken_code(sent.code).lower(), "phone": "+84 900 000 101"})
    assert answer.status_code == 303
    html = pages.get(client, "/to-khai/xem")
    assert people.CITIZEN.name in html
    assert "Chờ nộp bản giấy" in html


def test_a_wrong_phone_and_a_wrong_code_look_the_same(new_client, sent):
    texts = []
    for code, phone in ((sent.code, "0900000999"), ("22222222", people.CITIZEN.phone)):
        answer = people.post(new_client(), "/to-khai", {"code": code, "phone": phone})
        assert answer.status_code == 422
        html = pages.inspected(answer)
        texts.append(re.sub(r'value="[^"]*"|X-CSRFToken":"[^"]*"|data-\w+="[^"]*"|id="captcha-hint">[^<]*', "", html))
    assert texts[0] == texts[1]


def test_guessing_ends_with_429(new_client, sent):
    client = new_client()
    for n in range(5):
        people.post(client, "/to-khai", {"code": sent.code, "phone": f"090000090{n}"})
    answer = people.post(client, "/to-khai", {"code": sent.code, "phone": people.CITIZEN.phone})
    assert answer.status_code == 429


def test_who_has_not_opened_it_sees_nothing(new_client, sent):
    client = new_client()
    assert client.get("/to-khai/xem").status_code == 303
    assert client.get("/to-khai/mau-01.pdf").status_code == 404
    for act in ("rut", "sua-so"):
        assert people.post(client, f"/to-khai/{act}", {"phone": "0900000999"}, "/to-khai").status_code == 404


def test_form_01_holds_every_field_and_a_qr_of_its_code(client, sent):
    answer = client.get("/to-khai/mau-01.pdf")
    assert answer.mimetype == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for expected in (
        "[08902] BHXH cơ sở Mẫu Một", people.CITIZEN.name, "89 0000 0101", people.CITIZEN.cccd, "Số 1, tổ 2", "Tỉnh An Giang",
        "mau@vidu.vn", "0900 000 101", "164/2025", "đề nghị cấp mã xác thực", "Cổng TTĐT BHXH Việt Nam",
        spoken_code(sent.code), sent.lapses_on.strftime("%d/%m/%Y"), "Nộp tại nơi tiếp nhận",
    ):  # fmt: skip
        assert expected in text, expected


def test_the_qr_of_form_01_is_read_from_its_picture(client, sent, tmp_path):
    import subprocess

    (tmp_path / "a.pdf").write_bytes(client.get("/to-khai/mau-01.pdf").data)
    subprocess.run(["pdftoppm", "-r", "120", "-png", "a.pdf", "a"], cwd=tmp_path, check=True)
    found = zxingcpp.read_barcodes(Image.open(next(tmp_path.glob("a*.png"))))
    assert [code.text for code in found] == [sent.code]


def test_sms_and_mail_say_code_and_day(app, engine, sent):
    day = sent.lapses_on.strftime("%d/%m/%Y")
    kinds = {(kind, channel): text for kind, channel, text in messages(app, engine)}
    sms = kinds["declaration.received", "sms"]
    assert sms.isascii()
    assert spoken_code(sent.code) in sms
    assert day in sms
    assert "mẫu 01" in kinds["declaration.received", "email"]


def test_the_mailed_form_is_the_form(app, engine, sent):
    with app.app_context():
        from vssid.registration.papers import form_01_attachment

        name, media_type, body = form_01_attachment(sent.id)
    assert name == f"to-khai-{sent.code}.pdf"
    assert media_type == "application/pdf"
    assert spoken_code(sent.code) in pypdf.PdfReader(io.BytesIO(body)).pages[0].extract_text()


def test_a_wrong_phone_is_mended_before_the_decision(app, client, engine, sent):
    answer = people.post(client, "/to-khai/sua-so", {"phone": "0900000555"}, "/to-khai/xem")
    assert answer.status_code == 303
    assert state(engine).phone == "+84900000555"
    assert any(kind == "declaration.code" for kind, _channel, _text in messages(app, engine))
    wrong = people.post(client, "/to-khai/sua-so", {"phone": "1"}, "/to-khai/xem")
    assert wrong.status_code == 422
    assert state(engine).phone == "+84900000555"


def test_it_is_withdrawn_once(client, engine, sent):
    assert people.post(client, "/to-khai/rut", {}, "/to-khai/xem").status_code == 303
    assert state(engine).status == "withdrawn"
    again = people.post(client, "/to-khai/rut", {}, "/dang-nhap")
    assert again.status_code == 422
    assert "đã kết thúc" in pages.inspected(again)
    assert people.post(client, "/to-khai/sua-so", {"phone": "0900000555"}, "/dang-nhap").status_code == 422


def test_a_lost_code_is_sent_to_the_phone_and_the_answer_betrays_nothing(app, new_client, engine, sent):
    texts = []
    for phone in (people.CITIZEN.phone, "0900000998"):
        client = new_client()
        page = pages.get(client, "/to-khai/quen-ma")
        data = {"ma_so_bhxh": people.CITIZEN.ma_so, "phone": phone, **people.captcha_answer(page)}
        answer = people.post(client, "/to-khai/quen-ma", data)
        assert answer.status_code == 303
        texts.append(re.sub(r'id="captcha-hint">[^<]*|"[^"]*"', "", pages.get(client, answer.location)))
    assert texts[0] == texts[1]
    codes = [text for kind, _channel, text in messages(app, engine) if kind == "declaration.code"]
    assert len(codes) == 1
    assert spoken_code(sent.code) in codes[0]


def run(app, engine, name, at):
    job = next(job for job_name, _every, job in JOBS if job_name == name)
    with app.app_context(), unit(engine) as db:
        job(db, at)


def test_it_lapses_after_the_tenth_day_and_not_before(app, engine, sent):
    run(app, engine, "declarations.lapse", now() + timedelta(days=10))
    assert state(engine).status == "waiting"
    run(app, engine, "declarations.lapse", now() + timedelta(days=11))
    assert state(engine).status == "lapsed"
    assert [kind for kind, channel, _t in messages(app, engine) if channel == "sms"].count("declaration.lapsed") == 1


def test_who_agreed_is_reminded_once(app, engine, sent):
    for _again in range(2):
        run(app, engine, "declarations.remind", now() + timedelta(days=8))
    kinds = [(kind, channel) for kind, channel, _text in messages(app, engine)]
    assert kinds.count(("declaration.remind", "sms")) == 1


def test_photos_are_destroyed_ninety_days_after_the_end(app, client, engine, sent):
    people.post(client, "/to-khai/rut", {}, "/to-khai/xem")
    from vssid.kernel.files import StoredFile
    from vssid.registration.models import DeclarationPhoto

    run(app, engine, "declarations.photos", now() + timedelta(days=89))
    with reading(engine) as db:
        assert db.query(DeclarationPhoto).count() == 3
    run(app, engine, "declarations.photos", now() + timedelta(days=91))
    with reading(engine) as db:
        assert db.query(DeclarationPhoto).count() == 0
        assert db.query(StoredFile).count() == 0


def test_the_day_of_sending_counts_in_vietnam(sent):
    assert sent.lapses_on == today() + timedelta(days=10)
