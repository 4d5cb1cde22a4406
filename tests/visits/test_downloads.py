"""A year of visits as files: whole for its owner, without what stands behind a press, never a stranger's."""

import csv
import io
import json

import pytest

from tests import people
from tests.visits.build import Visit, drug, file_of, service
from tests.visits.conftest import BOOK, HIV, born, child_of, counted, tags

FILES = [f"{BOOK}.csv?nam=2026", f"{BOOK}.json?nam=2026"]


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_table_has_visits_and_their_costs_as_lines_of_two_kinds(citizen, book):
    book.take(file_of(Visit(drugs=[drug("=HYPERLINK(1)")], services=[service()])))
    answer = citizen.get(f"{BOOK}.csv?nam=2026")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'filename="so-kham-2026.csv"' in answer.headers["Content-Disposition"]
    visit, *costs = table(answer)
    assert (visit["dong"], visit["ngay_vao"], visit["tong_chi_phi"]) == ("lan_kham", "15/01/2026 08:05", "95000.00")
    assert (visit["ten_cskcb"], visit["ma_benh_chinh"]) == ("Bệnh viện Đa khoa Khu vực Mẫu", "I10")
    assert [cost["dong"] for cost in costs] == ["chi_phi", "chi_phi"]
    assert {cost["ngay_vao"] for cost in costs} == {visit["ngay_vao"]}
    assert "'=HYPERLINK(1)" in {cost["ten"] for cost in costs}
    assert sum(float(cost["tong_chi_phi"]) for cost in costs) == 95_000


def test_the_document_nests_the_costs_and_has_no_floats(citizen, book):
    book.take(file_of(Visit(), Visit("MAU0002")))
    found = json.loads(citizen.get(f"{BOOK}.json?nam=2026").data, parse_float=pytest.fail)
    assert (found["nam"], found["so_lan_kham"], len(found["lan_kham"])) == (2026, 2, 2)
    first = found["lan_kham"][0]
    assert first["quy_bhyt_tra"] == "76000.00"
    assert {cost["phan"] for cost in first["chi_phi"]} == {"thuoc", "dich_vu"}


def test_another_year_and_an_empty_one(citizen, book):
    book.take(file_of(Visit()))
    assert table(citizen.get(f"{BOOK}.csv?nam=2025")) == []
    assert citizen.get(f"{BOOK}.json?nam=2025").json["lan_kham"] == []


@pytest.mark.parametrize("path", FILES)
def test_sensitive_visits_are_in_the_file_only_after_the_press(citizen, book, path):
    book.take(file_of(Visit(), Visit("MAU0002", values=HIV)))
    page = citizen.get(BOOK).get_data(as_text=True)
    assert "Cả những lần khám riêng tư" in page
    assert "B20" not in citizen.get(path).get_data(as_text=True)
    assert "nhạy cảm" not in citizen.get(path).get_data(as_text=True)
    answer = people.post(citizen, path, page=BOOK)
    assert answer.status_code == 200
    assert "B20" in answer.get_data(as_text=True)
    assert "B20" not in citizen.get(path).get_data(as_text=True)


def test_without_sensitive_visits_no_press_is_offered(citizen, book):
    book.take(file_of(Visit()))
    page = citizen.get(BOOK).get_data(as_text=True)
    assert f'href="{BOOK}.csv?nam=2026"' in page
    assert f'href="{BOOK}.json?nam=2026"' in page
    assert "Cả những lần khám riêng tư" not in page


@pytest.mark.parametrize(("days", "hidden"), [(1, False), (0, True)])
def test_a_guardian_takes_a_childs_file_by_the_pages_rules_and_it_is_noted(
    guardian, book, engine, register, days, hidden
):
    child = register[people.CHILD.ma_so]
    born(engine, child, 16, days)
    book.take(
        file_of(
            Visit(who=people.CHILD, values=child_of(people.CHILD)),
            Visit("MAU0002", who=people.CHILD, values={**child_of(people.CHILD), **HIV}),
        )
    )
    base = f"/ca-nhan/gia-dinh/{child}/so-kham"
    assert guardian.get(f"{base}.json?nam=2026").json["so_lan_kham"] == 1
    assert ("Cả những lần khám riêng tư" in guardian.get(base).get_data(as_text=True)) is not hidden
    answer = people.post(guardian, f"{base}.json?nam=2026", page="/tai-khoan/mat-khau")
    assert answer.json["so_lan_kham"] == (1 if hidden else 2)
    assert [tag for tag, _actor, _subject in tags(engine)] == ["visits.taken", "visits.listed", "visits.taken"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_strangers_find_no_file(citizen, client, book, register, form):
    book.take(file_of(Visit(who=people.STRANGER)))
    assert people.STRANGER.name not in citizen.get(f"{BOOK}.{form}?nam=2026").get_data(as_text=True)
    assert "MAU" not in citizen.get(f"{BOOK}.{form}?nam=2026").get_data(as_text=True)
    for method in (citizen.get, lambda path: people.post(citizen, path, page="/tai-khoan/mat-khau")):
        assert method(f"/ca-nhan/gia-dinh/{register[people.CHILD.ma_so]}/so-kham.{form}?nam=2026").status_code == 404
    assert client.get(f"{BOOK}.{form}").status_code == 303


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_takes_few_statements_however_many_visits_there_are(citizen, book, engine, form):
    book.take(file_of(*(Visit(f"MAU{n:04}") for n in range(30)), how="nested"))
    _text, count = counted(engine, citizen, f"{BOOK}.{form}?nam=2026", whole=False)
    assert 0 < count <= 8, count
