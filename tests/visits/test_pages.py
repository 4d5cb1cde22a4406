"""Sổ khám chữa bệnh over HTTP: one's own, a child's, what stands behind a press and what a guardian is not told."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import update

from tests import pages, people
from tests.visits.build import Visit, drug, file_of, material, service
from tests.visits.conftest import BOOK, HIV, born, child_of, counted, tags, walk_pages
from vssid import accounts
from vssid.directory.models import Icd10Code, Parameter
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.privacy.export import making
from vssid.records import disputes, visits
from vssid.records.disputes import RowKind
from vssid.records.models import Person
from vssid.records.rules import PartialDate, of_age_on
from vssid.records.visits.departments import named
from vssid.records.visits.models import Visit as Stored
from vssid.web.i18n import say_in


def test_a_year_says_its_visits_and_who_paid(citizen, book):
    assert book.take(file_of(Visit(), Visit("MAU0002", services=[service(), material()]))).code == 0
    html = pages.get(citizen, BOOK + "?nam=2026")
    for expected in (
        "Năm 2026: 2 lần khám", "200.000 đồng", "152.000 đồng", "48.000 đồng", "Cùng chi trả 38.000 · Tự trả 10.000", "Bệnh viện Đa khoa Khu vực Mẫu",
        "Tăng huyết áp vô căn", "15/1/2026", "Tổng 95.000 · Quỹ trả 76.000 · Bạn trả 19.000 đồng",
    ):  # fmt: skip
        assert expected in html, expected


@pytest.mark.parametrize(
    ("year", "ceiling"), [("2023", "10.800.000"), ("2024", "14.040.000"), ("2026", "14.040.000|15.180.000")]
)
def test_the_ceiling_is_six_months_of_the_years_base_salary(citizen, book, year, ceiling):
    values = {"NGAY_VAO": f"{year}01150805", "NGAY_RA": f"{year}01150900", "NGAY_TTOAN": ""}
    book.take(file_of(Visit(values=values)))
    assert re.search(f"(vượt|là) ({ceiling}) đồng", pages.get(citizen, BOOK))


def test_the_rule_of_five_years_counts_with_ones_own_figures(citizen, book):
    this_year = {"NGAY_VAO": f"{today().year}01150805", "NGAY_RA": f"{today().year}01150900", "NGAY_TTOAN": ""}
    book.take(file_of(Visit(values=this_year)))
    said = re.sub(r"<[^>]+>", " ", pages.get(citizen, BOOK))
    assert "Năm nay phần cùng chi trả của bạn là 19.000 đồng." in said
    assert re.search(r"Còn [\d.]+ đồng nữa mới đến mức này", said)


def test_a_co_pay_above_the_ceiling_leads_to_the_agency(citizen, book, engine):
    this_year = {"NGAY_VAO": f"{today().year}01150805", "NGAY_RA": f"{today().year}01150900", "NGAY_TTOAN": ""}
    book.take(file_of(Visit(values=this_year)))
    with unit(engine) as db:
        db.execute(update(Stored).values(copay=Decimal(99_000_000)))
    said = pages.get(citizen, BOOK)
    assert re.search(r"là 99.000.000 đồng. Số này đã vượt [\d.]+ đồng \(6 × mức tham chiếu", said)
    assert "hãy hỏi cơ quan BHXH" in said


@pytest.mark.parametrize("value", ["hai triệu", "2.53", "9" * 500])
def test_a_base_salary_that_cannot_be_read_makes_no_ceiling(citizen, book, engine, value):
    book.take(file_of(Visit()))
    with unit(engine) as db:
        db.execute(update(Parameter).where(Parameter.code == "luong_co_so").values(value=value))
    assert "Quy tắc 5 năm liên tục" not in pages.get(citizen, BOOK)


def test_money_is_written_as_the_reader_writes_numbers(citizen, book):
    book.take(file_of(Visit()))
    [visit] = book.visits()
    text = re.sub(r"<[^>]+>", " ", pages.get(citizen, f"{BOOK}/{visit.id}?lang=en"))
    assert "95,000" in text
    assert "× 1,500" in text
    assert "95.000" not in text
    assert "76,000" in pages.get(citizen, BOOK + "?lang=en")


def test_years_are_a_filter_and_an_empty_one_says_so(citizen, book):
    before = {"NGAY_VAO": "202412312350", "NGAY_RA": "202501010200", "NGAY_TTOAN": ""}
    book.take(file_of(Visit(), Visit("MAU0002", values=before)))
    html = pages.get(citizen, BOOK)
    assert f'href="{BOOK}?nam=2024"' in html
    assert "Năm 2026: 1 lần khám" in html
    assert "31/12/2024 – 1/1/2025" in pages.get(citizen, BOOK + "?nam=2024")
    assert "Không có thông tin khám chữa bệnh trong năm 2025" in pages.get(citizen, BOOK + "?nam=2025")
    for odd in ("0000", "abcd", "99999", "²026", "-1"):
        pages.get(citizen, f"{BOOK}?nam={odd}&sau=x")


def test_nothing_at_all_says_so(citizen):
    assert f"Không có thông tin khám chữa bệnh trong năm {today().year}" in pages.get(citizen, BOOK)


def test_a_visit_says_what_it_cost_and_who_paid(citizen, book):
    lines = [
        service(),
        service("Công thức máu mẫu", "1"),
        service("Siêu âm mẫu", "2"),
        service("Cắt mẫu", "8"),
        material(),
    ]
    beds = [service("Giường mẫu", "15"), service("Xe mẫu", "12"), service("Khác mẫu", "99")]
    book.take(file_of(Visit(drugs=[drug(), drug("Máu mẫu", MA_NHOM="7")], services=[*lines, *beds])))
    [visit] = book.visits()
    html = pages.get(citizen, f"{BOOK}/{visit.id}")
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for expected in (
        "Lần khám ngày 15/1/2026", "Bệnh viện Đa khoa Khu vực Mẫu", "K01", "08:05, 15/1/2026", "I10", "E11.9", "J00", "Khoa Khám bệnh (K01)", "Đỡ",
        "Đau đầu mẫu", "Khám bệnh", "Tổng chi phí 450.000 đồng", "Quỹ BHYT trả 352.000 đồng", "Cùng chi trả 88.000 đồng",
        "Tự trả 10.000 đồng", "30 Viên × 1.500", "tỷ lệ 100%",
        "Tiền khám : 50.000 đồng (1)", "Xét nghiệm : 50.000", "Chẩn đoán hình ảnh, thăm dò chức năng : 50.000",
        "Thủ thuật, phẫu thuật : 50.000", "Thuốc : 45.000", "Vật tư y tế : 10.000", "Giường bệnh : 50.000", "Máu : 45.000",
        "Vận chuyển : 50.000", "Chi phí khác : 50.000", "Không phải tôi / sai",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    assert f'href="/ca-nhan/khieu-nai/visit/{visit.id}"' in html
    assert "Nguồn khác" not in text


def test_diseases_bear_their_names_and_english_ones_for_who_reads_no_vietnamese(citizen, book, engine):
    with unit(engine) as db:
        db.add(Icd10Code(code="I10", printed="I10", name="Tăng huyết áp mẫu", name_en="Specimen hypertension"))
        db.add(Icd10Code(code="J00", printed="J00", name="Viêm mũi mẫu", name_en="Specimen cold"))
    book.take(file_of(Visit()))
    path = f"{BOOK}/{book.visits()[0].id}"
    html, count = counted(engine, citizen, path)
    assert count <= 8
    assert "Viêm mũi mẫu" in html
    assert "Specimen" not in html
    html = pages.get(citizen, path + "?lang=en")
    for expected in ('<small lang="en">Specimen hypertension</small>', '<small lang="en">Specimen cold</small>', "Tăng huyết áp vô căn", "Viêm mũi mẫu"):  # fmt: skip
        assert expected in html, expected


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("K01", [("K01", "Khoa Khám bệnh")]),
        ("K0450; k18 ;", [("K0450", ""), ("k18", "Khoa Nhi")]),
        ("", []),
    ],
)
def test_departments_are_called_by_the_common_list_or_by_their_code(codes, said):
    assert named(codes) == said


def test_what_the_hospital_writes_is_text(citizen, book):
    evil = '<script>alert(1)</script>"'
    book.take(file_of(Visit(drugs=[drug(evil)], values={"CHAN_DOAN_RV": evil, "LY_DO_VV": evil}), cdata=True))
    [visit] = book.visits()
    for path in (BOOK, f"{BOOK}/{visit.id}"):
        html = pages.get(citizen, path)
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html


def test_strangers_and_the_signed_out_find_nothing(citizen, book, client, register):
    book.take(file_of(Visit(who=people.STRANGER)))
    [visit] = book.visits()
    assert citizen.get(f"{BOOK}/{visit.id}").status_code == 404
    assert people.post(citizen, f"{BOOK}/{visit.id}", page="/tai-khoan/mat-khau").status_code == 404
    assert citizen.get(f"{BOOK}/{uuid4()}").status_code == 404
    assert citizen.get(f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}/so-kham").status_code == 404
    for path in (BOOK, f"{BOOK}/{visit.id}"):
        assert client.get(path).status_code == 303
    assert "no-store" in citizen.get(BOOK).headers["Cache-Control"]


def test_a_guardian_sees_a_childs_visits_and_it_is_noted(guardian, book, engine, register):
    child = register[people.CHILD.ma_so]
    book.take(file_of(Visit(who=people.CHILD, values=child_of(people.CHILD)), Visit("MAU0002")))
    path = f"/ca-nhan/gia-dinh/{child}/so-kham"
    html = pages.get(guardian, path)
    assert f"Sổ khám chữa bệnh của {people.CHILD.name}" in html
    assert "Gia đình trả 19.000" in html
    theirs, others = book.visits()
    assert people.CHILD.name in pages.get(guardian, f"{path}/{theirs.id}")
    assert guardian.get(f"{path}/{others.id}").status_code == 404
    assert guardian.get(f"{BOOK}/{theirs.id}").status_code == 404
    assert tags(engine) == [("visits.listed", "citizen", "person"), ("visit.seen", "citizen", "person")]


def test_ones_own_look_is_not_noted(citizen, book, engine):
    book.take(file_of(Visit()))
    pages.get(citizen, BOOK)
    pages.get(citizen, f"{BOOK}/{book.visits()[0].id}")
    assert tags(engine) == []


def test_a_sensitive_visit_stands_behind_a_press(citizen, book, engine):
    book.take(file_of(Visit(values=HIV)))
    [visit] = book.visits()
    assert visit.sensitive
    html = pages.get(citizen, BOOK)
    assert "Bấm để xem chẩn đoán" in html
    path = f"{BOOK}/{visit.id}"
    html += pages.get(citizen, path)
    assert "nhạy cảm" not in html
    assert "B20" not in html
    answer = people.post(citizen, path)
    assert answer.status_code == 200
    assert "Bệnh nhạy cảm mẫu" in pages.inspected(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "nhạy cảm" not in pages.get(citizen, path), "the next look asks again"


@pytest.mark.parametrize(
    ("values", "sensitive"),
    [
        ({"MA_BENH_CHINH": "B24"}, True),
        ({"MA_BENH_CHINH": "Z21*"}, True),
        ({"MA_BENH_KT": "J00;b22.0"}, True),
        ({"MA_BENH_CHINH": "I10", "CHAN_DOAN_RV": "Theo dõi nhiễm HIV"}, True),
        ({"MA_BENH_CHINH": "B25"}, False),
        ({"MA_BENH_CHINH": "Z20"}, False),
        ({"CHAN_DOAN_RV": "Thai hivert"}, False),
        ({"LY_DO_VV": "Khám định kỳ HIV"}, True),
        ({"MA_BENH_KT": "I10,B20"}, True),
    ],
)
def test_which_visits_are_sensitive(book, values, sensitive):
    assert book.take(file_of(Visit(values=values))).code == 0
    assert book.visits()[0].sensitive is sensitive


def test_the_name_of_a_cost_makes_a_visit_sensitive(book):
    assert book.take(file_of(Visit(services=[service("Định lượng tải lượng HIV1")]))).code == 0
    assert book.visits()[0].sensitive


@pytest.mark.parametrize(("days", "hidden"), [(1, False), (0, True)])
def test_from_sixteen_on_a_guardian_is_not_told(guardian, book, engine, register, days, hidden):
    child = register[people.CHILD.ma_so]
    born(engine, child, 16, days)
    book.take(
        file_of(
            Visit(who=people.CHILD, values=child_of(people.CHILD)),
            Visit("MAU0002", who=people.CHILD, values={**child_of(people.CHILD), **HIV}),
        )
    )
    path, sensitive = f"/ca-nhan/gia-dinh/{child}/so-kham", book.visits()[1]
    html = pages.get(guardian, path)
    assert ("Năm 2026: 1 lần khám" in html) is hidden
    assert ("Bấm để xem" in html) is not hidden
    assert guardian.get(f"{path}/{sensitive.id}").status_code == (404 if hidden else 200)
    page = path if hidden else f"{path}/{sensitive.id}"
    form = {"page": "/tai-khoan/mat-khau"} if hidden else {"page": page}
    assert people.post(guardian, f"{path}/{sensitive.id}", **form).status_code == (404 if hidden else 200)
    with reading(engine) as db:
        lines = [say_in("vi", visits.line(db, child, today(), by_guardian=by)) for by in (True, False)]
    assert lines == [f"{1 if hidden else 2} lần khám năm nay", "2 lần khám năm nay"]
    dispute = f"/ca-nhan/gia-dinh/{child}/khieu-nai/visit"
    assert guardian.get(f"{dispute}/{sensitive.id}").status_code == (404 if hidden else 200)
    assert guardian.get(f"{dispute}/{book.visits()[0].id}").status_code == 200


@pytest.mark.parametrize(("days", "hidden"), [(1, False), (0, True)])
def test_a_childs_own_account_in_the_guardians_hands_hides_the_same(app, citizen, book, engine, register, days, hidden):
    mine = register[people.CITIZEN.ma_so]
    born(engine, mine, 16, days)
    with unit(engine) as db:
        account = accounts.by_person(db, mine)
        account.guardian_id, account.guarded_until = (
            register[people.GUARDIAN.ma_so],
            of_age_on(PartialDate.parse(db.get_one(Person, mine).birth_date)),
        )
    book.take(file_of(Visit(), Visit("MAU0002", values=HIV)))
    assert ("Bấm để xem" in pages.get(citizen, BOOK)) is not hidden
    assert citizen.get(f"{BOOK}/{book.visits()[1].id}").status_code == (404 if hidden else 200)
    assert citizen.get(f"/ca-nhan/khieu-nai/visit/{book.visits()[1].id}").status_code == (404 if hidden else 200)
    assert f"{1 if hidden else 2} lần khám năm nay" in pages.get(citizen, "/ca-nhan")
    assert tags(engine) == [("visits.listed", "citizen", "person")]
    with app.app_context(), zipfile.ZipFile(io.BytesIO(making.made(engine, mine, "vi", now()))) as copy:
        text = copy.read("du-lieu.json").decode()
    assert "Tăng huyết áp vô căn" in text
    assert ("Bệnh nhạy cảm mẫu" in text) is not hidden


def test_the_line_for_the_profile(book, engine, register):
    book.take(file_of(Visit(), Visit("MAU0002")))
    with reading(engine) as db:
        label = visits.line(db, register[people.CITIZEN.ma_so], date(2026, 12, 31))
        assert str(label) % label.params == "2 lần khám năm nay"
        assert str(visits.line(db, register[people.CITIZEN.ma_so], date(2027, 1, 1))) == "Chưa có lần khám nào năm nay"


def test_a_disputed_visit_leads_to_its_receipt(citizen, book):
    book.take(file_of(Visit()))
    [visit] = book.visits()
    form = f"/ca-nhan/khieu-nai/visit/{visit.id}"
    receipt = people.post(citizen, form, {"about": "sai", "words": ""}, form).headers["Location"]
    assert f'href="{receipt}">Xem khiếu nại, trả lời chậm nhất' in pages.get(citizen, f"{BOOK}/{visit.id}")


def test_a_disputed_visit_is_marked_and_has_a_name(app, citizen, book, engine, register, monkeypatch):
    book.take(file_of(Visit()))
    [visit] = book.visits()
    mine, strangers = register[people.CITIZEN.ma_so], register[people.STRANGER.ma_so]
    monkeypatch.setitem(
        app.extensions,
        "disputes.open",
        lambda db, person, kind: {visit.id: disputes.Complaint("", uuid4(), date(2026, 1, 1))},
    )
    for path in (BOOK, f"{BOOK}/{visit.id}"):
        assert "Đang khiếu nại" in pages.get(citizen, path)
    with app.test_request_context(), reading(engine) as db:
        name = 'Lần khám ngày 15/1/2026 tại <span lang="vi">Bệnh viện Đa khoa Khu vực Mẫu</span>'
        assert disputes.described(db, mine, RowKind.VISIT, visit.id) == name
        assert disputes.described(db, strangers, RowKind.VISIT, visit.id) is None


def test_five_hundred_visits_in_pages_of_few_statements(citizen, book, engine):
    def visit(n: int) -> Visit:
        at = f"2026{n % 11 + 1:02}{n % 28 + 1:02}0805"
        return Visit(f"MAU{n:04}", values={"NGAY_VAO": at, "NGAY_RA": at, "NGAY_TTOAN": ""})

    done = book.take(file_of(*(visit(n) for n in range(500)), how="nested"))
    assert done.counts["new"] == 500
    walk_pages(engine, citizen, BOOK, r"<span>(\d+/\d+/2026)")


def test_a_guardians_pages_ask_for_few_statements(guardian, book, engine, register):
    book.take(file_of(Visit(who=people.CHILD, values=child_of(people.CHILD))))
    path = f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}/so-kham"
    for one in (path, f"{path}/{book.visits()[0].id}"):
        _html, count = counted(engine, guardian, one)
        assert 0 < count <= 9, count
