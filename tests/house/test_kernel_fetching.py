"""Fetching: nothing inside is ever asked, nothing large or slow is waited for, and the checked address is the one that is asked."""

import gzip
import socket
import time
from contextlib import contextmanager

import pytest

from tests import outside
from tests.outside import answer
from vssid.kernel import fetching
from vssid.kernel.fetching import Fetched, NotFetched, fetch

XML = ("application/xml",)
# Each way to write an address of the own machine or network that a resolver or a library may understand.
INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254", "169.254.169.254",
    "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]",
    "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]",
    "[2002:a00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:db8::1]", "[100::1]", "[::127.0.0.1]",
]  # fmt: skip
MALFORMED = [
    "ftp://example.vn/a", "file:///etc/hostname", "gopher://example.vn", "data:text/xml,<a/>", "javascript:alert(1)",
    "//example.vn/a", "example.vn/a", "", "http://", "http:///a", "http://user@example.vn", "http://a:b@example.vn",
    "http://example.vn:22/", "http://example.vn:25/", "http://example.vn:6379/", "http://example.vn:5432", "https://example.vn:80/",
    "http://example.vn:0/", "http://example.vn:99999/", "http://example.vn:x/", "http://exa mple.vn/", "http://example.vn/a b",
    "http://example.vn/\r\nX: y", "http://example.vn\\@127.0.0.1/", "http://example.vn%2f@127.0.0.1/", "http://127.0.0.1%00.example.vn/",
    "http://ｅxample.vn/", "http://example。vn/", "http://①②⑦.⓪.⓪.①/", "http://[::1/", "http://[fe80::1%25eth0]/", "http://example.vn/" + "a" * 2000,
]  # fmt: skip


@pytest.fixture
def server(monkeypatch):
    with outside.site(monkeypatch) as made:
        yield made


def ask(server, path="/a", resolver=lambda _host, _port: ["127.0.0.1"], **more):
    options = {"limit": 1000, "types": XML, "allowed": lambda address, port: str(address) == "127.0.0.1", **more}
    return fetch(f"http://feed.example:{server.server_port}{path}", resolver=resolver, **options)


def refused(reason):
    return pytest.raises(NotFetched, match=f"^{reason}$")


@contextmanager
def no_connection(monkeypatch):
    """Whatever is asked, no connection is even tried."""
    tried = []
    monkeypatch.setattr(socket, "create_connection", lambda *where, **_more: tried.append(where))
    yield
    assert tried == []


@pytest.mark.parametrize("host", INSIDE)
def test_no_address_of_the_inside_is_asked(host, monkeypatch):
    with no_connection(monkeypatch), pytest.raises(NotFetched) as refusal:
        fetch(f"http://{host}/a", limit=100, types=XML)
    assert refusal.value.reason in ("inside", "name")


@pytest.mark.parametrize("host", [host for host in INSIDE if host[0].isdigit() and host.count(".") == 3])
def test_a_name_that_means_the_inside_is_not_asked(host, monkeypatch):
    for found in ([host], ["93.184.216.34", host]):
        with no_connection(monkeypatch), pytest.raises(NotFetched):
            fetch("http://feed.example/a", limit=100, types=XML, resolver=lambda _h, _p, found=found: found)


@pytest.mark.parametrize("url", MALFORMED)
def test_an_address_that_is_none_is_not_asked(url, monkeypatch):
    with no_connection(monkeypatch), pytest.raises(NotFetched) as refusal:
        fetch(url, limit=100, types=XML, resolver=lambda _host, _port: ["93.184.216.34"])
    assert refusal.value.reason == "address"


