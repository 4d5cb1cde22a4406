"""Laws of the house: they hold for every room, also for those that are not built yet."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from vssid.kernel.db import Base
from vssid.web import headers
from vssid.web.cli import routes

ROOT = Path(__file__).resolve().parents[2]
PUBLIC_PAGES = [
    "/", "/bat-dau", "/bat-dau?trang=2", "/bat-dau?trang=3", "/dieu-khoan", "/quyen-rieng-tu", "/dang-nhap",
    "/kich-hoat", "/quen-mat-khau", "/quen-mat-khau/cach-khac", "/khoi-phuc", "/khoi-phuc/trang-thai", "/huy",
    "/to-khai", "/to-khai/quen-ma", "/tra-cuu/ma-so", "/tra-cuu", "/tra-cuu/kham-chua-benh", "/can-bo/dang-nhap",
    "/can-bo/kich-hoat", "/ngoai-tuyen", "/cai-dat", "/cai-dat-ung-dung", "/xac-minh/chia-se", "/ho-tro",
    "/ho-tro/phan-anh", "/ho-tro/phan-anh/moi", "/ho-tro/phan-anh/theo-doi", "/moi", "/ho-tro/tro-chuyen",
    "/to-chuc/dang-nhap", "/to-chuc/kich-hoat", "/to-chuc/quen-mat-khau", "/tin-tuc", "/video", "/chinh-sach",
    "/huong-dan", "/van-ban", "/ho-tro/hoi-dap", "/gioi-thieu", "/kiem-tra", "/ho-tro/tro-ly",
]  # fmt: skip


def test_every_view_carries_exactly_one_guard(app):
    bare = [route["rule"] for route in routes(app) if route["guard"] is None]
    assert bare == []


def test_every_object_in_an_address_is_named_by_its_guard(app):
    nameless = [
        r["rule"] for r in routes(app) if "<uuid:" in r["rule"] and r["guard"] != "public" and r["object"] is None
    ]
    assert nameless == []


def test_only_a_guardian_enters_below_a_childs_address(app):
    others = [
        r["rule"] for r in routes(app) if "<uuid:child>" in r["rule"] and (r["guard"], r["task"]) != ("guardian", None)
    ]
    assert others == []


def test_get_and_post_are_the_only_methods(app):
    assert {route["method"] for route in routes(app)} == {"GET", "POST"}


def test_addresses_are_those_that_were_promised(app):
    """An address may be added; one that vanishes breaks somebody's bookmark."""
    promised = set((ROOT / "tests/house/addresses.txt").read_text().split("\n")) - {""}
    present = {f"{route['method']} {route['rule']}" for route in routes(app)}
    assert promised - present == set()
    assert present - promised == set(), "write new addresses into tests/house/addresses.txt"


# An index of an expression (ix_outbox_due) cannot be compared on SQLite; test_query_plans shows that it serves.
def _has_a_model(name, kind, _parents):
    # What each database searches the lists by is no model's: SQLite's tables of FTS5, PostgreSQL's index of trigrams.
    tables, indexes = (
        ("listing_fts", "article_fts"),
        {"ix_listings_words", "ix_article_words_heads", "ix_article_words_words"},
    )
    return not (kind == "table" and name.startswith(tables)) and name not in indexes


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping metadata-specified")
def test_migrations_make_exactly_the_tables_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _has_a_model})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_keep_the_laws(client, path):
    from tests import pages

    pages.get(client, path)


@pytest.mark.parametrize("path", [p for p in PUBLIC_PAGES if p != "/ngoai-tuyen"])
def test_main_blocks_render_alone(client, path):
    from tests import pages

    html = pages.part(client, path)
    assert html.startswith("<title>")
    assert pages.Page(html).title == pages.Page(pages.get(client, path)).title


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/static/nothing", "/healthz", "/dang-nhap"])
def test_security_headers_are_on_every_answer(client, path):
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]


def test_the_inlined_style_is_the_one_that_the_policy_allows(client):
    answer = client.get("/")
    style = re.search(r"<style>(.*?)</style>", answer.get_data(as_text=True), re.S)[1]
    assert headers.style_hash(style) in answer.headers["Content-Security-Policy"]


def test_no_browser_answers_in_its_own_words_what_is_missing_in_a_form():
    """`novalidate` wherever there is something to fill in: the server's words stand beside the field, in five languages."""
    filled_in = re.compile(r"""ui\.(field|captcha)\(|<(select|textarea)\b|<input\b(?![^>]*type="hidden")|{% include""")
    bare = [
        f"{file.relative_to(ROOT)}: {form[:80]}"
        for file in (ROOT / "templates").rglob("*.html")
        for form in file.read_text().split("<form")[1:]
        if filled_in.search(form.split("</form>")[0]) and not form.startswith(" novalidate")
    ]
    assert bare == []


def test_lock_files_name_no_host_and_hash_everything():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        for pin in re.findall(r"^[a-z][^\n]*==[^\n]*\n([^\n]*)", text, re.M):
            assert "--hash=sha256:" in pin


def test_nodes_lock_names_no_host_and_hashes_everything():
    text = (ROOT / "tests/lighthouse/package-lock.json").read_text()
    # npm writes where authors ask for money: these lines are taken out by hand after `npm install`.
    assert "://" not in text
    for name, one in json.loads(text)["packages"].items():
        assert not name or one["integrity"].startswith("sha512-"), name


def test_floors_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_import_hides_inside_a_function():
    hidden = []
    for path in (ROOT / "vssid").rglob("*.py"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.match(r"\s+(from \S+ import|import )\S", line) and "TYPE_CHECKING" not in line:
                hidden.append(f"{path.name}:{number}")
    assert hidden == []


def test_only_the_clock_asks_the_time():
    asking = []
    for path in (ROOT / "vssid").rglob("*.py"):
        if path.name in ("clock.py",):
            continue
        if re.search(r"datetime\.now\(|date\.today\(|utcnow\(", path.read_text()):
            asking.append(path.name)
    assert asking == []


def test_readme_names_every_variable_of_the_environment():
    from vssid.settings import VARIABLES

    table = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", (ROOT / "README.md").read_text(), re.M)
    assert [row[0] for row in table] == list(VARIABLES)
    for name, default, required, meaning in table:
        expected_default, is_required, expected_meaning = VARIABLES[name]
        assert default.strip().strip("`") == expected_default, name
        assert required.strip() == ("yes" if is_required else ""), name
        assert meaning.strip() == expected_meaning, name
