"""Yêu cầu kiểm tra quá trình tham gia: which months are asked about is read from the register, and kept as it was then."""

from uuid import UUID

import pytest
from sqlalchemy import event, select

from tests import pages, people
from tests.privacy.test_disputes import ward
from tests.privacy.test_requests import one
from tests.records.contributions.conftest import add
from vssid import accounts, records
from vssid.kernel.clock import day_of
from vssid.kernel.db import reading, unit
from vssid.privacy.models import DataRequest
from vssid.privacy.requests import checking
from vssid.records import IdKind
from vssid.records.contributions.rules import Fund, Period, State, Status, tally
from vssid.web.i18n import day

FORM = "/ca-nhan/qua-trinh/bhxh/kiem-tra"
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def owner(member) -> UUID:
    """The citizen, with a gap of two months and one that was not paid."""
    with unit(member.engine) as db:
        owner = records.person_by(db, IdKind.MA_SO_BHXH, people.CITIZEN.ma_so).id
        add(db, owner, "01/2024", "12/2024")
        add(db, owner, "03/2025", "05/2025")
        add(db, owner, "06/2025", "06/2025", status="no_dong")
    return owner


def test_the_form_says_which_months_and_until_when(member, owner):
    html = pages.get(member.citizen, f"{FORM}?thang=99/1999")
    for text in ("Bảo hiểm xã hội", "Ngắt quãng", "01/2025–02/2025", "Chậm đóng", "06/2025", "chậm nhất ngày"):
        assert text in html
    assert "99/1999" not in html
    assert "01/2025–02/2025" in pages.part(member.citizen, FORM)
    english = pages.get(member.citizen, f"{FORM}?lang=en")
    assert "January 2025–February 2025" in english
    assert "Social insurance" in english


def test_a_check_is_a_correction_with_its_months_and_the_officer_reads_them(member, owner):
    answer = people.post(member.citizen, FORM, {"words": "Tôi vẫn đi làm hai tháng đó."}, FORM)
    assert answer.status_code == 303
    request = one(member.engine)
    assert (request.kind, request.about, request.person_id) == ("sua", "qua_trinh", owner)
    assert request.words == (
        "Quỹ: Bảo hiểm xã hội\nNgắt quãng: 01/2025–02/2025\nChậm đóng: 06/2025\n\nTôi vẫn đi làm hai tháng đó."
    )
    assert (request.done_by - day_of(request.asked_at)).days == 10
    receipt = pages.get(member.citizen, f"{answer.headers['Location']}?lang=ja")
    assert "2025年1月–2025年2月" in receipt
    assert "社会保険" in receipt
    receipt = pages.get(member.citizen, f"{answer.headers['Location']}?lang=vi")
    assert "<h1>Yêu cầu kiểm tra quá trình tham gia</h1>" in receipt
    assert day(request.done_by) in receipt
    assert '<p class="said">Tôi vẫn đi làm hai tháng đó.</p>' in receipt
    desk = pages.get(member.officer, f"/can-bo/du-lieu/{request.id}")
    assert "01/2025–02/2025" in desk
    assert "Yêu cầu kiểm tra quá trình tham gia" in pages.get(member.officer, "/can-bo/du-lieu")


def test_words_are_not_needed_and_htmx_is_led_to_the_receipt(member, owner):
    answer = people.post(member.citizen, FORM, {"words": ""}, FORM, **HTMX)
    assert answer.status_code == 204
    assert str(one(member.engine).id) in answer.headers["HX-Location"]
    assert "Bạn viết" not in pages.get(member.citizen, f"/tai-khoan/du-lieu/yeu-cau/{one(member.engine).id}")


