"""/tra-cuu: what people read, with and without htmx."""

import re

import pytest
from sqlalchemy import event

from tests import pages
from tests.lookups.lists.test_finding import add, facility
from vssid.directory.models import Agency, CollectionPoint, Employer, Parameter
from vssid.kernel.clock import today
from vssid.kernel.db import unit
from vssid.kernel.text import fold
from vssid.lookups.lists.rules import SHEETS, SHOWS_LATE
from vssid.lookups.lists.views import QUESTIONS_A_MINUTE
from vssid.web.flood import Flood


def test_all_six_can_be_found_from_one_page(client):
    html = pages.get(client, "/tra-cuu")
    for path in ("/tra-cuu/ma-so", *(f"/tra-cuu/{sheet.slug}" for sheet in SHEETS)):
        assert f'href="{path}"' in html
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.slug)
def test_a_list_without_data_says_so(client, sheet):
    assert "Danh mục này chưa có dữ liệu." in pages.get(client, f"/tra-cuu/{sheet.slug}")
    assert client.get("/tra-cuu/khong-co").status_code == 404


def test_an_agency_can_be_called_visited_and_written_to(engine, client):
    add(engine, Agency(code="08902", name="BHXH cơ sở Mẫu Một", address="1 đường Mẫu, Phường Long Xuyên, Tỉnh An Giang",
                       phone="0296 000 001; 0296.000.002", email="mau@example.vn", hours="7:30-11:30", folded=""))  # fmt: skip
    html = pages.get(client, "/tra-cuu/co-quan?q=bhxh+mau")
    for expected in ("BHXH cơ sở Mẫu Một", 'href="tel:0296000001"', 'href="tel:0296000002"', "geo:0,0?q=BHXH",
                     "mailto:mau@example.vn", "7:30-11:30", "Mã: 08902", "Cập nhật ngày"):  # fmt: skip
        assert expected in html, expected


def test_htmx_gets_the_results_alone_and_the_page_works_without(engine, client):
    add(engine, facility("89012", "Bệnh viện Đa khoa Khu vực Mẫu"))
    part = pages.part(client, "/tra-cuu/kham-chua-benh?q=bv")
    assert part.lstrip().startswith('<section id="found"')
    assert "Bệnh viện Đa khoa Khu vực Mẫu" in part
    whole = pages.get(client, "/tra-cuu/kham-chua-benh?q=bv")
    assert '<form novalidate method="get" action="/tra-cuu/kham-chua-benh"' in whole
    assert part.strip() in whole


def test_an_old_place_is_named_with_what_it_is_now(engine, client):
    add(
        engine,
        facility("89012", "Bệnh viện Mẫu", "Phường Long Xuyên, Tỉnh An Giang"),
        facility("89013", "Bệnh viện Mẫu Xa"),
    )
    html = pages.get(client, "/tra-cuu/kham-chua-benh?q=&noi=p+my+binh+long+xuyen")
    assert "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang (cũ)" in html
    assert "Phường Long Xuyên, Tỉnh An Giang" in html
    assert "Mã: 89012" in html
    assert "Mã: 89013" not in html


def test_where_no_entry_names_the_place_those_of_the_province_are_shown(engine, client):
    add(engine, facility("89012", "Bệnh viện Mẫu", province_code="91"))
    html = pages.get(client, "/tra-cuu/kham-chua-benh?q=&noi=phuong+long+xuyen")
    assert "Không thấy mục nào ghi rõ nơi này" in html
    assert "Mã: 89012" in html


def test_a_place_that_nobody_knows_is_said_to_be_unknown(engine, client):
    add(engine, facility("89012", "Bệnh viện Mẫu"))
    assert "Không thấy nơi nào tên “xyzabc”" in pages.get(client, "/tra-cuu/kham-chua-benh?q=mau&noi=xyzabc")


