"""Phê duyệt: an adult gets an account; a child a guardian's link, and an account where one was asked for; an organisation
its first manager.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from vssid import accounts, content, organisations, records
from vssid.kernel import audit
from vssid.kernel.labels import N_, Label, Refused
from vssid.officers import Officer
from vssid.records import IdKind, PartialDate, Person
from vssid.registration import messages, queries
from vssid.registration.actions import decide
from vssid.registration.changes import queries as changes
from vssid.registration.changes.actions import cancel
from vssid.registration.fields import Kind, Side
from vssid.registration.models import Declaration
from vssid.registration.papers import spoken_tax_code
from vssid.registration.queries import Registered
from vssid.registration.rules import Status, Tag, check_approvable
from vssid.registration.surroundings import Surroundings

_UNKNOWN = N_("Mã số BHXH không có trong sổ bộ: hãy nhập sổ bộ hoặc từ chối có lý do.")
_DEAD = N_("Theo sổ bộ, người này đã mất: không mở tài khoản.")


def approve(
    db: Session, house: Surroundings, declaration: Declaration, *, by: Officer, at: datetime, today: date
) -> None:
    """Approve, all or nothing.

    Raises Refused when the declaration ended or is late, a photo is missing, items are still returned, the register
    does not know the mã số, the person has died or is of the officer's family, or an account stands in the way.
    """
    photos = queries.photos(db, declaration.id)
    needed = Kind(declaration.kind).needed
    missing = (needed if declaration.counter_by else needed - {Side.PORTRAIT}) - set(photos)
    check_approvable(Status(declaration.status), declaration.lapses_on, today, missing)
    if declaration.kind == Kind.ORGANISATION:
        _open_for_organisation(db, house, declaration, by=by, at=at)
        opened = {"organisation": str(declaration.organisation_id)}
    else:
        person = _open_for_person(db, house, declaration, by=by, at=at, today=today)
        if Side.PORTRAIT in photos:
            records.set_portrait(db, person, photos[Side.PORTRAIT].file_id, at)
        declaration.person_id = person.id
        opened = {"person": str(person.id)}
    decide(declaration, Status.APPROVED, by, at)
    audit.record(db, Tag.APPROVED, by.by, ("declaration", declaration.id), at, **opened)


def _open_for_organisation(
    db: Session, house: Surroundings, declaration: Declaration, *, by: Officer, at: datetime
) -> None:
    """The organisation as it was declared; the contact becomes its manager and gets the activation code."""
    facts = organisations.Facts(
        kind=organisations.OrganisationKind(declaration.organisation_kind),
        name=declaration.full_name,
        ma_don_vi=declaration.unit_code,
        tax_code=spoken_tax_code(declaration.id_number),
        address_line=declaration.address_line,
        ward_code=declaration.ward_code,
        province_code=declaration.province_code,
        agency_code=declaration.agency_code,
        portal=organisations.Portal(declaration.portal),
        ivan_provider=declaration.ivan_provider,
        facility_code=declaration.facility_code,
    )
    contact = organisations.Contact(
        declaration.contact_name, declaration.phone, declaration.email, declaration.language
    )
    made = organisations.create(db, house.keyring, facts, contact, by=by.by, at=at)
    declaration.organisation_id = made.id
    messages.send_mail(db, house.keyring, "organisation_approved", declaration, at, house.url)


def _open_for_person(
    db: Session, house: Surroundings, declaration: Declaration, *, by: Officer, at: datetime, today: date
) -> Person:
    """The person of the register, once their account or their guardian's link is made."""
    known = queries.registered(db, declaration, today)
    person = known.person
    if person is None:
        raise Refused(_UNKNOWN)
    if person.died_on is not None:
        raise Refused(_DEAD)
    queries.check_family(db, by, declaration.ma_so_bhxh, declaration.guardian_ma_so)
    open_for = _open_for_child if declaration.kind == Kind.CHILD else _open_for_adult
    open_for(db, house, declaration, known, person, by=by, at=at, today=today)
    return person


