"""Scan to fill over HTTP, without script: typed by a scanner or as a photo; kept beside what is typed, for the officer."""

import io
import json

import pytest

from tests import pages, people
from tests.registration.test_children import BHYT
from tests.scans import phone
from vssid.kernel.db import reading
from vssid.registration.models import Declaration, Draft

INFO = "/dang-ky/ca-nhan/thong-tin"
WHO = people.CITIZEN
CCCD = f"{WHO.cccd}|012345678|{WHO.name}|04091985|Nữ|Tổ 1, Phường Mỹ Bình, Long Xuyên, An Giang|01052021"


@pytest.fixture
def visitor(client):
    people.accept_terms(client)
    return client


def scan(client, **fields):
    return people.post(client, INFO, fields, content_type="multipart/form-data")


def test_a_scanner_that_types_fills_number_name_and_address(visitor):
    answer = scan(visitor, qr_text=CCCD, phone="0900 000 101")
    assert (answer.status_code, answer.location) == (303, INFO)
    html = pages.get(visitor, INFO)
    for kept in (WHO.name, WHO.cccd, "0900 000 101", "Tổ 1", "Phường Mỹ Bình, Thành phố Long Xuyên"):
        assert kept in html, kept
    assert html.count("Từ mã QR trên CCCD") == 2


def test_htmx_gets_the_filled_form_without_a_whole_page(visitor):
    token = people.csrf(visitor, INFO)
    answer = visitor.post(INFO, data={"csrf_token": token, "qr_text": CCCD}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Location"])["path"] == INFO


def test_a_photo_of_the_code_is_read_on_the_server(visitor):
    picture = phone.printed(BHYT, 700)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    answer = scan(visitor, qr_photo=(io.BytesIO(out.getvalue()), "qr.jpg"))
    assert answer.status_code == 303, answer.get_data(as_text=True)[-600:]
    assert people.CHILD.ma_so in pages.get(visitor, INFO)


WRONG = [
    ({"qr_text": "https://example.vn/x"}, "không phải"),
    ({"qr_text": "x" * 5000}, "dài"),
    ({"scan": "1"}, "Chưa có mã QR"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG)
def test_what_is_no_card_is_said_and_nothing_typed_is_lost(visitor, engine, fields, words):
    answer = scan(visitor, full_name=WHO.name, **fields)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert WHO.name in html
    with reading(engine) as db:
        assert db.query(Draft).count() == 0


@pytest.mark.parametrize(
    ("body", "words"), [(b"no photo at all", "không phải ảnh"), (people.photo_bytes(), "Không thấy mã QR")]
)
def test_a_photo_without_a_code_is_said(visitor, body, words):
    answer = scan(visitor, qr_photo=(io.BytesIO(body), "a.jpg"))
    assert answer.status_code == 422
    assert words in pages.inspected(answer)


def test_the_name_on_a_bhyt_card_does_not_replace_that_of_the_cccd(visitor):
    scan(visitor, qr_text=CCCD)
    scan(visitor, qr_text=BHYT, full_name=WHO.name, id_number=WHO.cccd)
    html = pages.get(visitor, INFO)
    assert f'value="{WHO.name}"' in html
    assert f'value="{people.CHILD.ma_so}"' in html


def test_scanned_values_stand_beside_typed_ones_for_the_officer_and_go_with_the_photos(desk, new_client, engine):
    client = new_client()
    people.accept_terms(client)
    scan(client, qr_text=CCCD)
    people.send_declaration(client, people.Specimen(**{**WHO.__dict__, "name": "Đặng Thị Mẫu Khác"}))
    with reading(engine) as db:
        row = db.query(Declaration).one()
    assert row.full_name == "Đặng Thị Mẫu Khác"
    assert json.loads(row.scans)["cccd"]["full_name"] == WHO.name
    html = pages.get(desk, f"/can-bo/to-khai/{row.id}")
    assert "Quét từ thẻ" in html
    assert html.count(f'<td class="differs">{WHO.name}</td>') == 2
