"""/xac-minh over HTTP: what the server says of a card, by form and by script."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from tests import pages, people
from tests.card.strips import changed, signed
from tests.card.test_codes import _drawn
from vssid.card import strips
from vssid.card.models import Card
from vssid.card.queries import holder
from vssid.card.strips import actions, queries
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import spoken_code
from vssid.card.strips.signing import code_of
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.records.models import Person

JSON = {"Accept": "application/json"}


@pytest.fixture
def text(app, engine) -> str:
    """A strip of today, of a card that holds."""
    with app.app_context(), unit(engine) as db:
        person = people.add_person(db, people.CITIZEN)
        people.add_card(db, person, people.CITIZEN)
        found = holder(db, person, today()).face
        issuer = actions.issuer(db, app.extensions["keyring"], False, today=today())
        keeper = actions.Keeper(None, person, None)
        return actions.keep(
            db, issuer, keeper, actions.Shown(person, found, b""), by=people.OPERATOR, at=now()
        ).strips.text()


def said(client, text: str, **options):
    answer = client.post("/xac-minh", data={"code": text}, **options)
    return answer.status_code, pages.inspected(answer)


def test_the_form_is_empty_and_has_no_token(client):
    html = pages.get(client, "/xac-minh")
    assert "csrf" not in html
    assert "hx-headers" not in html
    assert "htmx.min.js" not in html


def test_a_right_strip_is_green_with_what_it_says_and_what_the_register_says(client, text):
    status, html = said(client, text)
    assert status == 200
    for expected in (
        "verdict-good",
        "Thẻ đúng, mã của hôm nay.",
        "ĐTMƯ",
        "1985",
        "89 0000 0101",
        "89 - 012",
        "thẻ dùng được",
    ):
        assert expected in html, expected
    assert people.CITIZEN.name not in html


def test_a_scanner_may_add_a_line_end(client, text):
    assert said(client, text + "\r\n")[0] == 200


@pytest.mark.parametrize("bad", [signed(), signed(changed(key=99)), "VSSID1:", "VSSID1:" + "A" * 200])
def test_what_is_not_ours_is_red(client, text, bad):
    status, html = said(client, bad)
    assert status == 422
    assert "verdict-bad" in html


def test_by_script_the_same_is_told_as_json(client, engine, text):
    told = client.post("/xac-minh", data={"code": text}, headers=JSON).get_json()
    assert (told["ket_qua"], told["mau"]) == ("good", "good")
    assert told["so_bo"] == "Theo sổ bộ lúc này: thẻ dùng được."
    with unit(engine) as db:
        people.add_card(db, db.query(Card).one().person_id, people.CITIZEN, version=2, status="thu_hoi")
        actions.sweep(db, list(queries.to_end(db, now())), now())
    told = client.post("/xac-minh", data={"code": text}, headers=JSON).get_json()
    assert (told["ket_qua"], told["mau"]) == ("revoked", "bad")
    assert told["so_bo"] == "Theo sổ bộ lúc này: thẻ đã bị thu hồi."


@pytest.mark.parametrize("gone", ["withdrawn", "dead", "ended"])
def test_the_register_has_the_last_word_over_a_strip_that_is_right(app, client, engine, text, gone):
    with app.app_context(), unit(engine) as db:
        person = db.query(Card).one().person_id
        issuer = actions.issuer(db, app.extensions["keyring"], False, today=today())
        page = actions.page_strip(issuer, actions.Shown(person, holder(db, person, today()).face, b""), today()).text()
        if gone == "dead":
            db.get(Person, person).died_on = today()
        elif gone == "withdrawn":
            people.add_card(db, person, people.CITIZEN, version=2, status="thu_hoi")
        else:
            people.add_card(db, person, people.CITIZEN, version=2, valid_to=today() - timedelta(days=1))
    status, html = said(client, page)
    assert status == 422
    assert "verdict-bad" in html
    assert "Thẻ đúng" not in html.split("data-verdict")[0]
    assert client.post("/xac-minh", data={"code": page}, headers=JSON).get_json()["mau"] == "bad"


def test_a_photo_of_the_code_does_too(client, text):
    packed = io.BytesIO()
    _drawn(text).convert("RGB").resize((900, 900), Image.Resampling.NEAREST).save(packed, "PNG")
    answer = client.post("/xac-minh", data={"code": "", "photo": (io.BytesIO(packed.getvalue()), "anh.png")})
    assert "verdict-good" in pages.inspected(answer)
    empty = io.BytesIO()
    Image.new("RGB", (900, 900), "white").save(empty, "PNG")
    answer = client.post("/xac-minh", data={"code": "", "photo": (io.BytesIO(empty.getvalue()), "anh.png")})
    assert (answer.status_code, "Không thấy mã QR trong ảnh" in answer.get_data(as_text=True)) == (422, True)


def test_nothing_at_all_is_answered_with_what_to_do(client):
    status, html = said(client, "")
    assert status == 422
    assert "Hãy quét mã, gõ mã, hoặc chọn ảnh" in html
    assert said(client, "x" * 601)[0] == 422


def test_another_sites_form_is_turned_away(client, text):
    assert client.post("/xac-minh", data={"code": text}, headers={"Origin": "https://xau.example"}).status_code == 403


def test_a_specimen_house_says_so(app, client, text, monkeypatch):
    monkeypatch.setitem(app.extensions, "specimen", lambda: True)
    assert "verdict-info" in said(client, text)[1]


def test_the_door_tells_cards_from_documents():
    assert strips.looks_like("VSSID1:ABC")
    assert strips.looks_like("8900000101 0000000")
    assert not strips.looks_like("7K3M-9QX2-BDFG-2345")


def test_guessing_the_spoken_code_of_a_number_ends_after_ten_and_the_right_one_begins_anew(client, engine, app, text):
    number = people.CITIZEN.ma_so
    with reading(engine) as db:
        right = code_of(app.extensions["keyring"], db.query(KeptCard).one().handle, today())
    wrong = [code for n in range(40) if (code := spoken_code(n.to_bytes(8, "big"))) != right]
    for code in wrong[:9]:
        status, html = said(client, f"{number} {code}")
        assert (status, "7 số chưa khớp" in html) == (422, True)
    status, html = said(client, f"{number} {right}")
    assert status == 200
    assert "ĐTMƯ" in html
    for code in wrong[:10]:
        assert said(client, f"{number} {code}")[0] == 422
    status, html = said(client, f"{number} {right}")
    assert (status, "quá nhiều lần hôm nay" in html) == (429, True)
    assert said(client, text)[0] == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("8900000101", "Cần thêm 7 số dưới mã QR"),
        ("89 0000 0101", "Cần thêm 7 số dưới mã QR"),
        ("8900000101 1234567", "7 số chưa khớp"),
        ("8900000101|c490|04/09/1985|2|-|89 - 012|01/01/2026|-|-|-|-|4|-|-|4|-|$", "Đây là mã QR theo mẫu thẻ"),
    ],
)
def test_what_is_not_whole_is_told_what_is_missing(client, typed, words):
    status, html = said(client, typed)
    assert (status, words in html) == (422, True)


def test_one_network_cannot_shut_a_number_out_elsewhere(client, engine, app, text):
    number = people.CITIZEN.ma_so
    with reading(engine) as db:
        right = code_of(app.extensions["keyring"], db.query(KeptCard).one().handle, today())
    wrong = next(code for n in range(9) if (code := spoken_code(n.to_bytes(8, "big"))) != right)
    for _n in range(12):
        said(client, f"{number} {wrong}")
    assert said(client, f"{number} {right}")[0] == 429
    assert said(client, f"{number} {right}", environ_base={"REMOTE_ADDR": "203.0.113.9"})[0] == 200