def _open_for_adult(
    db: Session,
    house: Surroundings,
    declaration: Declaration,
    known: Registered,
    person: Person,
    *,
    by: Officer,
    at: datetime,
    today: date,
) -> None:
    """An account with mã số and CCCD as names. A grown child's account leaves the guardian's hands, and their link ends."""
    contact = accounts.Contact(declaration.phone, declaration.email, declaration.language)
    names = [name for name in (declaration.ma_so_bhxh, _cccd_of(db, declaration, known, at)) if name]
    account = accounts.by_person(db, person.id)
    if account is not None and account.guardian_id is not None:
        _stop_guardians_change(db, house, account, by=by, at=at)
        accounts.hand_over(db, house.keyring, account, names, contact, by=by.by, at=at)
    else:
        account = accounts.create(db, house.keyring, person.id, names, contact, by=by.by, at=at)
    account.terms_version = declaration.terms_version
    records.end_guardianships(db, person.id, today)
    by_message = "approved" if contact.phone else "approved_on_paper"
    messages.send_mail(db, house.keyring, by_message, declaration, at, house.url)


def _stop_guardians_change(
    db: Session, house: Surroundings, account: accounts.Account, *, by: Officer, at: datetime
) -> None:
    """What the guardian wanted of the account, its end for one, is no more theirs to want."""
    pending = changes.pending_of(db, account.id)
    if pending is not None:
        cancel(db, house, pending, by=by.by, at=at)


def _cccd_of(db: Session, declaration: Declaration, known: Registered, at: datetime) -> str | None:
    """The CCCD to sign in with: the register's; if it has none, the one that the officer has just checked."""
    if IdKind.CCCD in known.numbers or declaration.id_kind != IdKind.CCCD or known.person is None:
        return known.numbers.get(IdKind.CCCD)
    learned = records.learn_identifier(db, known.person, IdKind.CCCD, declaration.id_number, at)
    return declaration.id_number if learned else None


def _open_for_child(
    db: Session,
    house: Surroundings,
    declaration: Declaration,
    known: Registered,
    child: Person,
    *,
    by: Officer,
    at: datetime,
    today: date,
) -> None:
    """The guardian's link and consent; an account where one was asked for, else one SMS that names the child."""
    guardian = known.guardian
    wrong = why_no_ward(known, today)
    if wrong is not None or guardian is None:
        raise Refused(wrong or _UNKNOWN)
    records.add_guardianship(db, guardian, child, today, "declaration")
    accounts.record_consent(
        db,
        ("person", child.id),
        {records.CHILD_CONSENT: True},
        declaration.terms_version,
        content.TERMS_DIGEST,
        by=audit.VISITOR,
        at=declaration.sent_at,
    )
    account = accounts.by_person(db, child.id)
    if declaration.own_account and (account is None or account.status == "closed"):
        contact = accounts.Contact(declaration.phone, declaration.email, declaration.language)
        account = accounts.create_for_child(
            db,
            house.keyring,
            (child.id, declaration.ma_so_bhxh, child.full_name),
            guardian.id,
            contact,
            records.of_age_on(PartialDate.parse(child.birth_date)),
            on_paper=declaration.counter_by is not None,
            by=by.by,
            at=at,
        )
        account.terms_version = declaration.terms_version
    elif declaration.phone:
        messages.send_sms(db, house.keyring, "child_approved", declaration, at, at + timedelta(days=3))
    messages.send_mail(db, house.keyring, "child_approved", declaration, at, house.url)


def why_no_ward(known: Registered, today: date) -> Label | None:
    """Why this guardian cannot act for this child, in words for the officer; None when they can."""
    child, guardian = known.person, known.guardian
    if child is None:
        return _UNKNOWN
    if guardian is None:
        return N_("Mã số BHXH người giám hộ không có trong sổ bộ.")
    if guardian.id == child.id:
        return N_("Người giám hộ và trẻ là cùng một người trong sổ bộ.")
    if guardian.died_on is not None:
        return N_("Theo sổ bộ, người giám hộ đã mất.")
    if records.minor(guardian, today):
        return N_("Người giám hộ chưa đủ 18 tuổi theo sổ bộ.")
    if not records.minor(child, today):
        return N_("Theo sổ bộ, người này đã đủ 18 tuổi: phải tự đăng ký bằng giấy tờ của mình.")
    if IdKind.CCCD in known.numbers:
        return N_("Theo sổ bộ, trẻ đã có CCCD: phải đăng ký như người lớn.")
    return None
