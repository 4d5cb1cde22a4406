"""Quá trình tham gia over HTTP: of oneself, of a child, never of a stranger."""

import csv
import io
import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import delete, event, update

from tests import pages, people
from tests.records.contributions.conftest import Family, month
from vssid.directory.models import Parameter
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit
from vssid.kernel.text import phones
from vssid.records import contributions, disputes
from vssid.records.contributions.rules import spoken

BHXH = "/ca-nhan/qua-trinh/bhxh"


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_without_a_fund_the_first_tab_is_shown(family: Family) -> None:
    for base in ("/ca-nhan", family.base_of_child):
        answer = family.client.get(f"{base}/qua-trinh")
        assert (answer.status_code, answer.location) == (303, f"{base}/qua-trinh/bhxh")


def test_totals_and_periods_are_shown_newest_first(family: Family) -> None:
    family.add("01/2010", "12/2013", "Công ty Mẫu Cũ")
    family.add("09/2016", "02/2020", "Trung tâm Mẫu Hai")
    family.add("03/2020", "05/2020", "Trung tâm Mẫu Hai", status="cham_dong")
    html = pages.get(family.client, BHXH)
    said = words(html)
    assert "Tổng thời gian tham gia: 7 năm 6 tháng" in said
    assert "Tổng thời gian chậm đóng: 3 tháng" in said
    order = [said.index(text) for text in ("03/2020 – 05/2020", "09/2016 – 02/2020", "01/2010 – 12/2013")]
    assert order == sorted(order)
    assert "Đơn vị chậm đóng" in said
    assert "5.453.400 đồng · hệ số 3,66" in said


def test_the_picture_says_in_words_what_it_shows(family: Family) -> None:
    family.add("01/2010", "12/2013")
    family.add("03/2014", "04/2014", status="no_dong")
    html = pages.get(family.client, BHXH)
    picture = re.search(r'<svg class="months".*?</svg>', html, re.S)
    assert picture
    assert 'role="img" aria-labelledby="months-title months-desc"' in picture[0]
    desc = "Từ tháng 01/2010 đến tháng 04/2014: đã đóng 48 tháng, chậm đóng 2 tháng, ngắt quãng 2 tháng."
    assert desc in picture[0]
    for state in ("m-paid", "m-late", "m-gap"):
        assert f'class="{state}"' in picture[0]
    said = words(html)
    for row in ("03/2014 04/2014 Chậm đóng (2 tháng)", "01/2014 02/2014 Ngắt quãng (2 tháng)", "01/2010 12/2013 Đã đóng (48 tháng)"):  # fmt: skip
        assert row in said, row


def test_each_fund_shows_its_own(family: Family) -> None:
    family.add("01/2020", "12/2020", "Đơn vị Mẫu BHXH")
    family.add("01/2021", "03/2021", "Đơn vị Mẫu BHYT", fund="BHYT")
    html = pages.get(family.client, "/ca-nhan/qua-trinh/bhyt")
    assert "Đơn vị Mẫu BHYT" in html
    assert "Đơn vị Mẫu BHXH" not in html
    assert "0 năm 3 tháng" in words(html)
    assert family.client.get("/ca-nhan/qua-trinh/khac").status_code == 404


def test_the_part_for_htmx_stands_alone(family: Family) -> None:
    id = family.add("01/2020", "12/2020")
    for path in (BHXH, f"{BHXH}/{id}"):
        assert pages.part(family.client, path).startswith("<title>")


def test_sentences_stand_above_the_list_with_their_sources(family: Family) -> None:
    family.add("01/2010", "12/2019")
    html = pages.get(family.client, BHXH)
    said = words(html)
    assert "Lương hưu: đã đóng 10 năm 0 tháng, thiếu 5 năm 0 tháng nữa là đủ 15 năm" in said
    assert "Luật Bảo hiểm xã hội số 41/2024/QH15, Điều 64" in said
    assert said.index("Điều cần biết") < said.index("Từng giai đoạn")


