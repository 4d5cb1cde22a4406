"""One's records in five languages on the narrowest phone, and a printed statement that a stranger's phone checks."""

import subprocess

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from tests import people
from tests.papers.build import attached, treated
from tests.records.contributions.conftest import add
from tests.records.test_benefits import adjust, give
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit
from vssid.records.contributions.rules import month_of, spoken
from vssid.records.papers.models import Paper
from vssid.records.visits.models import Visit

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 568}
LANGUAGES = ("vi", "en", "ko", "zh", "ja")


@pytest.fixture(scope="module")
def recorded(served, tmp_path_factory) -> dict[str, object]:
    """A citizen with something on every page: their cookie, and the pages."""
    now = month_of(today())
    with served.app.app_context(), unit(served.engine) as db:
        me = people.open_account(served.app, db, people.CITIZEN)
        row = add(db, me, "03/2010", "06/2014", "Công ty Trách nhiệm hữu hạn Một thành viên Chế biến Thuỷ sản Mẫu")
        add(db, me, spoken(now - 3), spoken(now - 1), "Trung tâm Mẫu Hai", status="cham_dong")
        for fund in ("BHTN", "TNLD", "BHYT"):
            add(db, me, "09/2016", spoken(now - 4), "Trung tâm Mẫu Ba", fund=fund)
    benefit = give(served.engine, people.CITIZEN)
    give(served.engine, people.CITIZEN, "huu_tri", from_date="2020-01-01", to_date=None, amount=4_000_000)
    adjust(served.engine, people.CITIZEN)
    file = tmp_path_factory.mktemp("claims") / "ho-so.xml"
    file.write_text(treated(*(attached(f"XML{kind}") for kind in range(7, 12))))
    done = served.app.test_cli_runner().invoke(args=["imports", "run", "claims-xml", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    client = served.app.test_client()
    people.citizen_signs_in(served.app, client, people.CITIZEN.ma_so)
    with reading(served.engine) as db:
        visit, papers = db.scalar(select(Visit.id)), list(db.scalars(select(Paper.id)))
    mine = "/ca-nhan"
    pages = [
        mine, f"{mine}/giay-co-ma", *(f"{mine}/qua-trinh/{fund}" for fund in ("bhxh", "bhtn", "tnld", "bhyt")),
        f"{mine}/qua-trinh/bhxh/{row}", f"{mine}/khieu-nai/contribution/{row}", f"{mine}/qua-trinh/bhxh/kiem-tra",
        *(f"{mine}/thong-tin-huong/{tab}" for tab in ("mot-lan", "ngan-han", "hang-thang", "that-nghiep", "phieu-dieu-chinh")),
        f"{mine}/thong-tin-huong/{benefit.id}", f"{mine}/so-kham", f"{mine}/so-kham/{visit}", f"{mine}/giay-to",
        *(f"{mine}/giay-to/{paper}" for paper in papers), f"{mine}/uoc-tinh", "/tai-khoan/thong-bao", "/xac-minh",
    ]  # fmt: skip
    cookie = {"name": "vssid", "value": client.get_cookie("vssid").value, "url": served.url}
    return {"cookie": cookie, "pages": pages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_in_any_language(recorded, open_page, language):
    page = open_page(viewport=NARROW, script=False)
    page.context.add_cookies([recorded["cookie"]])
    wide = []
    for address in recorded["pages"]:
        answer = page.goto(f"{address}?lang={language}")
        assert answer.status == 200, address
        if page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            wide.append(address)
    assert wide == []


def test_a_strangers_phone_checks_a_printed_statement_by_its_qr_code(served, recorded, open_page, look, tmp_path):
    page = open_page()
    page.context.add_cookies([recorded["cookie"]])
    pdf = page.request.get("/ca-nhan/qua-trinh.pdf").body()
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-", tmp_path / "page"], input=pdf, check=True)
    sheets = [Image.open(path) for path in sorted(tmp_path.glob("page*"))]
    texts = {code.text for sheet in sheets for code in zxingcpp.read_barcodes(sheet)}
    [address] = texts
    assert address.startswith(f"{served.url}/xac-minh#")
    stranger = open_page()
    stranger.goto(address)
    assert "#" not in stranger.url
    look(stranger, "check")
    stranger.get_by_role("button", name="Kiểm tra").click()
    expect(stranger.locator("main")).to_contain_text("Đúng là giấy do chúng tôi cấp")
    expect(stranger.locator("main")).to_contain_text(people.CITIZEN.name)
    look(stranger, "checked")
    page.goto("/ca-nhan/giay-co-ma")
    look(page, "printed")
    page.get_by_role("button", name="Thu hồi mã").first.click()
    expect(page.locator("main")).to_contain_text("Đã thu hồi")
    stranger.goto(address)
    stranger.get_by_role("button", name="Kiểm tra").click()
    expect(stranger.locator("main")).to_contain_text("Giấy này đã bị thu hồi")
