"""The citizen sees who checked the card, disputes what was not theirs, and hears of it if they asked to."""

import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from tests import pages, people
from tests.privacy.test_looks import seen
from tests.verifying.conftest import HERE, set_person
from tests.verifying.test_desk import check_in, statements
from vssid import accounts, content
from vssid.accounts.models import Account, NoticeChoice
from vssid.card.refusals import actions as refusals
from vssid.card.refusals.rules import Report, Said
from vssid.kernel.audit import OPERATOR
from vssid.kernel.clock import VIETNAM, now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.kernel.text import SMS_SEGMENT, sms_text
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.privacy.export import making
from vssid.privacy.models import DataRequest
from vssid.records.models import Guardianship
from vssid.records.rules import CHILD_CONSENT
from vssid.verifying.facility import rules
from vssid.verifying.facility.actions import TOLD, TOLD_GUARDIAN
from vssid.verifying.facility.models import CardCheck
from vssid.web.i18n import say_in

PAGE = "/ca-nhan/the-bhyt/lan-kiem-tra"
HOSPITAL = "Bệnh viện Đa khoa Khu vực Mẫu"
PLACE = "Phòng khám Mẫu Hai"


def test_before_any_check_the_page_teaches(owner):
    html = pages.get(owner, PAGE)
    assert "Chưa có cơ sở nào kiểm tra thẻ" in html
    assert PAGE in pages.get(owner, "/ca-nhan/the-bhyt")
    assert pages.part(owner, PAGE)


def test_the_owner_sees_where_when_how_and_whether_they_were_checked_in(clinic, station, patient, owner):
    check_in(clinic, clinic.check(patient.strip()), "noi_tru")
    station.check(people.CITIZEN.ma_so, "1984")
    html = pages.get(owner, PAGE)
    for words in (
        HOSPITAL, "quét mã trên điện thoại", "Đã vào khám: Điều trị nội trú", "Trạm Y tế Mẫu", "Chỉ kiểm tra thẻ",
        "Nhập sai ngày sinh, không xem được thẻ", "Không phải tôi / sai",
    ):  # fmt: skip
        assert words in html, words
    assert "Không tìm thấy ai khớp" not in html
    assert html.index("Trạm Y tế Mẫu") < html.index(HOSPITAL)
    assert "Phan Thị Mẫu Giáo" not in html


def test_a_stranger_sees_nothing_of_it(app, clinic, patient, engine, new_client):
    clinic.check(patient.strip())
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    assert HOSPITAL not in pages.get(stranger, PAGE)
    with reading(engine) as db:
        id = db.scalars(select(CardCheck.id)).one()
    assert stranger.get(f"/ca-nhan/khieu-nai/check/{id}").status_code == 404


def test_that_it_was_not_oneself_is_a_complaint_with_its_legal_clock(clinic, patient, owner, engine):
    clinic.check(patient.strip())
    link = re.search(r'href="(/ca-nhan/khieu-nai/check/[0-9a-f-]+)"', pages.get(owner, PAGE))[1]
    assert f"kiểm tra ngày {now().astimezone(VIETNAM):%-d/%-m/%Y} tại" in pages.get(owner, link)
    answer = people.post(owner, link, {"about": "khong_phai_toi", "words": "Hôm đó tôi ở nhà."})
    assert answer.status_code == 303
    assert HOSPITAL in pages.get(owner, answer.location)
    html = pages.get(owner, PAGE)
    assert "Đang khiếu nại" in html
    assert link not in html
    with reading(engine) as db:
        request = db.query(DataRequest).one()
    assert request.row_key.startswith("check/")
    assert request.done_by > now().date()