def test_without_the_parameters_of_the_day_the_page_says_so(family: Family) -> None:
    family.add("01/2010", "12/2019")
    with unit(family.engine) as db:
        db.execute(delete(Parameter).where(Parameter.code.startswith("qua_trinh.")))
    assert "Dữ liệu chưa có quy định hiện hành về số năm đóng" in pages.get(family.client, BHXH)


def test_a_parameter_that_cannot_be_read_counts_as_missing(family: Family) -> None:
    family.add("01/2010", "12/2019")
    with unit(family.engine) as db:
        db.execute(update(Parameter).where(Parameter.code.startswith("qua_trinh.")).values(value="mười lăm"))
    assert "Dữ liệu chưa có quy định hiện hành về số năm đóng" in pages.get(family.client, BHXH)


@pytest.mark.parametrize("fund", ["BHXH", "BHTN", "BHYT"])
def test_no_source_says_that_it_is_to_be_checked(family: Family, fund: str) -> None:
    family.add("01/2010", "12/2019", fund=fund)
    html = pages.get(family.client, f"/ca-nhan/qua-trinh/{fund.lower()}")
    assert "Căn cứ pháp luật" in html
    assert "trí nhớ" not in html
    assert "đối chiếu" not in html


@pytest.mark.parametrize("fund", ["bhxh", "bhtn", "tnld", "bhyt"])
def test_nothing_yet_says_what_to_do(family: Family, fund: str) -> None:
    html = pages.get(family.client, f"/ca-nhan/qua-trinh/{fund}")
    assert "Chưa thấy quá trình đóng nào" in html
    assert "biên lai" in html
    assert '<svg class="months"' not in html


def test_the_detail_has_every_field_of_the_paper(family: Family) -> None:
    id = family.add("02/2020", "09/2020", "TRUNG TÂM MẪU", employer_code="TE3964E")
    html = pages.get(family.client, f"{BHXH}/{id}")
    said = words(html)
    for expected in (
        "Từ tháng 02/2020", "Đến tháng 09/2020", "Chức vụ Chuyên viên", "Đơn vị công tác TRUNG TÂM MẪU (TE3964E)",
        "Nơi làm việc 1 đường Mẫu, Long Xuyên", "Loại tiền VND", "Tiền lương đóng BHXH 5.453.400 đồng",
        "Mức lương/hệ số 3,66", "Không phải tôi / sai", "Hỏi cơ quan BHXH",
    ):  # fmt: skip
        assert expected in said, expected
    assert f"/ca-nhan/khieu-nai/contribution/{id}" in html
    assert 'href="tel:' in html


def test_the_detail_leads_to_the_agency_nearby(family: Family) -> None:
    id = family.add("02/2020", "09/2020", status="no_dong")
    with unit(family.engine) as db:
        people.add_agency(db)
    html = pages.get(family.client, f"{BHXH}/{id}")
    assert "BHXH cơ sở Mẫu Một" in html
    assert 'href="tel:0296000001"' in html
    assert "Gọi 0296\xa0000\xa0001</a>" in html
    assert "Đơn vị chưa đóng" in html


def test_of_what_one_pays_oneself_no_employer_is_named(family: Family) -> None:
    id = family.add("02/2020", "09/2020", "Đại lý thu Mẫu", kind="tu_nguyen", status="cham_dong")
    said = words(pages.get(family.client, f"{BHXH}/{id}"))
    assert "Chậm đóng Tự nguyện" in said
    assert "Đơn vị chậm đóng" not in said


def test_a_childs_pages_say_whose_they_are(family: Family) -> None:
    id = family.add("01/2024", "12/2024", "Trường Mẫu giáo Mẫu", fund="BHYT", who=family.child)
    base = f"{family.base_of_child}/qua-trinh/bhyt"
    html = pages.get(family.client, base)
    assert "Quá trình tham gia của Đặng Bé Mẫu An" in html
    assert "1 năm 0 tháng" in words(html)
    assert f'href="{base}/{id}"' in html
    html = pages.get(family.client, f"{base}/{id}")
    assert "Chi tiết quá trình tham gia của Đặng Bé Mẫu An" in html
    assert f"{family.base_of_child}/khieu-nai/contribution/{id}" in html


