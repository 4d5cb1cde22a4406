"""What everybody reads: lists without loss, the right language, nothing hostile, a feed that readers understand."""

import re
from datetime import timedelta

import feedparser
import pytest
from sqlalchemy import event

from tests import pages
from tests.newsroom.conftest import address_of, publish
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.newsroom import actions
from vssid.newsroom.rules import LISTED, Kind, Topic, Written

SECTIONS = [f"/{kind.section}" for kind in LISTED]
HOSTILE = "<script>alert('CANARY')</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


@pytest.mark.parametrize("path", [*SECTIONS, "/gioi-thieu"])
def test_every_list_keeps_the_laws_in_each_language(client, path):
    for language in ("vi", "en", "ja"):
        html = pages.get(client, f"{path}?lang={language}")
        assert "csrf_token" not in html
        assert "X-CSRFToken" not in html


def test_a_list_is_turned_page_by_page_without_loss(client, engine, author):
    at = now()
    with unit(engine) as db:
        for number in range(64):
            # Some at one moment, some pinned.
            publish(
                db,
                author,
                f"Tin số {number:02}",
                at=at - timedelta(minutes=number // 3 + 1),
                pinned=number in (7, 40, 63),
            )
    seen: list[str] = []
    path = "/tin-tuc"
    for _page in range(9):
        html = pages.get(client, path)
        seen += re.findall(r"Tin số \d\d", html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    assert seen[:3] == ["Tin số 07", "Tin số 40", "Tin số 63"]
    assert len(seen) == 64
    assert set(seen) == {f"Tin số {number:02}" for number in range(64)}


@pytest.mark.parametrize(
    "key", ["x", "2026-11-30_1", "g", "_", "2026-11-30T00:00:00_123e4567-e89b-12d3-a456-426614174000", "é" * 90]
)
def test_a_key_that_is_none_shows_the_first_page(client, engine, author, key):
    with unit(engine) as db:
        publish(db, author)
    assert "Tin mẫu" in client.get("/tin-tuc", query_string={"truoc": key}).text


def test_a_topic_narrows_the_list(client, engine, author):
    with unit(engine) as db:
        publish(db, author, "Về thẻ", kind=Kind.FAQ, topic=Topic.CARD)
        publish(db, author, "Về đóng", kind=Kind.FAQ, topic=Topic.PAYING)
    html = pages.get(client, "/ho-tro/hoi-dap?chu-de=dong")
    assert "Về đóng" in html
    assert "Về thẻ" not in html
    assert "<details" in pages.get(client, "/ho-tro/hoi-dap")


def test_a_reader_gets_their_language_or_the_vietnamese_text_and_is_told(client, engine, author):
    with unit(engine) as db:
        id = publish(
            db, author, "Đổi thẻ", body="Đến quầy.", en=Written("Change the card", "In short.", "Go to the desk.")
        )
    address = address_of(engine, id)
    english = pages.get(client, f"{address}?lang=en")
    assert "Go to the desk." in english
    assert "chưa có bản dịch" not in english
    japanese = pages.get(client, f"{address}?lang=ja")
    assert '<h1 lang="vi">Đổi thẻ</h1>' in japanese
    assert '<div class="article" lang="vi">' in japanese
    assert 'class="notice notice-info"' in japanese
    listed = pages.get(client, "/tin-tuc?lang=ja")
    assert '<strong lang="vi">Đổi thẻ</strong>' in listed
    assert '<strong lang="en-GB">Change the card</strong>' in pages.get(client, "/tin-tuc?lang=en")
    assert "notice-info" not in pages.get(client, f"{address}?lang=vi")


def test_what_is_not_current_is_not_there(client, engine, author):
    at = now()
    with unit(engine) as db:
        draft = actions.make(db, Kind.NEWS, Topic.OTHER, "", Written("Nháp", "", "x"), by=author, at=at)
        later = publish(db, author, "Mai", publish_at=at + timedelta(days=1))
        ended = publish(db, author, "Qua", at=at - timedelta(days=2), expires_at=at - timedelta(days=1))
        gone = publish(db, author, "Gỡ")
        actions.withdraw(db, gone, 2, "Lý do nội bộ", by=author, at=at)
    for id in (draft, later, ended):
        assert client.get(address_of(engine, id)).status_code == 404
    answer = client.get(address_of(engine, gone))
    assert answer.status_code == 410
    assert "nội bộ" not in answer.text
    listed = client.get("/tin-tuc").text
    assert not any(word in listed for word in ("Nháp", "Mai", "Qua", "Gỡ"))


def test_an_article_stands_only_below_its_own_section(client, engine, author):
    with unit(engine) as db:
        id = publish(db, author)
    slug = address_of(engine, id).split("/")[-1]
    assert client.get(f"/tin-tuc/{slug}").status_code == 200
    for section in SECTIONS[1:]:
        assert client.get(f"{section}/{slug}").status_code == 404


def test_hostile_words_are_words_everywhere(client, engine, author):
    with unit(engine) as db:
        id = publish(db, author, HOSTILE, lead=HOSTILE, body=HOSTILE)
        question = publish(db, author, HOSTILE, lead=HOSTILE, body=HOSTILE, kind=Kind.FAQ, topic=Topic.OTHER)
    for path in ("/tin-tuc", address_of(engine, id), address_of(engine, question), "/ho-tro/hoi-dap?chu-de=khac"):
        html = client.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "CANARY" in html
        assert "{{ 7*7 }}" in html
    parsed = feedparser.parse(client.get("/tin-tuc/atom.xml").data, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.entries[0].title_detail.type == "text/plain"
    assert parsed.entries[0].title == HOSTILE


def test_the_feed_is_read_by_a_reader_in_each_language(client, engine, author):
    with unit(engine) as db:
        id = publish(db, author, "Tin mới", lead="Ngắn.", en=Written("News", "Short.", "x"))
    answer = client.get("/tin-tuc/atom.xml")
    assert answer.mimetype == "application/atom+xml"
    parsed = feedparser.parse(answer.data)
    assert (parsed.bozo, parsed.version, len(parsed.entries)) == (False, "atom10", 1)
    entry = parsed.entries[0]
    assert (entry.title, entry.summary, entry.id) == ("Tin mới", "Ngắn.", f"urn:uuid:{id}")
    assert entry.link.endswith(address_of(engine, id))
    assert entry.updated_parsed is not None
    assert feedparser.parse(client.get("/tin-tuc/atom.xml?lang=en").data).entries[0].title == "News"
    assert feedparser.parse(client.get("/tin-tuc/atom.xml?lang=xx").data).entries[0].title == "Tin mới"
    assert 'type="application/atom+xml"' in client.get("/tin-tuc").text


def test_an_empty_feed_is_valid_too(client):
    parsed = feedparser.parse(client.get("/tin-tuc/atom.xml").data)
    assert (parsed.bozo, parsed.entries) == (False, [])
    assert parsed.feed.updated


def test_a_video_elsewhere_is_a_link_that_names_its_host(client, engine, author):
    with unit(engine) as db:
        id = publish(db, author, kind=Kind.VIDEO, video_url="https://www.vidu.vn/xem?v=1&amp", body="")
    html = pages.get(client, address_of(engine, id))
    assert "www.vidu.vn" in html
    assert 'rel="noopener nofollow external"' in html
    assert not re.search(r"<(iframe|embed|object)", html)


def test_about_says_what_this_is_and_brings_it_onto_another_phone(client):
    html = pages.get(client, "/gioi-thieu")
    assert "41/2024/QH15" in html
    assert '<svg class="qr"' in html
    assert "/cai-dat-ung-dung" in html


def test_pages_ask_the_database_little(client, engine, author):
    with unit(engine) as db:
        id = publish(db, author)
        for number in range(25):
            publish(db, author, f"Tin {number}")
    heard = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    for path, most in (("/tin-tuc", 2), (address_of(engine, id), 4), ("/tin-tuc/atom.xml", 1), ("/gioi-thieu", 4)):
        client.get(path)
        heard.clear()
        client.get(path)
        asked = [one for one in heard if one.startswith("SELECT")]
        assert len(asked) <= most, asked


def test_the_first_page_names_the_three_newest_and_stays_light(client, engine, author):
    assert "/tin-tuc/" not in pages.get(client, "/")
    with unit(engine) as db:
        for number in range(5):
            publish(db, author, f"Tin số {number} " + "dài " * 45, at=now() - timedelta(hours=number + 1))
    html = pages.get(client, "/")
    assert re.findall(r"Tin số \d", html) == ["Tin số 0", "Tin số 1", "Tin số 2"]
    assert len(client.get("/", headers={"Accept-Encoding": "gzip"}).data) < 14_600
