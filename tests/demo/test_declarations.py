from sqlalchemy import func, select

from vssid import records
from vssid.accounts.models import Account, LoginName
from vssid.content import TERMS_VERSION
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.files import StoredFile
from vssid.records import IdKind
from vssid.registration import Declaration, Side, Status
from vssid.registration.models import DeclarationPhoto
from vssid.web.db import db as request_db


def _count(session, model, *where):
    return session.scalar(select(func.count()).select_from(model).where(*where))


def test_every_state_of_declarations_is_there_and_the_queue_is_full(province):
    declared = list(province.scalars(select(Declaration)))
    assert {one.status for one in declared} == set(Status) - {Status.RETURNED, Status.MERGED}
    waiting = [one for one in declared if one.status == Status.WAITING]
    here = [one for one in waiting if one.agency_code == "08901"]
    assert len(here) >= 12
    days = {(one.lapses_on - today()).days for one in here}
    assert {0, 1} <= days
    assert min(days) == 0
    assert len(days) >= 8
    for one in declared:
        assert one.sent_at <= now()
        assert one.decided_at is None or one.sent_at <= one.decided_at <= now()
        assert (one.reason_code is not None) == (one.status == Status.REJECTED)
        assert (one.person_id is not None) == (one.status == Status.APPROVED)


def test_some_declarations_differ_from_the_register(province):
    own = "+84900000101"
    waiting = list(province.scalars(select(Declaration).where(Declaration.status == Status.WAITING)))
    known = {one.code: records.person_by(province, IdKind.MA_SO_BHXH, one.ma_so_bhxh) for one in waiting}
    found = [(one, known[one.code]) for one in waiting if known[one.code]]
    numbers = {one.code: records.identifiers(province, person.id).get(IdKind.CCCD) for one, person in found}
    assert None in known.values()
    assert any(one.ward_code != person.ward_code for one, person in found)
    assert any(one.full_name != person.full_name for one, person in found)
    assert any(one.id_number != numbers[one.code] for one, _person in found)
    assert any(one.phone == own for one, _person in found)
    assert any(person.died_on for _one, person in found)
    codes = [one.ma_so_bhxh for one in waiting]
    assert len(set(codes)) < len(codes)


def test_each_declaration_has_its_three_photos_and_their_bytes_open(province, loaded):
    declared = _count(province, Declaration)
    assert _count(province, DeclarationPhoto) == 3 * declared
    assert _count(province, StoredFile) == 6 * declared
    photos = province.scalars(select(DeclarationPhoto).limit(3)).all()
    assert {photo.side for photo in photos} == {Side.PORTRAIT, Side.FRONT, Side.BACK}
    for photo in photos:
        for id in (photo.file_id, photo.preview_id):
            assert loaded.extensions["files"].read(province.get(StoredFile, id)).startswith(b"\xff\xd8\xff")


def test_accounts_are_proven_agreed_to_and_named(province):
    accounts = list(province.scalars(select(Account)))
    assert {account.status for account in accounts} == {"active", "new"}
    for account in accounts:
        assert account.terms_version == TERMS_VERSION
        assert (account.phone_proven_at is not None) == (account.status == "active") == bool(account.password_hash)
        assert _count(province, LoginName, LoginName.account_id == account.id) == 2


def test_nothing_is_sent_to_invented_people_and_the_audit_can_be_sealed(new_app, load):
    app = new_app()
    load(app)
    with app.app_context():
        with unit(request_db.engine) as session:
            assert _count(session, request_db.metadata.tables["outbox"]) == 0
            assert audit.seal(session) > 40
        with reading(request_db.engine) as session:
            assert audit.broken_link(session) is None