def test_what_is_asked_comes(server):
    server.answers["/a"] = answer(body=b"<feed/>", ETag='"x"', Last_Modified="Mon, 30 Nov 2026 00:00:00 GMT")
    found = ask(server, "/a?b=c")
    url = f"http://feed.example:{server.server_port}/a?b=c"
    assert found == Fetched(b"<feed/>", "application/xml", url, '"x"', "Mon, 30 Nov 2026 00:00:00 GMT")
    [(path, headers)] = server.seen
    assert path == "/a?b=c"
    assert headers["Host"] == "feed.example"  # the port is the first of those of its scheme, so it goes unsaid
    assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_the_name_is_asked_for_once_and_the_checked_address_is_the_one_that_is_asked(server):
    """The second answer of a name that changes its mind would lead inside."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    server.answers["/a"] = answer()
    assert ask(server, resolver=lambda _host, _port: next(answers)).content == b"<a/>"
    assert next(answers) == ["10.0.0.1"]


def test_each_redirect_is_judged_anew(server, monkeypatch):
    server.answers["/a"] = answer(302, b"", Location="http://169.254.169.254/latest/meta-data")
    with refused("inside"):
        ask(server, resolver=lambda host, _port: [host if host[0].isdigit() else "127.0.0.1"])
    server.answers["/a"] = answer(302, b"", Location=f"http://inside.example:{server.server_port}/b")
    with refused("inside"):
        ask(server, resolver=lambda host, _port: ["10.0.0.1" if host.startswith("inside") else "127.0.0.1"])
    server.answers["/a"] = answer(302, b"", Location="file:///etc/hostname")
    with refused("address"):
        ask(server)
    assert len(server.seen) == 3


def test_redirects_end(server):
    server.answers["/a"] = answer(302, b"", Location="/a")
    with refused("redirects"):
        ask(server)
    assert len(server.seen) == fetching.MOST_REDIRECTS + 1
    server.answers["/a"] = answer(302, b"", Location="")
    with refused("status"):
        ask(server)
    server.answers |= {"/a": answer(301, b"", Location="/b"), "/b": answer(body=b"<b/>")}
    assert ask(server).content == b"<b/>"


def test_a_secure_address_never_leads_to_a_bare_one():
    with refused("redirects"):
        fetching._next("https://feed.example/a", "http://feed.example/a")


@pytest.mark.parametrize("body", [b"x" * 1001, b"x" * 5_000_000])
def test_too_much_is_not_taken(server, body):
    server.answers["/a"] = answer(body=body)
    with refused("size"):
        ask(server)


def test_what_grows_when_unpacked_is_not_taken(server):
    server.answers["/a"] = answer(body=gzip.compress(b"<a>" + b" " * 50_000_000), Content_Encoding="gzip")
    with refused("size"):
        ask(server, limit=100_000)
    server.answers["/a"] = answer(body=gzip.compress(b"<a/>"), Content_Encoding="gzip")
    assert ask(server).content == b"<a/>"
    server.answers["/a"] = answer(body=gzip.compress(b"<a/>")[:-6], Content_Encoding="gzip")
    with refused("broken"):
        ask(server)
    server.answers["/a"] = answer(Content_Encoding="br")
    with refused("type"):
        ask(server)


@pytest.mark.parametrize("kind", ["text/html", "", "application/json", "image/svg+xml", "x" * 500])
def test_another_kind_of_content_is_not_taken(server, kind):
    server.answers["/a"] = answer(Content_Type=kind)
    with refused("type"):
        ask(server)


@pytest.mark.parametrize("status", [204, 206, 400, 401, 404, 500, 503])
def test_an_answer_that_is_none(server, status):
    server.answers["/a"] = answer(status, b"")
    with refused("status"):
        ask(server)


def test_what_has_not_changed_is_said(server):
    server.answers["/a"] = answer(304, b"")
    with refused("unchanged"):
        ask(server, etag='"x"', last_modified="Mon")
    assert server.seen[0][1]["If-None-Match"] == '"x"'


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_left(server, monkeypatch, where):
    monkeypatch.setattr(fetching, "SECONDS", 1.0)

    def drip(handler):
        if where == "body":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n")
        for _turn in range(100):
            try:
                handler.wfile.write(b"a")
            except OSError:
                return
            time.sleep(0.2)

    server.answers["/a"] = drip
    with refused("slow"):
        ask(server)


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.MonkeyPatch.context() as patch, refused("away"):
            patch.setitem(fetching.PORTS, "http", (port,))
            fetch(f"http://feed.example:{port}/", limit=10, types=XML, resolver=lambda _h, _p: ["127.0.0.1"],
                  allowed=lambda *_who: True)  # fmt: skip


def test_the_environment_names_no_proxy(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/a"] = answer()
    assert ask(server).content == b"<a/>"
