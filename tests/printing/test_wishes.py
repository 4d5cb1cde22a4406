"""What is wanted: long lists in parts that are cut once, within bounds, and no list twice at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from tests import pages, people
from tests.printing.conftest import (
    HOME,
    HTMX,
    NEAR,
    WAITING,
    act,
    add_holder,
    add_roster,
    ask,
    how_many,
    items,
    names_in,
    rows_of,
    specimen,
    text_of,
    the_batch,
)
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.rows import table_of
from vssid.printing import choosing, making, rules
from vssid.printing.models import CardBatch, CardBatchItem
from vssid.rosters.models import RosterRow


@pytest.fixture
def threes(monkeypatch):
    """Batches of three at most."""
    monkeypatch.setattr(rules.parts, "__defaults__", (3,))
    monkeypatch.setattr("vssid.printing.desk.MOST_CARDS", 3)


@pytest.fixture
def five(engine, school, threes):
    """A roster of five cards in two classes, and one whom nobody knows."""
    rows = []
    for n in range(5):
        add_holder(engine, specimen(n))
        rows.append((specimen(n), "1A" if n < 2 else "1B"))
    return add_roster(engine, school, [*rows, (specimen(30), "1B")])


def parts(engine):
    return rows_of(engine, CardBatch, CardBatch.part)


def test_a_long_list_is_asked_for_in_all_its_parts_at_once(app, engine, first, second, five):
    page = pages.get(first, f"{HOME}/xem-truoc?danh-sach={five}")
    assert "Phần 1/2: 2 thẻ" in page
    assert "Phần 2/2: 3 thẻ" in page
    assert ask(first, engine, roster=five).status_code == 303
    one, two = parts(engine)
    assert (one.part, one.parts, one.cards, two.part, two.parts, two.cards) == (1, 2, 2, 2, 2, 3)
    assert one.series_id == two.series_id
    assert pages.get(second, WAITING).count("<tr><td>") == 1
    assert '<td class="num">5</td>' in pages.get(second, WAITING)
    page = pages.get(second, f"{HOME}/{one.id}")
    assert "Phần 2/2: 3 thẻ" in page
    assert people.post(second, f"{HOME}/{one.id}/dong-y", page=WAITING).status_code == 303
    assert [batch.state for batch in parts(engine)] == ["agreed", "agreed"]
    assert making.make_next(app, now())
    assert [batch.state for batch in parts(engine)] == ["made", "agreed"]
    assert making.make_next(app, now())
    found = [names_in(text_of(first.get(f"{HOME}/{one.id}/the-bhyt.pdf").data)[0]) for one in parts(engine)]
    assert found == [[f"NGUYỄN BÉ MẪU {letter}" for letter in letters] for letters in ("AB", "CDE")]
    outcomes = [[row.outcome for row in items(engine) if row.batch_id == batch.id] for batch in parts(engine)]
    assert outcomes == [["printed"] * 2, ["printed"] * 3 + ["not_found"]]


def test_a_list_that_changes_after_the_wish_changes_no_part(app, engine, first, second, five):
    ask(first, engine, roster=five)
    before = [(row.batch_id, row.person_id) for row in items(engine)]
    with unit(engine) as db:
        db.execute(delete(table_of(RosterRow)).where(RosterRow.class_name == "1A"))
    assert people.post(second, f"{HOME}/{parts(engine)[1].id}/dong-y", page=WAITING).status_code == 303
    while making.make_next(app, now()):
        pass
    assert [batch.printed for batch in parts(engine)] == [2, 3]
    assert [(row.batch_id, row.person_id) for row in items(engine)] == before
    persons = [person for _batch, person in before if person]
    assert len(persons) == len(set(persons)) == 5


def test_a_wish_in_parts_is_declined_as_a_whole(engine, first, second, five):
    ask(first, engine, roster=five)
    assert people.post(second, f"{HOME}/{parts(engine)[1].id}/khong-dong-y", page=HOME).status_code == 303
    assert [batch.state for batch in parts(engine)] == ["declined", "declined"]
    assert how_many(engine, CardBatchItem) == 0


def test_a_wish_in_parts_counts_once_a_day(engine, first, five):
    for _n in range(10):
        assert ask(first, engine, roster=five).status_code == 303
        newest = the_batch(engine)
        assert people.post(first, f"{HOME}/{newest.id}/khong-dong-y", page=HOME).status_code == 303
    assert "10 yêu cầu" in ask(first, engine, roster=five).get_data(as_text=True)
    assert how_many(engine, CardBatch) == 20


def test_a_ward_in_parts_is_cut_between_its_villages(engine, first, threes):
    for n in range(5):
        add_holder(engine, specimen(n), address="ấp 1" if n < 2 else "ấp 2")
    assert "ấp 2" in pages.get(first, f"{HOME}/xem-truoc?phuong-xa={NEAR}")
    ask(first, engine, ward=NEAR)
    assert [batch.cards for batch in parts(engine)] == [2, 3]
    assert {row.group_name for row in items(engine)} == {the_batch(engine).name}


def test_more_than_a_wish_may_name_is_refused_with_words(engine, first, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_CHOSEN", 3)
    for n in range(4):
        add_holder(engine, specimen(n))
    answer = first.get(f"{HOME}/xem-truoc?phuong-xa={NEAR}")
    assert answer.status_code == 422
    assert "Nhiều hơn 20.000 thẻ" in pages.inspected(answer)
    assert "Nhiều hơn 20.000 thẻ" in ask(first, engine, ward=NEAR).get_data(as_text=True)
    assert how_many(engine, CardBatch) == 0


def test_only_the_newest_version_of_a_card_counts_also_under_a_merged_number(engine, first):
    held = add_holder(engine, specimen(1), valid_from=date(2026, 1, 1))
    gone = add_holder(engine, specimen(2))
    merged_into = add_holder(engine, specimen(3), card=False)
    add_holder(engine, specimen(4), merged_into_id=merged_into)
    with unit(engine) as db:
        people.add_card(db, held, specimen(1), valid_from=date(2026, 1, 1), version=2)
        people.add_card(db, held, specimen(1), valid_from=date(2026, 8, 1))
        people.add_card(db, gone, specimen(2), version=2, status="thu_hoi")
    assert ask(first, engine, ward=NEAR).status_code == 303
    assert {row.person_id for row in items(engine)} == {held, merged_into}
    assert len(items(engine)) == 2


@pytest.mark.parametrize(("headers", "status"), [({}, 429), (HTMX, 422)])
def test_looking_is_limited(first, monkeypatch, headers, status):
    monkeypatch.setattr("vssid.printing.desk.CHOSEN_AN_HOUR", (2, timedelta(hours=1)))
    answers = [first.get(f"{HOME}/xem-truoc?phuong-xa={NEAR}", headers=headers) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, status]
    assert "Bạn đã xem trước nhiều lần" in answers[2].get_data(as_text=True)


@pytest.mark.parametrize("day", ["x", "2026-02-30", "30/2/2026"])
def test_an_impossible_day_is_answered_beside_its_field(engine, first, day):
    add_holder(engine, specimen(1))
    address = f"{HOME}/xem-truoc?phuong-xa={NEAR}&chua-co=1&tu-ngay={day}"
    for answer in (first.get(address), ask(first, engine, ward=NEAR, **{"tu-ngay": day})):
        assert answer.status_code == 422
        page = pages.inspected(answer)
        assert "Hãy chọn một ngày" in page
        assert f'value="{NEAR}" selected' in page
        assert 'id="tu-ngay"' in page
    assert how_many(engine, CardBatch) == 0
    assert "Số thẻ sẽ in" in pages.get(first, f"{HOME}/xem-truoc?phuong-xa={NEAR}&tu-ngay=")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_same_list_is_not_printed_twice_at_once(app, engine, first, second, classes, headers):
    ask(first, engine, roster=classes)
    standing = the_batch(engine)
    for state in ("asked", "agreed", "made"):
        assert the_batch(engine).state == state
        again = ask(second, engine, roster=classes, headers=headers)
        assert again.status_code == 422
        assert "đã có lô" in again.get_data(as_text=True)
        page = pages.get(second, f"{HOME}/xem-truoc?danh-sach={classes}")
        assert f"{HOME}/{standing.id}" in page
        assert "Lập yêu cầu in" not in page
        if state == "asked":
            act(second, engine, "dong-y")
        if state == "agreed":
            making.make_next(app, now())
    assert how_many(engine, CardBatch) == 1
    with unit(engine) as db:
        making.drop_old(db, now() + timedelta(days=4))
    assert ask(second, engine, roster=classes).status_code == 303


def test_a_ward_narrowed_otherwise_is_another_list(engine, first):
    add_holder(engine, specimen(1))
    assert ask(first, engine, ward=NEAR).status_code == 303
    assert ask(first, engine, ward=NEAR, **{"chua-co": "1"}).status_code == 303
    assert ask(first, engine, ward=NEAR).status_code == 422


def test_two_open_batches_of_a_list_cannot_be_kept(engine, first, classes):
    ask(first, engine, roster=classes)
    with unit(engine) as db:
        row = dict(db.execute(select(table_of(CardBatch))).one()._mapping)
        twice = {**row, "id": people.uuid4(), "series_id": people.uuid4()}
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(insert(table_of(CardBatch)).values(twice))
