"""Phản ánh, kiến nghị in a browser: the proof of work instead of the question, and the same without script."""

import re

import pytest
from playwright.sync_api import expect

from tests import people
from tests.support.conftest import NEW, SUBJECT, TEXT

NUMBERS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def write(page) -> None:
    page.goto(NEW)
    page.get_by_label("Thái độ phục vụ").check()
    page.get_by_label("Tiêu đề").fill(SUBJECT)
    page.get_by_label("Nội dung").fill(TEXT)


def test_with_script_nobody_answers_a_question_and_the_photo_goes_along(open_page, look):
    page = open_page()
    write(page)
    expect(page.get_by_label("Mã kiểm tra")).to_be_hidden()
    page.get_by_label("Tệp kèm theo").set_input_files(
        [{"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": people.photo_bytes()}]
    )
    look(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    # The first file of a server waits for its workshop to start.
    expect(page.get_by_role("heading", name=re.compile(r"Phản ánh PA-\w{4}-\w{4}"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text("anh.jpg")).to_be_visible()
    look(page)


def test_what_was_refused_is_sent_again_with_a_fresh_proof(open_page):
    page = open_page()
    write(page)
    page.get_by_label("Nội dung").fill("Ngắn.")
    expect(page.get_by_label("Mã kiểm tra")).to_be_hidden()
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cần ít nhất 20 ký tự")
    expect(page.get_by_label("Tiêu đề")).to_have_value(SUBJECT)
    page.get_by_label("Nội dung").fill(TEXT)
    expect(page.get_by_label("Mã kiểm tra")).to_be_hidden()
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Cơ quan BHXH đã nhận.")).to_be_visible()


@pytest.mark.parametrize("answer_right", [True, False])
def test_without_script_the_question_is_answered_by_hand(open_page, answer_right):
    page = open_page(script=False)
    write(page)
    left, right = re.search(r"chữ số: (\w+) cộng (\w+) bằng", page.content()).groups()
    total = NUMBERS.index(left) + NUMBERS.index(right)
    page.get_by_label("Mã kiểm tra").fill(str(total if answer_right else total + 1))
    page.get_by_role("button", name="Gửi", exact=True).click()
    if answer_right:
        expect(page.get_by_text("Cơ quan BHXH đã nhận.")).to_be_visible()
    else:
        expect(page.get_by_text("Mã kiểm tra chưa đúng.").first).to_be_visible()
        expect(page.get_by_label("Nội dung")).to_have_value(TEXT)
