"""What people register in, in a real browser, with script and without: scans, old addresses, children, organisations,
returned items, lapses, the counter.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import people
from tests.browser.conftest import CHROMIUM, DESK, FLAGS, PHONE, Served
from tests.browser.terms import accept
from tests.scans import phone
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.registration import JOBS, Declaration

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
CARD = f"{people.STRANGER.cccd}||{people.STRANGER.name}|01011980|Nam|Số 5, Tổ 6, Phường Mỹ Thới, An Giang|01012022"
NUMBERS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip


@pytest.fixture(scope="module")
def officer(served: Served):
    """An officer's browser without script, for the half of a story that other tests look at."""
    client = served.app.test_client()
    people.officer_signs_in(served.app, client, "CB01", served.setup_code)
    return client


@pytest.fixture(scope="module")
def family(served: Served) -> None:
    """A guardian with an account and a child that the register knows."""
    with served.app.app_context(), unit(served.engine) as db:
        people.add_card(db, people.add_person(db, people.CHILD), people.CHILD)
        people.open_account(served.app, db, people.GUARDIAN)


def agree(page: Page, path: str) -> None:
    """Read the terms and come out where one wanted to go."""
    page.goto(path)
    accept(page)
    expect(page).to_have_url(re.compile(f"^[^?]*{path}$"))  # the address of the terms ends so, too


@pytest.fixture
def seen(look) -> Callable[..., None]:
    """`look`, which needs script; without it only the title is compared."""

    def judge(page: Page, script: bool, picture: str | None = None) -> None:
        if script:
            look(page, picture)
        else:
            assert page.title().split(" · ")[0] == page.locator("h1").inner_text().strip()

    return judge


def press(page: Page, name: str, heading: str) -> None:
    """A button, and the screen that it leads to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator("h1")).to_have_text(heading, timeout=20_000)


def upload(page: Page, selector: str, photo: bytes, script: bool) -> None:
    """Choose a file; with script it is sent at once."""
    page.set_input_files(selector, {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": photo})
    if not script:
        page.locator("form", has=page.locator(selector)).get_by_role("button").last.click()


def prove_human(page: Page, script: bool) -> None:
    """The script works; without it the question is answered."""
    if script:
        expect(page.locator("[data-question]")).to_be_hidden(timeout=20_000)
        return
    left, right = re.search(r": (\w+) cộng (\w+) ", page.locator("#captcha-hint").inner_text()).groups()
    page.fill("#captcha", str(NUMBERS[left] + NUMBERS[right]))


def finish(page: Page, script: bool, email: str = "") -> str:
    """From the agency to the end; returns the declaration's code."""
    page.locator("input[name=agency_code][value='08902']").first.check()
    page.fill("#email", email)
    press(page, "Tiếp tục", "Xem lại và gửi")
    prove_human(page, script)
    press(page, "Gửi", "Đã gửi tờ khai")
    return page.locator(".code").inner_text().replace("-", "")


def row_of(served: Served, code: str) -> Declaration:
    with reading(served.engine) as db:
        return db.query(Declaration).where(Declaration.code == code).one()


def follow(page: Page, code: str, number: str, script: bool) -> None:
    page.goto("/to-khai")
    page.fill("#code", code)
    page.fill("#phone", number)
    prove_human(page, script)
    page.get_by_role("button", name="Xem tờ khai").click()
    expect(page.locator("h1")).to_contain_text("Tờ khai")


@SCRIPT
def test_a_photo_of_a_card_and_an_old_address_fill_the_first_step(served: Served, open_page, seen, script):
    page = open_page(script=script)
    agree(page, "/dang-ky/ca-nhan/thong-tin")
    page.locator("details.scan summary").click()
    upload(page, "#qr_photo", phone.taken(CARD, phone.Shot(7, size=(2000, 1500), code=500, blur=1.0)), True)
    if not script:
        page.get_by_role("button", name="Đọc mã QR").click()
    expect(page.locator("#id_number")).to_have_value(people.STRANGER.cccd, timeout=20_000)
    expect(page.locator("#full_name")).to_have_value(people.STRANGER.name)
    expect(page.get_by_text("Từ mã QR trên CCCD").first).to_be_visible()
    page.get_by_role("button", name="Chỉ nhớ địa chỉ cũ").click()
    for name, code in (("old_province_code", "89"), ("old_district_code", "883"), ("old_ward_code", "30280")):
        expect(page.locator(f"#{name}")).to_be_visible()
        page.wait_for_timeout(100)  # htmx listens some 20 ms after a part came; nobody chooses sooner
        page.select_option(f"#{name}", code)
        if not script:
            page.locator(f"button[name=choose_{name.removesuffix('_code')}]").click()
        expect(page.locator(f"#{name}")).to_have_value(code)
    expect(page.locator("#old-place")).to_contain_text("Long Xuyên")
    seen(page, script)
    page.fill("#ma_so_bhxh", people.STRANGER.ma_so)
    page.fill("#address_line", "Số 5, tổ 6")
    page.fill("#phone", people.STRANGER.phone)
    press(page, "Tiếp tục", "Ảnh của bạn")


