"""/kiem-tra over HTTP: both answers, with and without htmx; what was sent is known again, and to whom is never told."""

import logging
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.shield.conftest import PATH
from vssid.accounts import phrases
from vssid.accounts.models import Account
from vssid.directory.models import Agency, CollectionPoint
from vssid.kernel.clock import now, today
from vssid.kernel.db import Base, reading, unit
from vssid.notices.inviting.rules import new_token
from vssid.notifications import actions, forget_texts, sent_like
from vssid.notifications.models import OutboxMessage
from vssid.shield import rules
from vssid.web.flood import Flood

TEXT = "VssID: Tờ khai 7K3M-9QX2 cần sửa một số mục. Mở VssID, mục Theo dõi tờ khai, để xem và sửa."
AS_RECEIVED = "VssID: To khai 7K3M-9QX2 can sua mot so muc. Mo VssID, muc Theo doi to khai, de xem va sua."
OURS, NOT_OURS, UNKNOWN = "Của chúng tôi", "Không phải của chúng tôi", "Không biết"
OUR_NUMBER, LISTED = "Số của chúng tôi", "Số của cơ sở, theo danh mục"


def verdict(answer) -> str:
    html = pages.inspected(answer)
    return re.search(r'class="notice[^>]*>\s*<p><strong>([^<]+)</strong>', html)[1]


def test_the_empty_box_teaches_what_we_never_do(client):
    html = pages.get(client, PATH)
    for words in (
        "gửi tin nhắn có đường dẫn",
        "đòi chuyển tiền",
        "/ho-tro/phan-anh/moi",
        'href="tel:19000000"',
        'href="/huy"',
    ):
        assert words in html
    assert pages.part(client, PATH).startswith("<title>")


def test_footer_and_drawer_lead_here(app, engine, client):
    assert 'href="/kiem-tra"' in pages.get(client, "/")
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    assert 'href="/kiem-tra"' in pages.get(client, "/tai-khoan")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_both_answers_come_whole_and_as_a_part(paste, headers):
    good = paste("1900 0000", headers=headers)
    assert good.status_code == 200
    assert OUR_NUMBER in good.get_data(as_text=True)
    empty = paste("", headers=headers)
    assert empty.status_code == 422
    assert "Hãy dán hoặc gõ" in empty.get_data(as_text=True)
    for answer in (good, empty):
        assert ("<html" in answer.get_data(as_text=True)) == (not headers)
        assert answer.headers["Cache-Control"] == "no-store"


def test_too_long_is_refused_and_nothing_typed_is_lost(paste):
    answer = paste("a" * (rules.LONGEST + 1))
    assert answer.status_code == 422
    assert "a" * (rules.LONGEST + 1) in answer.get_data(as_text=True)


def test_what_holds_no_letter_is_refused(paste):
    for nothing in ("  ", "\x00\x1b\x07"):
        assert paste(nothing).status_code == 422


def test_a_swindlers_message_is_not_ours_and_its_link_cannot_be_pressed(paste):
    answer = paste("VssID: The BHYT se bi khoa. Mo https://vssid-gov.top/<b>x.apk de cap nhat")
    assert verdict(answer) == NOT_OURS
    html = answer.get_data(as_text=True)
    assert "vssid-gov.top" in html
    assert 'href="https://vssid-gov.top' not in html
    assert "<b>x" not in html


def test_our_address_and_our_invitation_are_ours(app, paste):
    settings = app.config["SETTINGS"]
    assert verdict(paste(f"{settings.public_url}/huy")) == OURS
    assert verdict(paste(f"{settings.public_url}/moi/{new_token(settings.secret_key, today())}")) == OURS
    assert verdict(paste(f"{settings.public_url}/moi/{'0' * 28}")) == UNKNOWN


def test_an_agencys_number_is_named(engine, paste):
    with unit(engine) as db:
        db.get_one(Agency, people.add_agency(db)).phone = "0296 3000 001; 0296.3000.002"
    for number in ("02963000002", "+84 296 3000 001"):
        answer = paste(number)
        assert verdict(answer) == OUR_NUMBER
        assert "BHXH cơ sở Mẫu Một" in answer.get_data(as_text=True)
        assert "làm theo" not in answer.get_data(as_text=True)
    assert verdict(paste("0296 3000 003")) == UNKNOWN