def test_checks_stand_among_those_who_looked(clinic, patient, owner):
    html = clinic.check(patient.strip())
    clinic.client.get(re.search(r'src="([^"]+/anh\.jpg)"', html)[1])
    check_in(clinic, html)
    told = seen(owner)
    assert told[:3] == [
        "Ghi nhận vào khám bằng thẻ BHYT", "Xem ảnh chân dung để so với người đến khám", "Kiểm tra thẻ BHYT",
    ]  # fmt: skip
    assert "Cơ sở khám chữa bệnh" in pages.get(owner, "/tai-khoan/du-lieu/ai-da-xem")


def test_the_list_is_paged_by_key_in_few_statements(clinic, patient, owner, engine):
    clinic.check(patient.strip())
    few = len(statements(engine, lambda: pages.get(owner, PAGE)))
    with unit(engine) as db:
        first = db.query(CardCheck).one()
        copy = {c.name: getattr(first, c.name) for c in CardCheck.__table__.columns if c.name not in ("id", "at")}
        for n in range(rules.CHECKS_A_PAGE + 2):
            db.add(CardCheck(id=uuid4(), at=first.at - timedelta(hours=n), **copy))
    html = pages.get(owner, PAGE)
    assert html.count(HOSPITAL) == rules.CHECKS_A_PAGE
    following = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert pages.get(owner, following).count(HOSPITAL) == 3
    assert "Bạn đã xem hết" in pages.get(owner, f"{PAGE}?sau=1_{first.id}")
    assert len(statements(engine, lambda: pages.get(owner, PAGE))) == few <= 8


def test_a_check_of_a_number_that_was_merged_into_mine_is_mine(clinic, patient, owner, engine):
    with unit(engine) as db:
        other = people.add_person(db, people.STRANGER)
        people.add_card(db, other, people.STRANGER)
    clinic.check(people.STRANGER.ma_so, "1980")
    assert HOSPITAL not in pages.get(owner, PAGE)
    set_person(engine, other, merged_into_id=patient.id)
    assert HOSPITAL in pages.get(owner, PAGE)


# --- children ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def child(patient, owner, engine):
    """A child of the patient's with a card, for whom the patient has agreed."""
    with unit(engine) as db:
        id = people.add_person(db, people.CHILD)
        people.add_card(db, id, people.CHILD)
        values = {"child_id": id, "guardian_id": patient.id, "valid_from": date(2026, 1, 1), "source": "test"}
        db.add(Guardianship(id=uuid4(), **values))
        accounts.record_consent(
            db, ("person", id), {CHILD_CONSENT: True}, content.TERMS_VERSION, content.TERMS_DIGEST, by=OPERATOR, at=now()
        )  # fmt: skip
    return id


def test_a_guardian_sees_the_childs_checks_and_a_stranger_does_not(app, clinic, child, owner, engine, new_client):
    clinic.check(people.CHILD.ma_so, "05/05/2019")
    page = f"/ca-nhan/gia-dinh/{child}/the-bhyt/lan-kiem-tra"
    html = pages.get(owner, page)
    complaint = f"/ca-nhan/gia-dinh/{child}/khieu-nai/check/"
    for words in (HOSPITAL, people.CHILD.name, "Không phải con / sai", complaint, "Muốn được báo bằng tin nhắn"):
        assert words in html
    assert page in pages.get(owner, f"/ca-nhan/gia-dinh/{child}/the-bhyt")
    assert HOSPITAL not in pages.get(owner, PAGE)
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    stranger = new_client()
    people.citizen_signs_in(app, stranger, people.STRANGER.ma_so)
    assert stranger.get(page).status_code == 404


def test_from_sixteen_on_a_guardian_reads_no_names_of_places(clinic, child, owner, engine):
    clinic.check(people.CHILD.ma_so, "05/05/2019")
    set_person(engine, child, birth_date=f"{now().year - 17}-01-01")
    page = f"/ca-nhan/gia-dinh/{child}/the-bhyt/lan-kiem-tra"
    html = pages.get(owner, page)
    assert "Một cơ sở khám chữa bệnh" in html
    assert HOSPITAL not in html
    link = re.search(r'href="(/ca-nhan/gia-dinh/[^"]+/khieu-nai/check/[0-9a-f-]+)"', html)[1]
    assert HOSPITAL not in pages.get(owner, link)


