"""“Bị từ chối”: the report, its receipt, the officers' queue, the answer; who may see which."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from tests import pages, people
from tests.card.conftest import add_facility, give_card, id_of
from vssid import work
from vssid.accounts.models import Account
from vssid.card import refusals
from vssid.card.refusals import actions, queries, rules
from vssid.card.refusals.models import CardRefusal
from vssid.card.refusals.rules import Report, Said
from vssid.directory.models import Facility, Parameter
from vssid.kernel.audit import SYSTEM, AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.days import working_day_after
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Guardianship, Person

HERE = "/ca-nhan/the-bhyt/bi-tu-choi"
DESK = "/can-bo/the-bi-tu-choi"
PLACE = "Bệnh viện Đa khoa Khu vực Mẫu"
ANSWER = "Đã nhắc cơ sở; từ nay cơ sở nhận thẻ điện tử."
OFFICER = people.Specimen("Võ Thị Mẫu Cán", "8900000188", "089185000188", "1985-03-03", "F", "0900000188")


def told(**changes: Any) -> dict[str, Any]:
    return {"facility": "89012", "name": "", "happened_on": today().isoformat(), "said": "doi_the_giay", **changes}


def reports(engine) -> list[CardRefusal]:
    with reading(engine) as db:
        return list(db.scalars(select(CardRefusal).order_by(CardRefusal.sent_at)))


def tags(engine) -> list[str]:
    with reading(engine) as db:
        found = db.scalars(select(AuditEntry.tag).where(AuditEntry.tag.like("refusal.%")).order_by(AuditEntry.id))
        return list(found)


def child_page(engine) -> str:
    return f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/bi-tu-choi"


def send(browser, engine, **changes: Any) -> CardRefusal:
    assert people.post(browser, HERE, told(**changes)).status_code == 303
    return reports(engine)[-1]


# ---- the citizen's side -------------------------------------------------------------------------------------------


def test_the_sentence_of_the_rule_stands_above_the_report(holder):
    html = pages.get(holder, HERE)
    assert html.index("Điều 37") < html.index("Điều 38") < html.index("Báo cơ quan BHXH")
    assert PLACE in html
    assert today().isoformat() in html


def test_a_report_arrives_and_its_receipt_says_what_and_until_when(engine, holder):
    answer = people.post(holder, HERE, told(words="Nhân viên nói  phải có thẻ giấy.\nTôi đã đưa câu trong ứng dụng."))
    [report] = reports(engine)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{HERE}/{report.id}"
    due = working_day_after(today(), 5)
    assert (report.due_on, report.facility_code, report.facility_name, report.status) == (due, "89012", PLACE, "new")
    html = pages.get(holder, f"{HERE}/{report.id}")
    for words in (
        rules.spoken_code(report.code), PLACE, "Đòi thẻ BHYT giấy", "Tôi đã đưa câu trong ứng dụng.", "Đang chờ trả lời",
        f"{due.day}/{due.month}/{due.year}",
    ):  # fmt: skip
        assert words in html, words
    assert f"{HERE}/{report.id}" in pages.get(holder, HERE)
    assert tags(engine) == ["refusal.reported"]


def test_htmx_is_led_to_the_receipt_and_sees_a_refused_form(engine, holder):
    token = people.csrf(holder, HERE)
    answer = holder.post(HERE, data={**told(), "csrf_token": token}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert f"{HERE}/{reports(engine)[0].id}" in answer.headers["HX-Location"]
    answer = holder.post(HERE, data={**told(said=""), "csrf_token": token}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Hãy chọn một mục." in answer.get_data(as_text=True)
    assert "<html" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"facility": ""}, "Hãy chọn nơi đã từ chối thẻ."),
        ({"facility": "khac", "name": ""}, "Hãy chọn cơ sở trong danh sách, hoặc ghi tên cơ sở."),
        ({"facility": "99999"}, "Không có cơ sở này trong danh mục."),
        ({"facility": "khac", "name": "x" * 301}, "Dài quá 300 ký tự"),
        ({"happened_on": ""}, "Hãy chọn ngày."),
        ({"happened_on": "hôm qua"}, "Hãy chọn một ngày, ví dụ"),
        ({"happened_on": 1}, "Ngày này chưa tới."),
        ({"happened_on": -91}, "trong 90 ngày gần đây"),
        ({"said": ""}, "Hãy chọn một mục."),
        ({"said": "lạ"}, "Giá trị không hợp lệ."),
        ({"said": "khac"}, "Hãy viết vài lời"),
        ({"words": "x" * 501}, "Dài quá 500 ký tự"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(engine, holder, changes, words):
    if isinstance(changes.get("happened_on"), int):
        changes = {"happened_on": (today() + timedelta(days=changes["happened_on"])).isoformat()}
    typed = {"name": "Phòng khám đã viết", **changes}
    answer = people.post(holder, HERE, told(**typed))
    html = pages.inspected(answer)
    assert answer.status_code == 422
    assert words in html
    assert reports(engine) == []
    assert typed["name"] in html


@pytest.mark.parametrize("days", [0, 1, 90])
def test_today_and_ninety_days_back_can_be_told(engine, holder, days):
    day = today() - timedelta(days=days)
    assert send(holder, engine, happened_on=day.isoformat()).happened_on == day


def test_a_place_that_no_list_has_is_told_by_name(engine, holder):
    report = send(holder, engine, facility="khac", name="  Phòng khám   Mẫu Xa ", said="khac", words="Không tiếp.")
    assert (report.facility_code, report.facility_name) == ("", "Phòng khám Mẫu Xa")


def test_a_place_is_found_by_name_and_chosen_without_script(engine, holder):
    with unit(engine) as db:
        add_facility(db, "89101", "Trạm Y tế Mẫu Gần")
    html = pages.get(holder, f"{HERE}?q=tram+y+te")
    assert 'value="89101"' in html
    refused = people.post(holder, HERE, told(q="tram y te", facility="89101", said=""))
    assert 'value="89101"' in pages.inspected(refused)
    report = send(holder, engine, q="tram y te", facility="89101")
    assert report.facility_name == "Trạm Y tế Mẫu Gần"


@pytest.mark.parametrize("fragment", [False, True])
def test_a_search_within_the_form_loses_nothing_and_sends_nothing(engine, holder, fragment):
    with unit(engine) as db:
        add_facility(db, "89101", "Trạm Y tế Mẫu Gần")
        add_facility(db, "89102", "Nhà thuốc Mẫu Xa")
    options = {"headers": {"HX-Request": "true"}} if fragment else {}
    typed = told(facility="89102", name="Phòng khám đã viết", said="doi_the_giay", words="Đã kể.", find="1")
    answer = people.post(holder, HERE, {**typed, "q": "tram y te"}, **options)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert ("<html" in html) is not fragment
    for words in ("Phòng khám đã viết", "Đã kể.", 'value="tram y te"', 'value="89101"'):
        assert words in html, words
    assert re.search(r'<input checked[^>]*value="89102"', html)
    assert re.search(r'<input checked[^>]*value="doi_the_giay"', html)
    assert "Không tìm thấy" not in html
    assert "Chưa gửi được" not in html
    html = people.post(holder, HERE, {**typed, "q": "khong o dau ca"}, **options).get_data(as_text=True)
    assert "Không tìm thấy cơ sở nào. Hãy gõ tên khác, hoặc chọn “Nơi khác” và ghi tên." in html
    assert "Phòng khám đã viết" in html
    assert reports(engine) == []


def test_without_a_card_a_report_can_be_sent_all_the_same(engine, signed_in):
    client = signed_in(people.STRANGER)
    report = send(client, engine, facility="khac", name="Phòng khám Mẫu")
    assert report.facility_code == ""


def test_three_a_day_are_enough(engine, holder):
    for _time in range(3):
        send(holder, engine)
    answer = people.post(holder, HERE, told())
    assert answer.status_code == 422
    assert "Hôm nay bạn đã gửi nhiều báo cáo." in pages.inspected(answer)
    assert len(reports(engine)) == 3


def test_the_rule_may_be_missing_the_report_may_not(engine, holder):
    with unit(engine) as db:
        db.execute(delete(Parameter).where(Parameter.code.like("kham.%")))
    html = pages.get(holder, HERE)
    assert "Điều 37" not in html
    send(holder, engine)


def test_the_owner_the_guardian_and_nobody_else(engine, client, holder, mother, signed_in):
    own, page = send(holder, engine), child_page(engine)
    assert people.post(mother, page, told(said="giu_giay_to")).status_code == 303
    childs = reports(engine)[-1]
    assert childs.person_id == id_of(engine, people.CHILD)
    assert people.CHILD.name in pages.get(mother, page)
    assert "Giữ thẻ hoặc giấy tờ" in pages.get(mother, f"{page}/{childs.id}")
    stranger = signed_in(people.STRANGER)
    for browser in (holder, stranger):
        assert browser.get(page).status_code == 404
        assert browser.get(f"{page}/{childs.id}").status_code == 404
    # Neither under the own pages, nor somebody else's under a child's.
    assert mother.get(f"{HERE}/{childs.id}").status_code == 404
    assert mother.get(f"{page}/{own.id}").status_code == 404
    assert stranger.get(f"{HERE}/{own.id}").status_code == 404
    assert holder.get(f"{HERE}/{uuid4()}").status_code == 404
    assert client.get(HERE).status_code == 303
    assert len(reports(engine)) == 2


@pytest.mark.parametrize("path", ["/ca-nhan/the-bhyt", "/ca-nhan/the-bhyt/su-dung", "/ca-nhan/the-bhyt/hom-nay"])
def test_three_pages_lead_there(holder, path):
    assert f'href="{HERE}"' in pages.get(holder, path)


def test_few_statements_a_page(engine, holder, hear):
    report = send(holder, engine)
    for path in (HERE, f"{HERE}?q=mau", f"{HERE}/{report.id}"):
        holder.get(path)
        hear.clear()
        assert holder.get(path).status_code == 200
        assert 0 < len(hear) <= 8, "\n".join(hear)


# ---- the desk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(app, engine, new_client) -> SimpleNamespace:
    """The province's agency (a supervisor), an agency below it, and another one, each with an officer signed in."""
    with app.app_context(), unit(engine) as db:
        people.add_agency(db, "089", "BHXH tỉnh Mẫu")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")
        people.add_agency(db, "08903", "BHXH cơ sở Mẫu Hai", "089")
    made = SimpleNamespace()
    for name, code, agency, role in (
        ("province", "GS01", "089", "giam_sat"),
        ("own", "CB01", "08902", "duyet_ho_so"),
        ("other", "CB02", "08903", "duyet_ho_so"),
    ):
        with app.app_context(), unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role, ma_so_bhxh=None)
        browser = new_client()
        people.officer_signs_in(app, browser, code, setup)
        setattr(made, name, browser)
    return made