def test_strangers_and_their_rows_are_not_found(family: Family, client) -> None:
    theirs = family.add("01/2024", "12/2024", who=family.stranger)
    mine = family.add("01/2024", "12/2024")
    childs = family.add("01/2024", "12/2024", who=family.child)
    for path in (
        f"{BHXH}/{theirs}", f"{BHXH}/{childs}", f"{BHXH}/{uuid4()}", f"/ca-nhan/qua-trinh/bhyt/{mine}",
        f"{family.base_of_child}/qua-trinh/bhxh/{mine}", f"/ca-nhan/gia-dinh/{family.stranger}/qua-trinh/bhxh",
        f"/ca-nhan/gia-dinh/{family.stranger}/qua-trinh/bhxh.csv", f"/ca-nhan/gia-dinh/{family.stranger}/qua-trinh/bhxh/{theirs}",
    ):  # fmt: skip
        assert family.client.get(path).status_code == 404, path
    for path in ("/ca-nhan/qua-trinh", BHXH, f"{BHXH}.csv", f"{BHXH}.json", f"{BHXH}/{mine}"):
        assert client.get(path).status_code == 303, path


def test_a_disputed_period_is_marked(app, family: Family, monkeypatch) -> None:
    id = family.add("01/2024", "12/2024")
    assert "Đang khiếu nại" not in pages.get(family.client, BHXH)
    monkeypatch.setitem(
        app.extensions, "disputes.open", lambda _db, _person, _kind: {id: disputes.Complaint("", uuid4(), today())}
    )
    assert "Đang khiếu nại" in pages.get(family.client, BHXH)
    assert "Đang khiếu nại" in pages.get(family.client, f"{BHXH}/{id}")
    for ending in ("csv", "json"):
        assert family.client.get(f"{BHXH}.{ending}").get_data(as_text=True).count("dang_khieu_nai") == 1


def test_a_period_is_described_to_its_owner_only(app, family: Family) -> None:
    id = family.add("01/2024", "12/2024", "Trung tâm Mẫu Một")
    kind = disputes.RowKind.CONTRIBUTION
    with app.test_request_context(), reading(family.engine) as db:
        said = disputes.described(db, family.me, kind, id)
        employer = '<span lang="vi">Trung tâm Mẫu Một</span>'
        assert said == f"Bảo hiểm xã hội: từ tháng 01/2024 đến tháng 12/2024, {employer}"
        assert disputes.described(db, family.stranger, kind, id) is None


@pytest.mark.parametrize(
    ("language", "fund", "first"),
    [
        ("en", "Social insurance", "August 2026"),
        ("ko", "사회보험", "2026년 8월"),
        ("zh", "社会保险", "2026年8月"),
        ("ja", "社会保険", "2026年8月"),
    ],
)
def test_a_disputed_period_is_named_in_the_readers_language(
    family: Family, language: str, fund: str, first: str
) -> None:
    id = family.add("08/2026", "10/2026", "Công ty Mẫu <b>")
    path = f"/ca-nhan/khieu-nai/contribution/{id}"
    for html in (pages.get(family.client, f"{path}?lang={language}"), pages.part(family.client, path)):
        called = re.search(r"<p><strong>(.*?)</strong></p>", html)[1]
        assert called.startswith(fund)
        assert first in called
        assert '<span lang="vi">Công ty Mẫu &lt;b&gt;</span>' in called


