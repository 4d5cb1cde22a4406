"""Giấy tờ over HTTP: one's own, a child's, the print with its code, what stands behind a press and what a guardian is not told."""

import io
import re
import zipfile
from uuid import uuid4

import pypdf
import pytest
from sqlalchemy import func, select

from tests import pages, people
from tests.papers.build import attached, document, documents, treated
from tests.visits.build import Visit
from tests.visits.conftest import born, child_of, counted, guardian, signed_in, walk_pages  # noqa: F401 - fixtures
from vssid import accounts
from vssid.attesting.models import IssuedDocument
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.privacy.export import making
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.records.models import Person
from vssid.records.rules import PartialDate, of_age_on

ROOM = "/ca-nhan/giay-to"
PARTS = ("XML7", "XML8", "XML9", "XML10", "XML11")
HIV = {"CHAN_DOAN_RV": "B20.1 - Bệnh nhạy cảm mẫu"}
NOWHERE = {"page": "/tai-khoan/mat-khau"}


@pytest.fixture
def book(folder):
    """What the fixtures of visits are built on."""
    return folder


@pytest.fixture
def citizen(app, engine, book, new_client):
    return signed_in(app, engine, new_client, people.CITIZEN)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def of_child(*parts: str) -> str:
    return treated(*parts, visit=Visit(who=people.CHILD, values=child_of(people.CHILD)))


def tags(engine) -> list[tuple[str, str]]:
    with reading(engine) as db:
        rows = db.scalars(select(AuditEntry).where(AuditEntry.tag.like("paper%")).order_by(AuditEntry.id))
        return [(row.tag, row.subject_kind) for row in rows]


def pdf(answer) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"]
    found = pypdf.PdfReader(io.BytesIO(answer.get_data()))
    return " ".join(" ".join(page.extract_text() for page in found.pages).split())


def test_a_year_lists_its_papers_and_nothing_of_what_they_say(citizen, book):
    book.take(treated(*(attached(kind) for kind in PARTS)))
    html = text_of(pages.get(citizen, ROOM))
    for expected in (
        "Giấy ra viện", "Tóm tắt hồ sơ bệnh án", "Giấy chứng sinh", "Giấy chứng nhận nghỉ dưỡng thai",
        "Giấy chứng nhận nghỉ việc hưởng BHXH", "Số seri: NV-0001", "Số lưu trữ: LT-0001", "Số: 12/01/2026",
        "Ngày cấp: 18/1/2026", "Bệnh viện Đa khoa Khu vực Mẫu", "Đã nhận từ cơ sở",
    ):  # fmt: skip
        assert expected in html, expected
    assert "Viêm phổi" not in html
    days = re.findall(r"Ngày cấp: (\d+)/1/2026", html)
    assert days == ["18", "18", "17", "15", "15"]


def test_the_two_halves_of_the_book_lead_to_each_other(citizen, book):
    for page, current in (("/ca-nhan/so-kham", "so-kham"), (ROOM, "giay-to")):
        html = pages.get(citizen, page)
        assert f'<a href="/ca-nhan/{current}" aria-current="page">' in html
        assert all(f'href="/ca-nhan/{slug}"' in html for slug in ("so-kham", "giay-to"))


def test_nothing_at_all_teaches_what_will_be_here(citizen):
    html = pages.get(citizen, ROOM)
    assert "Không có giấy tờ nào trong năm" in html
    assert "có khi vài tuần sau" in html


def test_years_are_a_filter(citizen, book):
    book.take_papers(documents(document("CT07"), document("CT03", {"NGAY_CHUNG_TU": "20241231"})))
    assert "Giấy ra viện" not in text_of(pages.get(citizen, ROOM))
    assert "Giấy ra viện" in text_of(pages.get(citizen, ROOM + "?nam=2024"))
    assert "Không có giấy tờ nào trong năm 2025" in pages.get(citizen, ROOM + "?nam=2025")
    for odd in ("0000", "abcd", "99999", "²026", "-1"):
        pages.get(citizen, f"{ROOM}?nam={odd}&sau=x")


