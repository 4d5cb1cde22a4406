"""Making a batch: piece after piece, taken over after a crash, stopped, given up, destroyed; strips follow."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.printing.conftest import (
    DAY,
    HOME,
    act,
    add_holder,
    add_roster,
    agreed,
    ask,
    how_many,
    items,
    kept,
    made,
    rows_of,
    specimen,
    tags,
    the_batch,
)
from vssid.card.strips import queries as strips
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.kernel.workshop import Workshop
from vssid.printing import JOBS, actions, making, queries, rules
from vssid.printing.models import CardBatch, CardBatchItem, CardBatchPiece
from vssid.records.models import Person


@pytest.fixture
def sixty(engine, first, second, school) -> CardBatch:
    """Sixty cards were agreed to: a piece of 48 and one of 12."""
    rows = [(specimen(n), "1A") for n in range(60)]
    for who, _class in rows:
        add_holder(engine, who)
    return agreed(engine, first, second, roster=add_roster(engine, school, rows))


@pytest.fixture
def one(engine, first, second, school) -> CardBatch:
    add_holder(engine, specimen(1))
    return agreed(engine, first, second, roster=add_roster(engine, school, [(specimen(1), "1A")]))


def noted(engine):
    return [entry.subject_id for entry in rows_of(engine, AuditEntry, AuditEntry.id) if entry.tag == "card.printed"]


def pieces(engine) -> list[CardBatchPiece]:
    return rows_of(engine, CardBatchPiece, CardBatchPiece.nth)


def finish(app):
    at = now() + making.LEASE + timedelta(seconds=1)
    while making.make_next(app, at):
        pass


def test_pieces_follow_the_order_and_each_is_kept(app, engine, sixty, monkeypatch):
    assert [(one.first, one.last, one.file_id) for one in pieces(engine)] == [(1, 48, None), (49, 60, None)]
    monkeypatch.setattr(making, "STRETCH", 1)
    assert making.make_next(app, now())
    first, second = pieces(engine)
    assert first.file_id is not None
    assert second.file_id is None
    assert the_batch(engine).leased_until is None
    assert making.make_next(app, now())
    assert making.make_next(app, now())
    assert not making.make_next(app, now())
    assert (the_batch(engine).state, the_batch(engine).printed) == ("made", 60)
    files = app.extensions["files"]
    with reading(engine) as db:
        body = files.read(db.scalars(select(StoredFile)).one())
    assert len(pypdf.PdfReader(io.BytesIO(body)).pages) == 15
    assert b"%PDF" not in b"".join(path.read_bytes()[:64] for path in files.root.rglob("*.bin"))


def test_a_crash_between_strips_and_pages_makes_no_second_strip(app, engine, sixty):
    with unit(engine) as db:
        mine = making.claim(db, now())
        piece = queries.next_piece(db, mine.id)
    with app.app_context():
        _html, cards = making.finished(engine, mine, piece)
    assert cards == 48
    before = {row.person_id: row.handle for row in kept(engine)}
    assert len(before) == len(noted(engine)) == 48
    assert not making.make_next(app, now()), "while the lease of the one that crashed lasts"
    finish(app)
    assert the_batch(engine).state == "made"
    after = kept(engine)
    assert len(after) == len(noted(engine)) == 60
    assert {row.person_id: row.handle for row in after if row.person_id in before} == before
    assert all(row.ended_at is None for row in after)
    assert {one.kept_id for one in items(engine)} == {row.id for row in after}


def test_a_card_that_changed_after_a_crash_gets_another_strip_and_the_first_ends(app, engine, one):
    with unit(engine) as db:
        mine = making.claim(db, now())
        piece = queries.next_piece(db, mine.id)
    with app.app_context():
        making.finished(engine, mine, piece)
    [row] = kept(engine)
    with unit(engine) as db:
        people.add_card(db, row.person_id, specimen(1), valid_from=date(2026, 9, 1))
    finish(app)
    old, new = sorted(kept(engine), key=lambda kept_: kept_.ended_at is None)
    assert (old.id, old.end_reason, new.end_reason) == (row.id, "card", "")
    assert items(engine)[0].kept_id == new.id


def test_what_fails_three_times_is_given_up_and_its_strips_are_revoked(app, engine, first, one, monkeypatch):
    monkeypatch.setattr(making, "SECONDS", 0.001)
    for n in range(making.MOST_ATTEMPTS):
        assert the_batch(engine).state == "agreed"
        assert making.make_next(app, now() + n * (making.LEASE + timedelta(seconds=1)))
    assert the_batch(engine).state == "failed"
    assert [row.end_reason for row in kept(engine)] == [""]
    with unit(engine) as db:
        making.drop_old(db, now())
    assert [row.end_reason for row in kept(engine)] == ["unfetched"]
    assert how_many(engine, CardBatchItem) == how_many(engine, StoredFile) == 0
    assert "Không tạo được tệp" in pages.get(first, f"{HOME}/{one.id}")


def test_what_takes_its_makers_along_three_times_is_given_up(app, engine, one):
    at = now()
    for _maker in range(making.MOST_ATTEMPTS):
        with unit(engine) as db:
            assert making.claim(db, at), "and is killed"
        at += making.LEASE + timedelta(seconds=1)
    assert not making.make_next(app, at)
    assert the_batch(engine).state == "failed"


def test_a_piece_that_went_well_lets_failures_be_counted_anew(app, engine, sixty):
    """Also within one stretch: the last try that is allowed makes the first piece and fails at the second."""
    with unit(engine) as db:
        db.execute(update(CardBatch).values(attempts=making.MOST_ATTEMPTS - 1))
        last = db.scalar(select(CardBatchItem.person_id).where(CardBatchItem.position == 60))
        born = db.scalar(select(Person.birth_date).where(Person.id == last))
        db.execute(update(Person).where(Person.id == last).values(birth_date="never"))
    assert making.make_next(app, now())
    assert (the_batch(engine).state, the_batch(engine).printed, the_batch(engine).attempts) == ("agreed", 48, 1)
    with unit(engine) as db:
        db.execute(update(Person).where(Person.id == last).values(birth_date=born))
    finish(app)
    assert the_batch(engine).state == "made"


@pytest.mark.parametrize("who", ["first", "second"])
def test_stopped_while_it_is_made_nothing_is_left(app, engine, request, sixty, who, monkeypatch):
    monkeypatch.setattr(making, "STRETCH", 1)
    assert making.make_next(app, now())
    client = request.getfixturevalue(who)
    assert act(client, engine, "dung").location == f"{HOME}/{sixty.id}"
    batch = the_batch(engine)
    assert (batch.state, batch.file_id) == ("stopped", None)
    assert how_many(engine, CardBatchItem) == how_many(engine, CardBatchPiece) == how_many(engine, StoredFile) == 0
    assert {row.end_reason for row in kept(engine)} == {"unfetched"}
    with reading(engine) as db:
        assert len(strips.revoked(db, DAY.date())) == 48
    assert not making.make_next(app, now())
    again = act(client, engine, "dung")
    assert again.status_code == 422
    assert "đã được xử lý" in pages.inspected(again)
    assert "Đã dừng" in pages.get(client, f"{HOME}/{sixty.id}")
    assert "card_batch.stopped" in tags(engine)


def test_stopped_between_strips_and_pages_the_maker_keeps_nothing(app, engine, one, first):
    with unit(engine) as db:
        mine = making.claim(db, now())
        piece = queries.next_piece(db, mine.id)
    workshop = Workshop()
    with app.app_context():
        making.finished(engine, mine, piece)
        act(first, engine, "dung")
        with pytest.raises(making.Lost):
            making.make_piece(engine, mine, piece, workshop)
    workshop.close()
    assert how_many(engine, StoredFile) == 0
    assert [row.end_reason for row in kept(engine)] == ["unfetched"]
    assert len(noted(engine)) == 1


def test_what_another_maker_has_taken_over_is_left_alone(app, engine, one):
    with unit(engine) as db:
        mine = making.claim(db, now())
        later = now() + making.LEASE + timedelta(seconds=1)
        assert making.claim(db, later).id == mine.id
        piece = queries.next_piece(db, mine.id)
    with app.app_context(), pytest.raises(making.Lost):
        making.finished(engine, mine, piece)
    assert kept(engine) == []


# --- what becomes of the file -----------------------------------------------------------------------------------------


def test_destroyed_unfetched_its_strips_are_worth_nothing(app, engine, first, one, september):
    assert making.make_next(app, now())
    september.shift(timedelta(days=2, hours=23))
    job = next(job for name, _every, job in JOBS if name == "printing.drop_old")
    with unit(engine) as db:
        job(db, now())
    assert the_batch(engine).state == "made"
    september.shift(timedelta(hours=2))
    with unit(engine) as db:
        job(db, now())
    batch = the_batch(engine)
    assert (batch.state, batch.file_id) == ("gone", None)
    [row] = kept(engine)
    assert row.end_reason == "unfetched"
    with reading(engine) as db:
        assert strips.revoked(db, DAY.date()) == [row.handle]
    assert how_many(engine, StoredFile) == how_many(engine, CardBatchItem) == 0


def test_fetched_once_its_strips_live_on(app, engine, first, second, school, september):
    add_holder(engine, specimen(1))
    made(app, engine, first, second, roster=add_roster(engine, school, [(specimen(1), "1A")]))
    september.shift(timedelta(days=3, hours=1))
    with unit(engine) as db:
        making.drop_old(db, now())
    assert the_batch(engine).state == "gone"
    assert [row.ended_at for row in kept(engine)] == [None]
    assert how_many(engine, StoredFile) == 0


def test_it_is_not_fetched_late_even_if_no_job_has_run(app, engine, first, one):
    assert making.make_next(app, now())
    with unit(engine) as db:
        db.execute(update(CardBatch).values(done_at=now() - timedelta(days=3, minutes=1)))
    assert first.get(f"{HOME}/{one.id}/the-bhyt.pdf").status_code == 404
    assert "Tệp đã huỷ" in pages.get(first, f"{HOME}/{one.id}")


def test_batches_go_when_their_strips_are_over(app, engine, first, one):
    assert making.make_next(app, now())
    assert first.get(f"{HOME}/{one.id}/the-bhyt.pdf").status_code == 200
    with unit(engine) as db:
        making.drop_old(db, now() + timedelta(days=4))
        making.drop_old(db, now() + timedelta(days=380))
    assert how_many(engine, CardBatch) == how_many(engine, CardBatchItem) == 1
    with unit(engine) as db:
        making.drop_old(db, now() + timedelta(days=401))
    assert how_many(engine, CardBatch) == how_many(engine, CardBatchItem) == 0


def test_two_batches_of_one_person_have_a_strip_each(app, engine, first, second, school):
    add_holder(engine, specimen(1))
    made(app, engine, first, second, roster=add_roster(engine, school, [(specimen(1), "1A")]))
    agreed(engine, first, second, roster=add_roster(engine, school, [(specimen(1), "1A")], "Danh sách khác"))
    assert making.make_next(app, now())
    assert len(kept(engine)) == 2
    with unit(engine) as db:
        newest = the_batch(engine)
        actions.clear(db, newest.id, rules.UNFETCHED, now())
    assert sorted(row.end_reason for row in kept(engine)) == ["", "unfetched"]


# --- how many statements ----------------------------------------------------------------------------------------------


def finishing(app, engine, hear) -> int:
    with unit(engine) as db:
        mine = making.claim(db, now())
        piece = queries.next_piece(db, mine.id)
    hear.clear()
    with app.app_context():
        making.finished(engine, mine, piece)
    return len(hear)


def test_a_piece_takes_the_same_few_statements_whatever_its_size(app, engine, sixty, hear):
    assert finishing(app, engine, hear) <= 16


def test_asking_takes_the_same_few_statements_whatever_its_size(app, engine, first, school, hear):
    rows = [(specimen(n), f"{1 + n // 3}A") for n in range(12)]
    for who, _class in rows:
        add_holder(engine, who)
    small = add_roster(engine, school, rows[:2], "Nhỏ")
    large = add_roster(engine, school, rows, "Lớn")
    counts = []
    for roster in (small, large):
        pages.get(first, f"{HOME}/xem-truoc?danh-sach={roster}")
        hear.clear()
        pages.get(first, f"{HOME}/xem-truoc?danh-sach={roster}")
        ask(first, engine, roster=roster)
        counts.append(len(hear))
    assert counts[0] == counts[1]


def test_pages_take_few_statements(app, engine, first, sixty, hear):
    for path, most in ((HOME, 20), (f"{HOME}/{sixty.id}", 20), (f"{HOME}/cho-dong-y", 17)):
        first.get(path)
        hear.clear()
        assert first.get(path).status_code == 200
        assert len(hear) <= most, f"{path} {len(hear)} " + "\n".join(h[:150] + " ... " + h[-150:] for h in hear)
