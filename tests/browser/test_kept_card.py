"""A card kept on a phone: opened with the network gone and the server dead, and gone itself when it must be."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.counter import code_on, keep, phone, sign_in
from vssid.attesting import keys
from vssid.card.strips import actions, queries, rules
from vssid.card.strips.models import KeptCard
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit


def test_offline_with_a_dead_server_the_card_opens_and_its_code_is_signed_for_today(browser, house, tmp_path):
    context = phone(browser, house)
    page = context.new_page()
    problems = []
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, house)
    keep(page)
    house.stop()
    context.set_offline(True)
    page.close()
    page = context.new_page()
    page.goto("/ca-nhan/the-bhyt/su-dung")
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    body, signature = rules.taken_apart(code_on(page, tmp_path))
    strip = rules.read(body)
    assert (strip.day, strip.ma_so, strip.initials) == (today(), people.CITIZEN.ma_so, "ĐTMƯ")
    with reading(house.engine) as db:
        assert keys.right(db, strip.key, signature, rules.DOMAIN + body)
    page.goto("/ca-nhan")
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    page.get_by_role("link", name="Mở thẻ giữ trên máy này").click()
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    assert problems == []
    context.close()


def left(page: Page) -> str:
    """Everything that this browser's storages and caches hold, as one text."""
    return page.evaluate(
        """async () => {
            const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(await indexedDB.databases())];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    texts.push(request.url);
                    const answer = await cache.match(request);
                    if (/text|json/.test(answer.headers.get('Content-Type') || '')) texts.push(await answer.text());
                }
            }
            return texts.join();
        }"""
    )


