"""Bản kê các lần khám: what stands on the paper, diagnoses only when asked for, those of HIV never."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.records.contributions.test_statement import printed
from tests.visits.build import Visit, file_of, material, service
from tests.visits.conftest import BOOK, HIV, born, child_of, counted, tags
from vssid.attesting.models import IssuedDocument
from vssid.kernel.clock import today
from vssid.kernel.db import reading
from vssid.records.disputes import Complaint

PAPER = f"{BOOK}.pdf?nam=2026"
CODE = re.compile(r"Mã xác minh: ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})")


def test_the_paper_has_every_visit_of_the_year_and_sums(citizen, book):
    other = {"NGAY_VAO": "202503010805", "NGAY_RA": "202503010900", "NGAY_TTOAN": ""}
    book.take(
        file_of(
            Visit(), Visit("MAU0002", services=[service(), material()]), Visit("MAU0003", values=other), how="nested"
        )
    )
    text, _count = printed(citizen.get(PAPER))
    for expected in (
        "Bản kê các lần khám chữa bệnh năm 2026", people.CITIZEN.name, "15/01/2026", "Bệnh viện Đa khoa Khu vực Mẫu",
        "95.000", "200.000 đồng", "152.000 đồng", "38.000 đồng", "10.000 đồng", "Cộng 2 lần khám 200.000 152.000 38.000 10.000",
        "Bản này không in chẩn đoán.",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    assert "Tăng huyết áp" not in text
    assert "I10" not in text
    assert "2025" not in text


def test_diagnoses_stand_on_it_only_when_asked_for_and_sensitive_ones_never(citizen, book, engine):
    book.take(file_of(Visit(), Visit("MAU0002", values=HIV)))
    plain, _count = printed(citizen.get(PAPER))
    asked, _count = printed(citizen.get(f"{PAPER}&chan_doan=1"))
    pressed = [people.post(citizen, f"{PAPER}{more}", page=BOOK) for more in ("", "&chan_doan=1")]
    whole, whole_asked = (printed(answer)[0] for answer in pressed)
    with reading(engine) as db:
        kept = [dict(facts)["Chẩn đoán"] for facts in db.scalars(select(IssuedDocument.facts))]
    assert sorted(kept) == ["có in", "có in", "không in", "không in"]
    assert "Tăng huyết áp vô căn" in asked
    assert "Tăng huyết áp vô căn" in whole_asked
    for text, visits in ((plain, 1), (asked, 1), (whole, 2), (whole_asked, 2)):
        assert f"Cộng {visits} lần khám {95 * visits}.000 {76 * visits}.000" in text
        assert "nhạy cảm" not in text
        assert "B20" not in text
    assert pressed[0].headers["Content-Disposition"].startswith("attachment")
    page = pages.get(citizen, BOOK)
    assert f'action="{BOOK}.pdf?nam=2026"' in page
    assert f'href="{BOOK}.pdf?nam=2026">Tải bản in có mã xác minh (PDF)' in page
    assert f'href="{BOOK}.pdf?nam=2026&amp;chan_doan=1"' in page


def test_whoever_checks_is_told_sums_and_no_diagnosis(citizen, book, client):
    book.take(file_of(Visit()))
    text, _count = printed(citizen.get(f"{PAPER}&chan_doan=1"))
    page = pages.inspected(client.post("/xac-minh", data={"code": CODE.search(text)[1]}))
    for expected in (people.CITIZEN.name, "1985", "2026", "95.000 đồng", "76.000 đồng", "19.000 đồng"):
        assert expected in page, expected
        assert expected in text, expected
    for secret in ("Tăng huyết áp", "I10", "Bệnh viện"):
        assert secret not in page


def test_a_disputed_visit_bears_words(app, citizen, book, monkeypatch):
    book.take(file_of(Visit()))
    before = printed(citizen.get(PAPER))[0].count("Đang khiếu nại")
    [visit] = book.visits()
    monkeypatch.setitem(
        app.extensions,
        "disputes.open",
        lambda _db, _person, _kind: {visit.id: Complaint("", uuid4(), today())},
    )
    assert printed(citizen.get(PAPER))[0].count("Đang khiếu nại") == before + 1
    assert citizen.get(f"{BOOK}.json?nam=2026").json["lan_kham"][0]["khieu_nai"] == "dang_khieu_nai"
    assert citizen.get(f"{BOOK}.csv?nam=2026").get_data(as_text=True).count("dang_khieu_nai") == 1


@pytest.mark.parametrize(("days", "hidden"), [(1, False), (0, True)])
def test_a_guardian_prints_a_childs_by_the_pages_rules_and_it_is_noted(guardian, book, engine, register, days, hidden):
    child = register[people.CHILD.ma_so]
    born(engine, child, 16, days)
    book.take(
        file_of(
            Visit(who=people.CHILD, values=child_of(people.CHILD)),
            Visit("MAU0002", who=people.CHILD, values={**child_of(people.CHILD), **HIV}),
        )
    )
    place = f"/ca-nhan/gia-dinh/{child}/so-kham.pdf?nam=2026&chan_doan=1"
    text, _count = printed(people.post(guardian, place, page=f"/ca-nhan/gia-dinh/{child}/so-kham"))
    assert people.CHILD.name in text
    assert ("Cộng 1 lần khám" in text) is hidden
    assert "nhạy cảm" not in text
    assert tags(engine) == [("visits.listed", "citizen", "person"), ("visits.printed", "citizen", "person")]
    with reading(engine) as db:
        [paper] = db.scalars(select(IssuedDocument))
    assert (paper.person_id, paper.kind) == (child, "so_kham")


def test_a_year_of_private_visits_alone_is_printed_after_a_press_only(citizen, book):
    book.take(file_of(Visit(values=HIV)))
    assert citizen.get(PAPER).status_code == 404
    page = pages.get(citizen, BOOK)
    assert f'href="{BOOK}.pdf' not in page
    assert "Cộng 1 lần khám" in printed(people.post(citizen, PAPER, page=BOOK))[0]


def test_a_year_without_visits_and_strangers_have_no_paper(citizen, book, client, engine, register):
    book.take(file_of(Visit(who=people.STRANGER)))
    assert citizen.get(PAPER).status_code == 404
    assert citizen.get(f"{BOOK}.pdf?nam=x").status_code == 404
    assert citizen.get(f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}/so-kham.pdf?nam=2026").status_code == 404
    assert client.get(PAPER).status_code == 303
    with reading(engine) as db:
        assert list(db.scalars(select(IssuedDocument))) == []


def test_a_paper_takes_few_statements_however_many_visits_there_are(citizen, book, engine):
    book.take(file_of(*(Visit(f"MAU{n:04}") for n in range(30)), how="nested"))
    answer = citizen.get(PAPER)
    assert printed(answer)[0].count("15/01/2026") == 30
    assert 0 < counted(engine, citizen, PAPER, whole=False, reads=True)[1] <= 8