SAID = {
    "ct03": ("Số lưu trữ LT-0001", "Mã y tế 89012.26.000001", "Ngày vào 08:05, 15/1/2026", "Chẩn đoán Viêm phổi; Tăng huyết áp",
             "Đình chỉ thai nghén Không", "Số ngày nghỉ 3", "Nghỉ từ ngày 19/1/2026", "Ghi chú Tái khám sau 7 ngày",
             "Người hành nghề ký Bác sĩ Mẫu Hai"),
    "ct04": ("Mã đợt điều trị MAU0001", "Hình thức điều trị Điều trị nội trú", "Quá trình bệnh lý và diễn biến Ho ba ngày.",
             "Tóm tắt kết quả xét nghiệm X-quang", "Kết quả điều trị Đỡ"),
    "ct05": ("Số 12/01/2026", "Tên dự định đặt cho con Đặng Mẫu Bi", "Giới tính của con Nam", "Con sinh lúc 04:12, 16/1/2026",
             "Cân nặng của con (gam) 3.200", "Sinh con phải phẫu thuật Có", "Sinh con dưới 32 tuần tuổi Không"),
    "ct06": ("Số seri DT-0001", "Đơn vị làm việc Công ty Mẫu", "Số ngày nghỉ 30", "Nghỉ đến ngày 13/2/2026"),
    "ct07": ("Số seri NV-0001", "Số khám chữa bệnh 26/00012", "Phương pháp điều trị Nghỉ ngơi, kháng sinh", "Ngày cấp 15/1/2026"),
}  # fmt: skip


def test_each_kind_says_all_that_it_holds_on_its_page_and_on_its_print(citizen, book, engine):
    book.take(treated(*(attached(kind) for kind in PARTS)))
    for paper in book.papers():
        html = pages.get(citizen, f"{ROOM}/{paper.id}")
        text = text_of(html)
        for expected in SAID[paper.kind]:
            assert expected in text, (expected, text)
        assert f'href="{ROOM}/{paper.id}.pdf"' in html
        assert f'href="/ca-nhan/khieu-nai/paper/{paper.id}"' in html
        assert f'href="/ca-nhan/so-kham/{paper.visit_id}"' in html
        assert "8900000198" not in text, "of the doctor's own numbers nothing is kept"
        answer = citizen.get(f"{ROOM}/{paper.id}.pdf")
        assert f'filename="giay-to-{paper.kind}.pdf"' in answer.headers["Content-Disposition"]
        printed = pdf(answer)
        for expected in (
            people.CITIZEN.name,
            "04/09/1985",
            people.CITIZEN.ma_so,
            paper.number,
            "không phải bản gốc",
            "Mã xác minh",
        ):
            assert expected in printed, (expected, printed)
        assert "ĐANG KHIẾU NẠI" not in printed
    assert tags(engine) == [("paper.printed", "person")] * 5


def test_the_pages_of_a_visit_and_of_its_papers_lead_to_each_other(citizen, book):
    book.take(treated(attached("XML7"), attached("XML11")))
    html = pages.get(citizen, f"/ca-nhan/so-kham/{book.visits()[0].id}")
    assert "Giấy tờ của lần khám này" in html
    assert re.findall(rf'href="{ROOM}/([0-9a-f-]+)"', html) == [str(one.id) for one in book.papers()]


def test_a_print_is_checked_by_its_code_and_gives_no_diagnosis_away(citizen, book, client):
    book.take(treated(attached("XML11")))
    [paper] = book.papers()
    printed = pdf(citizen.get(f"{ROOM}/{paper.id}.pdf"))
    assert "Viêm phổi" in printed
    code = re.search(r"Mã xác minh: ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})", printed)[1]
    answer = client.post("/xac-minh", data={"code": code})
    found = text_of(answer.get_data(as_text=True))
    for expected in (
        people.CITIZEN.name,
        "NV-0001",
        "Giấy chứng nhận nghỉ việc hưởng BHXH",
        "15/01/2026",
        "17/01/2026",
        "Số ngày nghỉ 3",
    ):
        assert expected in found, (expected, found)
    assert "Viêm phổi" not in found
    assert "Khiếu nại" not in found


