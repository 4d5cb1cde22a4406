"""Bản kê quá trình tham gia: what stands on the paper, who may print it, and what a checker is told."""

import io
import re
from uuid import uuid4

import pypdf
import pytest
from sqlalchemy import select

from tests import pages, people
from tests.records.contributions.conftest import Family, month
from tests.records.contributions.test_pages import statements
from vssid.attesting.models import IssuedDocument
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import today
from vssid.kernel.db import reading
from vssid.records.contributions.rules import Span
from vssid.records.contributions.statement import joined
from vssid.records.disputes import Complaint

PAPER = "/ca-nhan/qua-trinh.pdf"


def printed(answer) -> tuple[str, int]:
    """The words of a PDF, and its pages."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    document = pypdf.PdfReader(io.BytesIO(answer.data))
    return " ".join(" ".join(page.extract_text() for page in document.pages).split()), len(document.pages)


def issued(family: Family) -> list[IssuedDocument]:
    with reading(family.engine) as db:
        return list(db.scalars(select(IssuedDocument).order_by(IssuedDocument.issued_at)))


def test_the_paper_has_every_fund_with_its_total_and_each_period(family: Family) -> None:
    family.add("01/2010", "12/2013", "Công ty Mẫu Cũ", employer_code="TE3964E")
    family.add("03/2014", "04/2014", "Công ty Mẫu Chậm", status="cham_dong")
    family.add("01/2020", "12/2020", "Trường Mẫu", fund="BHYT", kind="tu_nguyen")
    text, count = printed(family.client.get(PAPER))
    for expected in (
        "Bản kê quá trình tham gia BHXH, BHTN, BHTNLĐ-BNN, BHYT", "không phải mẫu của cơ quan BHXH", "không thay cho mẫu C14-TS",
        people.GUARDIAN.name, "89 0000 0103", "4 năm 0 tháng, chậm đóng 2 tháng", "1 năm 0 tháng", "Công ty Mẫu Cũ (TE3964E)",
        "Chuyên viên; 1 đường Mẫu, Long Xuyên", "5.453.400", "3,66", "Đơn vị chậm đóng", "Tự nguyện", "12/2020",
        "Mã xác minh:", f"Trang 1 / {count}", f"{today():%d/%m/%Y}",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    assert text.index("Công ty Mẫu Cũ") < text.index("Công ty Mẫu Chậm")
    assert text.count("Chưa có dữ liệu.") == 2


def test_a_disputed_period_bears_words(app, family: Family, monkeypatch) -> None:
    id = family.add("01/2024", "12/2024")
    assert "Đang khiếu nại 01" not in printed(family.client.get(PAPER))[0]
    before = printed(family.client.get(PAPER))[0].count("Đang khiếu nại")
    monkeypatch.setitem(
        app.extensions, "disputes.open", lambda _db, _person, _kind: {id: Complaint("", uuid4(), today())}
    )
    assert printed(family.client.get(PAPER))[0].count("Đang khiếu nại") == before + 1
    assert len(issued(family)) == 2, "a paper that says something else has a code of its own"


def test_months_paid_ahead_are_told_beside_the_total(family: Family, this_month: int) -> None:
    first = f"{(this_month - 11) % 12 + 1:02}/{(this_month - 11) // 12}"
    ahead = f"{(this_month + 6) % 12 + 1:02}/{(this_month + 6) // 12}"
    family.add(first, ahead, kind="tu_nguyen")
    text, _count = printed(family.client.get(PAPER))
    assert f"1 năm 0 tháng. Đã đóng trước đến tháng {ahead}" in text


def test_whoever_holds_the_paper_is_told_what_stands_on_it(family: Family, client) -> None:
    family.add("01/2010", "12/2013")
    text, _count = printed(family.client.get(PAPER))
    code = re.search(r"Mã xác minh: ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})", text)[1]
    answer = client.post("/xac-minh", data={"code": code})
    page = pages.inspected(answer)
    for expected in (people.GUARDIAN.name, "1990", "4 năm 0 tháng", "12/2013", f"{today():%d/%m/%Y}"):
        assert expected in page, expected
        assert expected in text, expected
    assert "Công ty" not in page


def test_printing_twice_a_day_keeps_the_code_and_is_noted_both_times(family: Family) -> None:
    family.add("01/2010", "12/2013")
    for _time in range(2):
        printed(family.client.get(PAPER))
    [paper] = issued(family)
    assert paper.person_id == family.me
    with reading(family.engine) as db:
        noted = db.scalars(select(AuditEntry).where(AuditEntry.tag == "document.issued")).all()
    assert [(one.subject_id, one.detail["kind"]) for one in noted] == [(family.me, "qua_trinh")] * 2
    assert paper.code[:4] in pages.get(family.client, "/ca-nhan/giay-co-ma")


def test_a_guardian_prints_a_childs_and_nobody_elses(family: Family, client) -> None:
    family.add("01/2024", "12/2024", "Trường Mẫu giáo Mẫu", fund="BHYT", who=family.child)
    family.add("01/2024", "12/2024", "Công ty Mẫu Lạ", who=family.stranger)
    text, _count = printed(family.client.get(f"{family.base_of_child}/qua-trinh.pdf"))
    assert people.CHILD.name in text
    assert "Trường Mẫu giáo Mẫu" in text
    assert people.GUARDIAN.name not in text
    assert family.client.get(f"/ca-nhan/gia-dinh/{family.stranger}/qua-trinh.pdf").status_code == 404
    assert client.get(PAPER).status_code == 303
    assert len(issued(family)) == 1


def test_the_pages_lead_to_the_paper(family: Family) -> None:
    family.add("01/2024", "12/2024", fund="BHYT")
    family.add("01/2024", "12/2024", fund="BHYT", who=family.child)
    for base in ("/ca-nhan", family.base_of_child):
        html = pages.get(family.client, f"{base}/qua-trinh/bhyt")
        assert f'href="{base}/qua-trinh.pdf">Tải bản in có mã xác minh (PDF)' in html


def test_a_table_that_breaks_repeats_its_head_and_says_what_it_left_out(family: Family, monkeypatch) -> None:
    monkeypatch.setattr("vssid.records.contributions.statement.LINES_A_FUND", 60)
    for n in range(70):
        family.add(f"{n % 12 + 1:02}/{2000 + n // 12}", f"{n % 12 + 1:02}/{2000 + n // 12}", f"Đơn vị Mẫu {n}")
    text, count = printed(family.client.get(PAPER))
    assert count > 1
    assert text.count("Từ tháng") >= count - 1
    assert "10 giai đoạn cũ hơn không in ở đây" in text
    assert "5 năm 10 tháng" in text
    assert "Đơn vị Mẫu 9 " not in text
    assert "Đơn vị Mẫu 69 " in text


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("01/2020", "01/2020", "a"), ("02/2020", "02/2020", "a")], [("01/2020", "02/2020", "a")]),
        ([("01/2020", "01/2020", "a"), ("02/2020", "02/2020", "b")], None),
        ([("01/2020", "01/2020", "a"), ("03/2020", "03/2020", "a")], None),
        ([("01/2020", "02/2020", "a"), ("02/2020", "03/2020", "a")], None),
    ],
)
def test_months_in_a_row_that_say_the_same_are_one_line(lines, expected) -> None:
    given = [(Span(month(first), month(last)), {"employer": name}) for first, last, name in lines]
    made = joined(given)
    whole = [(Span(month(first), month(last)), {"employer": name}) for first, last, name in expected or lines]
    assert made == whole


def test_few_statements_a_paper(family: Family) -> None:
    for n in range(30):
        family.add(f"01/{1990 + n}", f"06/{1990 + n}", fund=("BHXH", "BHTN", "BHYT")[n % 3])
    assert (
        0 < len([one for one in statements(family, PAPER) if one.startswith("SELECT") and "set_config" not in one]) <= 8
    )