@pytest.mark.parametrize(("age", "hidden"), [(15, False), (17, True)])
def test_a_childs_own_account_in_the_guardians_hands_hides_the_same(app, clinic, patient, owner, engine, age, hidden):
    clinic.check(patient.strip())
    set_person(engine, patient.id, birth_date=f"{now().year - age}-01-01")
    with unit(engine) as db:
        guardian = people.add_person(db, people.GUARDIAN)
        account = db.scalars(select(Account)).one()
        account.guardian_id, account.guarded_until = guardian, date(now().year - age + 18, 1, 1)
        refusal = Report("", PLACE, now().date(), Said.SCAN, "")
    with app.app_context(), unit(engine) as db:
        refusals.report(db, db.scalars(select(Account.id)).one(), patient.id, refusal, by=OPERATOR, at=now())
    html = pages.get(owner, PAGE)
    assert (HOSPITAL in html) is not hidden
    assert ("Một cơ sở khám chữa bệnh" in html) is hidden
    link = re.search(r'href="(/ca-nhan/khieu-nai/check/[0-9a-f-]+)"', html)[1]
    assert (HOSPITAL in pages.get(owner, link)) is not hidden
    with app.app_context(), zipfile.ZipFile(io.BytesIO(making.made(engine, patient.id, "vi", now()))) as copy:
        parts = json.loads(copy.read("du-lieu.json"))["muc"]
    [check], [refused] = parts["card_checks"]["dong"], parts["card_refusals"]["dong"]
    assert check["verdict"] == "good"
    assert check.get("facility_code") == (None if hidden else HERE)
    assert refused.get("facility_name") == (None if hidden else PLACE)
    assert ("facility_code" in refused) is not hidden
    [noted] = [row for row in parts["audit_entries.person"]["dong"] if row["tag"] == "card.checked"]
    assert noted["detail"].get("facility") == (None if hidden else HERE)


# --- being told -------------------------------------------------------------------------------------------------------


def letters(app, engine) -> list[str]:
    with reading(engine) as db:
        found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice.card"))
        return [opened(app.extensions["keyring"], one).text for one in found]


def wants(engine, channel: str = "sms") -> None:
    """The owner of the only account asks to be told."""
    with unit(engine) as db:
        account = db.scalars(select(Account.id)).one()
        db.add(NoticeChoice(account_id=account, kind="card", channel=channel))


def test_nobody_is_told_who_has_not_asked(app, clinic, patient, owner, engine):
    clinic.check(patient.strip())
    assert letters(app, engine) == []


def test_who_asked_is_told_once_a_day_and_facility_without_its_name(app, clinic, station, patient, owner, engine):
    wants(engine)
    clinic.check(people.CITIZEN.ma_so, "1984")
    assert letters(app, engine) == []
    for _n in range(2):
        clinic.check(patient.strip())
    station.check(patient.strip())
    told = letters(app, engine)
    assert len(told) == 2
    assert all(text.isascii() for text in told)
    assert "Benh vien" not in told[0]
    assert "http" not in told[0]


def test_an_address_that_cannot_be_written_to_keeps_no_patient_waiting(app, clinic, patient, owner, engine):
    with unit(engine) as db:
        account = db.scalars(select(Account)).one()
        account.email, account.email_proven_at = "mau\n@vidu.vn", now()
        db.add(NoticeChoice(account_id=account.id, kind="card", channel="email"))
    assert people.CITIZEN.name in clinic.check(patient.strip())
    assert letters(app, engine) == []


def test_at_night_it_waits_for_the_morning(app, clinic, patient, owner, engine):
    wants(engine)
    text = patient.strip()
    night = datetime.combine(now().astimezone(VIETNAM).date(), datetime.min.time(), VIETNAM) + timedelta(hours=22)
    with unit(engine) as db:
        from vssid.accounts.models import LoginSession

        db.query(LoginSession).update({"last_seen_at": night, "expires_at": night + timedelta(days=1)})
    with time_machine.travel(night, tick=False):
        clinic.check(text)
    with reading(engine) as db:
        message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice.card")).one()
    assert message.due_at.astimezone(VIETNAM).hour == 8


