"""What happens to a declaration: sent, mended, withdrawn, its paper received, decided, lapsed, its photos destroyed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vssid import accounts, content, records
from vssid.kernel import audit
from vssid.kernel.audit import SYSTEM, VISITOR, By
from vssid.kernel.clock import day_of
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Refused
from vssid.officers import Officer
from vssid.records import IdKind
from vssid.registration import drafts, messages, queries
from vssid.registration.drafts import OpenDraft
from vssid.registration.models import Declaration, DeclarationPhoto, Draft
from vssid.registration.rules import (
    PHOTOS_KEPT,
    REMIND_DAYS_BEFORE,
    HandIn,
    Info,
    Office,
    Side,
    Status,
    Tag,
    check_approvable,
    check_decidable,
    check_paper,
    check_reason,
    check_withdrawable,
    lapse_day,
    new_code,
)

BATCH = 200
FORM_01 = "form01"


@dataclass(frozen=True)
class Surroundings:
    """What the verbs need of the house: the keys, the address that messages name."""

    keyring: Keyring
    url: str


def send(
    db: Session,
    house: Surroundings,
    draft: OpenDraft,
    consent: content.Acceptance,
    language: str,
    *,
    sms: bool,
    at: datetime,
) -> Declaration:
    """Turn a complete draft into a declaration, all or nothing: row, photos, consents, audit, messages.

    Raises Refused when something is missing, and when a parallel request has just sent the same draft.
    """
    info, office = draft.content.info, draft.content.office
    if info is None or office is None or not draft.photos_complete:
        raise Refused(N_("Tờ khai chưa đủ. Hãy xem lại các bước."))
    if db.scalar(select(func.count()).where(Draft.id == draft.id)) == 0:
        raise Refused(N_("Tờ khai này đã được gửi."))
    declaration = _declaration(info, office, consent, language, at)
    db.add(declaration)
    db.flush()
    moved = update(DeclarationPhoto).where(DeclarationPhoto.draft_id == draft.id)
    db.execute(moved.values(draft_id=None, declaration_id=declaration.id))
    drafts.discard(db, draft.id)
    subject = ("declaration", declaration.id)
    accounts.record_consent(db, subject, consent.given, consent.version, content.TERMS_DIGEST, by=VISITOR, at=at)
    audit.record(db, Tag.SENT, VISITOR, subject, at, agency=office.agency_code)
    if sms:
        messages.send_sms(db, house.keyring, "received", declaration, at, at + timedelta(days=1))
    attachment = FORM_01 if office.wants_form_by_email else None
    messages.send_mail(db, house.keyring, "received", declaration, at, house.url, attachment)
    return declaration


def _declaration(info: Info, office: Office, consent: content.Acceptance, language: str, at: datetime) -> Declaration:
    return Declaration(
        id=uuid4(),
        code=new_code(),
        status=Status.WAITING,
        ma_so_bhxh=info.ma_so_bhxh,
        full_name=info.full_name,
        id_kind=info.id_kind,
        id_number=info.id_number,
        unit_system="2025",
        province_code=info.province_code,
        ward_code=info.ward_code,
        address_line=info.address_line,
        phone=info.phone,
        contact_name=info.contact_name,
        email=office.email,
        wants_form_by_email=office.wants_form_by_email,
        wants_reminders=consent.given.get("nhac_viec", False),
        terms_version=consent.version,
        portal=info.portal,
        agency_code=office.agency_code,
        hand_in=office.hand_in,
        language=language,
        sent_at=at,
        lapses_on=lapse_day(day_of(at)),
    )


def mend_phone(
    db: Session, house: Surroundings, declaration: Declaration, phone: str, *, sms: bool, at: datetime
) -> None:
    """Correct a wrong phone before the decision; the new number gets the code."""
    check_decidable(Status(declaration.status))
    declaration.phone = phone
    audit.record(db, Tag.PHONE_MENDED, VISITOR, ("declaration", declaration.id), at)
    if sms:
        messages.send_sms(db, house.keyring, "code", declaration, at, at + timedelta(days=1))


def withdraw(db: Session, declaration: Declaration, *, at: datetime) -> None:
    """The citizen takes the declaration back."""
    check_withdrawable(Status(declaration.status))
    declaration.status, declaration.decided_at = Status.WITHDRAWN, at
    audit.record(db, Tag.WITHDRAWN, VISITOR, ("declaration", declaration.id), at)


def receive_paper(
    db: Session, declaration: Declaration, channel: HandIn, id_shown: str, *, by: Officer, at: datetime, today: date
) -> None:
    """Đã nhận tờ khai giấy: from here on the declaration does not lapse."""
    check_paper(Status(declaration.status), declaration.lapses_on, today)
    declaration.status, declaration.paper_at = Status.RECEIVED, at
    declaration.paper_channel, declaration.paper_id_shown, declaration.paper_by = channel, id_shown, by.id
    audit.record(db, Tag.PAPER_RECEIVED, by.by, ("declaration", declaration.id), at, channel=channel)


def approve(
    db: Session, house: Surroundings, declaration: Declaration, *, by: Officer, at: datetime, today: date
) -> None:
    """Phê duyệt: the person gets an account and its activation code, and the portrait becomes the card's.

    Raises Refused when the declaration ended or is late, a side of the ID is missing, the register does not know the
    mã số, the person has died, or the person or the phone already has an account.
    """
    photos = queries.photos(db, declaration.id)
    check_approvable(Status(declaration.status), declaration.lapses_on, today, set(photos))
    known = queries.registered(db, declaration)
    person = known.person
    if person is None:
        raise Refused(N_("Mã số BHXH không có trong sổ bộ: hãy nhập sổ bộ hoặc từ chối có lý do."))
    if person.died_on is not None:
        raise Refused(N_("Theo sổ bộ, người này đã mất: không mở tài khoản."))
    if by.ma_so_bhxh and records.is_family(db, by.ma_so_bhxh, person):
        raise Refused(N_("Cán bộ không xử lý hồ sơ của mình và người nhà. Hãy chuyển cho đồng nghiệp."))
    contact = accounts.Contact(declaration.phone, declaration.email, declaration.language)
    names = [declaration.ma_so_bhxh, _cccd_of(db, declaration, known, at)]
    account = accounts.create(db, house.keyring, person.id, [name for name in names if name], contact, by=by.by, at=at)
    account.terms_version = declaration.terms_version
    if Side.PORTRAIT in photos:
        records.set_portrait(db, person, photos[Side.PORTRAIT].file_id, at)
    declaration.person_id = person.id
    _decide(declaration, Status.APPROVED, by, at)
    messages.send_mail(db, house.keyring, "approved", declaration, at, house.url)
    audit.record(db, Tag.APPROVED, by.by, ("declaration", declaration.id), at, person=str(person.id))


def _cccd_of(db: Session, declaration: Declaration, known: queries.Registered, at: datetime) -> str | None:
    """The CCCD to sign in with: the register's; if it has none, the one that the officer has just checked."""
    if IdKind.CCCD in known.numbers or declaration.id_kind != IdKind.CCCD or known.person is None:
        return known.numbers.get(IdKind.CCCD)
    learned = records.learn_identifier(db, known.person, IdKind.CCCD, declaration.id_number, at)
    return declaration.id_number if learned else None