def test_nothing_found_says_what_to_try(engine, client):
    add(engine, facility("89012", "Bệnh viện Mẫu"))
    html = pages.get(client, "/tra-cuu/kham-chua-benh?q=qwertyuiop")
    assert "Không thấy mục nào" in html
    assert "bỏ chữ viết tắt" in html


def test_a_slip_is_told(engine, client):
    add(engine, facility("79048", "Bệnh viện Mẫu Chợ Rẫy"))
    assert "Không có “raiy”; đang tìm “ray”." in pages.get(client, "/tra-cuu/kham-chua-benh?q=cho+raiy")


@pytest.mark.parametrize(("allowed", "shown"), [("1", True), ("0", False), (None, False)])
def test_months_late_are_shown_only_where_the_operator_allows(engine, client, allowed, shown):
    add(engine, Employer(code="TA01", name="Công ty Mẫu", months_late=3, agency_code="08902"))
    add(engine, Agency(code="08902", name="BHXH cơ sở Mẫu Một", folded=""))
    if allowed is not None:
        with unit(engine) as db:
            db.add(Parameter(code=SHOWS_LATE, valid_from=today(), value=allowed, source="Văn bản mẫu"))
    html = pages.get(client, "/tra-cuu/don-vi?q=mau")
    assert ("Chậm đóng 3 tháng" in html) is shown
    assert 'href="/tra-cuu/co-quan?q=08902"' in html


def test_an_agent_is_told_from_a_collection_point(engine, client):
    add(
        engine,
        CollectionPoint(code="D1", name="Đại lý Mẫu", kind="dai_ly"),
        CollectionPoint(code="D2", name="Điểm thu Mẫu", kind="diem_thu"),
    )
    html = pages.get(client, "/tra-cuu/diem-thu?q=mau")
    assert html.index("Đại lý thu") < html.index("Điểm thu Mẫu")


def test_the_next_page_is_linked_and_the_last_has_none(engine, client):
    add(engine, *(Employer(code=f"M{n:03}", name=f"Công ty Mẫu {n:03}") for n in range(15)))
    html = pages.get(client, "/tra-cuu/don-vi?q=cong+ty+mau")
    assert 'href="/tra-cuu/don-vi?q=cong+ty+mau&amp;trang=1"' in html
    assert 'rel="next"' not in pages.get(client, "/tra-cuu/don-vi?q=cong+ty+mau&trang=1")


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "a" * 5000, "trang=-1", "trang=99", "trang=x&q=a", "tinh=%27", "q=%ff%fe", "noi=%22%22"]
)
def test_whatever_the_address_says_the_page_answers(engine, client, query):
    add(engine, facility("89012", "Bệnh viện Mẫu"))
    assert client.get(f"/tra-cuu/kham-chua-benh?{query}").status_code == 200


def test_a_search_takes_few_statements(engine, client):
    add(engine, *(Employer(code=f"M{n:03}", name=f"Công ty Mẫu {n:03}") for n in range(15)))
    client.get("/tra-cuu/don-vi?q=mau")
    heard = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    client.get("/tra-cuu/don-vi?q=mau")
    asked = [one for one in heard if one.startswith("SELECT")]
    assert len(asked) <= 6, asked


def test_a_flood_from_one_neighbourhood_stops_at_its_bound_and_no_other_is_kept_out(app, client):
    app.extensions["lists.flood"], app.extensions["shelf"]._closed_until = Flood(3), 0
    try:
        asked = [client.get(f"/tra-cuu/co-quan?q=mau{n}").status_code for n in range(5)]
        assert asked == [200, 200, 200, 429, 429]
        refused = client.get("/tra-cuu/co-quan?q=mau9")
        assert refused.headers["Retry-After"] == "60"
        assert "đợi một phút" in refused.get_data(as_text=True)
        assert client.get("/tra-cuu/co-quan?q=mau1").status_code == 200  # lies ready: it costs nothing
        assert client.get("/tra-cuu/co-quan").status_code == 200
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        assert client.get("/tra-cuu/co-quan?q=mau8", environ_overrides=elsewhere).status_code == 200
    finally:
        app.extensions["lists.flood"] = Flood(QUESTIONS_A_MINUTE)


