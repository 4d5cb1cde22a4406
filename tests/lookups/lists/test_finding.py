"""What the lists find: one table of 500 questions with the answers that both databases give; slips, places, pages, freshness."""

import csv
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from tests.lookups.lists import corpus
from vssid import directory
from vssid.directory import listings
from vssid.directory.listings import Asked, Kind
from vssid.directory.listings.models import Listing, ListingState, ListingWord
from vssid.directory.models import Employer, Facility
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit


def add(engine, *rows, kinds=tuple(Kind)):
    with unit(engine) as db:
        db.add_all(rows)
        listings.touch(db, *kinds, at=now())
    listings.bring_up_all(engine)


def facility(code, name, address="", **more):
    return Facility(code=code, name=name, address=address, folded="", **more)


def found(engine, kind, text, **places):
    with reading(engine) as db:
        return list(listings.find(db, Asked(kind, text, **places), today()).codes)


def test_500_questions_have_the_answers_of_the_table_whatever_the_database(engine):
    corpus.load(engine)
    with corpus.ANSWERS.open(encoding="utf-8", newline="") as source:
        expected = list(csv.reader(source))
    assert len(expected) == corpus.QUESTIONS
    got = corpus.answers(engine)
    assert [line for line, other in zip(got, expected, strict=True) if line != other] == []


def test_what_was_meant_stands_first_for_most_and_among_five_for_nearly_all():
    with corpus.ANSWERS.open(encoding="utf-8", newline="") as source:
        lines = [(code, codes.split()) for _kind, _text, code, codes in csv.reader(source)]
    first = sum(codes[:1] == [code] for code, codes in lines)
    among = sum(code in codes for code, codes in lines)
    assert first >= 0.85 * len(lines), first
    assert among >= 0.97 * len(lines), among


@pytest.fixture
def three(engine):
    add(
        engine,
        facility("79048", "Bệnh viện Mẫu Chợ Rẫy", "Phường Chợ Lớn, Thành phố Hồ Chí Minh"),
        facility("89012", "Bệnh viện Đa khoa Khu vực Mẫu", "Phường Mỹ Bình, Thành phố Long Xuyên, Tỉnh An Giang"),
        facility("89013", "Trạm Y tế xã Phú Hòa", "Xã Phú Hoà, Tỉnh An Giang"),
        facility("89014", "Trạm Y tế xã Phù Hoá"),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cho ray", "79048"), ("chợ rẫy", "79048"), ("benh vien mau cho rai", "79048"), ("bv mau choray", "79048"),
        ("BVĐK kv mẫu", "89012"), ("da khao khu vuc", "89012"), ("89012", "89012"), ("bv long xuyen", "89012"),
        ("Phú Hoà", "89013"), ("phú hòa", "89013"), ("Phù Hoá", "89014"), ("tyt phu", "89013"),
    ],
)  # fmt: skip
def test_it_is_found_however_it_is_written(engine, three, text, code):
    assert found(engine, Kind.TREATING, text)[0] == code


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "'\"*", "zkkham", "((", "a" * 500, "NOT", "\N{ROCKET}", "OR AND NEAR("]
)
def test_nothing_is_found_for_nothing_and_no_sign_is_an_order(engine, three, text):
    assert found(engine, Kind.TREATING, text) == []


def test_an_address_of_before_the_merger_is_found_by_the_ward_of_today(engine, three):
    with reading(engine) as db:
        ward = db.scalar(select(Listing.ward_code).where(Listing.code == "89012", Listing.kind == "kham"))
    assert ward
    assert found(engine, Kind.TREATING, "", wards=(ward,)) == ["89012"]
    assert found(engine, Kind.TREATING, "", provinces=("91",)) == ["89012", "89013"]


def test_a_facility_stands_in_the_lists_that_it_belongs_to(engine):
    add(engine, facility("89020", "Phòng khám Mẫu", bhyt_contract=False, issues_sick_leave=True))
    assert found(engine, Kind.TREATING, "phong kham") == []
    assert found(engine, Kind.CERTIFYING, "phong kham") == ["89020"]


def test_one_that_has_ended_is_not_found_any_more(engine):
    yesterday = today() - timedelta(days=1)
    add(
        engine,
        facility("89021", "Phòng khám Mẫu", valid_to=yesterday),
        facility("89022", "Phòng khám Mẫu", valid_to=today()),
    )
    assert found(engine, Kind.TREATING, "phong kham") == ["89022"]


def test_a_change_of_the_table_changes_the_list(engine, three):
    with unit(engine) as db:
        db.execute(update(Facility).where(Facility.code == "89012").values(name="Trung tâm Y tế Mẫu"))
        db.delete(db.get(Facility, "79048"))
        listings.touch(db, Kind.TREATING, at=now())
    assert found(engine, Kind.TREATING, "cho ray") == ["79048"]
    assert listings.bring_up(engine)
    assert not listings.bring_up(engine)
    assert found(engine, Kind.TREATING, "cho ray") == []
    assert found(engine, Kind.TREATING, "da khoa khu vuc") == []
    assert found(engine, Kind.TREATING, "ttyt mau") == ["89012"]
    with reading(engine) as db:
        assert db.get(ListingWord, ("kham", "ray")) is None
        assert db.get(ListingState, "kham").entries == 3


def test_what_changes_while_a_list_is_made_leaves_it_stale(engine, three, monkeypatch):
    with unit(engine) as db:
        listings.touch(db, Kind.TREATING, at=now())
    walk = listings.building._walk

    def interrupted(*args):
        result = walk(*args)
        with unit(engine) as db:
            listings.touch(db, Kind.TREATING, at=now() + timedelta(seconds=1))
        return result

    monkeypatch.setattr(listings.building, "_walk", interrupted)
    assert listings.bring_up(engine)
    monkeypatch.undo()
    with reading(engine) as db:
        assert db.get(ListingState, "kham").stale
    listings.bring_up_all(engine)
    with reading(engine) as db:
        assert not db.get(ListingState, "kham").stale


def test_pages_follow_each_other_without_gap_or_double(engine):
    add(engine, *(Employer(code=f"M{n:03}", name=f"Công ty Mẫu {n:03}") for n in range(35)))
    with reading(engine) as db:
        pages = [listings.find(db, Asked(Kind.EMPLOYERS, "cong ty mau"), today(), n) for n in range(5)]
    codes = [code for page in pages for code in page.codes]
    assert len(codes) == len(set(codes)) == 35
    assert [page.more for page in pages] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("text", "most"), [("M001", 1), ("mau", 1), ("cong ty m", 1), ("003 mau", 5), ("khong co", 12)]
)
def test_few_statements_find_it(engine, text, most):
    add(engine, *(Employer(code=f"M{n:03}", name=f"Công ty Mẫu {n:03}") for n in range(35)))
    heard = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    with reading(engine) as db:
        db.connection()
        heard.clear()
        listings.find(db, Asked(Kind.EMPLOYERS, text), date(2026, 11, 1))
    assert len(heard) <= most, heard


def test_a_list_that_was_left_stale_is_made_by_the_worker(app, engine):
    with unit(engine) as db:
        db.add(facility("89012", "Bệnh viện Mẫu"))
        listings.touch(db, Kind.TREATING, at=now())
    make = dict(directory.MAKERS)["directory.listings"]
    assert make(app, now())
    assert not make(app, now())
    assert found(engine, Kind.TREATING, "benh vien") == ["89012"]