def assign(engine, report: CardRefusal, agency: str | None) -> None:
    with unit(engine) as db:
        db.execute(update(CardRefusal).where(CardRefusal.id == report.id).values(agency_code=agency))


def test_the_queue_is_that_of_the_agency_that_registered_the_person(engine, holder, desk):
    report = send(holder, engine)
    assign(engine, report, "08902")
    for browser, sees in ((desk.own, True), (desk.province, True), (desk.other, False)):
        html = pages.get(browser, DESK)
        assert (people.CITIZEN.name in html) is sees
        assert browser.get(f"{DESK}/{report.id}").status_code == (200 if sees else 404)


def test_whom_nobody_registered_here_the_provinces_agency_answers(engine, holder, desk):
    report = send(holder, engine)
    assert report.agency_code is None
    assert people.CITIZEN.name in pages.get(desk.province, DESK)
    assert people.CITIZEN.name not in pages.get(desk.own, DESK)
    assert desk.own.get(f"{DESK}/{report.id}").status_code == 404


def test_an_answer_goes_to_the_person_and_stands_on_the_receipt(app, engine, holder, desk):
    report = send(holder, engine, words="Đòi thẻ giấy ở quầy số 3.")
    html = pages.get(desk.province, f"{DESK}/{report.id}")
    assert "Đòi thẻ giấy ở quầy số 3." in html
    assert people.CITIZEN.ma_so not in html
    answer = people.post(desk.province, f"{DESK}/{report.id}/tra-loi", {"words": ANSWER}, f"{DESK}/{report.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    html = pages.get(holder, f"{HERE}/{report.id}")
    assert ANSWER in html
    assert "Đã trả lời" in html
    assert people.CITIZEN.name not in pages.get(desk.province, DESK)
    assert people.CITIZEN.name in pages.get(desk.province, f"{DESK}?loc=da-tra-loi")
    assert tags(engine)[0] == "refusal.reported"
    assert set(tags(engine)[1:]) == {"refusal.viewed", "refusal.answered"}
    with app.app_context(), reading(engine) as db:
        rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "card.refusal_answered"))
        [letter] = [opened(app.extensions["keyring"], row) for row in rows]
    assert rules.spoken_code(report.code) in letter.text
    assert PLACE not in letter.text


