"""The manifest, the page about installing, and what every page brings for both."""

import json
import re
import shutil

import pytest
from flask.testing import FlaskClient

from tests import pages
from tests.people import CITIZEN, add_card, citizen_signs_in, open_account
from vssid.kernel.db import unit
from vssid.web.installing import ANDROID, COMPUTER, IPHONE, SAMSUNG, WAYS, inside_another_app, way_of
from vssid.web.pwa import PRECACHED, stamp

AGENTS = {
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36": ANDROID,
    "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": SAMSUNG,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": IPHONE,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0": COMPUTER,
    "Werkzeug/3.1": None,
    "": None,
}  # fmt: skip
ZALO = "Mozilla/5.0 (Linux; Android 12; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36 Zalo android/24"


def manifest(client: FlaskClient, **options) -> dict:
    answer = client.get("/manifest.webmanifest", **options)
    assert answer.mimetype == "application/manifest+json"
    return json.loads(answer.data)


@pytest.mark.parametrize(("agent", "way"), AGENTS.items())
def test_the_visitors_own_way_is_opened(client, agent, way):
    assert way_of(agent) is way
    html = pages.get(client, "/cai-dat-ung-dung", headers={"User-Agent": agent})
    opened = re.findall(r'<details class="panel" open><summary><strong>([^<]+)', html)
    assert opened == ([str(way.name)] if way else [])
    assert html.count('<details class="panel') == len(WAYS)


def test_who_reads_it_within_a_messenger_is_told_to_leave_it_first(client):
    assert inside_another_app(ZALO)
    words = "đang mở bên trong một ứng dụng khác"
    assert words in pages.get(client, "/cai-dat-ung-dung", headers={"User-Agent": ZALO})
    assert words not in pages.get(client, "/cai-dat-ung-dung")


def test_the_page_says_what_installing_brings(app, client):
    """The figure is that of the line: every file as it is sent to a browser that reads gzip."""
    told = int(re.search(r"chừng (\d+) KB", pages.get(client, "/cai-dat-ung-dung"))[1]) * 1024
    packed = {"Accept-Encoding": "gzip"}
    asset = app.jinja_env.globals["asset"]
    sent = [client.get(path, headers=packed) for path in ("/ngoai-tuyen", *map(asset, PRECACHED))]
    assert told - 15 * 1024 < sum(len(answer.data) for answer in sent) <= told


def test_nothing_of_the_browser_is_needed_to_read_it(client):
    html = pages.get(client, "/cai-dat-ung-dung")
    for hidden in ("data-install ", "data-installed ", "data-standalone "):
        assert f"{hidden}hidden" in html


@pytest.fixture
def deployed(app, tmp_path):
    """A copy of what a deployment brings."""
    for name in ("templates", "translations"):
        shutil.copytree(app.config["PROJECT_ROOT"] / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "templates/base.html", "templates/parts/update.html", "templates/parts/shell.html", "templates/pwa/offline.html",
        "templates/card/kept.html", "templates/verifying/check.html", "translations/ko/LC_MESSAGES/messages.mo",
    ],
)  # fmt: skip
def test_a_deployment_that_changes_only_a_frame_or_words_tells_the_phones(deployed, changed):
    before = stamp(deployed, "files")
    assert stamp(deployed, "files") == before != stamp(deployed, "other files")
    with (deployed / changed).open("ab") as file:
        file.write(b"\n")
    assert stamp(deployed, "files") != before


def test_what_no_phone_keeps_tells_none(deployed):
    before = stamp(deployed, "files")
    (deployed / "templates/desk.html").write_text("")
    assert stamp(deployed, "files") == before


def test_the_worker_carries_the_stamp(app, client):
    assert f'"{app.config["BUILD"]}"' in client.get("/sw.js").text


@pytest.mark.parametrize("code", ["vi", "en", "ko", "zh", "ja"])
def test_the_manifest_speaks_the_language_that_was_chosen(client, code):
    client.get(f"/?lang={code}")
    told = manifest(client)
    assert told["lang"].startswith(code)
    assert told["dir"] == "ltr"
    assert all(one["name"] for one in told["shortcuts"])
    assert 'rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials"' in client.get("/").text


def test_everything_that_the_manifest_names_is_there(client):
    told = manifest(client)
    icons = [icon for one in [told, *told["shortcuts"]] for icon in one["icons"]]
    for icon in icons:
        answer = client.get(icon["src"])
        assert answer.status_code == 200
        assert answer.mimetype == icon["type"]
        assert "immutable" in answer.headers["Cache-Control"]
    for address in (told["start_url"], *(one["url"] for one in told["shortcuts"])):
        assert client.get(address).status_code in (200, 302, 303), address
    target = told["share_target"]
    assert (target["method"], target["enctype"]) == ("POST", "multipart/form-data")
    sent = {target["params"]["text"]: "xin chào"}
    assert client.post(target["action"], data=sent, content_type=target["enctype"]).status_code == 422


def test_pages_name_their_colour_for_both_schemes(client):
    html = client.get("/").text
    colours = re.findall(r'<meta name="theme-color" content="(#\w+)" media="\(prefers-color-scheme:(\w+)\)">', html)
    assert colours == [("#ffffff", "light"), ("#1b232d", "dark")]


def test_the_first_page_of_who_is_signed_in_has_the_hint_that_waits_for_the_browser(app, client, engine):
    assert "data-install-hint" not in pages.get(client, "/")
    with app.app_context(), unit(engine) as db:
        add_card(db, open_account(app, db, CITIZEN), CITIZEN)
    citizen_signs_in(app, client, CITIZEN.ma_so)
    assert '<section class="panel" data-install-hint hidden>' in pages.get(client, "/")


def test_what_answers_a_form_is_marked_so_that_no_script_asks_for_it_again(client):
    page = client.get("/dang-nhap").text
    assert " data-keep" not in page.split("<body")[1].split(">")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post("/dang-nhap", data={"csrf_token": token})
    assert answer.status_code == 422
    assert " data-keep" in answer.text.split("<body")[1].split(">")[0]
