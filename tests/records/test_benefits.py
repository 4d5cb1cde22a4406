"""Thông tin hưởng over HTTP: parts, years, rows, adjustments, a child's, downloads; the line of the profile."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from tests import pages, people
from tests.records.conftest import Heard, id_of
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit
from vssid.records import benefits, disputes
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.queries import Key
from vssid.records.benefits.rules import BenefitKind, Branch, Latest, summary
from vssid.records.disputes import Complaint, RowKind

ROOM = "/ca-nhan/thong-tin-huong"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def give(engine: Engine, who: people.Specimen, kind: str = "om_dau", **more: Any) -> Benefit:
    values = {
        "decision_number": "12/QĐ-MẪU", "decision_date": date(2026, 3, 20), "from_date": "2026-03-01",
        "to_date": date(2026, 3, 9), "amount": 1_234_000, "payer": "Công ty Mẫu", "account_number": "000099995678",
        "bank": "Ngân hàng Mẫu", **more,
    }  # fmt: skip
    row = Benefit(id=uuid4(), person_id=id_of(engine, who), kind=kind, recorded_at=AT, updated_at=AT, **values)
    with unit(engine) as db:
        db.add(row)
    return row


def adjust(engine: Engine, who: people.Specimen, **more: Any) -> PensionAdjustment:
    values = {
        "decision_number": "75/QĐ-MẪU", "effective_from": date(2024, 7, 1), "old_amount": 4_000_000,
        "new_amount": 4_600_000, "reason": "Nghị định Mẫu", **more,
    }  # fmt: skip
    row = PensionAdjustment(id=uuid4(), person_id=id_of(engine, who), recorded_at=AT, updated_at=AT, **values)
    with unit(engine) as db:
        db.add(row)
    return row


@pytest.mark.parametrize(("kind", "branch"), [("huu_tri", "hang-thang"), ("om_dau", "ngan-han"), (None, "mot-lan")])
def test_the_room_opens_at_the_first_part_that_holds_anything(citizen, engine, kind, branch):
    if kind:
        give(engine, people.CITIZEN, kind)
    answer = citizen.get(ROOM)
    assert (answer.status_code, answer.location) == (303, f"{ROOM}/{branch}")


@pytest.mark.parametrize("branch", list(Branch))
def test_an_empty_part_teaches(citizen, branch):
    html = pages.get(citizen, f"{ROOM}/{branch}")
    assert "Chưa có khoản nào" in html
    assert str(branch.lesson)[:30] in html
    assert "Tải về" not in html


def test_rows_stand_in_their_part_with_sums_of_a_year_and_of_all(citizen, engine):
    give(engine, people.CITIZEN)
    give(engine, people.CITIZEN, "thai_san", from_date="2025-01-01", to_date=None, amount=30_000_000)
    give(engine, people.CITIZEN, "mot_lan", from_date="", to_date=None, amount=77_000_000)
    html = pages.get(citizen, f"{ROOM}/ngan-han")
    for expected in (
        "Thông tin hưởng", "Ốm đau", "1.234.000 đồng", "1/3/2026 – 9/3/2026", "Thai sản", "30.000.000 đồng",
        "31.234.000 đồng", "Ốm đau, thai sản, TNLĐ-BNN",
    ):  # fmt: skip
        assert expected in html, expected
    assert "77.000.000" not in html
    assert "00009999" not in html
    html = pages.get(citizen, f"{ROOM}/ngan-han?nam=2026")
    assert "Tổng năm 2026" in html
    assert "Thai sản</span>" not in html
    assert html.count('class="row"') == 1
    html = pages.get(citizen, f"{ROOM}/mot-lan")
    assert "Quyết định ngày 20/3/2026" in html


def test_monthly_amounts_are_not_added_up(citizen, engine):
    give(engine, people.CITIZEN, "huu_tri", amount=4_000_000, to_date=None)
    give(engine, people.CITIZEN, "tro_cap_hang_thang", amount=500_000, to_date=None)
    html = pages.get(citizen, f"{ROOM}/hang-thang")
    assert "4.500.000" not in html
    assert "mức hưởng mỗi tháng" in html
    assert f"{ROOM}/phieu-dieu-chinh" in html


def test_rows_without_any_day_can_be_chosen_too(citizen, engine):
    give(engine, people.CITIZEN, from_date="", decision_date=None, to_date=None, amount=5_000)
    give(engine, people.CITIZEN)
    html = pages.get(citizen, f"{ROOM}/ngan-han?nam=0")
    assert "Tổng các khoản không ghi ngày" in html
    assert html.count('class="row"') == 1


@pytest.mark.parametrize("query", ["nam=1999", "nam=x", "sau=x", "sau=2026-99-99_x", "sau=_", "nam=%00"])
def test_odd_addresses_show_the_page_as_it_is(citizen, engine, query):
    give(engine, people.CITIZEN)
    assert "1.234.000" in pages.get(citizen, f"{ROOM}/ngan-han?{query}")


def test_more_than_a_hundred_rows_are_paged_by_key(citizen, engine):
    for n in range(130):
        give(engine, people.CITIZEN, decision_number=f"{n}", amount=1_000 + n, from_date=f"2026-03-{n % 20 + 1:02}")
    first = pages.get(citizen, f"{ROOM}/ngan-han?nam=2026")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = pages.get(citizen, following)
    assert (first.count('class="row"'), second.count('class="row"')) == (100, 30)
    shown = [line.split(" đồng")[0] for html in (first, second) for line in html.split("<strong>") if "QĐ" not in line]
    assert "nam=2026" in following
    assert {f"1.{n:03}" for n in range(130)} <= set(shown)
    assert Key.parse(str(Key("", uuid4()))) is not None


def test_a_row_shows_its_account_only_when_asked_and_that_is_noted(citizen, engine):
    row = give(engine, people.CITIZEN)
    html = pages.get(citizen, f"{ROOM}/{row.id}")
    assert "********5678" in html
    assert "00009999" not in html
    assert f"/ca-nhan/khieu-nai/benefit/{row.id}" in html
    assert "Không phải tôi / sai" in html
    with reading(engine) as db:
        assert "benefit.account_shown" not in set(db.scalars(select(AuditEntry.tag)))
    assert "000099995678" in pages.get(citizen, f"{ROOM}/{row.id}?hien=1")
    with reading(engine) as db:
        noted = db.scalars(select(AuditEntry).where(AuditEntry.tag == "benefit.account_shown")).one()
    assert (noted.subject_id, noted.detail) == (row.person_id, {"benefit": str(row.id)})


def test_a_pension_slip_says_before_after_and_the_difference(citizen, engine):
    row = adjust(engine, people.CITIZEN)
    later = adjust(
        engine,
        people.CITIZEN,
        decision_number="9",
        effective_from=date(2999, 1, 1),
        old_amount=4_600_000,
        new_amount=4_500_000,
    )
    html = pages.get(citizen, f"{ROOM}/phieu-dieu-chinh")
    assert "Mức đang hưởng, từ ngày 1/7/2024" in html
    assert html.index("4.500.000") > html.index("4.600.000")
    html = pages.get(citizen, f"{ROOM}/phieu-dieu-chinh/{row.id}")
    for expected in ("4.600.000 đồng", "4.000.000 đồng", "tăng 600.000 đồng", "Nghị định Mẫu", "75/QĐ-MẪU", "1/7/2024"):
        assert expected in html, expected
    assert "giảm 100.000 đồng" in pages.get(citizen, f"{ROOM}/phieu-dieu-chinh/{later.id}")


def test_without_a_slip_the_page_teaches(citizen):
    assert "Chưa có phiếu nào" in pages.get(citizen, f"{ROOM}/phieu-dieu-chinh")


def test_disputed_rows_are_marked(app, citizen, engine):
    row, slip = give(engine, people.CITIZEN), adjust(engine, people.CITIZEN)
    before = app.extensions.get("disputes.open")
    app.extensions["disputes.open"] = lambda _db, _person, kind: (
        dict.fromkeys((row.id, slip.id), Complaint("", uuid4(), date(2026, 1, 1))) if kind is RowKind.BENEFIT else {}
    )
    try:
        for path in ("ngan-han", row.id, "phieu-dieu-chinh", f"phieu-dieu-chinh/{slip.id}"):
            assert "Đang khiếu nại" in pages.get(citizen, f"{ROOM}/{path}")
        assert "Không phải tôi / sai" not in pages.get(citizen, f"{ROOM}/{row.id}")
        assert citizen.get(f"{ROOM}.csv").get_data(as_text=True).count("dang_khieu_nai") == 1
        assert citizen.get(f"{ROOM}.json").get_data(as_text=True).count("dang_khieu_nai") == 2
    finally:
        app.extensions["disputes.open"] = before


def test_a_disputed_benefit_and_slip_lead_to_their_receipts(citizen, engine):
    row, slip = give(engine, people.CITIZEN), adjust(engine, people.CITIZEN)
    for id, path in ((row.id, row.id), (slip.id, f"phieu-dieu-chinh/{slip.id}")):
        form = f"/ca-nhan/khieu-nai/benefit/{id}"
        receipt = people.post(citizen, form, {"about": "sai", "words": ""}, form).headers["Location"]
        assert f'href="{receipt}">Xem khiếu nại, trả lời chậm nhất' in pages.get(citizen, f"{ROOM}/{path}")


def test_rows_are_called_by_what_they_are(app, citizen, engine):
    row, slip = give(engine, people.CITIZEN), adjust(engine, people.CITIZEN)
    with app.test_request_context(), reading(engine) as db:
        person = row.person_id
        assert disputes.described(db, person, RowKind.BENEFIT, row.id) == "Thông tin hưởng: Ốm đau, 1.234.000 đồng"
        words = disputes.described(db, person, RowKind.BENEFIT, slip.id)
        assert words == "Phiếu điều chỉnh lương hưu từ ngày 1/7/2024"
        assert disputes.described(db, person, RowKind.BENEFIT, uuid4()) is None
        assert disputes.described(db, uuid4(), RowKind.BENEFIT, row.id) is None


def test_a_guardian_sees_the_childs_under_its_name_and_nobody_elses(mother, engine):
    row = give(engine, people.CHILD, "tu_tuat", to_date=None)
    slip = adjust(engine, people.CHILD)
    own = adjust(engine, people.GUARDIAN)
    base = f"/ca-nhan/gia-dinh/{row.person_id}/thong-tin-huong"
    assert mother.get(base).location == f"{base}/hang-thang"
    for path in ("/hang-thang", f"/{row.id}", "/phieu-dieu-chinh", f"/phieu-dieu-chinh/{slip.id}"):
        html = pages.get(mother, base + path)
        assert people.CHILD.name in html.split("<h1>")[1].split("</h1>")[0]
    assert f"/ca-nhan/gia-dinh/{row.person_id}/khieu-nai/benefit/{row.id}" in pages.get(mother, f"{base}/{row.id}")
    assert mother.get(f"{ROOM}/{row.id}").status_code == 404
    assert mother.get(f"{base}/phieu-dieu-chinh/{own.id}").status_code == 404
    assert "Tử tuất" in mother.get(f"{base}.csv").get_data(as_text=True)
    assert mother.get(f"{base}.json").json["pension-adjustments"][0]["muc_moi"] == 4_600_000
    assert "Tử tuất" not in mother.get(f"{ROOM}.csv").get_data(as_text=True)


def test_a_strangers_rows_do_not_exist(citizen, engine, db, client):
    people.add_person(db, people.STRANGER)
    db.commit()
    row, slip = give(engine, people.STRANGER), adjust(engine, people.STRANGER)
    for path in (f"{row.id}", f"phieu-dieu-chinh/{slip.id}", f"{row.id}?hien=1"):
        assert citizen.get(f"{ROOM}/{path}").status_code == 404
    assert citizen.get(f"/ca-nhan/gia-dinh/{row.person_id}/thong-tin-huong/ngan-han").status_code == 404
    for path in (ROOM, f"{ROOM}/mot-lan", f"{ROOM}/{row.id}", f"{ROOM}.csv", f"{ROOM}.json"):
        assert client.get(path).status_code == 303
        assert client.get(path).location.startswith("/dang-nhap")


def test_the_csv_runs_nothing_and_the_json_is_whole(citizen, engine):
    give(engine, people.CITIZEN, payer="=HYPERLINK(1)")
    adjust(engine, people.CITIZEN)
    answer = citizen.get(f"{ROOM}.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    head, line = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert dict(zip(head, line, strict=True)) == {
        "Chế độ": "Ốm đau", "Số quyết định hưởng": "12/QĐ-MẪU", "Ngày quyết định hưởng": "20/03/2026", "Từ ngày": "01/03/2026",
        "Đến ngày": "09/03/2026", "Số tiền (đồng)": "1234000", "Đơn vị chi trả": "'=HYPERLINK(1)",
        "Số tài khoản": "********5678", "Ngân hàng": "Ngân hàng Mẫu", "Khiếu nại": "",
    }  # fmt: skip
    document = json.loads(citizen.get(f"{ROOM}.json").data)
    (row,), (slip,) = document["benefits"], document["pension-adjustments"]
    assert (row["che_do"], row["so_tien"], row["tu_ngay"]) == ("om_dau", 1_234_000, "2026-03-01")
    assert (slip["muc_cu"], slip["muc_moi"], slip["hieu_luc_tu"]) == (4_000_000, 4_600_000, "2024-07-01")


@pytest.mark.parametrize("path", ["", "/ngan-han", "/ngan-han?nam=2026", "/{row}", "/phieu-dieu-chinh", "/phieu-dieu-chinh/{slip}", ".csv", ".json"])  # fmt: skip
def test_a_page_takes_few_statements_however_many_rows_there_are(citizen, engine, hear: Heard, path):
    for n in range(20):
        row = give(engine, people.CITIZEN, decision_number=f"{n}")
        slip = adjust(engine, people.CITIZEN, decision_number=f"{n}")
    address = ROOM + path.format(row=row.id, slip=slip.id)
    citizen.get(address)
    hear.clear()
    citizen.get(address)
    assert 0 < len(hear) <= 8, "\n".join(hear)


def test_the_profiles_line_is_true(app, citizen, engine):
    def line() -> Any:
        with reading(engine) as db:
            label = benefits.line(db, id_of(engine, people.CITIZEN), today())
        return str(label), label.params.get("amount")

    assert line()[0] == "Chưa hưởng chế độ nào"
    give(engine, people.CITIZEN)
    assert line() == ("Gần nhất: %(kind)s, %(amount)s đồng", 1_234_000)
    give(engine, people.CITIZEN, "huu_tri", from_date="2020-01-01", to_date=None, amount=4_000_000)
    assert line() == ("%(kind)s: %(amount)s đồng mỗi tháng", 4_000_000)
    adjust(engine, people.CITIZEN)
    adjust(engine, people.CITIZEN, effective_from=date(2999, 1, 1), new_amount=9_000_000)
    assert line()[1] == 4_600_000


def test_a_pension_comes_before_an_allowance_and_what_has_ended_is_not_received():
    day = date(2026, 11, 29)
    allowance = Latest(BenefitKind.ALLOWANCE, 500_000, date(2026, 1, 1), None)
    pension = Latest(BenefitKind.PENSION, 4_000_000, date(2020, 1, 1), None)
    assert summary([allowance, pension], None, day).params["kind"] == "Lương hưu"
    assert summary([allowance], 4_600_000, day).params["amount"] == 500_000
    ended = Latest(BenefitKind.PENSION, 4_000_000, date(2020, 1, 1), date(2026, 11, 28))
    assert str(summary([ended], None, day)).startswith("Gần nhất")


def test_every_kind_stands_in_one_part():
    assert sorted(kind for branch in Branch for kind in branch.kinds) == sorted(BenefitKind)
    assert all(kind.label for kind in BenefitKind)