def test_nobody_hears_for_the_dead(app, clinic, patient, owner, engine):
    wants(engine)
    set_person(engine, patient.id, died_on=date(2026, 11, 1))
    clinic.check(patient.strip())
    assert letters(app, engine) == []


BIRTH = "05/05/2019"


def test_a_guardian_who_asked_hears_of_the_childs_card_once_a_day_and_facility(
    app, clinic, station, child, owner, engine
):
    wants(engine)
    for _n in range(2):
        clinic.check(people.CHILD.ma_so, BIRTH)
    station.check(people.CHILD.ma_so, BIRTH)
    told = letters(app, engine)
    assert len(told) == 2
    assert all("The BHYT cua con" in text for text in told)
    for secret in ("Benh vien", "Tram", "Be Mau An", people.CHILD.ma_so, "http"):
        assert secret not in told[0]


@pytest.mark.parametrize("channel", [None, "none"])
def test_a_guardian_who_did_not_ask_hears_nothing(app, clinic, child, owner, engine, channel):
    if channel:
        wants(engine, channel)
    clinic.check(people.CHILD.ma_so, BIRTH)
    assert letters(app, engine) == []


@pytest.mark.parametrize("ends", ["bond", "agreement", "age", "life"])
def test_a_guardian_hears_no_longer_when_it_ends(app, clinic, child, owner, engine, ends):
    wants(engine)
    with unit(engine) as db:
        if ends == "bond":
            db.scalars(select(Guardianship)).one().valid_to = now().date() - timedelta(days=1)
        elif ends == "agreement":
            accounts.record_consent(
                db, ("person", child), {CHILD_CONSENT: False}, content.TERMS_VERSION, content.TERMS_DIGEST,
                by=OPERATOR, at=now() + timedelta(seconds=1),
            )  # fmt: skip
    if ends == "age":
        set_person(engine, child, birth_date="2000-05-05")
    elif ends == "life":
        set_person(engine, child, died_on=date(2026, 11, 1))
    clinic.check(people.CHILD.ma_so, "2000" if ends == "age" else BIRTH)
    assert letters(app, engine) == []


@pytest.mark.parametrize(
    ("mailboxes", "messages"), [(("nha@vidu.vn", "nha@vidu.vn"), 1), (("a@vidu.vn", "b@vidu.vn"), 2)]
)
def test_two_guardians_with_one_mailbox_hear_once(app, clinic, child, owner, engine, mailboxes, messages):
    with app.app_context(), unit(engine) as db:
        other = people.open_account(app, db, people.GUARDIAN)
        db.add(Guardianship(id=uuid4(), child_id=child, guardian_id=other, valid_from=date(2026, 1, 1), source="test"))
        for account, mailbox in zip(db.scalars(select(Account).order_by(Account.created_at)), mailboxes, strict=True):
            account.status, account.email, account.email_proven_at = "active", mailbox, now()
            db.add(NoticeChoice(account_id=account.id, kind="card", channel="email"))
    clinic.check(people.CHILD.ma_so, BIRTH)
    assert len(letters(app, engine)) == messages


@pytest.mark.parametrize("text", [TOLD, TOLD_GUARDIAN])
def test_the_words_fit_into_one_segment(text):
    words = say_in("vi", Label(str(text), time="10:30 29/11", hotline="9" * 14))
    assert len(sms_text(words)) <= SMS_SEGMENT


def test_the_wish_stands_among_the_notices(owner):
    html = pages.get(owner, "/tai-khoan/thong-bao")
    assert "Thẻ BHYT được kiểm tra" in html
    assert html.count("Của bạn và của con mà bạn giám hộ") == 2