def test_one_check_a_fund_at_a_time_beside_other_corrections(member, owner):
    assert people.post(member.citizen, FORM, {"words": ""}, FORM).status_code == 303
    for options in ({}, HTMX):
        again = people.post(member.citizen, FORM, {"words": "Lần nữa."}, FORM, **options)
        assert again.status_code == 422
        assert "Quỹ này đang có yêu cầu kiểm tra chưa xong." in again.text
        assert "Lần nữa." in again.text
    other = FORM.replace("bhxh", "bhtn")
    assert people.post(member.citizen, other, {"words": ""}, other).status_code == 303
    general = {"kind": "sua", "about": "qua_trinh", "words": "Tên đơn vị ghi sai."}
    where = "/tai-khoan/du-lieu/yeu-cau"
    assert people.post(member.citizen, where, general, f"{where}/moi").status_code == 303


def test_a_guardian_asks_for_their_child_and_strangers_find_nothing(member, owner, stranger):
    child = ward(member.engine, owner)
    base = f"/ca-nhan/gia-dinh/{child}"
    people.post(member.citizen, f"{base}/dong-y", {"guardian": "1", "child": "1"}, f"{base}/dong-y")
    where = f"{base}/qua-trinh/bhyt/kiem-tra"
    assert people.CHILD.name in pages.get(member.citizen, where)
    assert people.post(member.citizen, where, {"words": ""}, where).status_code == 303
    assert one(member.engine).person_id == child
    assert stranger.get(where).status_code == 404
    token = people.csrf(stranger, FORM)
    assert stranger.post(where, data={"csrf_token": token, "words": ""}).status_code == 404
    assert "01/2025" not in pages.get(stranger, FORM)
    with reading(member.engine) as db:
        assert len(db.scalars(select(DataRequest)).all()) == 1


def test_few_statements(member, owner):
    seen: list[str] = []
    pages.get(member.citizen, FORM)
    event.listen(member.engine, "before_cursor_execute", count := lambda _c, _k, text, *_rest: seen.append(text))
    try:
        pages.get(member.citizen, FORM)
    finally:
        event.remove(member.engine, "before_cursor_execute", count)
    asked = [text for text in seen if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert len(asked) <= 8, "\n".join(asked)


def test_the_newest_stretches_are_named_and_the_rest_is_counted_on():
    found = tally([Period(at, at) for at in range(24000, 24040, 2)], 24100)
    [_fund, gaps] = checking.kept(Fund.BHXH, found).splitlines()
    assert gaps.startswith(f"{State.GAP.label!s}: ")
    assert gaps.count(";") == checking.MOST_SPANS
    assert gaps.endswith("…")


def test_what_is_kept_is_told_again_and_ones_own_words_stay_as_they_are():
    found = tally([Period(24300, 24300), Period(24302, 24302, Status.LATE)], 24310)
    months = checking.kept(Fund.BHYT, found)
    lines, own = checking.apart(checking.key(Fund.BHYT), checking.joined(months, "Một.\n\nHai: 100%"))
    assert [str(label) for label, _value in lines] == ["Quỹ", "Ngắt quãng", "Chậm đóng"]
    assert own == "Một.\n\nHai: 100%"
    assert checking.apart("", "Quỹ: gì đó\n\nX") == ([], "Quỹ: gì đó\n\nX")


def test_a_disputed_row_leads_to_its_receipt_and_another_guardian_is_only_told(app, member, owner):
    with unit(member.engine) as db:
        id = add(db, owner, "01/2026", "02/2026")
    form, row = f"/ca-nhan/khieu-nai/contribution/{id}", f"/ca-nhan/qua-trinh/bhxh/{id}"
    answer = people.post(member.citizen, form, {"about": "sai", "words": ""}, form)
    html = pages.get(member.citizen, row)
    due = day(one(member.engine).done_by)
    assert f'href="{answer.headers["Location"]}">Xem khiếu nại, trả lời chậm nhất {due}' in html
    with unit(member.engine) as db:
        request = db.scalar(select(DataRequest))
        people.open_account(app, db, people.STRANGER)
        request.account_id = _account(db)
    html = pages.get(member.citizen, row)
    assert "Đang khiếu nại" in html
    assert "Xem khiếu nại" not in html


def _account(db) -> UUID:
    stranger = records.person_by(db, IdKind.MA_SO_BHXH, people.STRANGER.ma_so)
    return accounts.by_person(db, stranger.id).id