def y4m(path: Path, text: str) -> Path:
    """A film of one frame: a card's code before the camera."""
    grey = phone.printed(text, 480)
    frame = bytearray(b"\xb0" * (640 * 480))
    for line in range(480):
        frame[line * 640 + 80 : line * 640 + 560] = grey.tobytes()[line * 480 : (line + 1) * 480]
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip C420jpeg\nFRAME\n" + bytes(frame) + b"\x80" * (640 * 480 // 2))
    return path


@pytest.fixture
def filming(playwright, tmp_path) -> Iterator[Browser]:
    """A browser whose camera sees a CCCD's code."""
    film = y4m(tmp_path / "card.y4m", CARD)
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*FLAGS, *fake, f"--use-file-for-fake-video-capture={film}"]
    )
    yield browser
    browser.close()


def test_the_live_camera_reads_a_card(served: Served, filming: Browser):
    problems: list[str] = []
    context = filming.new_context(viewport=PHONE, base_url=served.url, locale="vi-VN", permissions=["camera"])
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    agree(page, "/dang-ky/ca-nhan/thong-tin")
    page.locator("details.scan summary").click()
    page.get_by_role("button", name="Quét bằng máy ảnh").click()
    expect(page.locator("#id_number")).to_have_value(people.STRANGER.cccd, timeout=30_000)
    expect(page.locator("#full_name")).to_have_value(people.STRANGER.name)
    assert problems == []


@SCRIPT
def test_a_guardian_registers_a_child_and_sees_it_in_the_family(
    served: Served, open_page, seen, officer, family, script
):
    page = open_page(script=script)
    if script:
        page.goto("/kich-hoat")
        code = people.sent_code(served.app, "code.activation")
        for name, value in (("name", people.GUARDIAN.ma_so), ("code", code), ("password", people.PASSWORD)):
            page.fill(f"#{name}", value)
        page.fill("#again", people.PASSWORD)
        press(page, "Hoàn tất", "Đăng nhập")
    else:
        page.goto("/dang-nhap")
    page.fill("#name", people.GUARDIAN.ma_so)
    page.fill("#password", people.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    if not script:
        page.fill("#code", people.sent_code(served.app, "code.new_device"))
        page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("h1")).to_contain_text("Xin chào")
    agree(page, "/ca-nhan/gia-dinh/dang-ky")
    page.fill("#full_name", people.CHILD.name)
    page.fill("#ma_so_bhxh", people.CHILD.ma_so)
    if page.get_by_label("Địa chỉ giống địa chỉ của tôi").is_visible():
        page.get_by_label("Địa chỉ giống địa chỉ của tôi").check()
    seen(page, script)
    press(page, "Tiếp tục", "Giấy khai sinh của con")
    upload(page, "#photo-birth_front", people.photo_bytes("GIẤY KHAI SINH MẪU"), script)
    expect(page.locator("#shot-birth_front.done")).to_be_visible(timeout=20_000)
    seen(page, script)
    press(page, "Tiếp tục", "Cơ quan tiếp nhận")
    code = finish(page, script)
    path = f"/can-bo/to-khai/{row_of(served, code).id}"
    assert people.post(officer, f"{path}/duyet", {}, path).status_code == 303
    page.goto("/ca-nhan/gia-dinh")
    expect(page.get_by_text(people.CHILD.name).first).to_be_visible()
    seen(page, script)


@SCRIPT
def test_an_organisation_registers(served: Served, open_page, seen, script):
    page = open_page(script=script)
    agree(page, "/dang-ky/to-chuc/thong-tin")
    page.get_by_label("Nhà trường").check()
    values = {
        "full_name": "Trường THCS Mẫu 2/9", "unit_code": f"TH00{script:d}9", "tax_code": f"160000000{script:d}",
        "address_line": "Số 9, đường Mẫu", "contact_name": "Phan Thị Mẫu Giáo", "phone": f"090000033{script:d}",
        "email": "truong@vidu.vn",
    }  # fmt: skip
    for name, value in values.items():
        page.fill(f"#{name}", value)
    page.select_option("#ward_code", people.WARD)
    seen(page, script, "register-organisation")
    press(page, "Tiếp tục", "Giấy tờ của tổ chức")
    upload(page, "#photo-licence", people.photo_bytes("GIẤY PHÉP MẪU"), script)
    expect(page.locator("#shot-licence.done")).to_be_visible(timeout=20_000)
    seen(page, script)
    press(page, "Tiếp tục", "Cơ quan tiếp nhận")
    code = finish(page, script, "truong@vidu.vn")
    seen(page, script)
    page.get_by_role("link", name="Theo dõi tờ khai", exact=True).first.click()
    expect(page.get_by_text(values["unit_code"])).to_be_visible()
    assert row_of(served, code).kind == "to-chuc"