def test_an_answer_with_htmx_leads_back_to_the_queue(engine, holder, desk):
    report = send(holder, engine)
    page = f"{DESK}/{report.id}"
    token = people.csrf(desk.province, page)
    data, headers = {"words": "ngắn", "csrf_token": token}, {"HX-Request": "true"}
    answer = desk.province.post(f"{page}/tra-loi", data=data, headers=headers)
    assert answer.status_code == 422
    answer = desk.province.post(f"{page}/tra-loi", data={**data, "words": ANSWER}, headers=headers)
    assert answer.status_code == 204


@pytest.mark.parametrize("words", ["", "   ", "Đã nhắc."])
def test_an_answer_that_says_next_to_nothing_is_refused(engine, holder, desk, words):
    report = send(holder, engine)
    answer = people.post(desk.province, f"{DESK}/{report.id}/tra-loi", {"words": words}, f"{DESK}/{report.id}")
    assert answer.status_code == 422
    pages.inspected(answer)
    assert reports(engine)[0].status == "new"


def test_who_answers_can_call_the_facility_at_a_tap(engine, holder, desk):
    with unit(engine) as db:
        db.execute(update(Facility).where(Facility.code == "89012").values(phone="0296 000 012; 0296.000.013"))
    report, elsewhere = send(holder, engine), send(holder, engine, facility="khac", name="Phòng khám Mẫu")
    html = pages.get(desk.province, f"{DESK}/{report.id}")
    assert 'href="tel:0296000012"' in html
    assert 'href="tel:0296000013"' in html
    assert "Gọi cơ sở" not in pages.get(desk.province, f"{DESK}/{elsewhere.id}")