def test_the_same_print_on_the_same_day_keeps_its_code_and_a_changed_paper_has_another(citizen, book, engine):
    book.take(treated(attached("XML11")))
    [paper] = book.papers()
    first, again = (pdf(citizen.get(f"{ROOM}/{paper.id}.pdf")) for _turn in range(2))
    book.take(treated(attached("XML11", {"PP_DIEUTRI": "Khác"})))
    pdf(citizen.get(f"{ROOM}/{paper.id}.pdf"))
    code = r"Mã xác minh: (\S+)"
    assert re.search(code, first)[1] == re.search(code, again)[1]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(IssuedDocument)) == 2


def test_a_disputed_paper_is_marked_everywhere_print_included(app, citizen, book, engine, register, client):
    book.take(treated(attached("XML11")))
    [paper] = book.papers()
    form = f"/ca-nhan/khieu-nai/paper/{paper.id}"
    assert "nghỉ việc hưởng BHXH số NV-0001 của Bệnh viện Đa khoa Khu vực Mẫu" in text_of(pages.get(citizen, form))
    assert people.post(citizen, form, {"about": "khong_phai_toi", "words": "Tôi không khám ở đây."}).status_code == 303
    assert "Đang khiếu nại" in pages.get(citizen, ROOM)
    html = pages.get(citizen, f"{ROOM}/{paper.id}")
    assert "Đang khiếu nại" in html
    assert "Xem khiếu nại, trả lời chậm nhất" in html
    assert form not in html
    printed = pdf(citizen.get(f"{ROOM}/{paper.id}.pdf"))
    assert "ĐANG KHIẾU NẠI" in printed
    code = re.search(r"Mã xác minh: (\S+)", printed)[1]
    assert "Chủ giấy đang khiếu nại" in client.post("/xac-minh", data={"code": code}).get_data(as_text=True)
    with app.test_request_context(), reading(engine) as db:
        strangers = register[people.STRANGER.ma_so]
        assert disputes.described(db, strangers, RowKind.PAPER, paper.id) is None


def test_strangers_and_the_signed_out_find_nothing(citizen, book, client, register, engine):
    book.take_papers(documents(document("CT07", who=people.STRANGER)))
    [paper] = book.papers()
    for path in (f"{ROOM}/{paper.id}", f"{ROOM}/{paper.id}.pdf", f"{ROOM}/{uuid4()}", f"{ROOM}/{uuid4()}.pdf"):
        assert citizen.get(path).status_code == 404
        assert people.post(citizen, path, **NOWHERE).status_code == 404
        assert client.get(path).status_code == 303
    assert citizen.get(f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}/giay-to").status_code == 404
    assert client.get(ROOM).status_code == 303
    assert "no-store" in citizen.get(ROOM).headers["Cache-Control"]
    assert tags(engine) == []


def test_a_guardian_sees_a_childs_papers_and_it_is_noted_and_told(guardian, book, engine, register):  # noqa: F811
    child = register[people.CHILD.ma_so]
    book.take(of_child(attached("XML7")))
    book.take_papers(documents(document("CT07")))
    theirs, others = book.papers()
    path = f"/ca-nhan/gia-dinh/{child}/giay-to"
    assert f"Giấy tờ khám chữa bệnh của {people.CHILD.name}" in pages.get(guardian, path)
    html = pages.get(guardian, f"{path}/{theirs.id}")
    assert people.CHILD.name in html
    assert f'href="/ca-nhan/gia-dinh/{child}/so-kham/{theirs.visit_id}"' in html
    assert people.CHILD.name in pdf(guardian.get(f"{path}/{theirs.id}.pdf"))
    for strange in (f"{path}/{others.id}", f"{path}/{others.id}.pdf", f"{ROOM}/{theirs.id}", f"{ROOM}/{theirs.id}.pdf"):
        assert guardian.get(strange).status_code == 404
    assert [tag for tag, _kind in tags(engine)] == ["papers.listed", "paper.seen", "paper.seen", "paper.printed"]
    told = text_of(pages.get(guardian, f"/ca-nhan/gia-dinh/{child}/ai-da-xem"))
    assert told.count("Xem một giấy tờ khám chữa bệnh") == 2
    assert "Xem danh sách giấy tờ khám chữa bệnh" in told
    assert "Người giám hộ" in told
    assert f'href="/ca-nhan/gia-dinh/{child}/khieu-nai/paper/{theirs.id}"' in html