def test_the_next_minute_counts_anew(monkeypatch):
    flood, minutes = Flood(1), iter([0.0, 59.9, 60.1])
    monkeypatch.setattr("vssid.web.flood.ticks", lambda: next(minutes))
    assert [flood.takes("n") for _turn in range(3)] == [True, False, True]


# ---- places in people's own words


def agency(code, name, address) -> Agency:
    return Agency(code=code, name=name, address=address, folded=fold(name))


@pytest.fixture
def agencies(engine):
    add(
        engine,
        agency("08902", "BHXH cơ sở Mẫu Long Xuyên", "Phường Long Xuyên, Tỉnh An Giang"),
        agency("08903", "BHXH cơ sở Mẫu Thoại Sơn", "Xã Thoại Sơn, Tỉnh An Giang"),
        agency("08904", "BHXH cơ sở Mẫu Tịnh Biên", "Đường Mẫu Núi, Phường Tịnh Biên, Tỉnh An Giang"),
    )


def test_a_province_of_before_the_merger_is_the_one_of_today(client, agencies):
    html = pages.get(client, "/tra-cuu/co-quan?noi=Kiên Giang")
    assert "Ở Tỉnh Kiên Giang (cũ)." in html
    assert 'Nay là: <span lang="vi">Tỉnh An Giang</span>.' in html
    assert html.count('class="panel entry"') == 3
    assert pages.get(client, "/tra-cuu/co-quan?noi=tinh an giang").count('class="panel entry"') == 3


def test_an_old_district_is_all_that_its_wards_are_today(client, agencies):
    html = pages.get(client, "/tra-cuu/co-quan?noi=Huyện Thoại Sơn, Tỉnh An Giang (cũ)")
    assert "Xã Thoại Sơn, Tỉnh An Giang" in html
    assert "Xã Óc Eo, Tỉnh An Giang" in html
    assert "BHXH cơ sở Mẫu Thoại Sơn" in html
    assert "BHXH cơ sở Mẫu Tịnh Biên" not in html


@pytest.mark.parametrize("typed", ["Bình Khánh", "Châu Thành", "huyện Chợ Mới"])
def test_of_places_of_one_name_that_of_ones_own_province_is_meant(client, agencies, typed):
    html = pages.get(client, f"/tra-cuu/co-quan?noi={typed}")
    taken = re.search(r"Ở ([^<]*?)\.", html)[1]
    assert "An Giang" in taken


@pytest.mark.parametrize(
    ("typed", "place"),
    [("núi sập", "Thị trấn Núi Sập, Huyện Thoại Sơn, Tỉnh An Giang (cũ)"),
     ("Phường Mỹ Quý", "Phường Mỹ Quý, Thành phố Long Xuyên, Tỉnh An Giang (cũ)"), ("oc eo", "Xã Óc Eo, Tỉnh An Giang")],
)  # fmt: skip
def test_an_old_place_typed_where_words_belong_is_offered_as_a_place(client, agencies, typed, place):
    html = pages.get(client, f"/tra-cuu/co-quan?q={typed}")
    address = re.search(r'Là tên một nơi\? <a href="([^"]+)">', html)[1].replace("&amp;", "&")
    assert f"Tìm ở {place}" in html
    assert 'class="panel entry"' in pages.get(client, address)


def test_what_lacks_a_word_that_was_typed_is_said_to_be_the_nearest(client, agencies):
    nearest = "Không có mục nào đủ các chữ đã gõ; gần nhất là:"
    assert nearest in pages.get(client, "/tra-cuu/co-quan?q=núi sập")
    for whole in ("thoai son", "long xuyen mau", "08902", "bhxh co so"):
        assert nearest not in pages.get(client, f"/tra-cuu/co-quan?q={whole}")
