"""Who guards what was printed: whole batches are revoked, lists are read by the second, nobody prints for their family."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests import pages, people
from tests.printing.conftest import (
    HOME,
    HTMX,
    NEAR,
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
from vssid.accounts.models import LoginSession
from vssid.card.strips import queries as strips
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.officers.models import Officer
from vssid.organisations.models import Organisation
from vssid.printing import making
from vssid.printing.models import CardBatchItem


def revoke(client, engine, reason="In nhầm danh sách", **options):
    path = f"{HOME}/{the_batch(engine).id}/thu-hoi"
    return people.post(client, path, {"reason": reason}, page=HOME, **options)


# --- revoking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["first", "second"])
def test_a_fetched_batch_is_revoked_after_its_file_and_names_went(app, engine, request, first, second, classes, who):
    made(app, engine, first, second, roster=classes)
    with unit(engine) as db:
        making.drop_old(db, now() + timedelta(days=30))
    left = items(engine)
    assert len(left) == 6
    assert all(row.kept_id and not (row.full_name or row.ma_so_bhxh or row.group_name) for row in left)
    client, batch = request.getfixturevalue(who), the_batch(engine)
    assert f"{HOME}/{batch.id}" in pages.get(client, HOME)
    assert "Thu hồi cả lô" in pages.get(client, f"{HOME}/{batch.id}")
    assert "hết giá trị ngay" in pages.get(client, f"{HOME}/{batch.id}/thu-hoi")
    assert revoke(client, engine).status_code == 303
    assert {row.end_reason for row in kept(engine)} == {"revoked"}
    with reading(engine) as db:
        assert len(strips.revoked(db, today())) == 6
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.tag == "card_batch.revoked"))
    assert entry.detail["reason"] == "In nhầm danh sách"
    assert how_many(engine, CardBatchItem) == 0
    page = pages.get(client, f"{HOME}/{batch.id}")
    assert "Cả lô đã bị thu hồi" in page
    assert "In nhầm danh sách" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_made_batch_is_revoked_before_anybody_fetched_it(app, engine, first, second, classes, headers):
    agreed(engine, first, second, roster=classes)
    while making.make_next(app, now()):
        pass
    refused = revoke(second, engine, reason="", headers=headers)
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in refused.get_data(as_text=True)
    assert revoke(second, engine, headers=headers).status_code == (204 if headers else 303)
    assert first.get(f"{HOME}/{the_batch(engine).id}/the-bhyt.pdf").status_code == 404
    assert how_many(engine, StoredFile) == how_many(engine, CardBatchItem) == 0
    assert {row.end_reason for row in kept(engine)} == {"revoked"}
    assert revoke(second, engine).status_code == 422
    assert ask(first, engine, roster=classes).status_code == 303


def test_what_nobody_can_have_is_not_revoked(app, engine, first, second, classes):
    ask(first, engine, roster=classes)
    assert first.get(f"{HOME}/{the_batch(engine).id}/thu-hoi").status_code == 404
    assert revoke(first, engine).status_code == 422
    assert the_batch(engine).state == "asked"


def test_revoking_asks_for_the_proof_and_reaches_no_other_agency(
    app, engine, sign_in, first, second, classes, september
):
    made(app, engine, first, second, roster=classes)
    stranger = sign_in("GS03", "08903")
    assert revoke(stranger, engine).status_code == 404
    assert stranger.get(f"{HOME}/{the_batch(engine).id}/thu-hoi").status_code == 404
    september.shift(timedelta(minutes=6))
    assert "Xác nhận lại là bạn" in revoke(second, engine).get_data(as_text=True)
    assert the_batch(engine).state == "made"


# --- looking ----------------------------------------------------------------------------------------------------------


def test_the_second_reads_the_list_page_by_page_and_that_is_noted(engine, first, second, school):
    rows = [(specimen(n), "1A") for n in range(60)]
    for who, _class in rows:
        add_holder(engine, who)
    ask(first, engine, roster=add_roster(engine, school, [*rows, (specimen(70), "1A")]))
    path = f"{HOME}/{the_batch(engine).id}/danh-sach"
    assert path in pages.get(second, f"{HOME}/{the_batch(engine).id}")
    page = pages.get(second, path)
    assert page.count("Nguyễn Bé Mẫu") == 50
    assert "7900****00" in page
    assert specimen(0).ma_so not in page
    assert f"{path}?sau=50" in page
    assert pages.get(second, f"{path}?sau=50").count("Nguyễn Bé Mẫu") == 10
    assert tags(engine).count("card_batch.listed") == 2
    act(second, engine, "khong-dong-y")
    assert second.get(path).status_code == 404


def test_batches_of_the_agency_are_listed_page_by_page(engine, first, second, monkeypatch):
    monkeypatch.setattr("vssid.printing.queries.SHOWN", 1)
    add_holder(engine, specimen(1))
    ask(first, engine, ward=NEAR)
    older = the_batch(engine)
    ask(second, engine, ward=NEAR, **{"chua-co": "1"})
    page = pages.get(second, HOME)
    assert f"{HOME}/{the_batch(engine).id}" in page
    assert f"{HOME}/{older.id}" not in page
    newest = the_batch(engine)
    key = f"{newest.asked_at.isoformat()}_{newest.id}".replace("+", "%2B")
    assert key in page
    assert f"{HOME}/{older.id}" in pages.get(second, f"{HOME}?sau={key}")


def test_asking_for_the_head_of_a_file_fetches_nothing(app, engine, first, second, classes):
    agreed(engine, first, second, roster=classes)
    while making.make_next(app, now()):
        pass
    assert first.head(f"{HOME}/{the_batch(engine).id}/the-bhyt.pdf").status_code == 200
    assert the_batch(engine).fetched_at is None
    assert "card_batch.fetched" not in tags(engine)


def test_rosters_of_what_has_ended_are_not_there(engine, first, school, classes):
    with unit(engine) as db:
        db.execute(update(Organisation).values(status="ended", ended_at=now()))
    assert first.get(f"{HOME}/to-chuc/{school}").status_code == 404
    assert first.get(f"{HOME}/xem-truoc?danh-sach={classes}").status_code == 404
    assert ask(first, engine, roster=classes).status_code == 404
    assert f"{HOME}/to-chuc/" not in pages.get(first, f"{HOME}?q=TH0001")


# --- family -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def household(engine, school):
    """A roster of three, two of whom live together."""
    for n in range(3):
        add_holder(engine, specimen(n), household_code="HGD-MAU-1" if n < 2 else "")
    return add_roster(engine, school, [(specimen(n), "1A") for n in range(3)])


def is_in(engine, code):
    """The officer is one of those two."""
    with unit(engine) as db:
        db.execute(update(Officer).where(Officer.code == code).values(ma_so_bhxh=specimen(0).ma_so))


def test_nobody_asks_for_the_cards_of_their_family(app, engine, first, second, household):
    is_in(engine, "GS01")
    page = pages.get(first, f"{HOME}/xem-truoc?danh-sach={household}")
    assert "<dt>Người nhà của cán bộ lập yêu cầu hoặc cán bộ đồng ý</dt><dd>2</dd>" in page
    assert "<dt>Số thẻ sẽ in</dt><dd>1</dd>" in pages.get(first, f"{HOME}/xem-truoc?phuong-xa={NEAR}")
    made(app, engine, first, second, roster=household)
    assert [row.outcome for row in items(engine)] == ["family", "family", "printed"]
    assert "Người nhà" in first.get(f"{HOME}/{the_batch(engine).id}/khong-in-duoc.csv").get_data(as_text=True)


def test_nobody_agrees_to_the_cards_of_their_family(app, engine, first, second, household):
    is_in(engine, "GS02")
    made(app, engine, first, second, roster=household)
    assert [row.outcome for row in items(engine)] == ["family", "family", "printed"]
    assert (the_batch(engine).cards, the_batch(engine).printed) == (1, 1)
    assert len(kept(engine)) == 1


# --- while it is made -------------------------------------------------------------------------------------------------


def test_whoever_is_not_known_any_more_is_left_out(app, engine, first, second, classes):
    agreed(engine, first, second, roster=classes)
    with unit(engine) as db:
        db.execute(
            update(CardBatchItem).where(CardBatchItem.outcome == "", CardBatchItem.position < 3).values(person_id=None)
        )
    while making.make_next(app, now()):
        pass
    assert (the_batch(engine).state, [row.outcome for row in items(engine)].count("not_found")) == ("made", 3)


def last_seen(engine):
    return rows_of(engine, LoginSession, LoginSession.created_at)[0].last_seen_at


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(engine, first, second, classes, september):
    ask(first, engine, roster=classes)
    path = f"{HOME}/{the_batch(engine).id}"
    before = last_seen(engine)
    for _minutes in range(7):
        september.shift(timedelta(minutes=2))
        assert first.get(f"{path}?tiep=1", headers=HTMX).status_code == 200
    assert last_seen(engine) == before
    assert "Xác nhận lại là bạn" in ask(first, engine, roster=classes).get_data(as_text=True)


def test_a_page_that_asks_by_itself_ends_with_the_session(engine, first, classes, september):
    ask(first, engine, roster=classes)
    for _minutes in range(8):
        september.shift(timedelta(minutes=2))
        answer = first.get(f"{HOME}/{the_batch(engine).id}?tiep=1", headers=HTMX)
    assert "Chờ cán bộ thứ hai" not in answer.get_data(as_text=True)


def test_every_page_that_asks_by_itself_says_so(app):
    asking = []
    for template in app.jinja_env.list_templates(extensions=["html"]):
        source, _name, _fresh = app.jinja_env.loader.get_source(app.jinja_env, template)
        asking += [line for line in source.splitlines() if 'hx-trigger="every' in line]
    assert len(asking) >= 4
    assert all("tiep=1" in line for line in asking)


def test_a_page_that_somebody_opens_keeps_them_signed_in(engine, first, classes, september):
    before = last_seen(engine)
    september.shift(timedelta(minutes=10))
    pages.get(first, HOME)
    assert last_seen(engine) > before