def test_of_two_officers_one_answers(engine, holder, desk):
    report = send(holder, engine)
    assign(engine, report, "08902")
    page = f"{DESK}/{report.id}"
    first = people.csrf(desk.own, page)
    assert people.post(desk.province, f"{page}/tra-loi", {"words": ANSWER}, page).status_code == 303
    late = desk.own.post(f"{page}/tra-loi", data={"words": "Một câu trả lời khác.", "csrf_token": first})
    assert late.status_code == 422
    assert "Báo cáo này đã được trả lời." in pages.inspected(late)
    assert reports(engine)[0].answer == ANSWER


def test_another_agency_can_neither_open_nor_answer(engine, holder, desk):
    report = send(holder, engine)
    assign(engine, report, "08902")
    token = people.csrf(desk.other, "/can-bo")
    answer = desk.other.post(f"{DESK}/{report.id}/tra-loi", data={"words": ANSWER, "csrf_token": token})
    assert answer.status_code == 404
    assert reports(engine)[0].status == "new"


def test_nobody_opens_the_report_of_their_own_family(app, engine, holder, desk, new_client):
    report = send(holder, engine)
    assign(engine, report, "08902")
    with app.app_context(), unit(engine) as db:
        setup = people.add_officer(app, db, "CB09", "08902", ma_so_bhxh=people.CITIZEN.ma_so)
    relative = new_client()
    people.officer_signs_in(app, relative, "CB09", setup)
    seen = len(tags(engine))
    assert relative.get(f"{DESK}/{report.id}").status_code in (403, 409, 422)
    token = people.csrf(relative, "/can-bo")
    answer = relative.post(f"{DESK}/{report.id}/tra-loi", data={"words": ANSWER, "csrf_token": token})
    assert answer.status_code in (403, 409, 422)
    assert reports(engine)[0].status == "new"
    assert len(tags(engine)) == seen


