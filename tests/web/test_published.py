"""Public pages: ready for every visitor, never anybody's own, and there while the database is away."""

import gzip
import re
import threading
from datetime import timedelta

import brotli
import pytest
import time_machine

from tests import people
from vssid.directory.models import Agency
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.web import copies
from vssid.web.published import _without_what_is_over
from vssid.web.shelf import FRESH_SECONDS, LARGEST, SETTLING_SECONDS, Copy, Key, Shelf

PLAIN = Key("/", "", "vi", "m", "thuong", "day-du", False)


@pytest.fixture
def shelf(app):
    """The shelf of the application, empty, and settled since the database was renewed."""
    shelf = app.extensions["shelf"]
    shelf._copies.clear()
    shelf._weight = shelf._closed_until = 0
    return shelf


def published_rules(app):
    return [
        rule for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "__published__", False)
    ]


def addresses(app):
    """Each published page that needs no row to exist, in words that fit its address."""
    found = {rule.rule for rule in published_rules(app) if not rule.arguments}
    return sorted(found | {"/tra-cuu/don-vi", "/tra-cuu/co-quan", "/tra-cuu/co-quan?q=mau"})


def test_public_pages_come_without_cookies_and_with_a_strong_tag(app, new_client, shelf):
    for address in addresses(app):
        answer = new_client().get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address
        assert re.fullmatch(r'"[0-9a-f]{20}-gzip"', answer.headers["ETag"]), address
        assert "stale-while-revalidate" in answer.headers["Cache-Control"], address
        assert {"Cookie", "Accept-Language", "Accept-Encoding", "HX-Request"} <= set(
            answer.headers["Vary"].split(", ")
        ), address
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), address
        assert b"csrf" not in gzip.decompress(answer.data).lower(), address