def test_a_guardians_looks_at_visits_are_told_too(guardian, book, register):  # noqa: F811
    child = register[people.CHILD.ma_so]
    book.take(of_child())
    path = f"/ca-nhan/gia-dinh/{child}/so-kham"
    pages.get(guardian, path)
    pages.get(guardian, f"{path}/{book.visits()[0].id}")
    told = text_of(pages.get(guardian, f"/ca-nhan/gia-dinh/{child}/ai-da-xem"))
    assert "Xem một lần khám chữa bệnh" in told
    assert "Xem danh sách lần khám chữa bệnh" in told


def test_ones_own_look_is_not_noted(citizen, book, engine):
    book.take(treated(attached("XML7")))
    pages.get(citizen, ROOM)
    pages.get(citizen, f"{ROOM}/{book.papers()[0].id}")
    assert tags(engine) == []
    pdf(citizen.get(f"{ROOM}/{book.papers()[0].id}.pdf"))
    assert "Xem một giấy tờ" not in pages.get(citizen, "/tai-khoan/du-lieu/ai-da-xem")


def test_a_sensitive_paper_stands_behind_a_press_and_so_does_its_print(citizen, book):
    book.take(treated(attached("XML11", HIV)))
    [paper] = book.papers()
    assert paper.sensitive
    listed = pages.get(citizen, ROOM)
    assert "hỏi lại trước khi mở" in listed
    path = f"{ROOM}/{paper.id}"
    asked = pages.get(citizen, path)
    assert "nhạy cảm" not in listed + asked
    assert "NV-0001" not in asked
    answer = citizen.get(f"{path}.pdf")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    answer = people.post(citizen, path)
    assert answer.status_code == 200
    html = pages.inspected(answer)
    assert "Bệnh nhạy cảm mẫu" in html
    assert f'action="{path}.pdf"' in html
    assert "nhạy cảm" not in pages.get(citizen, path), "the next look asks again"
    assert "Bệnh nhạy cảm mẫu" in pdf(people.post(citizen, f"{path}.pdf", page=path))


@pytest.mark.parametrize(
    ("years", "days", "hidden"),
    [(15, 0, False), (16, 1, False), (16, 0, True), (17, 0, True)],
)
def test_from_sixteen_on_a_guardian_is_not_told(guardian, book, engine, register, years, days, hidden):  # noqa: F811
    child = register[people.CHILD.ma_so]
    born(engine, child, years, days)
    book.take(of_child(attached("XML7", link="MAU0001"), attached("XML11", {**HIV, "MA_BHXH": ""})))
    plain, sensitive = book.papers()
    path = f"/ca-nhan/gia-dinh/{child}/giay-to"
    html = pages.get(guardian, path)
    assert "Giấy ra viện" in html
    assert ("nghỉ việc hưởng BHXH" in text_of(html).replace("Giấy tờ khám", "")) is not hidden
    expected = 404 if hidden else 200
    one = f"{path}/{sensitive.id}"
    page = NOWHERE if hidden else {"page": one}
    assert guardian.get(one).status_code == expected
    assert people.post(guardian, one, **page).status_code == expected
    assert guardian.get(f"{one}.pdf").status_code == (404 if hidden else 303)
    assert people.post(guardian, f"{one}.pdf", **page).status_code == expected
    assert guardian.get(f"/ca-nhan/gia-dinh/{child}/khieu-nai/paper/{sensitive.id}").status_code == expected
    assert guardian.get(f"{path}/{plain.id}").status_code == 200
    visit = pages.get(guardian, f"/ca-nhan/gia-dinh/{child}/so-kham/{plain.visit_id}")
    assert (str(sensitive.id) in visit) is not hidden
    assert str(plain.id) in visit


