"""Forged, malformed and hostile requests: 4xx with words, nothing changed, never 5xx."""

import pytest
from sqlalchemy import text

from tests import people
from vssid.kernel.db import unit


def token(client, page="/dang-nhap"):
    return people.csrf(client, page)


def test_a_post_without_a_token_is_refused(client):
    answer = client.post("/dang-nhap", data={"name": "8900000101", "password": "x"})
    assert answer.status_code == 400
    assert "tải lại trang" in answer.get_data(as_text=True)


def test_anothers_token_is_refused(client, new_client):
    stolen = token(client)
    other = new_client()
    other.get("/dang-nhap")
    assert other.post("/dang-nhap", data={"csrf_token": stolen, "name": "1", "password": "x"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.vn"},
        {"Origin": "null"},
        {"Origin": "http://[1"},
        {"Origin": "http://127.0.0.1.evil.vn"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_foreign_origin_is_refused_even_with_a_token(client, headers):
    answer = client.post(
        "/dang-nhap", data={"csrf_token": token(client), "name": "1", "password": "x"}, headers=headers
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        ({"Origin": "https://evil.vn"}, {403}),
        ({"Sec-Fetch-Site": "cross-site"}, {403}),
        # A browser too old to say where it comes from.
        ({}, {400, 404, 405}),
    ],
)
@pytest.mark.parametrize("path", ["/dang-nhap", "/khong-co-trang-nay", "/ca-nhan/the-bhyt"])
def test_a_strangers_page_cannot_sign_anybody_out(app, engine, new_client, path, headers, statuses):
    with app.app_context(), unit(engine) as db:
        people.add_agency(db)
        people.add_person(db, people.CITIZEN)
        people.open_account(app, db, people.CITIZEN)
    victim = new_client()
    people.citizen_signs_in(app, victim, people.CITIZEN.ma_so)
    # Lax: what another site's page sends brings no cookies, and yet the answer's would be kept.
    answer = new_client().post(path, data={"lang": "en"}, headers=headers)
    assert answer.status_code in statuses
    assert answer.headers.getlist("Set-Cookie") == []
    assert victim.get("/ca-nhan").status_code == 200


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1:8000"])
def test_development_takes_both_names_of_this_machine(client, origin):
    answer = client.post(
        "/dang-nhap", data={"csrf_token": token(client), "name": "1", "password": "x"}, headers={"Origin": origin}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(client, method):
    assert client.open("/dang-nhap", method=method).status_code in (400, 403, 405)


def test_a_method_override_is_ignored(client):
    answer = client.get("/dang-xuat", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "\x7f" * 50, "eyJ" + "x" * 3000, "W10.aaaa.bbbb", "null"])
def test_a_broken_cookie_is_no_session(client, cookie):
    for name in ("vssid", "vssid-device", "vssid-draft", "vssid-terms", "vssid-lang", "vssid-size"):
        client.set_cookie(name, cookie)
    for path in ("/", "/dang-ky", "/ca-nhan", "/can-bo", "/to-khai/xem"):
        assert client.get(path).status_code in (200, 303)


@pytest.mark.parametrize(
    "path",
    [
        "/?lang=xx&co=99", "/?lang[]=vi", "/bat-dau?trang=-1&tiep=//evil.vn", "/bat-dau?trang=99999999999999999999",
        "/dang-nhap?tiep=%00", "/dang-nhap?tiep=" + "a" * 3000, "/to-khai/xem?x=%ff%fe", "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../app.py", "/static/%2e%2e/app.py", "/can-bo/to-khai?sau=%00&q=%00&xem=%ff", "/dang-ky/ca-nhan/anh/front/x.jpg",
        "/dang-ky/ca-nhan/anh/../../..", "/ca-nhan/the-bhyt?__proto__=1", "//", "/tai-khoan/thiet-bi/not-a-uuid/xoa",
    ],
)  # fmt: skip
def test_odd_addresses_never_break_it(client, path):
    answer = client.get(path)
    assert answer.status_code < 500
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"name":"x"}'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&" * 100),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 300_000),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/dang-nhap", "/dieu-khoan", "/to-khai", "/can-bo/dang-nhap", "/phien", "/dang-ky/ca-nhan/thong-tin"]
)
def test_odd_bodies_answer_4xx(client, path, content_type, body):
    answer = client.post(path, data=body, content_type=content_type)
    assert 400 <= answer.status_code < 500


