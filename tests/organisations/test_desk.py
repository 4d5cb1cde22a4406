"""The officer's side: organisations of one's own agencies only, found by name or code, ended with a reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.organisations.conftest import MANAGER, row_of
from vssid import organisations
from vssid.kernel.audit import OPERATOR, AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import Refused
from vssid.organisations.models import Organisation
from vssid.organisations.queries import PAGE

LIST = "/can-bo/to-chuc"
REASON = {"reason": "Trường đã giải thể từ tháng chín."}


def end(client, id, data=None):
    return people.post(client, f"{LIST}/{id}/ket-thuc", data or REASON, LIST)


def test_an_officer_sees_the_organisations_of_their_agency(school, officer, elsewhere):
    assert "Trường Tiểu học Mẫu Một" in pages.get(officer, LIST)
    assert "Công ty Mẫu Khác" not in pages.get(officer, LIST)
    assert "Công ty Mẫu Khác" in pages.get(elsewhere, LIST)


@pytest.mark.parametrize("text", ["th0001", "TH0001", "tieu hoc mau", "Mẫu Tiểu"])
def test_it_is_found_by_code_and_by_words_of_its_name(school, officer, text):
    assert "Trường Tiểu học Mẫu Một" in pages.get(officer, LIST, query_string={"q": text})


@pytest.mark.parametrize("text", ["DV0002", "cong ty mau khac", "%", "x' OR 1=1"])
def test_what_lies_elsewhere_is_not_found(school, officer, text):
    assert "Không tìm thấy" in pages.get(officer, LIST, query_string={"q": text})


def test_one_page_shows_members_with_masked_phones_and_is_audited(engine, school, officer):
    html = pages.get(officer, f"{LIST}/{school.id}")
    for shown in ("Phan Thị Mẫu Giáo", "090*****01", "Phường Long Xuyên", "1600000001"):
        assert shown in html
    assert "0900 000 201" not in html
    with reading(engine) as db:
        assert "organisation.viewed" in list(db.scalars(select(AuditEntry.tag)))


def test_of_another_agency_it_does_not_exist(school, officer, elsewhere, client):
    assert elsewhere.get(f"{LIST}/{school.id}").status_code == 404
    assert end(elsewhere, school.id).status_code == 404
    assert client.get(f"{LIST}/{school.id}").location.startswith("/can-bo/dang-nhap")
    assert school.manager.get(f"{LIST}/{school.id}").location.startswith("/can-bo/dang-nhap")


def test_the_list_is_paged_by_name(app, engine, officer, agencies):
    with app.app_context(), unit(engine) as db:
        for n in range(PAGE + 3):
            people.add_organisation(app, db, f"09000003{n:02}", name=f"Đơn vị Mẫu {n:03}", ma_don_vi=f"DV9{n:03}")
    first = pages.get(officer, LIST)
    assert "Đơn vị Mẫu 000" in first
    assert "Đơn vị Mẫu 027" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Đơn vị Mẫu 027" in pages.get(officer, following)
    assert pages.get(officer, LIST, query_string={"sau": "no key"})


def test_ending_puts_everybody_out_and_keeps_the_reason(engine, school, officer):
    assert end(officer, school.id, {"reason": "ngắn"}).status_code == 422
    assert end(officer, school.id).status_code == 303
    assert school.manager.get("/to-chuc").status_code == 303
    assert row_of(engine, MANAGER) is None
    assert REASON["reason"] in pages.get(officer, f"{LIST}/{school.id}")
    assert end(officer, school.id).status_code == 422


def test_the_tool_stands_in_the_console(officer):
    assert f'href="{LIST}"' in pages.get(officer, "/can-bo")


def test_two_organisations_cannot_have_one_code_or_one_manager(app, engine, agencies):
    with app.app_context(), unit(engine) as db:
        people.add_organisation(app, db)
    for phone, code in (("0900000777", "TH0001"), ("0900000201", "TH0002")):
        with app.app_context(), pytest.raises(Refused), unit(engine) as db:
            people.add_organisation(app, db, phone, ma_don_vi=code)


def test_who_has_ended_registers_again_with_the_same_code_and_phone(app, engine, school, officer):
    assert end(officer, school.id).status_code == 303
    with app.app_context(), unit(engine) as db:
        again = people.add_organisation(app, db, name="Trường Mẫu lập lại")
    with reading(engine) as db:
        assert organisations.by_code(db, "TH0001").id == again
    found = pages.get(officer, f"{LIST}?q=th0001")
    assert f"{LIST}/{again}" in found
    assert f"{LIST}/{school.id}" in found
    with app.app_context(), pytest.raises(Refused), unit(engine) as db:
        people.add_organisation(app, db, "0900000777")


def test_many_may_have_no_code(app, engine, agencies):
    with app.app_context(), unit(engine) as db:
        for n in range(2):
            people.add_organisation(app, db, f"090000077{n}", ma_don_vi="")
        assert organisations.by_code(db, "") is None


def test_of_parallel_registrations_with_one_code_one_wins(app, engine, agencies):
    def register(n: int) -> bool:
        try:
            with app.app_context(), unit(engine) as db:
                people.add_organisation(app, db, f"090000077{n}")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(register, range(4)))
    assert sorted(won) == [False, False, False, True]
    with reading(engine) as db:
        assert len(db.scalars(select(Organisation)).all()) == 1
        assert organisations.by_code(db, "th 0001") is not None


def test_the_door_ends_an_organisation(app, engine, agencies):
    with app.app_context(), unit(engine) as db:
        id = people.add_organisation(app, db)
        organisations.end(db, organisations.by_id(db, id), "Giải thể theo quyết định", by=OPERATOR, at=now())
    with reading(engine) as db:
        assert organisations.by_id(db, id).status == "ended"


FACILITY = {"kind": "co_so_kcb", "name": "Trạm Y tế Mẫu", "ma_don_vi": "", "facility_code": "89012"}


def test_a_facility_is_shown_with_its_code_found_by_it_and_ended_as_any_organisation(app, engine, officer, client):
    with app.app_context(), unit(engine) as db:
        people.add_facility(db)
        id = people.add_organisation(app, db, "0900000211", **FACILITY)
    found = pages.get(officer, LIST, query_string={"q": "89 - 012"})
    for words in ("Trạm Y tế Mẫu", "89012", "Cơ sở khám bệnh, chữa bệnh"):
        assert words in found
    shown = pages.get(officer, f"{LIST}/{id}")
    assert "[89012] Bệnh viện Đa khoa Khu vực Mẫu" in shown
    assert "Tổ chức chưa tải danh sách" not in shown
    assert end(officer, id).status_code == 303


def test_a_facility_has_one_active_organisation_and_must_be_in_the_directory(app, engine, agencies):
    with app.app_context(), pytest.raises(Refused), unit(engine) as db:
        people.add_organisation(app, db, "0900000211", **FACILITY)
    with app.app_context(), unit(engine) as db:
        people.add_facility(db)
        id = people.add_organisation(app, db, "0900000211", **FACILITY)
    with app.app_context(), pytest.raises(Refused) as refused, unit(engine) as db:
        people.add_organisation(app, db, "0900000212", **FACILITY)
    assert refused.value.field == "facility_code"
    with app.app_context(), unit(engine) as db:
        organisations.end(db, organisations.by_id(db, id), "Giải thể theo quyết định", by=OPERATOR, at=now())
        again = people.add_organisation(app, db, "0900000212", **FACILITY)
    with reading(engine) as db:
        assert organisations.by_facility(db, "89012").id == again
        assert organisations.by_facility(db, "") is None


def test_the_desk_of_cards_is_not_a_schools(school):
    assert school.manager.get("/to-chuc/tiep-nhan").status_code == 403
    assert "/to-chuc/tiep-nhan" not in pages.get(school.manager, "/to-chuc")
