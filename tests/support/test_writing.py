"""Phản ánh, kiến nghị, the writer's side: the form, the receipt, both codes, what is said afterwards."""

import hashlib
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from tests import pages, people
from tests.support.conftest import (
    ANSWER,
    FOLLOW,
    LIST,
    NEW,
    OWN,
    SUBJECT,
    TEXT,
    act,
    letter,
    letters,
    send,
    tags,
    upload,
)
from vssid.directory.models import Parameter
from vssid.kernel import pdf
from vssid.kernel.clock import now, today
from vssid.kernel.days import working_day_after
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.support.feedback import brakes, rules
from vssid.support.feedback.models import FeedbackFile, FeedbackMessage

HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "{% include 'x' %}", '"><img src=x onerror=alert(1)>', "%(name)s %s"]


def said(engine) -> list[tuple[str, str]]:
    with reading(engine) as db:
        found = db.execute(select(FeedbackMessage.kind, FeedbackMessage.text).order_by(FeedbackMessage.at))
        return [(kind, text) for kind, text in found]


# ---- the hub and the list


def test_the_hub_leads_to_everything_and_knows_nobody(client, engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH tỉnh An Giang")
    html = pages.get(client, "/ho-tro")
    for address in ('href="tel:19000000"', f'href="{NEW}"', f'href="{FOLLOW}"', f'href="{LIST}"'):
        assert address in html, address
    assert "mailto:" not in html
    assert "csrf" not in html.lower()


def test_the_hub_shows_the_provinces_mail_and_the_hours_that_the_operator_set(client, engine):
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH tỉnh An Giang")
        people.add_agency(db, "079", "BHXH Thành phố Hồ Chí Minh")
        db.execute(people.Agency.__table__.update().where(people.Agency.code == "089").values(email="mau@vidu.vn"))
        db.add(
            Parameter(
                code="tong_dai.gio", valid_from=today(), value="7 giờ đến 17 giờ, thứ Hai đến thứ Sáu", source="Mẫu"
            )
        )
    html = pages.get(client, "/ho-tro")
    assert 'href="mailto:mau@vidu.vn"' in html
    assert "7 giờ đến 17 giờ" in html


def test_the_bar_of_who_is_signed_in_ends_with_help(signed_in):
    html = pages.get(signed_in(people.CITIZEN), "/ho-tro")
    bar = html.split('class="tabbar"')[1]
    assert 'href="/ho-tro" aria-current="page"' in bar
    assert "/tai-khoan" in html


# ---- sending


def test_without_an_account_a_letter_arrives_with_two_codes_and_a_day(engine, client):
    sent = send(client, engine, name="Nguyễn Mẫu Viết", contact="0900000777", may_publish="y")
    [kept] = letters(engine)
    assert (kept.account_id, kept.agency_code, kept.status, kept.phone) == (None, None, "new", "+84900000777")
    assert kept.due_on == working_day_after(today(), 10)
    assert rules.spoken_code(kept.code) == sent.code
    html = pages.get(client, f"{FOLLOW}/xem")
    day = f"{kept.due_on.day}/{kept.due_on.month}/{kept.due_on.year}"
    for words in (sent.code, sent.secret, SUBJECT, TEXT, day, "Có, sau khi bỏ tên"):
        assert words in html, words
    assert said(engine) == [("words", TEXT)]
    assert tags(engine) == ["feedback.sent"]


def test_the_secret_half_is_kept_as_a_keyed_digest_only(engine, client, app):
    sent = send(client, engine)
    secret = sent.secret.replace("-", "")
    [kept] = letters(engine)
    assert secret not in str(vars(kept))
    assert kept.secret_digest not in (
        hashlib.sha256(secret.encode()).digest(),
        hashlib.sha256(secret.encode()).hexdigest(),
    )


def test_htmx_is_led_to_the_receipt_and_sees_a_refused_form(engine, client):
    html = client.get(NEW).get_data(as_text=True)
    data = {**letter(), "csrf_token": people.csrf(client, NEW), **people.captcha_answer(html)}
    answer = client.post(NEW, data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert f"{FOLLOW}/xem" in answer.headers["HX-Location"]
    answer = client.post(NEW, data={**data, "category": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "Hãy chọn một mục." in html
    assert "<html" not in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": ""}, "Hãy chọn một mục."),
        ({"category": "la"}, "Giá trị không hợp lệ."),
        ({"subject": ""}, "Hãy viết tiêu đề."),
        ({"subject": "x" * 151}, "Dài quá 150 ký tự"),
        ({"subject": "a\x1bb"}, "Có ký tự không dùng được."),
        ({"text": ""}, "Hãy viết nội dung."),
        ({"text": "x" * 19}, "cần ít nhất 20 ký tự"),
        ({"text": "x" * 4_001}, "Dài quá 4000 ký tự"),
        ({"text": TEXT + "\x07"}, "Có ký tự không dùng được."),
        ({"text": TEXT + "\u202e"}, "Có ký tự không dùng được."),
        ({"agency": "99999"}, "Giá trị không hợp lệ."),
        ({"contact": "12345"}, "Chưa phải số di động Việt Nam hay email."),
        ({"contact": "+14155550100"}, "Chưa phải số di động Việt Nam hay email."),
        ({"contact": "a@b@c"}, "Chưa phải số di động Việt Nam hay email."),
        ({"contact": "a@b.vn, c@d.vn"}, "Chưa phải số di động Việt Nam hay email."),
        ({"name": "x" * 101}, "Dài quá 100 ký tự"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(engine, client, changes, words):
    typed = {"name": "Người Đã Gõ", **letter(), **changes}
    answer = people.post(client, NEW, typed)
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert words in html
    assert letters(engine) == []
    for field in ("name", "subject"):
        if field not in changes:
            assert typed[field] in html
    if "text" not in changes:
        assert TEXT in html


@pytest.mark.parametrize("length", [20, 4_000])
def test_the_shortest_and_the_longest_text_are_taken(engine, client, length):
    send(client, engine, text="ấ" * length)
    assert said(engine) == [("words", "ấ" * length)]


def test_lines_that_a_browser_ends_by_two_signs_count_once(engine, client):
    send(client, engine, text="\r\n".join(["x" * 99] * 40))
    assert len(said(engine)[0][1]) == 40 * 100 - 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_text_for_both_sides(engine, client, desk, words):
    sent = send(client, engine, subject=words, text=f"{words} {TEXT}", name=words)
    for browser, path in ((client, f"{FOLLOW}/xem"), (desk.province, f"/can-bo/phan-anh/{sent.id}")):
        html = pages.get(browser, path)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "49" not in re.sub(r"\d{2,}|#\w+", "", html) or "{{7*7}}" not in words
        assert pages.Page(html).headings
    pages.get(desk.province, "/can-bo/phan-anh")


def test_a_wrong_captcha_keeps_the_text_and_sends_nothing(engine, client):
    token = people.csrf(client, NEW)
    answer = client.post(NEW, data={**letter(), "csrf_token": token})
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert TEXT in html
    assert letters(engine) == []


def test_the_plain_question_will_do_without_script(engine, client):
    html = client.get(NEW).get_data(as_text=True)
    numbers = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    left, right = re.search(r"chữ số: (\w+) cộng (\w+) bằng", html).groups()
    data = {
        **letter(), "csrf_token": people.csrf(client, NEW),
        "captcha_token": re.search(r'name="captcha_token" value="([^"]+)"', html)[1],
        "captcha_answer": str(numbers.index(left) + numbers.index(right)),
    }  # fmt: skip
    assert client.post(NEW, data=data).status_code == 303
    assert len(letters(engine)) == 1


def test_a_network_that_sends_much_pays_more_and_still_may_sign_in(engine, client, signed_in):
    for _time in range(5):
        send(client, engine)
    html = client.get(NEW).get_data(as_text=True)
    assert 'data-max="80000"' in html
    owner = signed_in(people.CITIZEN)
    assert people.post(owner, NEW, letter(reply_to="khong", category="khac")).status_code == 303


@pytest.mark.parametrize(("before", "price"), [(0, 1), (4, 1), (5, 2), (10, 4), (15, 8), (100, 8)])
def test_the_price_doubles_and_has_a_top(before, price):
    assert rules.price(before) == price


def test_five_a_day_are_enough_for_an_account(engine, signed_in):
    owner = signed_in(people.CITIZEN)
    for number in range(5):
        text = " ".join(f"việc{number}x{word}" for word in range(8))
        assert people.post(owner, NEW, letter(reply_to="khong", subject=f"Số {number}", text=text)).status_code == 303
    answer = people.post(owner, NEW, letter(reply_to="khong"))
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert "Hôm nay bạn đã gửi nhiều phản ánh." in html
    assert TEXT in html


# ---- files


def test_a_photo_and_a_pdf_are_listed_as_they_came_and_kept_clean(engine, client, app):
    exif = Image.Exif()
    exif[0x010F] = "MÁY ẢNH MẪU"
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "JPEG", exif=exif)
    photo = out.getvalue()
    paper = pdf.render("<title>TÊN RIÊNG MẪU</title><p>Mẫu <a href='https://example.org'>x</a>")
    sent = send(client, engine, **upload((photo, "C:\\ảnh\\chup.jpg"), (paper + b"PK<script>", "don.pdf")))
    html = pages.get(client, f"{FOLLOW}/xem")
    assert "chup.jpg" in html
    assert "ảnh\\" not in html
    assert hashlib.sha256(photo).hexdigest()[:16] in html
    with reading(engine) as db:
        rows = db.execute(
            select(FeedbackFile, StoredFile)
            .join(StoredFile, StoredFile.id == FeedbackFile.file_id)
            .order_by(FeedbackFile.position)
        ).all()
        assert [(one.feedback_id, one.size, kept.media_type) for one, kept in rows] == [
            (sent.id, len(photo), "image/jpeg"), (sent.id, len(paper) + 10, "application/pdf"),
        ]  # fmt: skip
        bodies = [app.extensions["files"].read(kept) for _one, kept in rows]
    assert not Image.open(io.BytesIO(bodies[0])).getexif()
    assert bodies[1].startswith(b"%PDF-")
    for trace in (b"<script>", b"example.org", b"/URI"):
        assert trace not in bodies[1], trace
    assert b"M\xc3\x81Y" not in b"".join(
        path.read_bytes() for path in (app.config["DATA_DIR"] / "files").rglob("*.bin")
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([(b"", "trong.jpg")], "trống"),
        ([(b"GIF89a" + bytes(100), "a.gif")], "không phải ảnh"),
        ([(b"<svg xmlns='x'><script>1</script></svg>", "a.jpg")], "không phải ảnh"),
        ([(b"\xff\xd8\xff<html><script>alert(1)</script>", "a.jpg")], "Không mở được tệp"),
        ([(b"%PDF-1.4\n<script>", "a.pdf")], "Không mở được tệp"),
        ([(b"PK\x03\x04%PDF-1.4", "a.pdf")], "không phải ảnh"),
        ([(bytes(8 * 1024**2 + 1), "to.pdf")], "lớn hơn 8 MB"),
        ([(b"x", f"{n}.jpg") for n in range(4)], "tối đa 3 tệp"),
    ],
)
def test_a_file_that_is_refused_costs_no_word_and_leaves_nothing(engine, client, app, files, words):
    answer = people.post(client, NEW, {**letter(), **upload(*files)}, content_type="multipart/form-data")
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert words in html
    assert TEXT in html
    assert "hãy chọn lại" in html
    assert letters(engine) == []
    assert not list((app.config["DATA_DIR"] / "files").rglob("*.bin"))


def test_a_photo_that_is_a_page_as_well_is_painted_anew(engine, client, app):
    body = people.photo_bytes() + b"<html><script>alert(1)</script>"
    send(client, engine, **upload((body, "a.html.jpg")))
    with reading(engine) as db:
        kept = db.scalars(select(StoredFile)).one()
        assert b"script" not in app.extensions["files"].read(kept)


# ---- following


def test_both_codes_open_it_elsewhere_however_they_are_typed(engine, client, new_client):
    sent = send(client, engine)
    other = new_client()
    answer = people.post(other, FOLLOW, {"code": sent.code.lower(), "secret": f" {sent.secret.lower()} "})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FOLLOW}/xem")
    html = pages.get(other, f"{FOLLOW}/xem")
    assert TEXT in html
    assert sent.secret not in html
    assert people.post(other, FOLLOW, {"code": sent.code[3:], "secret": sent.secret}).status_code == 303


def test_an_unknown_code_and_a_wrong_secret_look_the_same(engine, client, new_client):
    sent = send(client, engine)
    other = new_client()
    answers = [
        people.post(other, FOLLOW, {"code": code, "secret": secret})
        for code, secret in ((sent.code, "BBBB-BBBB"), ("PA-BBBB-BBBB", sent.secret), (sent.code, sent.secret + "2"))
    ]
    texts = {re.sub(r'value="[^"]*"|X-CSRFToken":"[^"]*"', "", one.get_data(as_text=True)) for one in answers}
    assert {one.status_code for one in answers} == {422}
    assert len(texts) == 1
    assert rules.NOT_FOUND in pages.inspected(answers[0])
    assert other.get(f"{FOLLOW}/xem").status_code == 303
    assert tags(engine).count("feedback.follow_refused") == 3


def filled(browser, **changes):
    """What a browser sends of a form that was opened and filled in, to be sent more than once."""
    html = browser.get(NEW).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(csrf_token|to)" value="([^"]+)"', html))
    return {**letter(**changes), **hidden, **people.captcha_answer(html)}


def shown_codes(browser):
    html = browser.get(f"{FOLLOW}/xem").get_data(as_text=True)
    return re.findall(r"PA-\w{4}-\w{4}|<strong>\w{4}-\w{4}</strong>", html)


def test_pressed_twice_it_is_one_letter_with_one_receipt(engine, client):
    form = filled(client)
    receipts = []
    for _press in range(2):
        assert client.post(NEW, data=form).status_code == 303
        receipts.append(shown_codes(client))
    assert len(letters(engine)) == 1
    assert receipts[0] == receipts[1] != []


def test_pressed_twice_by_who_is_signed_in_it_is_one_letter(engine, signed_in):
    browser = signed_in(people.CITIZEN)
    form = {**filled(browser), "reply_to": "sms"}
    answers = [browser.post(NEW, data=form) for _press in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(letters(engine)) == 1


def test_who_goes_back_and_writes_something_else_sends_a_second_letter(engine, client):
    form = filled(client)
    client.post(NEW, data=form)
    other = {**form, "text": "Chuyện khác hẳn: máy in ở quầy hỏng đã ba tuần.", "van-gui": "1"}
    html = client.get(NEW).get_data(as_text=True)
    assert client.post(NEW, data={**other, **people.captcha_answer(html)}).status_code == 303
    assert len({one.id for one in letters(engine)}) == 2


def test_the_number_of_a_form_opens_nobody_elses_letter(engine, client, signed_in):
    browser = signed_in(people.CITIZEN)
    form = {**filled(browser), "reply_to": "sms"}
    browser.post(NEW, data=form)
    mine = {**filled(client), "to": form["to"], "van-gui": "1"}
    assert client.post(NEW, data=mine).status_code == 303
    first, second = letters(engine)
    assert first.id != second.id


def test_guesses_end_and_do_not_shut_out_another_code(engine, client, new_client):
    sent, second = send(client, engine), send(new_client(), engine, category="khac")
    other = new_client()
    for _time in range(10):
        people.post(other, FOLLOW, {"code": sent.code, "secret": "BBBB-BBBB"})
    answer = people.post(other, FOLLOW, {"code": sent.code, "secret": sent.secret})
    assert answer.status_code == 422
    assert "Đã thử quá nhiều lần." in pages.inspected(answer)
    assert people.post(other, FOLLOW, {"code": second.code, "secret": second.secret}).status_code == 303


def test_a_network_that_tries_many_codes_has_to_wait(engine, client, new_client, monkeypatch):
    sent, other = send(client, engine), new_client()
    monkeypatch.setattr(brakes, "FOLLOWS_LIMIT", (3, timedelta(minutes=15)))
    for sign in "BCD":
        people.post(other, FOLLOW, {"code": f"PA-BBBB-BBB{sign}", "secret": "BBBB-BBBB"})
    answer = people.post(other, FOLLOW, {"code": sent.code, "secret": sent.secret})
    assert "Đã thử quá nhiều lần." in pages.inspected(answer)


def test_an_empty_follow_form_says_what_is_missing_also_to_htmx(client):
    token = people.csrf(client, FOLLOW)
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(FOLLOW, data={"csrf_token": token, "code": "", "secret": ""}, headers=headers)
        assert answer.status_code == 422
        assert "Hãy nhập mã bí mật." in answer.get_data(as_text=True)


def test_whoever_closes_it_leaves_nothing_on_the_phone(engine, client):
    send(client, engine)
    assert people.post(client, f"{FOLLOW}/dong", page=f"{FOLLOW}/xem").status_code == 303
    assert client.get(f"{FOLLOW}/xem").status_code == 303


def test_the_writer_says_more_while_it_is_open(engine, client):
    send(client, engine)
    page = f"{FOLLOW}/xem"
    answer = people.post(client, f"{FOLLOW}/bo-sung", {"text": "ngắn"}, page)
    assert answer.status_code == 422
    assert "ngắn" in pages.inspected(answer)
    assert people.post(client, f"{FOLLOW}/bo-sung", {"text": "Tôi quên: nộp ở bưu điện."}, page).status_code == 303
    token = people.csrf(client, page)
    data = {"csrf_token": token, "text": "Và còn một việc nữa."}
    answer = client.post(f"{FOLLOW}/bo-sung", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    answer = client.post(f"{FOLLOW}/mo-lai", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert [kind for kind, _text in said(engine)] == ["words", "more", "more"]


def test_without_an_open_letter_one_is_asked_for_the_codes(client):
    token = people.csrf(client, FOLLOW)
    for what in ("bo-sung", "mo-lai"):
        answer = client.post(f"{FOLLOW}/{what}", data={"csrf_token": token, "text": "Có ai ở đó không?"})
        assert (answer.status_code, answer.headers["Location"]) == (303, FOLLOW)


def answered(engine, desk, sent) -> None:
    assert act(desk.province, sent, "tra-loi", {"text": ANSWER}).status_code == 303


def test_an_answer_can_be_disagreed_with_twice_within_thirty_days(engine, client, desk):
    sent = send(client, engine)
    page = f"{FOLLOW}/xem"
    for _time in range(2):
        answered(engine, desk, sent)
        html = pages.get(client, page)
        assert ANSWER in html
        assert "Chưa đồng ý với trả lời?" in html
        assert people.post(client, f"{FOLLOW}/mo-lai", {"text": "Vẫn chưa nhận được thẻ."}, page).status_code == 303
        assert letters(engine)[0].status == "taken"
    answered(engine, desk, sent)
    assert "Chưa đồng ý với trả lời?" not in pages.get(client, page)
    answer = people.post(client, f"{FOLLOW}/mo-lai", {"text": "Lần thứ ba thì thôi."}, page)
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert "tối đa 2 lần" in html
    assert "Lần thứ ba thì thôi." in html


@pytest.mark.parametrize(("days", "may"), [(30, True), (31, False)])
def test_day_thirty_one_is_too_late_to_disagree(days, may):
    at = now()
    assert rules.may_reopen(rules.Status.ANSWERED, at - timedelta(days=days), 0, at) is may


# ---- with an account


def test_who_is_signed_in_has_a_list_and_strangers_see_nothing(engine, signed_in, client):
    owner, stranger = signed_in(people.CITIZEN), signed_in(people.STRANGER)
    answer = people.post(owner, NEW, letter(reply_to="sms"))
    [kept] = letters(engine)
    page = f"{OWN}/{kept.id}"
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}?moi=1")
    assert kept.reply_to == "sms"
    assert (kept.phone, kept.email, kept.name) == ("", "", "")
    html = pages.get(owner, f"{page}?moi=1")
    assert "Mã bí mật" not in html
    assert "Trả lời chậm nhất ngày" in html
    assert SUBJECT in pages.get(owner, OWN)
    assert stranger.get(page).status_code == 404
    assert SUBJECT not in pages.get(stranger, OWN)
    assert client.get(page).status_code == 303
    assert owner.get(f"{OWN}/{uuid4()}").status_code == 404
    for what in ("bo-sung", "mo-lai"):
        assert (
            people.post(stranger, f"{page}/{what}", {"text": "Thêm vào cho vui."}, OWN + "/../moi").status_code == 404
        )
    assert people.post(owner, f"{page}/bo-sung", {"text": "Thêm một điều."}, page).status_code == 303
    assert people.post(owner, f"{page}/mo-lai", {"text": "Thêm một điều."}, page).status_code == 422


def test_only_proven_contacts_are_offered_and_none_is_forged(engine, signed_in):
    owner = signed_in(people.CITIZEN)
    html = pages.get(owner, NEW)
    assert "090*****01" in html
    assert people.CITIZEN.phone not in html
    answer = people.post(owner, NEW, letter(reply_to="email"))
    assert answer.status_code == 422


def test_few_statements_a_page(app, engine, client, hear, desk):
    sent = send(client, engine)
    for browser, path, most in (
        (client, "/ho-tro", 4), (client, LIST, 3), (client, NEW, 6), (client, f"{FOLLOW}/xem", 6),
        (desk.province, "/can-bo/phan-anh", 18), (desk.province, f"/can-bo/phan-anh/{sent.id}", 30),
    ):  # fmt: skip
        browser.get(path)
        app.extensions["shelf"].expire()
        hear.clear()
        assert browser.get(path).status_code == 200
        assert 0 < len(hear) <= most, (path, len(hear), "\n".join(hear))