def test_a_thousand_fields_are_too_many(client):
    data = {f"f{n}": "x" for n in range(1000)}
    answer = client.post("/dang-nhap", data={"csrf_token": token(client), **data}, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_forwarded_headers_of_a_stranger_change_nothing(client):
    headers = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Host": "evil.vn",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.vn",
    }
    answer = client.get("/ca-nhan", headers=headers)
    assert answer.location.startswith("/dang-nhap")
    assert "evil.vn" not in client.get("/", headers=headers).get_data(as_text=True)


def test_an_unknown_host_is_refused(client):
    assert client.get("/", base_url="http://evil.vn").status_code == 400


def test_errors_speak_the_readers_language_and_hide_the_inside(client):
    answer = client.get("/nowhere?lang=en")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert 'lang="en-GB"' in html
    assert "Traceback" not in html
    assert "werkzeug" not in html.lower()


def test_htmx_gets_an_error_as_a_notice(client):
    answer = client.get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.get_data(as_text=True)


def test_a_locked_database_answers_503_with_words_and_recovers(app, client, engine, monkeypatch):
    from vssid.kernel import db as ground

    page = token(client)
    monkeypatch.setattr(ground, "BUSY_TIMEOUT_SECONDS", 0.05)
    engine.dispose()
    with unit(engine) as db:
        db.execute(text("SELECT 1"))
        answer = client.post("/dang-nhap", data={"csrf_token": page, "name": "8900000101", "password": "mot mat khau"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Chưa có gì được gửi" in answer.get_data(as_text=True)
        assert client.get("/").status_code == 200
    assert (
        client.post(
            "/dang-nhap", data={"csrf_token": page, "name": "8900000101", "password": "mot mat khau"}
        ).status_code
        == 422
    )


def test_a_full_disk_answers_503(app, client, monkeypatch):
    import errno

    from tests.registration.test_steps import start, upload

    with unit(app.extensions["limiter"]._engine) as db:
        people.add_agency(db)
    start(client)

    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(app.extensions["files"], "put", full)
    answer = upload(client, "front", people.photo_bytes())
    assert answer.status_code == 503
    assert "Chưa có gì được gửi" in answer.get_data(as_text=True)


def test_the_language_follows_address_cookie_and_browser(client):
    assert 'lang="vi"' in client.get("/").get_data(as_text=True)
    assert 'lang="ja"' in client.get("/", headers={"Accept-Language": "ja,en;q=0.5"}).get_data(as_text=True)
    assert 'lang="ko"' in client.get("/?lang=ko").get_data(as_text=True)
    assert 'lang="ko"' in client.get("/", headers={"Accept-Language": "ja"}).get_data(as_text=True)
    assert 'lang="zh-Hans"' in client.get("/?lang=zh").get_data(as_text=True)


def test_logs_hold_no_personal_data(app, client, capsys):
    from vssid.web import logs

    logs.configure("info")
    try:
        client.post(
            "/dang-nhap", data={"csrf_token": token(client), "name": people.CITIZEN.ma_so, "password": "bí mật lắm"}
        )
        client.get(f"/to-khai?code={people.CITIZEN.ma_so}")
        client.get("/nowhere/8900000101")
    finally:
        logs.configure("error")
    written = capsys.readouterr().err
    assert '"rule": "/dang-nhap"' in written
    assert people.CITIZEN.ma_so not in written
    assert "bí mật" not in written


def test_pages_arrive_whole_although_their_style_was_compressed_before(client):
    import gzip

    for path in ("/", "/dang-nhap", "/nowhere", "/healthz", "/manifest.webmanifest"):
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        plain = client.get(path)
        text = gzip.decompress(packed.data) if packed.headers.get("Content-Encoding") == "gzip" else packed.data
        assert len(text) == len(plain.data)
        assert text[:200] == plain.data[:200]
        assert text.endswith(plain.data[-20:])


def test_the_length_of_a_packed_page_betrays_nothing(client):
    lengths = {len(client.get("/quyen-rieng-tu", headers={"Accept-Encoding": "gzip"}).data) for _n in range(30)}
    assert len(lengths) > 5
