"""What another app shares reaches the window that checks it, changes nothing, and cannot be sent by pages of others."""

import io
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from tests import pages
from tests.attesting.test_documents import issue, person  # noqa: F401 - a fixture
from tests.people import photo_bytes
from tests.scans.phone import printed
from vssid.attesting import rules
from vssid.attesting.models import IssuedDocument
from vssid.attesting.shares import SHARES_AN_HOUR, Shared, found_in
from vssid.kernel.clock import now
from vssid.kernel.db import reading

PATH = "/xac-minh/chia-se"
STRIP = "VSSID1:6BF$%*+-./:ABC DEF0123456789XYZ"
SEAL = "A-_z" * 34


def picture(text: str) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    printed(text, 600).save(out, "PNG")
    return io.BytesIO(out.getvalue()), "anh.png"


def share(client, **fields):
    """As a phone does it: a form of several parts, no token, our own origin."""
    return client.post(
        PATH, data=fields, content_type="multipart/form-data",
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "none"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        (SEAL, SEAL),
        (f"Giấy của em: https://vidu.vn/xac-minh#{SEAL} ạ", SEAL),
        (STRIP, STRIP),
        (f"  {STRIP}\n", STRIP),
        (f"https://vidu.vn/xac-minh#{STRIP}", STRIP),
    ],
)
def test_a_seal_and_a_strip_are_found_among_other_words(text, fragment):
    found = found_in(["", text])
    assert found
    assert unquote(found.fragment) == fragment
    assert " " not in found.fragment


@pytest.mark.parametrize("text", ["", "xin chào", "VSSID1:", "VSSID1:abc", "A" * 129, "A" * 141, "7K3M-9QX2-BDFG-2345"])
def test_other_texts_hold_nothing(text):
    assert found_in([text]) is None


def test_a_typed_code_is_found_among_other_words(app, engine, person):  # noqa: F811
    code = issue(app, person).code
    for text in (code, rules.spoken(code).lower(), f"Mã {rules.spoken(code)}, cảm ơn", f"ABCD {code}"):
        assert found_in([text]) == Shared(code=rules.spoken(code))


@pytest.mark.parametrize("field", ["text", "url"])
def test_a_shared_text_leads_to_the_window_behind_the_hash(client, field):
    answer = share(client, **{field: STRIP})
    assert answer.status_code == 303
    path, _, fragment = answer.headers["Location"].partition("#")
    assert path == "/xac-minh"
    assert unquote(fragment) == STRIP


@pytest.mark.parametrize("text", [STRIP, f"http://localhost/xac-minh#{SEAL}"])
def test_a_shared_picture_of_a_code_leads_there_too(client, text):
    answer = share(client, anh=picture(text))
    assert answer.status_code == 303
    assert unquote(answer.headers["Location"]).endswith(text.rpartition("#")[2])


def test_a_shared_code_is_checked_by_one_press(app, client, engine, person):  # noqa: F811
    issued = issue(app, person)
    answer = share(client, text=f"Mã xác minh: {rules.spoken(issued.code)}")
    html = pages.inspected(answer)
    assert answer.status_code == 200
    assert f'name="code" value="{rules.spoken(issued.code)}"' in html
    with reading(engine) as db:
        assert db.scalar(select(func.sum(IssuedDocument.checks))) == 0, "to share is not to check"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Chưa nhận được"),
        ({"text": "xin chào"}, "không có mã xác minh"),
        ({"anh": (io.BytesIO(b"GIF89a<script>"), "a.gif")}, "không phải ảnh"),
        ({"anh": (io.BytesIO(photo_bytes()), "a.jpg")}, "Không thấy mã QR"),
        ({"anh": (io.BytesIO(b"\xff\xd8\xff" + b"0" * (8 * 1024**2 + 1)), "a.jpg")}, "lớn hơn 8 MB"),
        ({"anh": picture("8900000101|4e67757965|01/01/1990|2|x|89 - 012|01/01/2022|-|01/01/2022|89|-|4|01/01/2020|x|4|x|$")}, "không phải mã xác minh"),
    ],
)  # fmt: skip
def test_whatever_else_is_shared_is_answered_with_what_can_be(client, fields, words):
    answer = share(client, **fields)
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert words in html
    assert "Có thể chia sẻ" in html


def test_both_answers(client):
    assert "<html" not in client.post(PATH, data={}, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Có thể chia sẻ" in pages.get(client, PATH)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://ke-xau.vidu"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_pages_of_others_cannot_share(client, headers):
    assert client.post(PATH, data={"text": STRIP}, headers=headers).status_code == 403


def test_too_many_shares_of_a_network_are_stopped(client, app):
    limiter = app.extensions["limiter"]
    for _n in range(SHARES_AN_HOUR[0]):
        limiter.allow("share", "127.0.0.0/24", *SHARES_AN_HOUR, now())
    assert share(client, text=STRIP).status_code == 429
