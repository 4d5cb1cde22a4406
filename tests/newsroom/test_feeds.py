"""Feeds: what strangers send becomes a title, a few words and a link, or nothing; never an error, never anything that runs."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select, update

from tests import outside, pages, people
from tests.outside import answer
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.newsroom import actions as articles
from vssid.newsroom.feeds import actions, making, parsing, rules
from vssid.newsroom.feeds.models import Feed, FeedItem
from vssid.newsroom.feeds.rules import Item, State, next_due, plain_link
from vssid.newsroom.models import Article, ArticlePicture, ArticleText, ArticleWords
from vssid.newsroom.rules import Kind, Topic

DESK = "/can-bo/nguon-tin"
BASE = "https://tin.example.vn/"


def item(n=1, title="", link="", more="", description="Tóm tắt mẫu"):
    return (
        f"<item><title>{title or f'Tin mẫu {n}'}</title><link>{link or f'{BASE}tin-{n}'}</link><guid>{n}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 0{n % 10}:00:00 GMT</pubDate><description>{description}</description>{more}</item>"
    )


def rss(*items, head=""):
    body = "".join(items)
    namespace = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0" {namespace}><channel><title>Nguồn mẫu</title>{body}</channel></rss>'.encode()


def jpeg(size=(900, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def site(monkeypatch):
    with outside.site(monkeypatch) as made:
        yield made


@pytest.fixture
def feed(app, engine, author, site):
    """An active feed; its id."""
    site.answers["/rss"] = answer(body=rss(item(1), item(2)))
    with unit(engine) as db:
        id = actions.add(db, site.url("/rss"), "Cổng mẫu", Kind.NEWS, Topic.OTHER, by=author, at=now())
        db.get(Feed, id).state = State.ACTIVE
    return id


def ask(app, site, at=None):
    """One turn of the worker."""
    return making.make_next(app, at or now(), site.fetch)


def shown(engine):
    with reading(engine) as db:
        query = (
            select(ArticleText.title, ArticleText.lead, Article)
            .join(Article)
            .where(Article.origin == "feed")
            .order_by(Article.publish_at.desc(), ArticleText.title)
        )
        return list(db.execute(query))


def again(app, engine, site, id, body):
    """The next turn, with another content."""
    site.answers["/rss"] = answer(body=body)
    with unit(engine) as db:
        db.get(Feed, id).due_at = now()
    return ask(app, site)


def test_items_become_articles_that_name_their_source_and_lead_there(app, client, engine, feed, site):
    assert ask(app, site) is True
    assert [(title, lead) for title, lead, _article in shown(engine)] == [
        ("Tin mẫu 2", "Tóm tắt mẫu"), ("Tin mẫu 1", "Tóm tắt mẫu"),
    ]  # fmt: skip
    listed = pages.get(client, "/tin-tuc")
    assert "Cổng mẫu" in listed
    address = re.search(r'href="(/tin-tuc/tin-mau-2-[^"]+)"', listed)[1]
    page = pages.get(client, address)
    assert f'href="{BASE}tin-2" rel="noopener nofollow external"' in page
    assert "tin.example.vn" in page
    assert ask(app, site) is False  # not due before half an hour


def test_a_second_turn_brings_nothing_twice_and_what_changed_is_renewed(app, engine, feed, site):
    ask(app, site)
    again(app, engine, site, feed, rss(item(1, title="Tin mẫu 1 đã sửa"), item(2), item(3)))
    assert sorted(title for title, _lead, _article in shown(engine)) == ["Tin mẫu 1 đã sửa", "Tin mẫu 2", "Tin mẫu 3"]
    with reading(engine) as db:
        words = db.scalars(select(ArticleWords.heads).order_by(ArticleWords.heads)).all()
    assert next(one for one in words if one.startswith(" tin mau ")).startswith(" tin mau 1 da sua / ")


def test_the_same_link_of_two_feeds_is_one_article(app, engine, author, feed, site):
    ask(app, site)
    site.answers["/other"] = answer(body=rss(item(9, link=f"{BASE}tin-1"), item(8, link=f"{BASE}tin-8")))
    with unit(engine) as db:
        other = actions.add(db, site.url("/other"), "Cổng khác", Kind.NEWS, Topic.OTHER, by=author, at=now())
        db.get(Feed, other).state = State.ACTIVE
    ask(app, site)
    assert len(shown(engine)) == 3


def test_a_withdrawn_article_does_not_come_back_and_an_edited_one_stays(app, engine, author, feed, site):
    ask(app, site)
    with unit(engine) as db:
        first, second = (row[2].id for row in shown(engine))
        articles.withdraw(db, first, 1, "sai", by=author, at=now())
        articles.changed(db, second, author, now())
    again(app, engine, site, feed, rss(item(1, title="Đổi một"), item(2, title="Đổi hai")))
    with reading(engine) as db:
        assert db.get(Article, first).state == "withdrawn"
    assert {title for title, _lead, _article in shown(engine)} == {"Tin mẫu 1", "Tin mẫu 2"}


def test_a_destroyed_article_is_remembered(app, engine, feed, site):
    ask(app, site)
    with unit(engine) as db:
        articles.destroy(db, list(db.scalars(select(Article).where(Article.origin == "feed"))))
    again(app, engine, site, feed, rss(item(1), item(2)))
    assert shown(engine) == []


def test_a_picture_becomes_one_of_ours(app, client, engine, feed, site):
    site.answers["/a.jpg"] = answer(body=jpeg(), Content_Type="image/jpeg")
    enclosure = f'<enclosure url="{site.url("/a.jpg", "img.example.vn")}" type="image/jpeg" length="1"/>'
    again(app, engine, site, feed, rss(item(5, more=enclosure)))
    with reading(engine) as db:
        [picture] = db.scalars(select(ArticlePicture))
    assert (picture.is_cover, picture.alt) == (True, "Tin mẫu 5")
    html = pages.get(client, "/tin-tuc")
    assert f"/tin-tuc/anh/{picture.id}" in html
    assert "img.example.vn" not in html
    assert client.get(f"/tin-tuc/anh/{picture.id}").mimetype == "image/jpeg"


@pytest.mark.parametrize(
    "picture", [b"<script>alert('CANARY')</script>", b"\xff\xd8" + bytes(100), b"GIF89a" + bytes(50), b""]
)
def test_a_picture_that_is_none_leaves_the_article_without(app, engine, feed, site, picture):
    site.answers["/a.jpg"] = answer(body=picture, Content_Type="image/jpeg")
    again(
        app, engine, site, feed, rss(item(5, more=f'<media:thumbnail url="{site.url("/a.jpg", "img.example.vn")}"/>'))
    )
    assert len(shown(engine)) == 1
    with reading(engine) as db:
        assert db.scalar(select(ArticlePicture)) is None


CANARIES = [
    "&lt;script&gt;alert('CANARY')&lt;/script&gt;Chữ",
    "<![CDATA[<script>alert('CANARY')</script><p onclick=x hx-get=/x>Chữ</p>]]>",
    "<![CDATA[<img src=x onerror=alert('CANARY')>Chữ<style>b{}</style>]]>",
    "<![CDATA[<svg onload=alert('CANARY')></svg>Chữ]]>",
    "<![CDATA[Chữ]]><![CDATA[]]]]><![CDATA[><script>CANARY</script>]]>",
    "&amp;lt;script&amp;gt;alert('CANARY')&amp;lt;/script&amp;gt;Chữ",
    "Chữ \u202e\u2066 ẩn",
    "{{7*7}} Chữ",
]


@pytest.mark.parametrize("text", CANARIES)
def test_nothing_that_a_feed_says_runs_anywhere(app, client, engine, editor, feed, site, text):
    again(app, engine, site, feed, rss(item(5, title=text, description=text)))
    [(_title, _lead, article)] = shown(engine)
    page = f"/tin-tuc/{article.slug}"
    for html in (pages.get(client, "/tin-tuc"), pages.get(client, page), client.get("/tin-tuc/atom.xml").get_data(as_text=True),
                 pages.get(editor, "/can-bo/noi-dung")):  # fmt: skip
        tags = " ".join(re.findall(r"<[^>]*>", html))
        assert not re.search(r"<script(?![^>]*src=)|<svg onload|onerror=|hx-get=\"?/x|<style>b", tags)
        assert ">49 Chữ" not in html
        assert "\u202e" not in html


@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("javascript:alert(1)", False), ("data:text/html,x", False), ("https://user@evil.example.vn/", False),
        ("//evil.example.vn/a", True), ("/bai", True), ("https://tin.example.vn/bài viết", True), ("", False),
        ("https://localhost/a", False), ("https://a.vn/" + "x" * 600, False),
    ],
)  # fmt: skip
def test_only_a_link_to_a_host_is_one(link, taken):
    found = parsing.items(rss(f"<item><title>T</title><link>{link}</link></item>"), BASE)
    assert (not isinstance(found, str)) is taken or (link == "" and found)
    assert plain_link("https://tin.example.vn/bài viết") == "https://tin.example.vn/b%C3%A0i%20vi%E1%BA%BFt"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "broken"), (b"<html><body>no feed</body></html>", "broken"), (b"\x00\x01\x02", "broken"), (b"{}", "broken"),
        (rss(), "empty"), (rss("<item></item>"), "empty"), ("<rss version='2.0'><channel>".encode("utf-16"), None),
        (b"<rss version='2.0'><channel><item><title>a", None),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item><title>&x;</title><link>https://a.vn/1</link></item></channel></rss>', None),
        (rss(item(1, title="&i;"), head=BOMB), None),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<a>" * 50_000, "broken"),
    ],
)  # fmt: skip
def test_a_broken_feed_is_said_at_the_desk_and_breaks_nothing(app, client, engine, editor, feed, site, body, problem):
    ask(app, site)
    before = pages.get(client, "/tin-tuc")
    assert again(app, engine, site, feed, body) is True
    with reading(engine) as db:
        found = db.get(Feed, feed).problem
    assert found == problem or (problem is None and found in ("", "broken", "empty"))
    page = pages.get(editor, f"{DESK}/{feed}")
    if found:
        assert str(rules.PROBLEMS[found])[:20] in page
        app.extensions["shelf"].expire()
        assert pages.get(client, "/tin-tuc") == before
    hostname = Path("/etc/hostname").read_text().strip()
    assert not any(hostname in title for title, _lead, _article in shown(engine))


def test_each_reason_has_words():
    from vssid.kernel.fetching import REASONS

    assert set(REASONS) - {"unchanged"} <= set(rules.PROBLEMS)


def test_dates_of_another_world_are_those_of_today(app, engine, feed, site):
    odd = [
        item(n).replace(f"Mon, 23 Nov 2026 0{n}:00:00 GMT", date)
        for n, date in enumerate(
            ["Fri, 31 Dec 9999 23:59:59 GMT", "hôm qua", "", "Thu, 01 Jan 1000 00:00:00 GMT", "2026-13-45"], 1
        )
    ]
    again(app, engine, site, feed, rss(*odd))
    found = shown(engine)
    assert len(found) == 5
    assert all(article.publish_at <= now() for _title, _lead, article in found)


def test_of_many_items_the_newest_are_taken():
    many = parsing.items(rss(*(item(n) for n in range(10_000))), BASE)
    assert len(many) == rules.ITEMS_A_TURN
    assert all(isinstance(one, Item) for one in many)


def test_long_words_are_cut_at_a_word():
    [one] = parsing.items(rss(item(1, title="từ " * 200, description="x" * 5_000)), BASE)
    assert len(one.title) <= rules.LONGEST_TITLE
    assert one.title.endswith("từ…")
    assert len(one.lead) <= rules.LONGEST_LEAD


def test_a_feed_that_fails_is_asked_later_each_time(app, engine, feed, site):
    at = now()
    assert [next_due(at, n) - at for n in (0, 1, 2, 20)] == [
        timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=24),
    ]  # fmt: skip
    site.answers["/rss"] = answer(500, b"")
    ask(app, site, at)
    with reading(engine) as db:
        row = db.get(Feed, feed)
    assert (row.problem, row.failures, row.due_at - at) == ("status", 1, timedelta(hours=1))
    with time_machine.travel(at + timedelta(hours=2)):
        again(app, engine, site, feed, rss(item(1)))
    with reading(engine) as db:
        assert (db.get(Feed, feed).problem, db.get(Feed, feed).failures) == ("", 0)


def test_what_has_not_changed_is_not_sent_again(app, engine, feed, site):
    site.answers["/rss"] = answer(body=rss(item(1)), ETag='"v1"')
    ask(app, site)
    site.answers["/rss"] = answer(304, b"")
    with unit(engine) as db:
        db.get(Feed, feed).due_at = now()
    ask(app, site)
    assert site.seen[-1][1]["If-None-Match"] == '"v1"'
    with reading(engine) as db:
        assert db.get(Feed, feed).problem == ""


def test_two_workers_ask_once(app, engine, feed):
    with unit(engine) as db:
        assert actions.lease(db, now()).id == feed
        assert actions.lease(db, now()) is None


def test_the_oldest_beyond_what_is_kept_go(app, engine, author, feed, site, monkeypatch):
    monkeypatch.setattr(actions, "KEPT", 1)
    ask(app, site)
    with unit(engine) as db:
        assert actions.drop_beyond(db, now()) is False
    assert [title for title, _lead, _article in shown(engine)] == ["Tin mẫu 2"]


def test_what_left_its_feed_long_ago_is_forgotten_what_stands_there_is_not(app, engine, feed, site, monkeypatch):
    ask(app, site)
    monkeypatch.setattr(actions, "KEPT", 0)
    with unit(engine) as db:
        actions.drop_beyond(db, now())
    for days, left in ((59, 2), (61, 0)):
        with unit(engine) as db:
            actions.drop_beyond(db, now() + timedelta(days=days))
            assert len(db.scalars(select(FeedItem)).all()) == left


def test_what_still_stands_in_its_feed_is_remembered(app, engine, feed, site):
    ask(app, site)
    with unit(engine) as db:
        db.execute(update(FeedItem).values(article_id=None, seen_at=now() - timedelta(days=59)))
    again(app, engine, site, feed, rss(item(1), item(2)))
    with unit(engine) as db:
        actions.drop_beyond(db, now() + timedelta(days=2))
        assert len(db.scalars(select(FeedItem)).all()) == 2


# --- the desk ---------------------------------------------------------------------------------------------------------


def add(client, site, **changes):
    form = {"url": site.url("/rss"), "name": "", "kind": "news", "topic": "khac", **changes}
    return people.post(client, DESK, form, DESK)


def test_a_feed_is_tried_then_switched_on_paused_and_removed(app, editor, client, engine, site):
    site.answers["/rss"] = answer(body=rss(item(1), item(2)))
    added = add(editor, site)
    assert added.status_code == 303
    page = added.headers["Location"]
    assert "Đang đọc thử" in pages.get(editor, page)
    ask(app, site)
    html = pages.get(editor, page)
    assert "Tin mẫu 2" in html
    assert shown(engine) == []  # nothing is shown before somebody says so
    assert people.post(editor, f"{page}/bat", {}, page).status_code == 303
    ask(app, site)
    assert len(shown(engine)) == 2
    assert people.post(editor, f"{page}/ngung", {}, page).status_code == 303
    assert ask(app, site, now() + timedelta(days=1)) is False
    assert people.post(editor, f"{page}/xoa", {"articles": ""}, page).status_code == 422
    assert people.post(editor, f"{page}/xoa", {"articles": "go"}, page).status_code == 303
    with reading(engine) as db:
        assert db.scalar(select(Feed)) is None
        assert db.scalar(select(FeedItem)) is None
    assert {article.state for _title, _lead, article in shown(engine)} == {"withdrawn"}
    assert editor.get(page).status_code == 404
    assert people.post(editor, f"{page}/bat", {}, DESK).status_code == 404


def test_articles_may_stay_when_their_feed_goes(app, editor, engine, feed, site):
    ask(app, site)
    page = f"{DESK}/{feed}"
    assert people.post(editor, f"{page}/xoa", {"articles": "giu"}, page).status_code == 303
    assert {article.state for _title, _lead, article in shown(engine)} == {"published"}


@pytest.mark.parametrize(
    "url", ["", "ftp://a.vn/x", "javascript:alert(1)", "http://user@a.vn", "https://localhost/rss", "khong phai"]
)
def test_an_address_that_is_none_is_refused_and_kept_in_the_form(editor, site, url):
    answer_ = add(editor, site, url=url)
    assert answer_.status_code == 422
    assert "Cổng gõ dở" in add(editor, site, url=url, name="Cổng gõ dở").get_data(as_text=True)


def test_the_same_feed_twice_is_refused_with_and_without_script(editor, site):
    add(editor, site)
    assert add(editor, site).status_code == 422
    form = {"url": site.url("/rss"), "name": "", "kind": "news", "topic": "khac"}
    part = people.post(editor, DESK, form, DESK, headers={"HX-Request": "true"})
    assert part.status_code == 422
    assert "đã có trong danh sách" in part.get_data(as_text=True)


def test_what_cannot_be_read_cannot_be_switched_on(app, editor, engine, site):
    site.answers["/rss"] = answer(404, b"")
    page = add(editor, site).headers["Location"]
    ask(app, site)
    html = pages.get(editor, page)
    assert "Máy chủ của nguồn báo lỗi" in html
    assert "Bật nguồn này" not in html
    people.post(editor, f"{page}/bat", {}, page)
    with reading(engine) as db:
        assert db.scalar(select(Feed)).state == "tried"
    site.answers["/rss"] = answer(body=rss(item(1)))
    assert people.post(editor, f"{page}/thu-lai", {}, page).status_code == 303
    ask(app, site)
    assert "Tin mẫu 1" in pages.get(editor, page)


def test_only_editors_see_feeds(client, app, engine, new_client, feed):
    assert client.get(DESK).status_code == 303
    with unit(engine) as db:
        setup = people.add_officer(app, db, "CB02", "08902", "duyet_ho_so")
    reviewer = new_client()
    people.officer_signs_in(app, reviewer, "CB02", setup)
    for path in (DESK, f"{DESK}/{feed}"):
        assert reviewer.get(path).status_code == 403


@pytest.mark.parametrize(
    "odd", ['<media:thumbnail url="http://[cdn]/a.jpg"/>', '<enclosure url="http://[::1" type="image/png" length="1"/>']
)
def test_an_odd_picture_stops_nothing(app, engine, feed, site, odd):
    again(app, engine, site, feed, rss(item(5, more=odd), item(6)))
    assert len(shown(engine)) == 2


def test_a_parser_that_stumbles_is_a_broken_feed(app, engine, feed, site):
    again(
        app,
        engine,
        site,
        feed,
        b"<rss version='2.0'><channel><item><title>&#xD800;</title><link>https://a.vn/1</link></item>",
    )
    with reading(engine) as db:
        row = db.get(Feed, feed)
        assert row.due_at > now() + timedelta(minutes=20)  # settled one way or the other


def test_headers_of_another_site_are_plain_letters(app, engine, feed, site):
    site.answers["/rss"] = answer(body=rss(item(1)), ETag='"v\x001\xe9"')
    ask(app, site)
    with reading(engine) as db:
        assert db.get(Feed, feed).etag == '"v1"'


def test_a_paused_feed_with_a_problem_can_be_switched_on_again(app, editor, engine, feed, site):
    site.answers["/rss"] = answer(500, b"")
    ask(app, site)
    page = f"{DESK}/{feed}"
    people.post(editor, f"{page}/ngung", {}, page)
    assert "Bật nguồn này" in pages.get(editor, page)