def sent_over_http(served: Served, who: people.Specimen) -> Declaration:
    client = served.app.test_client()
    assert people.send_declaration(client, who).status_code == 303
    with reading(served.engine) as db:
        mine = db.query(Declaration).where(Declaration.ma_so_bhxh == who.ma_so)
        return mine.order_by(Declaration.sent_at.desc()).first()


@SCRIPT
def test_returned_items_are_mended_one_by_one(served: Served, open_page, seen, officer, script):
    declaration = sent_over_http(served, people.STRANGER)
    path = f"/can-bo/to-khai/{declaration.id}"
    back = {"reason-front": "mo", "sample-front": "1", "reason-full_name": "khac_giay_to"}
    assert people.post(officer, f"{path}/tra-lai", back, path).status_code == 303
    page = open_page(script=script)
    follow(page, declaration.code, people.STRANGER.phone, script)
    seen(page, script)
    page.get_by_role("link", name="Họ và tên").click()
    seen(page, script)
    page.fill("#full_name", "Trần Văn Mẫu La")
    page.get_by_role("button", name="Gửi mục này").click()
    expect(page.get_by_text("Hãy sửa tiếp những mục còn lại")).to_be_visible()
    page.get_by_role("link", name="Mặt trước").click()
    seen(page, script)
    upload(page, "#photo", people.photo_bytes("RÕ HƠN"), script)
    expect(page.get_by_text("Đã sửa xong")).to_be_visible(timeout=20_000)
    seen(page, script)
    mended = row_of(served, declaration.code)
    assert (mended.status, mended.full_name) == ("waiting", "Trần Văn Mẫu La")


@SCRIPT
def test_what_lapsed_begins_again_with_what_it_said(served: Served, open_page, seen, script):
    declaration = sent_over_http(served, people.STRANGER)
    with unit(served.engine) as db:
        row = db.get_one(Declaration, declaration.id)
        row.sent_at, row.lapses_on = now() - timedelta(days=11), today() - timedelta(days=1)
    lapse = next(run for name, _every, run in JOBS if name == "declarations.lapse")
    with served.app.test_request_context(), unit(served.engine) as db:
        lapse(db, now())
    page = open_page(script=script)
    follow(page, declaration.code, people.STRANGER.phone, script)
    expect(page.locator(".badge").first).to_have_text("Đã tự huỷ vì quá hạn")
    seen(page, script)
    agree_first = page.get_by_role("button", name="Làm lại từ nội dung cũ")
    agree_first.click()
    accept(page)
    expect(page.locator("h1")).to_have_text("Thông tin của bạn")
    expect(page.locator("#full_name")).to_have_value(people.STRANGER.name)
    expect(page.locator("#ma_so_bhxh")).to_have_value(people.STRANGER.ma_so)


@pytest.fixture
def with_webcam(playwright) -> Iterator[Browser]:
    """A browser with a camera that shows a moving picture."""
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *fake])
    yield browser
    browser.close()


def test_an_officer_registers_somebody_without_a_phone_by_webcam(served: Served, with_webcam, look, officer):
    cookies = [{"name": cookie.key, "value": cookie.value, "url": served.url} for cookie in officer._cookies.values()]
    context = with_webcam.new_context(viewport=DESK, base_url=served.url, locale="vi-VN", permissions=["camera"])
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/can-bo/quay")
    look(page, "counter")
    page.keyboard.press("l")
    expect(page.locator("h1")).to_have_text("Đăng ký người lớn tại quầy")
    for name, value in people.info_form(people.CITIZEN).items():
        if name in ("ma_so_bhxh", "full_name", "id_number", "address_line"):
            page.fill(f"#{name}", value)
    page.select_option("#ward_code", people.WARD)
    look(page, "counter-form")
    press(page, "Tiếp tục", "Đăng ký người lớn tại quầy")
    expect(page.get_by_text("Chưa đủ đồng ý")).to_be_visible()
    look(page)
    for purpose in ("dich_vu", "giay_to"):
        page.check(f"#purpose-{purpose}")
    press(page, "Tiếp tục", people.CITIZEN.name)
    portrait = page.locator("form", has=page.locator("#photo-portrait"))
    portrait.get_by_role("button", name="Chụp bằng webcam").click()
    portrait.get_by_role("button", name="Dừng máy ảnh").click()
    portrait.get_by_role("button", name="Chụp bằng webcam").click()
    portrait.get_by_role("button", name="Chụp", exact=True).click()
    expect(page.locator("form.shot.done")).to_have_count(1, timeout=20_000)
    for n, side in enumerate(("front", "back"), 2):
        upload(page, f"#photo-{side}", people.photo_bytes(), True)
        expect(page.locator("form.shot.done")).to_have_count(n, timeout=20_000)
    look(page, "counter-photos")
    page.keyboard.press("j")
    page.wait_for_selector("body:not([data-asleep])")
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã ghi nhận tờ khai giấy")).to_be_visible()
    page.wait_for_selector("body:not([data-asleep])")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("Phiếu kích hoạt")
    look(page, "counter-sheet")
    context.close()


