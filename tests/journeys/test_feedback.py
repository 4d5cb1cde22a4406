"""From a visitor's question, without script and account, to an answer that everybody can read."""

import re

from tests import pages, people
from tests.support.conftest import ANSWER, DESK, FOLLOW, LIST, NEW, act, desk, letter, letters, upload  # noqa: F401 - a fixture

SIGNS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def test_a_question_without_script_becomes_an_answer_for_all(app, engine, client, new_client, desk):  # noqa: F811
    html = pages.get(client, NEW)
    left, right = re.search(r"chữ số: (\w+) cộng (\w+) bằng", html).groups()
    form = {
        **letter(name="Nguyễn Mẫu Hỏi", contact="mau@vidu.vn", may_publish="y", agency="08902"),
        **upload((people.photo_bytes(), "giay-hen.jpg")),
        "csrf_token": people.csrf(client, NEW),
        "captcha_token": re.search(r'name="captcha_token" value="([^"]+)"', html)[1],
        "captcha_answer": str(SIGNS.index(left) + SIGNS.index(right)),
    }
    assert client.post(NEW, data=form, content_type="multipart/form-data").status_code == 303
    receipt = pages.get(client, f"{FOLLOW}/xem")
    code, secret = re.search(r"PA-\w{4}-\w{4}", receipt)[0], re.search(r"<strong>(\w{4}-\w{4})</strong>", receipt)[1]
    [kept] = letters(engine)

    # The province sees it as well; the agency that it was sent to takes it, asks back, is answered.
    assert act(desk.own, kept, "nhan").status_code == 303
    assert act(desk.own, kept, "hoi-lai", {"text": "Xin cho biết số giấy hẹn."}).status_code == 303
    elsewhere = new_client()
    assert people.post(elsewhere, FOLLOW, {"code": code, "secret": secret}).status_code == 303
    page = f"{FOLLOW}/xem"
    assert "Xin cho biết số giấy hẹn." in pages.get(elsewhere, page)
    assert people.post(elsewhere, f"{FOLLOW}/bo-sung", {"text": "Giấy hẹn số mười hai."}, page).status_code == 303
    assert act(desk.own, kept, "tra-loi", {"text": ANSWER}).status_code == 303
    assert ANSWER in pages.get(elsewhere, page)

    public = {"subject": "Chậm cấp thẻ", "question": "Nộp hồ sơ cấp lại thẻ một tháng chưa có.", "answer": ANSWER}
    assert act(desk.own, kept, "cong-bo", public).status_code == 303
    everybody = new_client()
    found = re.search(rf"{LIST}/[0-9a-f-]{{36}}", pages.get(everybody, f"{LIST}?q=cham+cap+the"))[0]
    html = pages.get(everybody, found)
    assert ANSWER in html
    assert "Nguyễn Mẫu Hỏi" not in html
    assert "mau@vidu.vn" not in html