def _decide(declaration: Declaration, status: Status, by: Officer, at: datetime) -> None:
    declaration.status, declaration.decided_at, declaration.decided_by = status, at, by.id


def reject(
    db: Session, house: Surroundings, declaration: Declaration, code: str, words: str, *, by: Officer, at: datetime
) -> None:
    """Từ chối, with a reason that the citizen sees."""
    check_decidable(Status(declaration.status))
    declaration.reason_code, declaration.reason = check_reason(code, words), words
    _decide(declaration, Status.REJECTED, by, at)
    messages.send_sms(db, house.keyring, "rejected", declaration, at, at + timedelta(days=3))
    messages.send_mail(db, house.keyring, "rejected", declaration, at, house.url)
    audit.record(db, Tag.REJECTED, by.by, ("declaration", declaration.id), at)


def lapse(db: Session, house: Surroundings, today: date, at: datetime) -> int:
    """Cancel declarations whose last day is over and whose paper has not come; returns how many."""
    query = select(Declaration).where(Declaration.status == Status.WAITING, Declaration.lapses_on < today).limit(BATCH)
    count = 0
    for declaration in db.scalars(query):
        declaration.status, declaration.decided_at = Status.LAPSED, at
        messages.send_sms(db, house.keyring, "lapsed", declaration, at, at + timedelta(days=3))
        messages.send_mail(db, house.keyring, "lapsed", declaration, at, house.url)
        audit.record(db, Tag.LAPSED, SYSTEM, ("declaration", declaration.id), at)
        count += 1
    return count


def remind(db: Session, house: Surroundings, today: date, at: datetime) -> int:
    """Remind those who agreed to it, once, three days before the last day; returns how many."""
    query = select(Declaration).where(
        Declaration.status == Status.WAITING,
        Declaration.lapses_on <= today + timedelta(days=REMIND_DAYS_BEFORE),
        Declaration.lapses_on >= today,
        Declaration.wants_reminders,
        Declaration.reminded_at.is_(None),
    )
    count = 0
    for declaration in db.scalars(query.limit(BATCH)):
        declaration.reminded_at = at
        messages.send_sms(db, house.keyring, "remind", declaration, at, at + timedelta(days=1))
        messages.send_mail(db, house.keyring, "remind", declaration, at, house.url)
        count += 1
    return count


def remove_old_photos(db: Session, at: datetime) -> int:
    """Destroy identity photos 90 days after the end; an approved portrait stays with its person."""
    over = select(Declaration).where(Declaration.decided_at < at - PHOTOS_KEPT, Declaration.photos_removed_at.is_(None))
    count = 0
    for declaration in list(db.scalars(over.limit(BATCH))):
        keep = Side.PORTRAIT if declaration.status == Status.APPROVED else None
        declaration.photos_removed_at = at
        if drafts.drop_photos_of(db, declaration.id, keep):
            audit.record(db, Tag.PHOTOS_REMOVED, SYSTEM, ("declaration", declaration.id), at)
            count += 1
    return count


def note_view(db: Session, tag: Tag, by: By, id: UUID, at: datetime, **detail: str) -> None:
    """Somebody looked at a declaration or a photo of it: that is an act, too."""
    audit.record(db, tag, by, ("declaration", id), at, **detail)
