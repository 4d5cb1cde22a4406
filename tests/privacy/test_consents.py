"""Consent per purpose: shown with its version, withdrawn at once, and what it stops really stops."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests import pages, people
from vssid.accounts.models import Account, Consent
from vssid.content import TERMS_DIGEST, TERMS_VERSION, accepted
from vssid.kernel.clock import day_of, now
from vssid.kernel.db import reading, unit
from vssid.notifications.models import OutboxMessage
from vssid.privacy.consents import queries as consents
from vssid.records.models import Guardianship
from vssid.registration import deadlines
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.registration.surroundings import house

PAGE = "/tai-khoan/du-lieu/dong-y"


def words(engine, purpose: str) -> list[bool]:
    """What was said on a purpose by accounts, in order."""
    with reading(engine) as db:
        mine = select(Consent).where(Consent.purpose == purpose, Consent.subject_kind == "account")
        return [row.given for row in db.scalars(mine.order_by(Consent.at))]


def withdraw(client, purpose: str, **options):
    return people.post(client, f"{PAGE}/{purpose}/rut", **options)


def test_each_purpose_shows_state_day_version_and_digest(member):
    html = pages.get(member.citizen, PAGE)
    assert html.count("Đang đồng ý") == 3
    assert TERMS_VERSION in html
    assert TERMS_DIGEST[:12] in html


def test_a_consent_is_withdrawn_and_given_again_and_every_word_stays(member, engine):
    assert withdraw(member.citizen, "nhac_viec").status_code == 303
    assert words(engine, "nhac_viec") == [False]
    html = pages.get(member.citizen, PAGE)
    assert html.count("Đang đồng ý") == 2
    assert people.post(member.citizen, f"{PAGE}/nhac_viec/dong-y", page=PAGE).status_code == 303
    assert words(engine, "nhac_viec") == [False, True]
    assert pages.get(member.citizen, PAGE).count("Đang đồng ý") == 3
    assert member.tags()[-1] == "privacy.consent_given"


def test_saying_it_twice_writes_once(member, engine):
    withdraw(member.citizen, "nhac_viec")
    withdraw(member.citizen, "nhac_viec")
    assert words(engine, "nhac_viec") == [False]


def test_htmx_is_sent_to_the_list(member):
    answer = withdraw(member.citizen, "nhac_viec", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "/dong-y" in answer.headers["HX-Location"]


def test_the_core_is_not_withdrawn_silently(member, engine):
    assert "/tai-khoan/ngung-su-dung" in pages.get(member.citizen, f"{PAGE}/dich_vu/rut")
    answer = people.post(member.citizen, f"{PAGE}/dich_vu/rut", page=PAGE + "/nhac_viec/rut")
    assert answer.status_code == 422
    assert "ngừng sử dụng" in pages.inspected(answer)
    assert words(engine, "dich_vu") == []


def test_an_unknown_purpose_does_not_exist(member):
    assert member.citizen.get(f"{PAGE}/quang_cao/rut").status_code == 404


def declare_for_child(engine, member) -> None:
    """A declaration that the citizen has sent for a child and that waits for its paper."""
    with unit(engine) as db:
        mine = db.scalars(select(Declaration)).one()
        columns = [c.name for c in Declaration.__table__.columns]
        values = {name: getattr(mine, name) for name in columns}
        changed = {
            "id": uuid4(), "code": "ABCDEFGH", "kind": "tre-em", "status": "waiting", "ma_so_bhxh": people.CHILD.ma_so,
            "person_id": None, "guardian_person_id": member.account.person_id, "decided_at": None, "decided_by": None,
            "lapses_on": day_of(now()) + timedelta(days=1), "paper_at": None, "wants_reminders": True, "reminders_sent": 0,
        }  # fmt: skip
        db.add(Declaration(**{**values, **changed}))


def reminded(app, engine) -> int:
    with app.app_context(), unit(engine) as db:
        count = deadlines.remind(db, house(), day_of(now()), now())
        assert count == 0 or db.scalar(select(func.count()).select_from(OutboxMessage))
        return count


@pytest.mark.parametrize("stopped", [True, False])
def test_reminders_stop_with_their_consent(app, member, engine, stopped):
    declare_for_child(engine, member)
    if stopped:
        withdraw(member.citizen, "nhac_viec")
    assert reminded(app, engine) == (0 if stopped else 1)


def test_reminders_go_on_when_they_are_agreed_to_again(app, member, engine):
    declare_for_child(engine, member)
    withdraw(member.citizen, "nhac_viec")
    people.post(member.citizen, f"{PAGE}/nhac_viec/dong-y", page=PAGE)
    assert reminded(app, engine) == 1


def test_the_next_declaration_from_this_browser_asks_for_no_reminders(member):
    withdraw(member.citizen, "nhac_viec")
    kept = member.citizen.get_cookie("vssid-terms").value
    with member.app.test_request_context(headers={"Cookie": f"vssid-terms={kept}"}):
        assert accepted().given == {"dich_vu": True, "giay_to": True, "nhac_viec": False}


def test_withdrawing_papers_destroys_photos_of_what_is_decided_except_the_portrait(member, engine):
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(DeclarationPhoto)) == 3
    assert "xoá ngay" in pages.get(member.citizen, f"{PAGE}/giay_to/rut")
    withdraw(member.citizen, "giay_to")
    with reading(engine) as db:
        assert [photo.side for photo in db.scalars(select(DeclarationPhoto))] == ["portrait"]
        assert db.scalars(select(Declaration.photos_removed_at)).one() is not None
    assert member.officer.get(f"/can-bo/to-khai/{declaration(engine)}/anh/front.jpg").status_code == 404


def declaration(engine):
    with reading(engine) as db:
        return db.scalars(select(Declaration.id)).one()


def test_a_declaration_of_somebody_who_typed_this_number_keeps_its_photos(member, engine):
    with unit(engine) as db:
        other = db.scalars(select(Declaration)).one()
        other.phone, other.person_id, other.status = "+84900000999", None, "rejected"
    withdraw(member.citizen, "giay_to")
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(DeclarationPhoto)) == 3


def test_a_guardian_takes_back_the_agreement_for_a_child(member, stranger, engine):
    with unit(engine) as db:
        child = people.add_person(db, people.CHILD)
        link = {"id": uuid4(), "child_id": child, "guardian_id": member.account.person_id}
        db.add(Guardianship(valid_from=now().date(), source="test", **link))
    path = f"/ca-nhan/gia-dinh/{child}"
    people.post(member.citizen, f"{path}/dong-y", {"guardian": "1", "child": "1"})
    assert TERMS_VERSION in pages.get(member.citizen, f"{path}/du-lieu")
    assert stranger.get(f"{path}/du-lieu").status_code == 404
    assert people.post(member.citizen, f"{path}/du-lieu/rut", page=f"{path}/du-lieu").status_code == 303
    assert member.citizen.get(path).headers["Location"] == f"{path}/dong-y"
    assert member.citizen.get(f"{path}/the-bhyt").status_code == 303


def test_the_account_keeps_its_terms(member, engine):
    withdraw(member.citizen, "nhac_viec")
    with reading(engine) as db:
        assert db.scalars(select(Account.terms_version)).one() == TERMS_VERSION


def agreeing(engine, since: str = TERMS_VERSION) -> bool:
    with reading(engine) as db:
        account = db.scalars(select(Account)).one()
        return consents.agreeing(db, {account.id: account.person_id}, "nhac_viec", since) == {account.id}


def test_who_may_be_reminded_is_known_from_the_newest_word_wherever_it_was_said(member, engine):
    assert agreeing(engine)  # at registration
    withdraw(member.citizen, "nhac_viec")
    assert not agreeing(engine)
    people.post(member.citizen, f"{PAGE}/nhac_viec/dong-y", page=PAGE)
    assert agreeing(engine)


def test_a_word_on_an_older_text_does_not_reach_to_what_came_later(member, engine):
    assert not agreeing(engine, "9999-01")
    assert agreeing(engine, "2026-01")


def test_whoever_never_said_anything_is_not_reminded(member, stranger, engine):
    with reading(engine) as db:
        owners = {one.id: one.person_id for one in db.scalars(select(Account))}
        assert len(owners) == 2
        found = consents.agreeing(db, owners, "nhac_viec", TERMS_VERSION)
        assert [db.get(Account, id).phone for id in found] == ["+84" + people.CITIZEN.phone[1:]]
        assert consents.agreeing(db, {}, "nhac_viec", TERMS_VERSION) == set()
