"""The database is gone while the house is open: public pages stay, with a banner; nothing is made up; it comes back."""

import os
import shutil
from pathlib import Path

import pytest

from tests import people
from tests.house.test_serve import data_dir, free_port, prepared, start, until  # noqa: F401 - fixtures
from tests.serving import PlainBrowser
from vssid.directory.models import Agency
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.web import copies
from vssid.web.i18n import LANGUAGES

DOWN = "Hệ thống đang gián đoạn"


@pytest.fixture
def away(app, engine):
    """Take the database away: rows in place, but no connection can be opened."""

    def take():
        path = Path(engine.url.database)
        engine.dispose()
        os.rename(path, path.with_name("elsewhere.sqlite"))

    yield take
    path = Path(engine.url.database)
    if path.with_name("elsewhere.sqlite").exists():
        engine.dispose()
        os.rename(path.with_name("elsewhere.sqlite"), path)


@pytest.fixture
def copied(app, engine):
    """Copies on the disk as `flask work` makes them, and nothing in memory."""
    with unit(engine) as session:
        session.add(Agency(code="08999", name="BHXH Mẫu Lưu", folded="bhxh mau luu"))
    shelf = app.extensions["shelf"]
    shelf._copies.clear()
    shelf._weight = shelf._closed_until = 0
    app.extensions.pop("copies.due", None)
    while copies.make_next(app, now()):
        pass
    shelf._copies.clear()
    shelf._weight = 0
    yield app
    shutil.rmtree(shelf.folder)
    shelf._written.clear()


@pytest.mark.only_on("sqlite")
def test_public_pages_are_shown_as_they_were_with_a_banner_in_each_language(copied, client, away):
    away()
    for code, tag in (("vi", "vi"), ("en", "en-GB")):
        answer = client.get("/tra-cuu/co-quan", headers={"Accept-Language": code})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert f'<html lang="{tag}"' in page
        assert 'class="notice notice-warn"' in page
        assert page.index("notice-warn") < page.index('<main id="main"')
    assert client.get("/tra-cuu/co-quan?lang=en").status_code == 200  # the link on such a page
    assert DOWN not in client.get("/cai-dat").get_data(as_text=True)  # asks the database for nothing


@pytest.mark.only_on("sqlite")
def test_a_question_is_not_answered_with_a_page_of_before(copied, client, away):
    away()
    answer = client.get("/tra-cuu/co-quan?q=08999")
    assert answer.status_code == 503
    assert "Chưa tìm được lúc này" in answer.get_data(as_text=True)
    assert 'name="q"' in answer.get_data(as_text=True)  # the form is there to ask again
    assert answer.headers["Retry-After"]
    part = client.get("/tra-cuu/co-quan?q=08999", headers={"HX-Request": "true"})
    assert part.status_code == 503
    assert "<html" not in part.get_data(as_text=True)


@pytest.mark.only_on("sqlite")
def test_what_was_asked_before_is_answered_from_memory(copied, client, away):
    asked = "/tra-cuu/co-quan?q=bhxh"
    client.get(asked)
    copied.extensions["shelf"].expire()
    away()
    answer = client.get(asked)
    assert (answer.status_code, DOWN in answer.get_data(as_text=True)) == (200, True)


@pytest.mark.only_on("sqlite")
def test_whoever_was_signed_in_sees_the_public_page_and_no_trace_of_a_person(copied, client, engine, away):
    with unit(engine) as session:
        people.open_account(copied, session, people.CITIZEN)
    people.citizen_signs_in(copied, client, people.CITIZEN.ma_so)
    away()
    page = client.get("/").get_data(as_text=True)
    assert DOWN in page
    assert people.CITIZEN.name not in page
    own = client.get("/ca-nhan?x=1")
    assert own.status_code == 503
    for way in ('href="/ca-nhan?x=1"', 'href="/the-da-luu"', 'href="tel:19000000"', 'href="/"'):
        assert way in own.get_data(as_text=True)


@pytest.mark.only_on("sqlite")
def test_forms_fail_closed(copied, client, away):
    form = {"csrf_token": people.csrf(client, "/dang-nhap"), "name": people.CITIZEN.ma_so, "password": "x" * 12}
    away()
    answer = client.post("/dang-nhap", data=form)
    assert answer.status_code == 503
    assert "Những gì bạn đã gõ còn ở trang trước" in answer.get_data(as_text=True)


@pytest.mark.only_on("sqlite")
def test_no_empty_database_is_made_where_the_old_one_was(copied, client, engine, away):
    away()
    client.get("/tra-cuu/co-quan?q=1")
    assert not Path(engine.url.database).exists()


@pytest.mark.only_on("sqlite")
def test_a_damaged_file_is_as_good_as_none(copied, client, engine, away):
    away()
    Path(engine.url.database).write_bytes(b"no database at all" * 1000)
    try:
        assert DOWN in client.get("/tra-cuu/co-quan").get_data(as_text=True)
    finally:
        engine.dispose()
        Path(engine.url.database).unlink()


@pytest.mark.only_on("sqlite")
def test_a_running_server_keeps_its_public_pages_and_recovers_by_itself(app, start, prepared, data_dir):  # noqa: F811
    port, copies_made = free_port(), len(copies.addresses(app)) * len(LANGUAGES)
    start(PORT=str(port))
    visitor = PlainBrowser(f"http://127.0.0.1:{port}")
    pages = data_dir / "pages"
    assert until(lambda: visitor.get("/readyz").status == 200)
    assert until(lambda: len(list(pages.glob("*.gz"))) >= copies_made, 150), "the worker makes copies by itself"
    file, log = data_dir / "vssid.sqlite", data_dir / "vssid.sqlite-wal"
    os.rename(file, data_dir / "elsewhere")
    stranger = PlainBrowser(f"http://127.0.0.1:{port}")
    for address in ("/", "/tra-cuu", "/tra-cuu/don-vi"):
        for _turn in range(20):  # whichever worker and connection answers
            assert stranger.get(address).status == 200
    os.rename(data_dir / "elsewhere", file)
    assert until(lambda: visitor.get("/readyz").status == 200, 30)
    assert visitor.get("/tra-cuu/don-vi?q=mau").status == 200
    assert log.exists()
