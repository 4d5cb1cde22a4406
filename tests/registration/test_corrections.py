"""Single items go back with a reason; the rest stays, the clock stands still, only those items can be mended."""

import io
import re
from datetime import timedelta

import pytest

from tests import pages, people
from tests.registration.test_follow import messages, run
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.registration.corrections import rules
from vssid.registration.corrections.rules import Item
from vssid.registration.fields import Kind
from vssid.registration.models import Correction, Declaration, DeclarationPhoto

NAME_AND_FRONT = {
    "reason-full_name": "khac_giay_to", "words-full_name": "Thiếu chữ đệm",
    "reason-front": "mo", "sample-front": "1",
}  # fmt: skip


@pytest.fixture
def returned(counter):
    assert counter.act("tra-lai", NAME_AND_FRONT).status_code == 303
    return counter


def photos(engine) -> dict:
    with reading(engine) as db:
        return {row.side: row.file_id for row in db.query(DeclarationPhoto)}


def mend_front(client, data=None):
    form = {"photo": (io.BytesIO(data or people.photo_bytes("MỚI")), "a.jpg")}
    return people.post(client, "/to-khai/sua/front", form, content_type="multipart/form-data")


def test_the_citizen_is_told_which_items_and_why(app, engine, returned):
    assert returned.row.status == "returned"
    kinds = {(kind, channel): text for kind, channel, text in messages(app, engine)}
    assert "can sua" in kinds["declaration.returned", "sms"]
    mail = kinds["declaration.returned", "email"]
    assert "Họ và tên: Khác với giấy tờ trong ảnh. Thiếu chữ đệm" in mail
    assert "Mặt trước: Ảnh mờ" in mail
    html = pages.get(returned.citizen, "/to-khai/xem")
    assert "Chờ bạn sửa" in html
    assert set(re.findall(r'href="/to-khai/sua/(\w+)"', html)) == {"full_name", "front"}
    assert "sample-paper" in pages.get(returned.citizen, "/to-khai/sua/front")
    assert "Thiếu chữ đệm" in pages.get(returned.citizen, "/to-khai/sua/full_name")


def test_only_returned_items_can_be_mended(returned):
    for item in ("id_number", "portrait", "address", "phone", "nonsense"):
        assert returned.citizen.get(f"/to-khai/sua/{item}").status_code == 404
        answer = people.post(returned.citizen, f"/to-khai/sua/{item}", {"id_number": "1" * 9}, "/to-khai/xem")
        assert answer.status_code == 404
    answer = people.post(
        returned.citizen, "/to-khai/sua/full_name", {"full_name": "Đặng Thị Mẫu Ưng Ý", "id_number": "012345678"}
    )
    assert answer.status_code == 303
    assert (returned.row.full_name, returned.row.id_number) == ("Đặng Thị Mẫu Ưng Ý", people.CITIZEN.cccd)


def test_after_the_last_item_the_declaration_goes_on_and_the_days_did_not_count(returned, engine):
    before, old = returned.row.lapses_on, photos(engine)
    with unit(engine) as db:
        db.query(Declaration).one().paused_on = today() - timedelta(days=4)
    assert (
        people.post(returned.citizen, "/to-khai/sua/full_name", {"full_name": people.CITIZEN.name}).status_code == 303
    )
    assert returned.row.status == "returned"
    assert mend_front(returned.citizen).status_code == 303
    row = returned.row
    assert (row.status, row.paused_on, row.lapses_on) == ("waiting", None, before + timedelta(days=4))
    now_ = photos(engine)
    assert now_["front"] != old["front"]
    assert (now_["back"], now_["portrait"]) == (old["back"], old["portrait"])
    html = pages.get(returned.officer, returned.path)
    assert "Đã sửa" in html
    assert "trước khi sửa" in html


def test_a_returned_declaration_does_not_lapse_with_the_tenth_day_but_after_thirty(app, engine, returned):
    run(app, engine, "declarations.lapse", now() + timedelta(days=29))
    assert returned.row.status == "returned"
    run(app, engine, "declarations.lapse", now() + timedelta(days=31))
    assert returned.row.status == "lapsed"


