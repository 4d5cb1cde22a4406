"""What a reader chooses for all pages: kept in cookies, the same on every page; text mode, and what a page weighs."""

import gzip
import re

import pytest

from tests import pages, people
from vssid.kernel.db import unit
from vssid.web.weight import PLACE, as_text

WAYS = [("co", "xl", 'data-size="xl"'), ("tuong-phan", "cao", "data-contrast"), ("che-do", "chu", "data-text")]


@pytest.mark.parametrize(("parameter", "value", "mark"), WAYS)
def test_a_choice_holds_on_every_page_until_it_is_taken_back(client, parameter, value, mark):
    head = re.compile(r"<html[^>]*>")
    assert mark not in head.search(pages.get(client, "/cai-dat"))[0]
    client.get(f"/cai-dat?{parameter}={value}")
    for address in ("/cai-dat", "/dang-nhap", "/tra-cuu", "/"):
        assert mark in head.search(pages.get(client, address))[0]
    plain = {"co": "m", "tuong-phan": "thuong", "che-do": "day-du"}[parameter]
    client.get(f"/tra-cuu?{parameter}={plain}")
    assert mark not in head.search(pages.get(client, "/cai-dat"))[0]


@pytest.mark.parametrize("value", ["", "x", "XL", "chu;", "day-du,chu"])
def test_a_choice_that_there_is_not_changes_nothing(client, value):
    for parameter in ("co", "tuong-phan", "che-do", "lang"):
        answer = client.get("/cai-dat", query_string={parameter: value})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_settings_mark_what_is_chosen(client):
    client.get("/cai-dat?co=l&lang=ja")
    html = pages.get(client, "/cai-dat")
    chosen = re.findall(r'<a href="[^"]*"[^>]*aria-current="true">([^<]+)</a>', html.partition("<main")[2])
    assert "日本語" in chosen
    assert len(chosen) == 4


def test_text_mode_asks_for_nothing_but_the_page(client, app, engine):
    client.get("/?che-do=chu")
    with unit(engine) as session:
        people.open_account(app, session, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    for address in ("/", "/cai-dat", "/tra-cuu", "/ca-nhan", "/tra-cuu/ma-so", "/tai-khoan"):
        html = pages.get(client, address)
        assert not re.search(r"<script|<img|<video|<use|rel=\"(icon|manifest|stylesheet)", html), address
        assert "Hiện đầy đủ" in html
        menu = re.search(r'<summary class="pill">(.*?)</summary>', html[html.rindex('<details class="menu"') :])[1]
        assert re.sub(r"<[^>]+>", "", menu).strip(), "a button without its picture says what it is"


def test_a_picture_that_says_something_becomes_a_link_and_codes_stay():
    html = '<img src="/a?b=1&amp;c=2" alt="Ảnh chân dung" width="3"><img src="/x" alt=""><svg class="qr"><path d="M0"/></svg>'
    assert as_text(html) == '<a class="pic" href="/a?b=1&amp;c=2">Ảnh chân dung</a><svg class="qr"><path d="M0"/></svg>'


def test_a_page_says_what_it_weighs_on_the_line(client):
    answer = client.get("/tra-cuu", headers={"Accept-Encoding": "gzip"})
    said = int(re.search(r"nặng (\d+) KB", gzip.decompress(answer.data).decode())[1])
    weight = len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    assert abs(said * 1000 - weight) < 1500
    assert PLACE not in pages.get(client, "/dang-nhap")
