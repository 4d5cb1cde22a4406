"""Spam makes letters dearer; it shuts out neither who signs in nor who proves work. Strangers' PDFs are bounded."""

import io

import pypdfium2 as pdfium
import pytest

from tests import pages, people
from tests.support.conftest import NEW, TEXT, letter, letters, upload
from vssid.kernel import pdf
from vssid.kernel.clock import now
from vssid.support.feedback import brakes, rules

NETWORK = "127.0.0.0/24"


def use_up(app, what: str, whom: str, times: int, limit=rules.NETWORK_LIMIT) -> None:
    for _time in range(times):
        app.extensions["limiter"].allow(what, whom, *limit, now())


def by_question(client, **changes):
    """A letter sent without script: the question is answered, no work is done."""
    html = client.get(NEW).get_data(as_text=True)
    token = html.split('name="captcha_token" value="')[1].split('"')[0]
    words = html.split("chữ số: ")[1].split(" bằng")[0].split(" cộng ")
    signs = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    answer = {"captcha_token": token, "captcha_answer": str(sum(signs.index(word) for word in words))}
    return client.post(NEW, data={**letter(**changes), **answer, "csrf_token": people.csrf(client, NEW)})


def test_in_a_busy_network_ten_without_work_are_taken_and_then_words_say_what_to_do(app, engine, client, signed_in):
    use_up(app, "feedback-network", NETWORK, 5)
    assert by_question(client).status_code == 303
    use_up(app, "feedback-question", NETWORK, 9, rules.QUESTION_LIMIT)
    answer = by_question(client, category="khac")
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert "Hãy đăng nhập rồi gửi" in html
    assert TEXT in html
    # Neither who does the work nor who has an account is shut out.
    assert people.post(client, NEW, letter(category="thai_do")).status_code == 303
    assert people.post(signed_in(people.CITIZEN), NEW, letter(reply_to="khong")).status_code == 303
    assert len(letters(engine)) == 3


def test_a_quiet_network_is_never_asked_for_script(app, engine, client):
    use_up(app, "feedback-question", NETWORK, 50, rules.QUESTION_LIMIT)
    assert by_question(client).status_code == 303


def test_a_day_has_an_end_for_all_without_an_account(app, engine, client, signed_in, monkeypatch):
    monkeypatch.setattr(brakes, "HOUSE_LIMIT", (1, rules.A_DAY))
    assert people.post(client, NEW, letter()).status_code == 303
    answer = people.post(client, NEW, letter(category="khac"))
    assert answer.status_code == 422
    assert "quá nhiều phản ánh không có tài khoản" in pages.inspected(answer)
    assert people.post(signed_in(people.CITIZEN), NEW, letter(reply_to="khong")).status_code == 303


def test_an_account_may_have_forty_letters_with_files_opened_a_day(app, engine, signed_in, monkeypatch):
    monkeypatch.setattr(brakes, "UPLOAD_LIMIT", (1, rules.A_DAY))
    owner = signed_in(people.CITIZEN)
    for words in ("không phải ảnh", "Hôm nay bạn đã gửi nhiều phản ánh."):
        form = {**letter(reply_to="khong"), **upload((b"GIF89a", "a.gif"))}
        answer = people.post(owner, NEW, form, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert words in pages.inspected(answer)


def paper(pages_: int) -> bytes:
    document = pdfium.PdfDocument.new()
    for _page in range(pages_):
        document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("count", "taken"), [(1, True), (60, True), (61, False)])
def test_a_pdf_has_at_most_sixty_pages(count, taken):
    made = pdf.rebuilt(paper(count))
    assert (made is not None) is taken
    if made:
        assert len(pdfium.PdfDocument(made)) == count


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 5_000])
def test_what_is_no_pdf_is_none(data):
    assert pdf.rebuilt(data) is None