def test_the_second_visitor_is_served_without_the_application(app, client, new_client, shelf):
    asked = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: asked.append(1))
    try:
        first = client.get("/tra-cuu")
        second = new_client().get("/tra-cuu")
        assert (len(asked), second.data) == (1, first.data)
        assert second.headers["ETag"] == first.headers["ETag"]
        assert new_client().head("/tra-cuu").data == b""
        assert len(asked) == 1
    finally:
        app.before_request_funcs[None].pop(0)


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_each_encoding_is_the_same_page_with_a_tag_of_its_own(client, shelf, encoding, unpack):
    plain = client.get("/tra-cuu").get_data()
    answer = client.get("/tra-cuu", headers={"Accept-Encoding": encoding})
    assert unpack(answer.data) == plain
    assert answer.headers["ETag"].endswith(f'-{encoding}"' if encoding else '"')
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    again = client.get("/tra-cuu", headers={"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_unknown_tag_gets_the_page(client, shelf):
    assert client.get("/tra-cuu", headers={"If-None-Match": '"0"'}).status_code == 200


def test_a_signed_in_reader_gets_their_own_page_and_leaves_nothing(app, client, new_client, engine, shelf):
    with unit(engine) as session:
        people.open_account(app, session, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    own = client.get("/")
    assert people.CITIZEN.name in own.get_data(as_text=True)
    assert own.headers["Cache-Control"] == "no-store"
    assert "ETag" not in own.headers
    assert people.CITIZEN.name not in new_client().get("/").get_data(as_text=True)
    assert people.CITIZEN.name in client.get("/").get_data(as_text=True)  # not the visitor's


def test_a_visitor_with_a_form_open_is_served_all_the_same(client, shelf):
    client.get("/dang-nhap")  # puts a token into the cookie
    client.get("/tra-cuu")
    assert client.get("/tra-cuu").headers["ETag"]


def test_a_choice_by_the_address_answers_with_a_cookie_and_is_kept_for_nobody(client, new_client, shelf):
    english = client.get("/tra-cuu?lang=en")
    assert "Set-Cookie" in english.headers
    assert "ETag" not in english.headers
    assert 'lang="en-GB"' in client.get("/tra-cuu").get_data(as_text=True)
    assert 'lang="vi"' in new_client().get("/tra-cuu").get_data(as_text=True)


def test_readers_of_two_languages_do_not_get_each_others_page(new_client, shelf):
    for _turn in range(2):
        for code, tag in (("ko", "ko"), ("ja", "ja"), ("fr", "vi"), ("zh", "zh-Hans")):
            page = new_client().get(
                "/tra-cuu", headers={"Accept-Language": f"{code},en;q=0.1" if code != "fr" else code}
            )
            assert f'<html lang="{tag}"' in page.get_data(as_text=True)


def test_a_part_is_not_taken_for_the_page(client, shelf):
    whole = client.get("/tra-cuu/co-quan?q=mau").get_data(as_text=True)
    part = client.get("/tra-cuu/co-quan?q=mau", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert whole.startswith("<!doctype")
    assert part.lstrip().startswith("<section")
    boosted = {"HX-Request": "true", "HX-Boosted": "true"}
    assert client.get("/tra-cuu/co-quan?q=mau", headers=boosted).get_data(as_text=True) == whole


def test_a_foreign_host_gets_nothing_from_the_shelf(client, shelf):
    client.get("/tra-cuu")
    assert client.get("/tra-cuu", headers={"Host": "evil.example"}).status_code == 400


def test_what_changes_in_the_database_is_seen_at_once_where_it_was_written(client, engine, shelf):
    assert "BHXH Mẫu Đổi" not in client.get("/tra-cuu/co-quan?q=08999").get_data(as_text=True)
    before = client.get("/").headers["ETag"]
    with unit(engine) as session:
        session.add(Agency(code="08999", name="BHXH Mẫu Đổi", folded="bhxh mau doi"))
    assert shelf.fresh(PLAIN) is None
    assert client.get("/").headers["ETag"] == before


def test_what_others_wrote_is_seen_when_the_half_minute_is_over(client, shelf):
    with time_machine.travel(now() + timedelta(days=1), tick=False) as clock:
        client.get("/")
        assert shelf.fresh(PLAIN) is not None
        clock.shift(timedelta(seconds=FRESH_SECONDS))
        assert shelf.fresh(PLAIN) is None


def test_a_page_begun_before_a_change_is_not_kept_behind_it(tmp_path):
    shelf = Shelf(tmp_path)
    with time_machine.travel(now(), tick=False) as clock:
        shelf.expire()
        shelf.put(PLAIN, Copy.of(b"old", []))
        assert shelf.fresh(PLAIN) is None
        clock.shift(timedelta(seconds=SETTLING_SECONDS))
        shelf.put(PLAIN, Copy.of(b"new", []))
        assert shelf.fresh(PLAIN).body == b"new"


def test_the_shelf_holds_no_more_than_it_may(tmp_path):
    shelf = Shelf(tmp_path)
    noise = Copy(bytes(LARGEST // 4), b"", "tag", (), now().timestamp())
    for n in range(9):
        shelf.put(PLAIN._replace(query=f"q={n}"), noise)
    assert shelf._weight <= LARGEST
    assert [key.query for key in shelf._copies] == ["q=6", "q=7", "q=8"]


def test_many_threads_leave_the_shelf_whole(tmp_path):
    shelf = Shelf(tmp_path)
    copy = Copy(bytes(LARGEST // 20), b"", "tag", (), now().timestamp())

    def fill(start):
        for n in range(40):
            shelf.put(PLAIN._replace(query=f"{(start + n) % 50}"), copy)

    threads = [threading.Thread(target=fill, args=(n * 7,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf._weight == len(shelf._copies) * (LARGEST // 20 + 2_000) <= LARGEST


def test_a_visitors_page_is_not_written_to_the_disk(client, shelf):
    client.get("/tra-cuu/co-quan")
    assert not list(shelf.folder.glob("*.gz"))


def test_a_copy_that_is_shown_late_leaves_out_notices_that_are_over():
    notice = b'<div class="board board-%b" role="status" data-ends="%d"><p class="wrap">x</p></div>\n'
    at = int(now().timestamp())
    over, standing = notice % (b"high", at - 60), notice % (b"low", at + 60)
    assert _without_what_is_over(b"<header>\n" + over + standing + b"<main>") == b"<header>\n" + standing + b"<main>"


def test_what_was_taken_away_leaves_no_copy(tmp_path):
    shelf = Shelf(tmp_path)
    copy = Copy.of(b"x", [("Content-Type", "text/html")])
    for path in ("/a", "/b", "/c"):
        shelf.put(PLAIN._replace(path=path), copy, on_disk=True)
    assert len(list(tmp_path.glob("*.gz"))) == 3
    shelf.forget("/a")
    assert shelf.last_known(PLAIN._replace(path="/a")) is None
    shelf.prune(["/b"])
    assert len(list(tmp_path.glob("*.gz"))) == 1
    assert Shelf(tmp_path).last_known(PLAIN._replace(path="/b"))[0].body == b"x"


def test_a_page_that_is_gone_takes_its_copies_along(app, client, shelf):
    key = PLAIN._replace(path="/tin-tuc/khong-co-000000")
    shelf.put(key, Copy.of(b"x", [("Content-Type", "text/html")]), on_disk=True)
    shelf.expire()
    assert client.get(key.path).status_code == 404
    assert shelf.last_known(key) is None


def test_a_damaged_copy_is_none(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(PLAIN, Copy.of(b"x" * 5000, [("Content-Type", "text/html")]), on_disk=True)
    [file] = tmp_path.glob("*.gz")
    body = bytearray(file.read_bytes())
    body[20] ^= 255
    file.write_bytes(body)
    assert Shelf(tmp_path).last_known(PLAIN) is None


def test_every_list_is_among_the_copies(app):
    assert {"/tin-tuc", "/huong-dan", "/ho-tro/hoi-dap", "/tra-cuu/co-quan", "/"} <= set(copies.addresses(app))


def test_pages_that_show_a_visitor_something_of_their_own_are_loaded_anew_on_the_way_back(client, shelf):
    for address, private in (("/kiem-tra", True), ("/dang-nhap", False), ("/tra-cuu", False)):
        body = re.search(r"<body[^>]*>", client.get(address).get_data(as_text=True))[0]
        assert ("data-private" in body) is private, address


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("list_", ["/tin-tuc?truoc=", "/ho-tro/phan-anh?sau="])
def test_a_day_at_the_end_of_the_calendar_is_no_error(client, list_, moment):
    assert client.get(f"{list_}{moment}_00000000-0000-0000-0000-000000000000").status_code == 200
