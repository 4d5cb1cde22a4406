"""Papers at the desk: what an officer sees of them, and taking them back."""

import json

import pytest
from sqlalchemy import select

from tests import pages, people
from tests.imports.test_desk import officer, run_of, sent, work  # noqa: F401 - fixture
from tests.imports.test_undo import NOTED, newest, take_back
from tests.papers.build import attached, document, documents, treated
from vssid.kernel.db import Base
from vssid.kernel.labels import Refused

PARTS = ("XML7", "XML8", "XML9", "XML10", "XML11")
KINDS = ("CT03", "CT04", "CT05", "CT06", "CT07")


def everything(engine) -> dict[str, list[str]]:
    """All rows of all tables; PostgreSQL gives the keys of JSON back in an order of its own."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                json.dumps([*row], sort_keys=True, default=str) for row in connection.execute(select(table))
            )
            for table in Base.metadata.sorted_tables
            if table.name not in NOTED
        }


def test_papers_go_through_the_desk_and_say_nothing_of_health(app, engine, officer, register, folder):  # noqa: F811
    place = sent(
        officer, documents(document("CT07"), document("CT03", {"NGAY_RA": "1"})), kind="papers-xml", name="giay.xml"
    )
    work(app)
    html = pages.get(officer, place)
    assert run_of(engine).counts == {"read": 2, "new": 1, "changed": 0, "same": 0, "refused": 1}
    assert "CT07 NV-0001 (2026-01-15)" in html
    for hidden in ("Viêm phổi", people.CITIZEN.name, people.CITIZEN.ma_so):
        assert hidden not in html
    people.post(officer, f"{place}/nhap", page=place)
    work(app)
    assert [one.number for one in folder.papers()] == ["NV-0001"]
    again = sent(officer, documents(document("CT07", {"DEN_NGAY": "20260120"})), kind="papers-xml", name="giay.xml")
    work(app)
    assert "<td>Đến ngày</td><td>17/01/2026</td><td>20/01/2026</td>" in pages.get(officer, again)
    people.post(officer, f"{again}/nhap", page=again)
    work(app)
    people.post(officer, f"{again}/hoan-tac", page=again)
    work(app)
    assert str(folder.papers()[0].to_date) == "2026-01-17"


def test_an_officer_is_not_told_that_a_paper_has_become_sensitive(app, engine, officer, folder):  # noqa: F811
    folder.take_papers(documents(document("CT07")))
    content = documents(document("CT07", {"DEN_NGAY": "20260120", "BENH_ICD10_ID": "B20"}))
    place = sent(officer, content, kind="papers-xml", name="giay.xml")
    work(app)
    html = pages.get(officer, place)
    assert "<td>Đến ngày</td>" in html
    assert "sensitive" not in html


@pytest.mark.parametrize("before", [False, True])
def test_what_an_import_did_to_papers_is_taken_back(folder, engine, before):
    changed = treated(*(attached(kind) for kind in PARTS[:-1]), attached("XML11", {"DEN_NGAY": "20260118"}))
    if before:
        folder.take(treated(*(attached(kind) for kind in PARTS)))
    held = everything(engine)
    folder.take(changed)
    assert everything(engine) != held
    take_back(engine, newest(engine))
    assert everything(engine) == held
    if before:
        folder.take_papers(documents(*(document(kind) for kind in KINDS)))
        take_back(engine, newest(engine))
        assert everything(engine) == held


def test_a_visit_on_whose_papers_somebody_has_built_stays(folder, engine):
    folder.take(treated(attached("XML11")))
    run = newest(engine)
    folder.take_papers(documents(document("CT07")))
    with pytest.raises(Refused):
        take_back(engine, run)
    assert len(folder.visits()) == 1