def test_a_collection_points_and_a_facilitys_number_are_not_called_ours(engine, paste):
    with unit(engine) as db:
        db.get_one(Agency, people.add_agency(db)).phone = "0296 3000 001"
        db.add(CollectionPoint(code="DT1", name="Điểm thu Mẫu", phone="0296 3000 041; 0296 3000 001"))
        people.add_facility(db, code="89001", name="Bệnh viện Mẫu", phone="0296 3000 031")
    for number, name in (("0296 3000 041", "Điểm thu Mẫu"), ("0296 3000 031", "Bệnh viện Mẫu")):
        answer = paste(number)
        assert verdict(answer) == LISTED
        assert name in answer.get_data(as_text=True)
    assert verdict(paste("0296 3000 001")) == OUR_NUMBER


@pytest.mark.parametrize("language", ["vi", "en", "ko", "zh", "ja"])
def test_the_invitation_as_the_page_offers_it_is_ours(client, paste, language):
    html = pages.get(client, f"/moi?lang={language}")
    offered = unescape(re.search(r"data-words>([^<]+)<", html)[1])
    client.get("/kiem-tra?lang=vi")
    assert verdict(paste(offered)) == OURS


def test_a_cancelling_code_leads_to_where_it_is_entered(paste, sent):
    text = "VssID: Tai khoan vua dang nhap. Khong phai ban? Khoa tai VssID, muc Huy thay doi, ma 965 870 167 2, hoac goi 1900 0000."
    sent(text)
    answer = paste(text)
    assert verdict(answer) == OURS
    html = pages.inspected(answer)
    assert UNKNOWN not in html
    assert "chính bạn yêu cầu" not in html
    assert re.search(r'965 870 167 2</bdi>.*?Có dạng mã huỷ.*?href="/huy"', html, re.DOTALL)


def test_a_message_that_we_sent_is_known_again_as_the_telephone_shows_it(paste, sent):
    assert verdict(paste(AS_RECEIVED)) == UNKNOWN
    sent(TEXT)
    for text in (AS_RECEIVED, f"  {AS_RECEIVED.upper()}\n", AS_RECEIVED.replace(". ", ".\r\n"), TEXT):
        answer = paste(text)
        assert verdict(answer) == OURS
        assert "Chúng tôi đã gửi đúng tin này lúc" in answer.get_data(as_text=True)
    assert "900000777" not in answer.get_data(as_text=True)
    assert verdict(paste(AS_RECEIVED.replace("7K3M", "7K3N"))) == UNKNOWN


def test_an_email_is_known_again(paste, sent):
    sent("Tài khoản VssID\n\nTờ khai 7K3M-9QX2 đã được duyệt.", channel="email")
    assert verdict(paste("Tài khoản VssID\r\n\r\nTờ khai  7K3M-9QX2 đã được duyệt.")) == OURS


@pytest.mark.parametrize("state", ["waiting", "failed", "dropped"])
def test_what_never_left_is_not_known(paste, sent, state):
    sent(TEXT, state=state)
    assert verdict(paste(AS_RECEIVED)) == UNKNOWN


def test_a_code_that_still_works_is_never_evaluated(paste, sent):
    text = "VssID: Mã đặt lại mật khẩu: 1234 5678, dùng trong 10 phút. Không đưa mã này cho ai."
    sent(text, life=timedelta(minutes=10))
    right, wrong = paste(text), paste(text.replace("5678", "5679"))
    assert verdict(right) == verdict(wrong) == UNKNOWN
    same = re.compile(r"5678|5679|csrf_token\S+ value=\"[^\"]+\"|nonce\S+")
    assert same.sub("", right.get_data(as_text=True)) == same.sub("", wrong.get_data(as_text=True))


def test_a_code_that_has_run_out_is_known_again(paste, sent):
    text = "VssID: Mã đặt lại mật khẩu: 1234 5678, dùng trong 10 phút. Không đưa mã này cho ai."
    sent(text, life=timedelta(minutes=10), ago=timedelta(minutes=11))
    assert verdict(paste(text)) == OURS


def test_words_without_a_code_are_told_to_nobody_but_their_reader(app, engine, client, paste, sent):
    text = "VssID: Số này nhận mã cho nhiều tài khoản. Hãy mở lại mục Quên mật khẩu. Hỏi: 1900 0000."
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
        people.open_account(app, db, people.STRANGER)
    with reading(engine) as db:
        mine, other = (
            db.scalars(select(Account.id).where(Account.phone == f"+84{one.phone[1:]}")).one()
            for one in (people.CITIZEN, people.STRANGER)
        )
    sent(text, about=("account", other))
    assert verdict(paste(text)) == UNKNOWN
    people.citizen_signs_in(
        app, client, people.CITIZEN.ma_so, people.code_sent_to(app, "code.activation", people.CITIZEN.phone)
    )
    assert verdict(paste(text)) == UNKNOWN
    sent(text, about=("account", mine))
    answer = paste(text)
    assert verdict(answer) == OURS
    assert "cho tài khoản của bạn" in answer.get_data(as_text=True)