@pytest.mark.parametrize("kinship", ["self", "household", "guardian", "ward"])
def test_the_queue_of_an_officer_leaves_out_their_own_family(app, engine, holder, desk, new_client, kinship):
    report = send(holder, engine)
    assign(engine, report, "08902")
    with unit(engine) as db:
        stranger, officer = people.add_person(db, people.STRANGER), people.add_person(db, OFFICER)
    crowd(engine, stranger, report.account_id, 2, ("08902",))
    number = people.CITIZEN.ma_so if kinship == "self" else OFFICER.ma_so
    with app.app_context(), unit(engine) as db:
        setup = people.add_officer(app, db, "CB09", "08902", ma_so_bhxh=number)
    relative = new_client()
    people.officer_signs_in(app, relative, "CB09", setup)
    assert (people.CITIZEN.name in pages.get(relative, DESK)) is (kinship != "self")
    related(engine, kinship, officer, report.person_id)
    for browser, sees in ((relative, False), (desk.own, True)):
        html = pages.get(browser, DESK)
        assert (people.CITIZEN.name in html) is (PLACE in html) is sees
        assert people.STRANGER.name in html
    me = SimpleNamespace(ma_so_bhxh=number, agencies=("08902",), agency_code="08902")
    with reading(engine) as db:
        assert queries.waiting_count(db, me) == 2


def related(engine, kinship: str, officer: UUID, person: UUID) -> None:
    with unit(engine) as db:
        if kinship == "household":
            db.execute(update(Person).where(Person.id.in_([officer, person])).values(household_code="MAU-HO-1"))
        elif kinship != "self":
            child, guardian = (officer, person) if kinship == "guardian" else (person, officer)
            since = date(2026, 1, 1)
            db.add(Guardianship(id=uuid4(), child_id=child, guardian_id=guardian, valid_from=since, source="test"))


def crowd(engine, person, account, count: int, agencies=("08902", None)) -> None:
    with unit(engine) as db:
        for number in range(count):
            db.add(
                CardRefusal(
                    id=uuid4(), code=f"M{number:07}", person_id=person, account_id=account,
                    agency_code=agencies[number % len(agencies)], facility_code="", facility_name=f"Phòng khám Mẫu {number:03}",
                    happened_on=today(), said="khong_quet_duoc", words="", status="new", sent_at=now(),
                    due_on=today() + timedelta(days=number % 7), answer="",
                )
            )  # fmt: skip


def test_the_queue_is_paged_by_key_and_reads_little_whatever_its_length(engine, holder, desk, hear):
    first = send(holder, engine)
    crowd(engine, first.person_id, first.account_id, 60)
    seen, address = [], DESK
    while address:
        hear.clear()
        html = pages.get(desk.province, address)
        assert len([one for one in hear if "card_refusals" in one]) <= 2 + 1, "\n".join(hear)
        seen += [number for number in range(60) if f"Phòng khám Mẫu {number:03}" in html]
        address = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(seen) == list(range(60))
    assert len(seen) == 60
    pages.get(desk.province, f"{DESK}?sau=x")