def test_sign_out_leaves_nothing_of_a_kept_card_also_behind_back(remembering, house):
    context = phone(remembering, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    assert people.CITIZEN.name in left(page)
    page.goto("/tai-khoan")
    page.get_by_role("main").get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url(house.url + "/")
    expect(page.get_by_role("link", name="Đăng nhập").first).to_be_visible()
    everything = left(page)
    assert people.CITIZEN.name not in everything
    assert people.CITIZEN.ma_so not in everything
    for _back in range(4):
        page.go_back()
        expect(page.locator("body")).not_to_contain_text(people.CITIZEN.name)
    page.goto("/the-da-luu")
    expect(page.get_by_role("heading", name="Máy này không giữ thẻ nào")).to_be_visible()
    with unit(house.engine) as db:
        actions.sweep(db, list(queries.to_end(db, now())), now())
        assert db.query(KeptCard).one().end_reason == "sign_out"
        assert queries.revoked(db, today()) == [db.query(KeptCard).one().handle]
    context.close()


def test_when_another_device_took_over_the_next_contact_takes_the_card_away(browser, house):
    first = phone(browser, house)
    page = first.new_page()
    sign_in(page, house)
    keep(page)
    second = phone(browser, house)
    sign_in(second.new_page(), house)
    page.goto("/the-da-luu")
    expect(page.get_by_text("Tài khoản đã chuyển sang máy khác")).to_be_visible()
    expect(page.locator("[data-card] .holder")).to_be_hidden()
    assert people.CITIZEN.name not in left(page)
    first.close()
    second.close()


def test_no_session_is_needed_and_strips_are_renewed_unseen(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    context.clear_cookies()
    with page.expect_response("**/the-da-luu/lam-moi") as renewed:
        page.goto("/ca-nhan/the-bhyt/su-dung")  # which asks strangers to sign in
        expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    assert renewed.value.status == 200
    context.close()


def test_the_page_of_kept_cards_speaks_the_language_that_was_chosen_not_the_browsers(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    page.wait_for_load_state("networkidle")
    for language, tag in (("en", "en-GB"), ("zh", "zh-Hans")):
        page.goto(f"/cai-dat-ung-dung?lang={language}")
        page.evaluate(
            """async tag => {
                const ours = await caches.open((await caches.keys()).find(name => name.startsWith('static-')));
                for (let known = ''; known !== tag;) {
                    await new Promise(done => setTimeout(done, 100));
                    const answer = await ours.match('/lang');
                    known = answer && await answer.text();
                }
            }""",
            tag,
        )
        page.goto("/the-da-luu")
        expect(page.locator("html")).to_have_attribute("lang", tag)
    context.close()


def test_a_pin_covers_the_card_and_says_what_to_do_when_it_is_forgotten(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page, "2468")
    expect(page.get_by_role("button", name="Mở thẻ")).to_be_visible()
    expect(page.locator("[data-card] .holder")).to_be_hidden()
    page.get_by_label("Mã khoá màn hình").fill("1357")
    page.get_by_role("button", name="Mở thẻ").click()
    expect(page.get_by_role("alert")).to_contain_text("Mã chưa đúng. Hãy gõ lại.")
    expect(page.get_by_text("Quên mã? Khi có mạng, đăng nhập và giữ lại thẻ.")).to_be_visible()
    page.get_by_role("button", name="Mở thẻ").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy gõ mã khoá màn hình")
    page.get_by_label("Mã khoá màn hình").fill("2468")
    page.get_by_role("button", name="Mở thẻ").click()
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    context.close()


def comes_back(page: Page) -> None:
    """To this page, from another app."""
    for hidden in ("true", "false"):
        page.evaluate(
            f"""() => {{
                Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {hidden} }});
                document.dispatchEvent(new Event('visibilitychange'));
            }}"""
        )
    expect(page.get_by_role("button", name="Mở thẻ")).to_be_visible()


def test_who_guesses_a_pin_waits_also_when_they_leave_the_page_and_come_back(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page, "2468")
    page.clock.install()
    page.reload()
    field, button, alert = page.locator("#pin"), page.get_by_role("button", name="Mở thẻ"), page.locator("#pin-error")
    field.fill("2468")
    button.click()
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    for guess in range(1, 5):
        comes_back(page)
        expect(field).to_have_value("")
        expect(alert).to_be_hidden()
        field.fill(f"135{guess}")
        button.click()
        expect(alert).to_contain_text("Mã chưa đúng. Hãy gõ lại.")
    field.fill("1355")
    button.click()
    expect(alert).to_contain_text("Hãy đợi 30 giây")
    page.clock.run_for(20_000)
    comes_back(page)
    expect(alert).to_contain_text("Hãy đợi 30 giây")
    expect(field).to_be_disabled()
    page.clock.run_for(15_000)
    expect(alert).to_be_hidden()
    field.fill("2468")
    button.click()
    expect(page.locator("[data-card] .holder")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("days_off", "shown"), [(-400, 0), (0, 0), (3, 3), (27, 27), (400, 27)])
def test_a_wrong_clock_never_blocks_the_card(browser, house, tmp_path, days_off, shown):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    house.stop()
    context.clock.install(time=now() + timedelta(days=days_off))
    page = context.new_page()
    page.goto("/the-da-luu")
    strip = rules.read(rules.taken_apart(code_on(page, tmp_path))[0])
    assert strip.day == today() + timedelta(days=shown)
    assert page.get_by_text("Các mã trên máy đã hết").is_visible() is (days_off == 400)
    page.get_by_text("Ngày trên máy này sai?").click()
    page.get_by_role("button", name="Tới một ngày").click()
    strip = rules.read(rules.taken_apart(code_on(page, tmp_path))[0])
    assert strip.day == today() + timedelta(days=min(shown + 1, 27))
    context.close()


def test_a_tap_too_many_is_needed_to_forget_a_card_and_then_it_is_gone(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    page.get_by_text("Xoá thẻ khỏi máy này").click()
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    with page.expect_response("**/the-da-luu/bo"):
        page.get_by_role("button", name="Xoá ngay").click()
    expect(page.get_by_role("heading", name="Máy này không giữ thẻ nào")).to_be_visible()
    assert people.CITIZEN.name not in left(page)
    with reading(house.engine) as db:
        assert db.query(KeptCard).one().end_reason == "let_go"
    context.close()


def test_two_people_of_a_family_keep_their_cards_on_one_phone_each_by_their_own_consent(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    house.takes_in(people.STRANGER)
    # Not signed out: another person of the family takes the phone.
    sign_in(page, house, people.STRANGER, "/dang-nhap?doi=1")
    page.goto("/ca-nhan/the-bhyt/su-dung")
    keep(page)
    house.stop()
    page.goto("/the-da-luu")
    for who in (people.CITIZEN, people.STRANGER):
        expect(page.locator("[data-people]")).to_be_visible()
        if not page.locator("[data-people]").evaluate("names => names.open"):
            page.get_by_text("Chọn thẻ").click()
        page.get_by_role("link", name=who.name).click()
        expect(page.locator("[data-card] .holder")).to_have_text(who.name)
    context.close()


def test_another_sites_form_does_not_empty_the_phone(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    body = f'<form method="post" action="{house.url}/dang-xuat"><button>x</button></form>'
    context.route("http://xau.example/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://xau.example/")
    page.get_by_role("button", name="x").click()
    page.goto(house.url + "/the-da-luu")
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    context.close()


def test_a_pin_that_is_set_later_covers_what_stood_open_before(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    page.reload()
    expect(page.locator("[data-card] .holder")).to_have_text(people.CITIZEN.name)
    page.wait_for_load_state("networkidle")
    keep(page, "2468")
    kept = page.evaluate("caches.open('kept').then(c => c.keys()).then(all => all.map(one => one.url))")
    assert [url for url in kept if "/the-da-luu/ban/" in url] == []
    context.close()


def test_who_is_signed_in_is_never_shown_anothers_card_without_having_chosen_it(browser, house):
    context = phone(browser, house)
    page = context.new_page()
    sign_in(page, house)
    keep(page)
    house.takes_in(people.STRANGER)
    sign_in(page, house, people.STRANGER, "/dang-nhap?doi=1")
    page.goto("/ca-nhan/the-bhyt/su-dung")
    expect(page.locator(".holder")).to_have_text(people.STRANGER.name)
    page.wait_for_load_state("networkidle")
    house.stop()
    page.goto("/ca-nhan/the-bhyt/su-dung")
    expect(page.get_by_role("link", name=people.CITIZEN.name)).to_be_visible()
    expect(page.locator("[data-card] .holder")).to_be_hidden()
    context.close()
