"""Officers' passkeys in Chromium with virtual authenticators, at a host that has a name."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests import people, serving
from tests.browser.conftest import DESK, Served
from tests.browser.test_passkeys import INSIDE
from tests.registration.test_exports import declare
from vssid import settings as environment
from vssid.accounts.models import LoginSession
from vssid.factory import create_app, prepare_database
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit
from vssid.officers import actions
from vssid.officers.models import Officer
from vssid.web.db import db as request_db


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = serving.free_port()
    values = {
        **serving.environment(tmp_path_factory.mktemp("desk"), port),
        "PUBLIC_URL": f"http://localhost:{port}", "HOST": "127.0.0.1",
    }  # fmt: skip
    app = create_app(environment.load(values))
    with app.app_context():
        engine = request_db.engine
        prepare_database(engine)
        with unit(engine) as db:
            people.add_agency(db)
    process = serving.start(values)
    try:
        yield Served(values["PUBLIC_URL"], app, engine, "")
    finally:
        process.terminate()
        process.wait(timeout=40)


def set_up(served: Served, code: str, role: str) -> None:
    """An officer with password and authenticator, as if they had set themselves up."""
    with served.app.app_context(), unit(served.engine) as db:
        people.add_officer(served.app, db, code, "08902", role)
        row = db.scalar(select(Officer).where(Officer.code == code))
        row.password_hash = people.officer_actions.accounts.hashed(people.OFFICER_PASSWORD)
        row.totp_sealed = served.app.extensions["keyring"].seal_text(pyotp.random_base32(), f"totp {row.id}")
        row.status = "active"


def totp_of(served: Served, code: str) -> str:
    with served.app.app_context(), reading(served.engine) as db:
        row = db.scalar(select(Officer).where(Officer.code == code))
        secret = actions.totp_secret(served.app.extensions["keyring"], row)
        return pyotp.TOTP(secret).generate_otp(max(row.totp_last_step + 1, int(time.time()) // 30))


def virtual(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})


def fill(page: Page, code: str, password: str = people.OFFICER_PASSWORD) -> None:
    page.goto("/can-bo/dang-nhap")
    page.fill("#code", code)
    page.fill("#password", password)


def by_totp(served: Served, page: Page, code: str) -> None:
    fill(page, code)
    page.fill("#totp", totp_of(served, code))
    page.click("main button[type=submit]")


def add(page: Page, name: str) -> None:
    page.fill("[data-passkey-box] #name", name)
    page.click("[data-passkey]")
    expect(page.locator(".panel h2", has_text=name)).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator("summary.officer").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/can-bo/dang-nhap")


def test_an_administrator_is_led_to_a_key_and_then_signs_in_with_it(served, open_page, look, browser_name):
    set_up(served, "QT01", "quan_tri")
    page = open_page(viewport=DESK)
    virtual(page)
    by_totp(served, page, "QT01")
    page.wait_for_url("**/can-bo/khoa")
    look(page, "desk-keys-needed")
    page.goto("/can-bo/nhan-su")
    expect(page.locator("h1")).to_have_text("Khoá đăng nhập")
    add(page, "Máy cơ quan")
    look(page, "desk-keys")
    page.goto("/can-bo/nhan-su")
    expect(page.locator("h1")).to_have_text("Nhân sự")
    sign_out(page)

    look(page, "desk-sign-in")
    fill(page, "QT01", "sai mật khẩu rồi")
    page.click("[data-passkey]")
    expect(page.locator("[data-passkey-says]")).to_contain_text("mật khẩu hoặc khoá chưa đúng")
    page.fill("#password", people.OFFICER_PASSWORD)
    page.click("[data-passkey]")
    page.wait_for_url("**/can-bo")
    page.goto("/can-bo/nhan-su")
    expect(page.locator("h1")).to_have_text("Nhân sự")


def test_after_a_while_away_the_key_carries_the_form_on(served, open_page, look, browser_name):
    set_up(served, "QT02", "quan_tri")
    page = open_page(viewport=DESK)
    virtual(page)
    by_totp(served, page, "QT02")
    page.wait_for_url("**/can-bo/khoa")
    add(page, "Máy cơ quan")
    page.goto("/can-bo/nhan-su/moi")
    for name, value in {"code": "CB77", "name": "Cán bộ Mẫu", "email": "cb77@vidu.vn", "agency_code": "08902"}.items():
        page.fill(f"#{name}", value)
    page.check("input[name=role][value=duyet_ho_so]")
    with unit(served.engine) as db:
        db.execute(update(LoginSession).values(proven_at=None))
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("Xác nhận lại là bạn")
    look(page, "desk-proving")
    page.click("[data-passkey]")
    page.wait_for_url("**/can-bo/nhan-su")
    expect(page.locator(".panel", has_text="CB77")).to_be_visible()


def test_without_script_password_and_code_remain(served, open_page, look, browser_name):
    set_up(served, "CB05", "duyet_ho_so")
    page = open_page(viewport=DESK, script=False)
    page.goto("/can-bo/dang-nhap")
    expect(page.locator("[data-passkey]")).to_be_hidden()
    by_totp(served, page, "CB05")
    page.wait_for_url("**/can-bo")
    page.goto("/can-bo/khoa")
    expect(page.get_by_text("có bật JavaScript")).to_be_visible()


def test_a_wish_for_a_file_goes_its_way(served, open_page, look, browser_name):
    for code in ("GS01", "GS02"):
        set_up(served, code, "giam_sat")
    page = open_page(viewport=DESK)
    by_totp(served, page, "GS01")
    page.goto("/can-bo/xuat-ho-so")
    look(page, "desk-exports")
    page.fill("#first", "2026-01-01")
    page.fill("#last", "2026-01-31")
    page.fill("#reason", "Báo cáo tháng")
    page.click("main button[type=submit]")
    expect(page.locator(".form-errors")).to_contain_text("Không có tờ khai nào")
    declare(served.engine, "7K3M9QX2")
    page.fill("#first", (today() - timedelta(days=1)).isoformat())
    page.fill("#last", today().isoformat())
    page.click("main button[type=submit]")
    expect(page.locator(".badge").first).to_have_text("Chờ cán bộ thứ hai")
    wish = page.url

    second = open_page(viewport=DESK)
    by_totp(served, second, "GS02")
    second.get_by_role("link", name="Xuất hồ sơ chờ đồng ý 1").first.click()
    look(second, "desk-exports-waiting")
    second.locator("main table a").click()
    look(second, "desk-export-second")
    second.get_by_role("button", name="Đồng ý cho xuất").click()
    expect(second.get_by_text("Đã đồng ý")).to_be_visible()

    # `flask work` runs beside the server and makes it.
    link = page.get_by_role("link", name="Tải tệp CSV")
    for _second in range(20):
        page.goto(wish)
        if link.count():
            break
        page.wait_for_timeout(1000)
    look(page, "desk-export-made")
    with page.expect_download() as download:
        link.click()
    assert "7K3M9QX2" in download.value.path().read_text("utf-8-sig")