@pytest.mark.parametrize(("days", "hidden"), [(1, False), (0, True)])
def test_an_account_in_a_guardians_hands_hides_the_same(app, citizen, book, engine, register, days, hidden):
    mine = register[people.CITIZEN.ma_so]
    born(engine, mine, 16, days)
    with unit(engine) as db:
        account = accounts.by_person(db, mine)
        account.guardian_id = register[people.GUARDIAN.ma_so]
        account.guarded_until = of_age_on(PartialDate.parse(db.get_one(Person, mine).birth_date))
    book.take(treated(attached("XML7"), attached("XML11", HIV)))
    sensitive = book.papers()[1]
    assert (str(sensitive.id) in pages.get(citizen, ROOM)) is not hidden
    assert citizen.get(f"{ROOM}/{sensitive.id}").status_code == (404 if hidden else 200)
    assert citizen.get(f"{ROOM}/{sensitive.id}.pdf").status_code == (404 if hidden else 303)
    assert citizen.get(f"/ca-nhan/khieu-nai/paper/{sensitive.id}").status_code == (404 if hidden else 200)
    assert [tag for tag, _kind in tags(engine)] == ["papers.listed"]
    with app.app_context(), zipfile.ZipFile(io.BytesIO(making.made(engine, mine, "vi", now()))) as copy:
        said = copy.read("du-lieu.json").decode()
    assert "LT-0001" in said
    assert ("Bệnh nhạy cảm mẫu" in said) is not hidden


def test_what_the_hospital_writes_is_text(citizen, book):
    evil = '<script>alert(1)</script>"'
    book.take(treated(attached("XML8", {"QT_BENHLY": evil, "GHI_CHU": evil}, cdata=True)))
    [paper] = book.papers()
    html = pages.get(citizen, f"{ROOM}/{paper.id}")
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "<script>alert(1)</script>" in pdf(citizen.get(f"{ROOM}/{paper.id}.pdf"))


def test_pages_speak_the_readers_language_and_prints_vietnamese(citizen, book):
    book.take(treated(attached("XML11")))
    [paper] = book.papers()
    assert "15 January 2026" in pages.get(citizen, f"{ROOM}/{paper.id}?lang=en")
    printed = pdf(citizen.get(f"{ROOM}/{paper.id}.pdf?lang=en"))
    assert "Giấy chứng nhận nghỉ việc hưởng BHXH" in printed
    assert "Nghỉ từ ngày 15/01/2026" in printed


def test_htmx_gets_the_part_and_the_press_too(citizen, book):
    book.take(treated(attached("XML11", HIV)))
    path = f"{ROOM}/{book.papers()[0].id}"
    for answer in (
        citizen.get(ROOM, headers={"HX-Request": "true"}),
        citizen.get(path, headers={"HX-Request": "true"}),
        people.post(citizen, path, headers={"HX-Request": "true"}),
    ):
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).startswith("<title>")


def test_five_hundred_papers_in_pages_of_few_statements(citizen, book, engine):
    def one(n: int) -> str:
        day = f"2026{n % 10 + 1:02}{n % 28 + 1:02}"
        return document("CT07", {"SO_SERI": f"NV-{n:04}", "NGAY_CHUNG_TU": day}, how="nested")

    assert book.take_papers(documents(*(one(n) for n in range(500)))).counts["new"] == 500
    walk_pages(engine, citizen, ROOM, r"Ngày cấp: (\d+/\d+/2026)")


def test_a_guardians_pages_ask_for_few_statements(guardian, book, engine, register):  # noqa: F811
    book.take(of_child(attached("XML7")))
    [paper] = book.papers()
    base = f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}"
    for one in (f"{base}/giay-to", f"{base}/giay-to/{paper.id}", f"{base}/so-kham/{paper.visit_id}"):
        _html, count = counted(engine, guardian, one)
        assert 0 < count <= 9, (one, count)
