"""The invitation: sent by the inviter's own phone, known again by the house, telling nothing of anybody."""

import re
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image

from tests import pages
from vssid.kernel.clock import today
from vssid.notices import inviting
from vssid.notices.inviting.rules import is_signed, new_token

KEY = "k" * 40


def test_a_token_is_known_again_and_nothing_else_is():
    token = new_token(KEY, today())
    assert is_signed(KEY, token)
    assert not is_signed("x" * 40, token)
    for at in range(len(token)):
        other = token[:at] + ("0" if token[at] != "0" else "1") + token[at + 1 :]
        assert not is_signed(KEY, other)
    for rubbish in ("", token[:-1], token + "0", "../..", "é" * 28, token.upper() + " "):
        assert not is_signed(KEY, rubbish)


def test_a_token_tells_the_month_and_nothing_of_anybody():
    first, second = new_token(KEY, today()), new_token(KEY, today())
    assert first[:4] == second[:4] == f"{today():%y%m}"
    assert len(first) == 28


@pytest.fixture
def html(client) -> str:
    return pages.get(client, "/moi")


def link_of(html: str) -> str:
    return re.search(r'data-share="[^"]*(http\S+/moi/\w+)"', html)[1]


def test_the_link_leads_to_the_landing_page(app, client, html):
    path = re.search(r"/moi/(\w+)$", link_of(html))
    with app.app_context():
        assert inviting.is_ours(path[1])
    landing = pages.get(client, path[0])
    assert "Đây đúng là liên kết của chúng tôi." in landing
    assert "/cai-dat-ung-dung" in landing


def test_the_phones_own_sms_opens_with_the_words(html):
    sms = re.search(r'href="(sms:[^"]+)"', html)[1].replace("&amp;", "&")
    assert sms.startswith("sms:?&body=")
    assert unquote(sms.partition("body=")[2]).endswith(link_of(html))


def test_the_code_says_the_link(html):
    svg = re.search(r'<svg class="qr" viewBox="0 0 (\d+) .*?</svg>', html, re.S)
    side = int(svg[1])
    picture = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg[0]):
        picture.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    [found] = zxingcpp.read_barcodes(picture.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    assert found.text == link_of(html)


@pytest.mark.parametrize("token", ["261100000000000000000000000000", "x", "2611" + "0" * 24, "%3Cscript%3E"])
def test_a_link_that_is_not_ours_is_named_as_that(client, token):
    answer = client.get(f"/moi/{token}")
    assert answer.status_code == 404
    assert "Không phải liên kết của chúng tôi" in answer.text
    assert "Đừng nhập mật khẩu" in answer.text


def test_the_page_is_in_the_readers_language_and_has_no_token_of_a_form(client):
    assert "csrf" not in pages.get(client, "/moi")
    assert client.get("/moi?lang=ko").status_code == 200