def test_of_somebody_elses_message_the_reader_is_not_told_that_it_was_theirs(app, engine, client, paste, sent):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    sent(TEXT)
    answer = paste(AS_RECEIVED)
    assert verdict(answer) == OURS
    assert "cho tài khoản của bạn" not in answer.get_data(as_text=True)


def test_the_readers_phrase_is_looked_for(app, engine, client, paste):
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.CITIZEN)
    people.citizen_signs_in(app, client, people.CITIZEN.ma_so)
    with app.app_context(), unit(engine) as db:
        account = db.scalars(select(Account)).one()
        account.own_phrase = phrases.sealed(app.extensions["keyring"], account.id, "lua vang")
    assert verdict(paste("VssID: Ho so cua ban da xong, moi den nhan.")) == NOT_OURS
    answer = paste("VssID (lua vang): Ho so cua ban da xong, moi den nhan.")
    assert verdict(answer) == UNKNOWN
    assert "Tin có câu riêng của bạn" in answer.get_data(as_text=True)


def test_after_too_many_searches_a_message_is_not_looked_for_and_it_says_so(paste, sent, monkeypatch):
    sent(TEXT)
    monkeypatch.setattr("vssid.shield.views.LOOKED_FOR_HERE", 1)
    assert verdict(paste(AS_RECEIVED)) == OURS
    answer = paste(AS_RECEIVED)
    assert verdict(answer) == UNKNOWN
    assert "chưa được đối chiếu" in answer.get_data(as_text=True)
    assert verdict(paste("1900 0000")) == OUR_NUMBER


@pytest.mark.parametrize(("headers", "status"), [({}, 429), ({"HX-Request": "true"}, 422)])
def test_a_flood_is_stopped_and_what_was_pasted_stays(app, paste, headers, status):
    before = app.extensions["shield.flood"]
    app.extensions["shield.flood"] = Flood(0)
    try:
        answer = paste("1900 0000", headers=headers)
    finally:
        app.extensions["shield.flood"] = before
    assert answer.status_code == status
    assert "1900 0000" in answer.get_data(as_text=True)


def test_without_the_forms_token_nothing_is_answered(client):
    assert client.post(PATH, data={"text": "x"}).status_code in (400, 403)


def test_nothing_that_was_pasted_is_kept_or_logged(app, engine, paste, caplog, capfd):
    secret = "QUYTBIMATKHONGLUU"
    with caplog.at_level(logging.DEBUG):
        paste(f"VssID: {secret} 1234 5678 https://evil.com/{secret}")
    with engine.connect() as connection:
        kept = [repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))]
    assert [row for row in kept if secret in row] == []
    assert secret not in caplog.text
    assert secret not in "".join(capfd.readouterr())


def test_a_text_is_known_for_ninety_days(app, engine, sent):
    keyring = app.extensions["keyring"]
    sent(TEXT, ago=timedelta(days=91))
    sent(AS_RECEIVED.replace("7K3M", "9QX2"), ago=timedelta(days=89))
    with unit(engine) as db:
        forget_texts(db, now())
    with reading(engine) as db:
        assert sent_like(db, keyring, TEXT, now()) is None
        assert sent_like(db, keyring, AS_RECEIVED.replace("7K3M", "9QX2"), now()) is not None


def test_the_newest_of_several_is_named(app, engine, sent):
    for days in (3, 1, 2):
        sent(TEXT, ago=timedelta(days=days))
    with reading(engine) as db:
        found = sent_like(db, app.extensions["keyring"], TEXT, now())
    assert timedelta(hours=23) < now() - found < timedelta(hours=25)


def test_an_answer_takes_few_statements(statements, paste, sent):
    sent(TEXT)
    paste(AS_RECEIVED)
    before = len(list(statements))
    paste(AS_RECEIVED)
    assert len(list(statements)) - before <= 8


def test_the_digest_is_keyed_and_says_nothing_by_itself(app, engine, sent):
    sent(TEXT)
    with reading(engine) as db:
        digest = db.scalars(select(OutboxMessage.text_digest)).one()
    assert digest == actions.text_digest(app.extensions["keyring"], AS_RECEIVED)
    assert len(digest) == 32