def test_the_table_is_safe_to_open_and_whole(family: Family) -> None:
    family.add("01/2020", "12/2020", "=HYPERLINK(1)", employer_code="TE3964E", status="cham_dong")
    family.add("01/2021", "12/2021", salary=None, coefficient=None)
    answer = family.client.get(f"{BHXH}.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["tu_thang"] for row in rows] == ["01/2021", "01/2020"]
    assert (rows[0]["tien_luong"], rows[1]["tien_luong"], rows[1]["he_so"]) == ("", "5453400.00", "3.660")
    assert (rows[1]["ten_don_vi"], rows[1]["trang_thai"]) == ("'=HYPERLINK(1)", "cham_dong")


def test_the_document_holds_totals_and_no_floats(family: Family) -> None:
    family.add("01/2020", "12/2020")
    family.add("01/2021", "02/2021", status="no_dong")
    answer = family.client.get(f"{BHXH}.json")
    found = json.loads(answer.data, parse_float=pytest.fail)
    assert (found["so_thang_da_dong"], found["so_thang_cham_dong"], len(found["giai_doan"])) == (12, 2, 2)
    assert found["giai_doan"][1]["tien_luong"] == "5453400.00"


def test_a_child_has_files_too(family: Family) -> None:
    family.add("01/2024", "12/2024", fund="BHYT", who=family.child)
    for ending in ("csv", "json"):
        answer = family.client.get(f"{family.base_of_child}/qua-trinh/bhyt.{ending}")
        assert b"01/2024" in answer.data


def test_one_line_for_the_profile(family: Family) -> None:
    family.add("01/2010", "03/2024")
    family.add("04/2024", "05/2024", status="cham_dong")
    with reading(family.engine) as db:
        line = contributions.line(db, family.me, today())
        assert str(line) == "%(total)s · chậm đóng %(late)s tháng"
        assert (line.params["total"].params, line.params["late"]) == ({"years": 14, "months": 3}, 2)
        assert str(contributions.line(db, family.stranger, today())) == "Chưa thấy quá trình tham gia"


@pytest.fixture
def forty_years(family: Family) -> Family:
    for year in range(1986, 2026):
        for number in range(1, 13):
            family.add(f"{number:02}/{year}", f"{number:02}/{year}", f"Đơn vị Mẫu {number % 3}")
    return family


def statements(family: Family, path: str) -> list[str]:
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    family.client.get(path)
    event.listen(family.engine, "before_cursor_execute", count)
    try:
        assert family.client.get(path).status_code == 200
    finally:
        event.remove(family.engine, "before_cursor_execute", count)
    return seen


def test_few_statements_a_page(family: Family) -> None:
    id = family.add("01/2024", "12/2024")
    family.add("01/2024", "12/2024", who=family.child)
    for path in (BHXH, f"{BHXH}/{id}", f"{BHXH}.csv", f"{BHXH}.json", f"{family.base_of_child}/qua-trinh/bhxh"):
        seen = statements(family, path)
        assert 0 < len(seen) <= 8, "\n".join([path, *seen])


def test_forty_years_are_no_more_statements_and_read_page_by_page(forty_years: Family) -> None:
    assert len(statements(forty_years, BHXH)) <= 8
    shown: list[str] = []
    path: str | None = BHXH
    first = words(pages.get(forty_years.client, BHXH))
    assert "Tổng thời gian tham gia: 40 năm 0 tháng" in first
    while path:
        html = pages.get(forty_years.client, path)
        shown += re.findall(r"<strong>(\d\d/\d{4}) –", html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = following[1] if following else None
    assert len(shown) == 480
    assert shown == [spoken(m) for m in range(month("12/2025"), month("12/1985"), -1)]
    for _page in range(47):
        before = re.search(r'rel="prev" href="([^"]+)"', html)
        assert before
        html = pages.get(forty_years.client, before[1])
    assert 'rel="prev"' not in html
    assert words(html) == first


def test_an_unknown_key_shows_the_newest(family: Family) -> None:
    family.add("01/2024", "12/2024")
    assert "01/2024 – 12/2024" in words(pages.get(family.client, f"{BHXH}?sau={uuid4()}"))


def test_without_a_fund_the_first_that_holds_anything_is_shown(family: Family) -> None:
    family.add("01/2024", "12/2024", fund="BHYT", who=family.child)
    assert family.client.get(f"{family.base_of_child}/qua-trinh").location == f"{family.base_of_child}/qua-trinh/bhyt"
    family.add("01/2024", "12/2024", fund="BHTN")
    family.add("01/2024", "12/2024", fund="BHYT")
    assert family.client.get("/ca-nhan/qua-trinh").location == "/ca-nhan/qua-trinh/bhtn"


@pytest.mark.parametrize(
    ("fund", "words_"), [("bhxh", "Quỹ này dành cho người đi làm"), ("bhyt", "Nếu con đã có thẻ BHYT")]
)
def test_nothing_yet_is_said_of_a_child_in_words_that_fit_one(family: Family, fund: str, words_: str) -> None:
    html = pages.get(family.client, f"{family.base_of_child}/qua-trinh/{fund}")
    assert words_ in html
    assert "hợp đồng lao động" not in html


def test_a_child_is_summed_up_by_its_health_insurance(family: Family) -> None:
    family.add("01/2024", "12/2024", fund="BHYT", who=family.child)
    assert "Bảo hiểm y tế: 1 năm 0 tháng" in pages.get(family.client, family.base_of_child)


@pytest.mark.parametrize(
    ("language", "span", "since"),
    [
        ("vi", "09/2016 – 02/2020", "03/2020–05/2020"),
        ("en", "September 2016 – February 2020", "March 2020–May 2020"),
        ("ko", "2016년 9월 – 2020년 2월", "2020년 3월–2020년 5월"),
        ("zh", "2016年9月 – 2020年2月", "2020年3月–2020年5月"),
        ("ja", "2016年9月 – 2020年2月", "2020年3月–2020年5月"),
    ],
)
def test_months_are_written_as_the_reader_writes_them(family: Family, language: str, span: str, since: str) -> None:
    family.add("09/2016", "02/2020")
    family.add("03/2020", "05/2020", status="cham_dong")
    said = words(pages.get(family.client, f"{BHXH}?lang={language}"))
    assert span in said
    assert since in said
    rows = family.client.get(f"{BHXH}.csv").data.decode("utf-8-sig")
    assert "09/2016,02/2020" in rows


def test_gaps_and_late_months_lead_to_somebody_who_can_be_asked(family: Family) -> None:
    family.add("01/2020", "12/2020")
    html = pages.get(family.client, BHXH)
    assert "Hỏi cơ quan BHXH" not in html
    with unit(family.engine) as db:
        people.add_agency(db)
    family.add("03/2021", "12/2021")
    html = pages.get(family.client, BHXH)
    assert 'href="tel:0296000001"' in html
    check = f'href="{BHXH}/kiem-tra">Gửi yêu cầu kiểm tra'
    assert check in html
    family.add("01/2022", "02/2022", status="no_dong")
    assert html.index("Hỏi cơ quan BHXH") < html.index("Lương hưu:")
    assert check in pages.get(family.client, BHXH)
    assert len(statements(family, BHXH)) <= 8


def test_months_paid_ahead_are_told_and_not_counted(family: Family, this_month: int) -> None:
    family.add(spoken(this_month - 11), spoken(this_month + 12), kind="tu_nguyen")
    html = pages.get(family.client, BHXH)
    assert f"Đã đóng trước đến tháng {spoken(this_month + 12)}" in html
    assert "1 năm 0 tháng" in words(html)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0296 000 001; 0296.000.002", [("0296 000 001", "0296000001"), ("0296.000.002", "0296000002")]),
        ("(0296) 000-001/", [("(0296) 000-001", "0296000001")]),
        ("gặp trực tiếp", []),
    ],
)
def test_an_agencys_numbers_can_be_dialled(text: str, numbers: list[tuple[str, str]]) -> None:
    assert list(phones(text)) == numbers


def test_a_long_table_in_words_is_folded_until_somebody_asks_for_all(family: Family) -> None:
    for year in range(1990, 2010):
        family.add(f"01/{year}", f"06/{year}")
    html = pages.get(family.client, BHXH)
    assert html.count("<tr>") == 1 + 6
    assert "Xem thêm 33 dòng cũ hơn" in html
    assert "Xem cả những năm trước" in html
    assert ">1998</text>" in html
    assert ">1997</text>" not in html
    assert "Từ tháng 01/1990 đến tháng 06/2009: đã đóng 120 tháng" in html
    whole = pages.get(family.client, f"{BHXH}?bang=1")
    assert whole.count("<tr>") == 1 + 39
    assert ">1990</text>" in whole
    assert "những năm trước" not in whole
    assert "dòng cũ hơn" not in whole