@pytest.mark.parametrize(("status", "place", "first"), [("new", DESK, 0), ("answered", f"{DESK}?loc=da-tra-loi", 6)])
def test_what_waits_begins_with_what_is_due_what_was_answered_with_the_newest(
    engine, holder, desk, status, place, first
):
    report = send(holder, engine)
    crowd(engine, report.person_id, report.account_id, 60)
    with unit(engine) as db:
        db.execute(delete(CardRefusal).where(CardRefusal.id == report.id))
        db.execute(update(CardRefusal).values(status=status))
    dues, address = [], place
    while address:
        html = pages.get(desk.province, address)
        found = sorted((html.index(f"Mẫu {number:03}"), number) for number in range(60) if f"Mẫu {number:03}" in html)
        dues += [number % 7 for _at, number in found]
        address = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert dues == sorted(dues, reverse=status == "answered")
    assert (len(dues), dues[0]) == (60, first)


def test_an_overdue_report_is_marked_for_both(engine, holder, desk):
    report = send(holder, engine)
    with unit(engine) as db:
        db.execute(update(CardRefusal).values(due_on=today() - timedelta(days=1)))
    assert "Quá hạn" in pages.get(desk.province, DESK)
    assert "Cơ quan BHXH trả lời chậm." in pages.get(holder, f"{HERE}/{report.id}")


def test_the_console_counts_what_waits_and_a_visitor_sees_nothing(engine, client, holder, desk):
    send(holder, engine)
    assert "Thẻ bị từ chối" in pages.get(desk.province, "/can-bo")
    assert client.get(DESK).status_code == 303
    assert holder.get(DESK).status_code == 303


# ---- rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fits"), [("123456789", False), ("1234567890", True), ("   123456789   ", False), (None, False)]
)
def test_ten_signs_make_an_answer(words, fits):
    if fits:
        assert rules.check_answer(words) == words
    else:
        with pytest.raises(Refused):
            rules.check_answer(words)


def test_what_was_answered_five_years_ago_is_forgotten(app, engine, holder, signed_in):
    give_card(engine, people.CITIZEN, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    old, waiting = send(holder, engine), send(holder, engine)
    long_ago = today() - timedelta(days=5 * 366 + 2)
    with unit(engine) as db:
        db.execute(update(CardRefusal).values(due_on=long_ago))
        db.execute(update(CardRefusal).where(CardRefusal.id == old.id).values(status="answered"))
    with unit(engine) as db:
        assert not actions.forget_old(db, now())
    assert [one.id for one in reports(engine)] == [waiting.id]


def test_however_many_reports_are_old_none_is_left(app, engine, holder, monkeypatch):
    monkeypatch.setattr(actions, "FORGOTTEN_AT_ONCE", 3)
    first = send(holder, engine)
    crowd(engine, first.person_id, first.account_id, 7, (None,))
    with unit(engine) as db:
        db.execute(update(CardRefusal).values(due_on=today() - timedelta(days=5 * 366 + 2), status="answered"))
    [job] = [work.Periodic(*one) for one in refusals.JOBS]
    while work.run_due(app, [job], now()):
        pass
    assert reports(engine) == []


def test_a_report_holds_what_was_told(app, engine, holder):
    person = id_of(engine, people.CITIZEN)
    told_ = Report("89012", PLACE, today(), Said.SCAN, "")
    with app.app_context(), unit(engine) as db:
        account = db.scalars(select(Account.id)).one()
        made = actions.report(db, account, person, told_, by=SYSTEM, at=now())
        assert (made.said, made.happened_on) == ("khong_quet_duoc", today())
        assert len(made.code) == rules.CODE_LENGTH