def test_whose_paper_came_meanwhile_never_lapses_and_is_received_once_mended(app, engine, returned):
    assert returned.act("giay", {"channel": "tai_noi", "id_shown": "cccd"}).status_code == 303
    assert returned.row.status == "returned"
    run(app, engine, "declarations.lapse", now() + timedelta(days=400))
    assert returned.row.status == "returned"
    people.post(returned.citizen, "/to-khai/sua/full_name", {"full_name": people.CITIZEN.name})
    mend_front(returned.citizen)
    assert returned.row.status == "received"


def test_it_is_neither_approved_nor_returned_again_while_it_waits(returned):
    assert returned.act("duyet").status_code == 422
    answer = returned.act("tra-lai", NAME_AND_FRONT)
    assert answer.status_code == 422
    assert "Không trả lại được" in pages.inspected(answer)


def test_it_stands_in_a_list_of_its_own(returned):
    returned.officer.get("/can-bo")  # the flash of the act before names the citizen
    assert people.CITIZEN.name not in pages.get(returned.officer, "/can-bo/to-khai")
    assert people.CITIZEN.name in pages.get(returned.officer, "/can-bo/to-khai?xem=cho-sua")


WRONG = [
    ({}, "ít nhất một mục"),
    ({"reason-full_name": "mo"}, "chọn lý do trong danh sách"),
    ({"reason-front": "khac", "words-front": "ngắn"}, "ít nhất 10 ký tự"),
    ({"reason-front": "mo", "words-front": "x" * 301}, "300 ký tự"),
    ({"reason-birth_front": "mo"}, "ít nhất một mục"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_what_says_nothing_is_refused_and_kept(counter, data, words):
    answer = counter.act("tra-lai", data)
    assert answer.status_code == 422
    html = pages.inspected(answer)
    assert words in html
    assert counter.row.status == "waiting"
    if data.get("words-front") == "ngắn":
        assert 'value="ngắn"' in html


def test_a_wrong_value_is_refused_and_the_item_stays_open(counter):
    counter.act("tra-lai", {"reason-phone": "chua_du", "reason-address": "khac_giay_to", "reason-back": "loa"})
    answer = people.post(counter.citizen, "/to-khai/sua/phone", {"phone": "123"})
    assert answer.status_code == 422
    assert "di động" in pages.inspected(answer)
    answer = people.post(counter.citizen, "/to-khai/sua/address", {"address_line": "Số 9", "ward_code": "99999"})
    assert answer.status_code == 422
    assert "danh sách" in pages.inspected(answer)
    answer = people.post(
        counter.citizen, "/to-khai/sua/back", {"photo": (io.BytesIO(b"no photo"), "a.jpg")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "không phải ảnh" in pages.inspected(answer)
    with reading(counter.engine) as db:
        assert [one.mended_at for one in db.query(Correction)] == [None] * 3
    form = {"address_line": "Số 9, tổ 9", "ward_code": people.WARD}
    assert people.post(counter.citizen, "/to-khai/sua/address", form).status_code == 303
    assert counter.row.address_line == "Số 9, tổ 9"


def test_another_offices_officer_cannot_return_it(app, engine, counter, new_client):
    with unit(engine) as db:
        code = people.add_officer(app, db, "CB02", "08903")
    other = new_client()
    people.officer_signs_in(app, other, "CB02", code)
    assert people.post(other, counter.path + "/tra-lai", NAME_AND_FRONT, "/can-bo").status_code == 404


def test_who_has_not_opened_it_mends_nothing(returned, new_client):
    stranger = new_client()
    assert stranger.get("/to-khai/sua/full_name").status_code == 404
    assert people.post(stranger, "/to-khai/sua/full_name", {"full_name": "Ai Đó"}, "/to-khai").status_code == 404


@pytest.mark.parametrize("kind", list(Kind))
def test_every_photo_and_only_photos_of_the_kind_can_be_returned(kind):
    assert {item.side for item in rules.items_of(kind) if item.side} == set(kind.sides)


@pytest.mark.parametrize("item", list(Item))
def test_every_item_has_reasons_of_its_own_and_words_for_another(item):
    assert rules.Reason.OTHER in item.reasons
    assert all(reason.label for reason in item.reasons)
