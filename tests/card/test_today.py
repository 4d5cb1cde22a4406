"""“Đi khám hôm nay?”: what the page says, to whom, by which law of the day, in how few statements."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

import vssid.directory
from tests import pages, people
from tests.card.conftest import ELSEWHERE, add_facility, give_card, id_of
from vssid import directory
from vssid.card.models import Card
from vssid.card.today import law, rules
from vssid.directory import Contract
from vssid.directory.models import Facility, Parameter
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Label
from vssid.kernel.text import fold
from vssid.records.models import Person
from vssid.web.i18n import say_in

HERE = "/ca-nhan/the-bhyt/hom-nay"


def change(engine, model, **values) -> None:
    with unit(engine) as db:
        db.execute(update(model).values(**values))


def without(engine, *codes) -> None:
    with unit(engine) as db:
        db.execute(delete(Parameter).where(Parameter.code.in_(codes)))


def test_the_card_its_level_and_the_facility_stand_at_the_top(engine, holder):
    change(engine, Facility, address="9 đường Mẫu", phone="0296 000 012; 0296.000.013")
    html = pages.get(holder, HERE)
    for words in (
        "Dùng được hôm nay", "quỹ BHYT trả 80% chi phí", "Bệnh viện Đa khoa Khu vực Mẫu", "9 đường Mẫu",
        'href="tel:0296000012"', 'href="tel:0296000013"', "Có hợp đồng KCB BHYT", 'href="/ca-nhan/the-bhyt/su-dung"',
    ):  # fmt: skip
        assert words in html, words
    assert html.index("Dùng được hôm nay") < html.index("Nơi đăng ký KCB ban đầu") < html.index("Mang theo gì")


def test_the_map_is_the_phone_s_own_and_no_third_party_s(engine, holder):
    change(engine, Facility, address="9 đường Mẫu & Hoa")
    html = pages.get(holder, HERE)
    assert 'href="geo:0,0?q=B%E1%BB%87nh%20vi%E1%BB%87n' in html
    assert "%20%26%20Hoa" in html
    assert "http://" not in html.split("<main")[1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"bhyt_contract": False}, "Không có hợp đồng KCB BHYT"),
        ({"valid_to": date(2026, 1, 31)}, "Đã ngừng sau ngày 31/1/2026"),
        ({"valid_from": date(2999, 1, 1)}, "Chưa hoạt động, từ ngày 1/1/2999"),
    ],
)
def test_a_facility_that_does_not_treat_on_the_card_today_is_said_to_be_so(engine, holder, values, words):
    change(engine, Facility, **values)
    html = pages.get(holder, HERE)
    assert words in html
    assert "Hãy chọn một cơ sở khác bên dưới" in html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"valid_to": date(2026, 1, 31)}, "Đã hết hạn từ ngày 31/1/2026"),
        ({"valid_from": date(2999, 1, 1), "valid_to": None}, "có hiệu lực từ ngày 1/1/2999"),
        ({"status": "thu_hoi"}, "Thẻ đã bị thu hồi"),
    ],
)
def test_a_card_that_does_not_hold_today_leads_to_the_telephone_not_to_the_counter(engine, holder, values, words):
    change(engine, Card, **values)
    html = pages.get(holder, HERE)
    assert words in html
    assert "Trước khi đi khám, hãy gọi" in html
    assert "/the-bhyt/su-dung" not in html
    assert "quỹ BHYT trả 80%" not in html


def test_without_a_card_the_page_says_what_to_do_and_where_one_may_go(engine, holder):
    with unit(engine) as db:
        db.execute(delete(Card))
    html = pages.get(holder, HERE)
    assert "Chưa thấy thẻ BHYT" in html
    assert "Cấp cứu thì đến ngay cơ sở gần nhất" in html
    assert "Bệnh viện Đa khoa Khu vực Mẫu" in html
    assert "mức hưởng của thẻ, tức" not in html


def test_facilities_of_the_same_ward_come_first_and_only_those_with_a_contract(engine, holder):
    with unit(engine) as db:
        add_facility(db, "89100", "An Mẫu Xa", address=ELSEWHERE)
        add_facility(db, "89101", "Trạm Y tế Mẫu Gần")
        add_facility(db, "89102", "Phòng khám Mẫu Không Hợp Đồng", bhyt_contract=False)
        add_facility(db, "89103", "Bệnh viện Mẫu Đã Đóng", valid_to=date(2026, 1, 1))
        add_facility(db, "79001", "Bệnh viện Mẫu Tỉnh Khác", province_code="79")
    html = pages.get(holder, HERE)
    assert html.index("Trạm Y tế Mẫu Gần") < html.index("An Mẫu Xa")
    assert html.count("cùng xã, phường") == 1
    for name in ("Mẫu Không Hợp Đồng", "Mẫu Đã Đóng", "Mẫu Tỉnh Khác"):
        assert name not in html


def test_others_of_the_province_are_found_without_marks_and_paged_by_key(engine, holder):
    with unit(engine) as db:
        for number in range(23):
            add_facility(db, f"89{number + 200}", f"Trạm Y tế Mẫu {number:02}")
    seen, address = [], f"{HERE}?q=tram+y+te"
    for _page in range(3):
        html = pages.get(holder, address)
        seen += [number for number in range(23) if f"Trạm Y tế Mẫu {number:02}" in html]
        found = html.partition('rel="next" href="')[2].partition('"')[0]
        address = found.replace("&amp;", "&")
    assert seen == list(range(23))
    assert address == ""
    assert "Không tìm thấy cơ sở nào" in pages.get(holder, f"{HERE}?q=khong+co+that")
    assert "Trạm Y tế Mẫu 07" in pages.get(holder, f"{HERE}?q=89207")


@pytest.mark.parametrize("key", ["", "x", "_", "89012_", "a_%27%22<b>"])
def test_a_key_that_nobody_gave_is_a_page_all_the_same(holder, key):
    pages.get(holder, f"{HERE}?q=&sau={key}")


def test_whoever_lives_by_old_codes_sees_the_province_of_their_facility(engine, holder):
    change(engine, Person, unit_system="2004", province_code="89", ward_code="30280")
    with unit(engine) as db:
        add_facility(db, "89101", "Trạm Y tế Mẫu Gần")
    assert "Trạm Y tế Mẫu Gần" in pages.get(holder, HERE)


def test_the_sentence_for_the_counter_has_its_article(holder):
    html = pages.get(holder, HERE)
    assert "thẻ BHYT điện tử trên VssID" in html
    assert "Nghị định số 188/2025/NĐ-CP, Điều 37" in html
    assert "vẫn phải tiếp nhận người bệnh" in html
    assert "Nghị định số 188/2025/NĐ-CP, Điều 38" in html
    assert "Cả nước nhận thẻ BHYT điện tử." in html
    assert "Danh sách từ ngày 15/8/2025." in html


def test_what_to_bring_and_emergencies_stand_before_other_facilities(holder):
    html = pages.get(holder, HERE)
    places = [html.index(words) for words in ("Mang theo gì", "Cấp cứu: đến", 'id="tim"', 'id="tai-quay"')]
    assert places == sorted(places)


def test_the_catalogues_know_the_sentences_that_are_shipped():
    with (Path(vssid.directory.__file__).parent / "data/parameters.csv").open(encoding="utf-8", newline="") as file:
        shipped = {row["ma"]: row["gia_tri"] for row in csv.DictReader(file)}
    codes = (rules.RECEPTION, rules.SYSTEM_DOWN, rules.BRING, rules.BRING_CHILD, rules.LEVELS, rules.EMERGENCY)
    assert [shipped[code] for code in codes] == [str(one) for one in law.SHIPPED]


@pytest.mark.parametrize("lang", ["en", "ko", "zh", "ja"])
@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (HERE, (rules.RECEPTION, rules.SYSTEM_DOWN, rules.BRING, rules.LEVELS, rules.EMERGENCY)),
        (f"{HERE.removesuffix('hom-nay')}bi-tu-choi", (rules.RECEPTION, rules.SYSTEM_DOWN)),
    ],
)
def test_each_sentence_has_a_translation_for_reference_if_the_catalogue_has_one(engine, holder, path, codes, lang):
    known, changed = "Tìm", "Một câu mà nơi vận hành đã sửa."
    for value, count in ((known, len(codes)), (changed, 0)):
        with unit(engine) as db:
            db.execute(update(Parameter).where(Parameter.code.in_(codes)).values(value=value))
        html = pages.get(holder, f"{path}?lang={lang}")
        told = say_in(lang, Label(known))
        assert html.count(f"{told}</p>") == count
        assert html.count(value) >= len(codes)
    assert f"{known}</p>" not in pages.get(holder, f"{path}?lang=vi")


def test_a_province_that_is_not_on_the_list_is_told_apart(engine, holder):
    with unit(engine) as db:
        db.execute(update(Parameter).where(Parameter.code == rules.ACCEPTING).values(value="91 79"))
    change(engine, Facility, province_code="01")
    html = pages.get(holder, HERE)
    assert '<span lang="vi">Tỉnh An Giang</span>: nhận thẻ BHYT điện tử.' in html
    assert '<span lang="vi">Thành phố Hà Nội</span>: chưa có trong danh sách' in html
    assert "Cả nước" not in html


def test_a_rule_that_no_parameter_states_on_the_day_is_left_out(engine, holder):
    without(engine, *rules.CODES)
    html = pages.get(holder, HERE)
    for words in (
        "Mang theo gì",
        "Quầy không nhận thẻ",
        "Nếu đến cơ sở khác",
        "mức hưởng của thẻ",
        "nhận thẻ BHYT điện tử",
    ):
        assert words not in html


def test_percents_elsewhere_are_those_of_the_day():
    values = dict.fromkeys(rules.ELSEWHERE, "") | {
        "kham.noi_khac.noi_tru.chuyen_sau": "40", "kham.noi_khac.noi_tru.co_ban": "một trăm",
    }  # fmt: skip
    [only] = rules.elsewhere(values, 80)
    assert (only.code, only.of_level, only.of_costs) == ("kham.noi_khac.noi_tru.chuyen_sau", 40, 32)


def test_a_percent_of_the_costs_that_is_not_whole_is_not_said():
    [one] = rules.elsewhere({"kham.noi_khac.ngoai_tru.co_ban_50_70": "50"}, 95)
    assert one.of_costs is None
    [one] = rules.elsewhere({"kham.noi_khac.ngoai_tru.co_ban_50_70": "50"}, None)
    assert one.of_costs is None


def test_the_halved_percents_begin_on_1_july_2026(engine):
    with reading(engine) as db:
        before = directory.parameters(db, rules.CODES, date(2026, 6, 30))
        after = directory.parameters(db, rules.CODES, date(2026, 7, 1))
    new = {"kham.noi_khac.ngoai_tru.co_ban_50_70", "kham.noi_khac.ngoai_tru.tinh_trung_uong_cu"}
    assert set(after) - set(before) == new


@pytest.mark.parametrize(("listed", "code", "takes"), [("*", "91", True), ("91 79", "79", True), ("91 79", "9", False)])
def test_which_provinces_take_the_electronic_card(listed, code, takes):
    assert rules.accepts(listed, code) is takes


def test_a_small_child_needs_no_more_than_a_birth_certificate(engine, mother):
    child = id_of(engine, people.CHILD)
    where = f"/ca-nhan/gia-dinh/{child}/the-bhyt/hom-nay"
    change_birth = update(Person).where(Person.id == child)
    with unit(engine) as db:
        db.execute(change_birth.values(birth_date=(today() - timedelta(days=400)).isoformat()))
    html = pages.get(mother, where)
    assert "hoặc giấy khai sinh" in html
    assert people.CHILD.name in html
    with unit(engine) as db:
        db.execute(change_birth.values(birth_date="2019-05-05"))
    assert "hoặc giấy khai sinh" not in pages.get(mother, where)


def test_the_owner_the_guardian_and_nobody_else(engine, client, holder, mother, signed_in):
    child = f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/hom-nay"
    assert mother.get(child).status_code == 200
    assert holder.get(child).status_code == 404
    assert signed_in(people.STRANGER).get(child).status_code == 404
    assert client.get(HERE).status_code == 303


def test_htmx_gets_the_part(holder):
    assert "Nơi đăng ký KCB ban đầu" in pages.part(holder, HERE)


@pytest.mark.parametrize("query", ["", "?q=tram"])
def test_few_statements_whatever_the_number_of_facilities(engine, holder, mother, hear, query):
    child = f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt/hom-nay"
    with unit(engine) as db:
        for number in range(60):
            add_facility(db, f"89{number + 200}", f"Trạm Y tế Mẫu {number:02}")
    for browser, path in ((holder, HERE), (mother, child)):
        browser.get(path)
        hear.clear()
        assert browser.get(path + query).status_code == 200
        assert 0 < len(hear) <= 8, "\n".join(hear)


def test_home_and_card_lead_there_in_one_tap(engine, holder, mother):
    for path in ("/", "/ca-nhan/the-bhyt"):
        assert f'href="{HERE}"' in pages.get(holder, path)
    child = f"/ca-nhan/gia-dinh/{id_of(engine, people.CHILD)}/the-bhyt"
    assert f'href="{child}/hom-nay"' in pages.get(mother, child)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, Contract.YES),
        ({"valid_from": date(2026, 6, 2)}, Contract.NOT_YET),
        ({"valid_from": date(2026, 6, 1), "valid_to": date(2026, 6, 1)}, Contract.YES),
        ({"valid_to": date(2026, 5, 31)}, Contract.ENDED),
        ({"bhyt_contract": False}, Contract.NO),
        ({"bhyt_contract": False, "valid_to": date(2026, 5, 31)}, Contract.ENDED),
    ],
)
def test_whether_a_facility_treats_on_the_card(changes, state):
    facility = Facility(code="89999", name="Mẫu", folded=fold("Mẫu"), **{"bhyt_contract": True, **changes})
    assert directory.contract_of(facility, date(2026, 6, 1)) is state


@pytest.mark.parametrize("lang", ["en", "ko", "zh", "ja"])
def test_other_languages_mark_what_stays_vietnamese(holder, lang):
    html = pages.get(holder, f"{HERE}?lang={lang}")
    assert '<p lang="vi">' in html


def test_a_facility_that_the_list_lacks_is_named_by_its_code(engine, signed_in):
    client = signed_in(people.CITIZEN)
    give_card(engine, people.CITIZEN, facility_code="89777")
    assert "mang mã 89 - 777" in pages.get(client, HERE)