@SCRIPT
def test_an_officer_takes_a_child_down_by_forms_alone(served: Served, open_page, seen, officer, family, script):
    page = open_page(DESK, script=script)
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": served.url} for cookie in officer._cookies.values()]
    )
    page.goto("/can-bo/quay/tre-em")
    form = people.child_form(people.CHILD, people.GUARDIAN)
    for name in ("full_name", "ma_so_bhxh", "guardian_ma_so", "guardian_number", "address_line"):
        page.fill(f"#{name}", form[name])
    page.select_option("#ward_code", people.WARD)
    for purpose in ("dich_vu", "giay_to"):
        page.check(f"#purpose-{purpose}")
    press(page, "Tiếp tục", people.CHILD.name)
    upload(page, "#photo-birth_front", people.photo_bytes("GIẤY KHAI SINH MẪU"), script)
    expect(page.locator("form.shot.done")).to_have_count(1, timeout=20_000)
    seen(page, script)
    page.get_by_role("link", name="Sang đối chiếu").click()
    expect(page.get_by_text("Sổ bộ chưa ghi người này là người giám hộ").or_(
        page.get_by_text("Sổ bộ ghi người này là người giám hộ của trẻ")
    )).to_be_visible()  # fmt: skip


@SCRIPT
def test_a_scanner_that_types_ends_with_enter(served: Served, open_page, seen, script):
    page = open_page(script=script)
    agree(page, "/dang-ky/ca-nhan/thong-tin")
    page.locator("details.scan summary").click()
    page.fill("#qr_text", CARD)
    page.locator("#qr_text").press("Enter")
    expect(page.locator("#id_number")).to_have_value(people.STRANGER.cccd, timeout=20_000)
    seen(page, script)


@SCRIPT
def test_who_lost_the_number_looks_it_up_and_loses_no_word(served: Served, open_page, seen, script):
    page = open_page(script=script)
    agree(page, "/dang-ky/ca-nhan/thong-tin")
    page.fill("#full_name", people.STRANGER.name)
    page.get_by_role("button", name="Tìm mã số Bảo hiểm xã hội").click()
    page.wait_for_url("**/tra-cuu/ma-so**")
    seen(page, script)
    page.goto("/dang-ky/ca-nhan/thong-tin")
    expect(page.locator("#full_name")).to_have_value(people.STRANGER.name)


@SCRIPT
def test_an_officer_merges_two_declarations_of_one_person(served: Served, open_page, seen, officer, script):
    first, second = (sent_over_http(served, people.STRANGER) for _n in range(2))
    page = open_page(DESK, script=script)
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": served.url} for cookie in officer._cookies.values()]
    )
    page.goto(f"/can-bo/to-khai/{second.id}")
    candidate = page.locator("form", has=page.locator(f"input[name=other][value='{first.id}']"))
    if script:
        page.wait_for_selector("body:not([data-asleep])")
    candidate.get_by_role("button", name="Gộp vào tờ này").click()
    expect(page.get_by_text("Đã gộp tờ khai")).to_be_visible()
    seen(page, script)
    assert row_of(served, first.code).status == "merged"
    follow_page = open_page(script=script)
    follow(follow_page, first.code, people.STRANGER.phone, script)
    expect(follow_page.get_by_text("đã được gộp")).to_be_visible()


@SCRIPT
def test_the_activation_code_is_sent_once_more_by_mail(served: Served, open_page, seen, officer, script):
    number = 110 + script
    who = people.Specimen(
        f"Hồ Thị Mẫu {'AB'[script]}", f"8900000{number}", f"089185000{number}", "1985-09-04", "F", f"0900000{number}"
    )
    with served.app.app_context(), unit(served.engine) as db:
        people.add_person(db, who)
    declaration = sent_over_http(served, who)
    path = f"/can-bo/to-khai/{declaration.id}"
    assert people.post(officer, f"{path}/duyet", {}, path).status_code == 303
    page = open_page(script=script)
    follow(page, declaration.code, who.phone, script)
    seen(page, script)
    page.get_by_role("button", name="Gửi lại bằng email").click()
    expect(page.get_by_text("Đã gửi mã kích hoạt mới")).to_be_visible()
    seen(page, script)
