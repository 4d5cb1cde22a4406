"""What happens to a declaration: sent, mended, withdrawn, its paper received, rejected."""

import json
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vssid import accounts, content, records
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR, By
from vssid.kernel.clock import day_of
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import fold
from vssid.officers import Officer
from vssid.records import IdKind
from vssid.registration import drafts, messages, queries
from vssid.registration.drafts import Content, OpenDraft
from vssid.registration.fields import Guardian, HandIn, Info, Office, Organisation, PaperChannel
from vssid.registration.models import Declaration, DeclarationPhoto, Draft
from vssid.registration.rules import (
    Status,
    Tag,
    check_decidable,
    check_paper,
    check_reason,
    check_withdrawable,
    lapse_day,
    new_code,
)
from vssid.registration.surroundings import Surroundings

FORM_01 = "form01"


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
    declaration = enter(db, draft.content, info, office, consent, language, by=VISITOR, at=at)
    moved = update(DeclarationPhoto).where(DeclarationPhoto.draft_id == draft.id)
    db.execute(moved.values(draft_id=None, declaration_id=declaration.id))
    drafts.discard(db, draft.id)
    if sms:
        messages.send_sms(db, house.keyring, "received", declaration, at, at + timedelta(days=1))
    attachment = FORM_01 if office.wants_form_by_email else None
    messages.send_mail(db, house.keyring, "received", declaration, at, house.url, attachment)
    return declaration


def enter(
    db: Session,
    said: Content,
    info: Info,
    office: Office,
    consent: content.Acceptance,
    language: str,
    *,
    by: By,
    at: datetime,
    counter_by: UUID | None = None,
) -> Declaration:
    """The row of a new declaration with its consents, from a draft or from an officer at the counter."""
    declaration = _declaration(db, said, info, at)
    declaration.agency_code, declaration.hand_in, declaration.email = office.agency_code, office.hand_in, office.email
    declaration.wants_form_by_email = office.wants_form_by_email
    declaration.wants_reminders = consent.given.get("nhac_viec", False)
    declaration.terms_version, declaration.language = consent.version, language
    declaration.counter_by = counter_by
    db.add(declaration)
    db.flush()
    subject = ("declaration", declaration.id)
    accounts.record_consent(db, subject, consent.given, consent.version, content.TERMS_DIGEST, by=by, at=at)
    audit.record(db, Tag.SENT, by, subject, at, agency=office.agency_code)
    return declaration


def _declaration(db: Session, said: Content, info: Info, at: datetime) -> Declaration:
    phone = queries.phone_for(db, info)
    scans = said.scans
    said_of = {"id_kind": info.id_kind, "id_number": info.id_number}
    return Declaration(
        id=uuid4(),
        code=new_code(),
        kind=said.kind,
        status=Status.WAITING,
        ma_so_bhxh=info.ma_so_bhxh,
        full_name=info.full_name,
        name_folded=fold(info.full_name),
        birth_date=_birth_date(db, info, scans),
        unit_system="2025",
        province_code=info.province_code,
        ward_code=info.ward_code,
        address_line=info.address_line,
        address_given=info.address_given,
        phone=phone,
        phone_of_account=bool(phone) and not info.phone,
        contact_name=info.contact_name,
        portal=info.portal,
        scans=json.dumps(scans, ensure_ascii=False) if scans else "",
        sent_at=at,
        lapses_on=lapse_day(day_of(at)),
        **{**said_of, **_guardian(info.guardian), **_organisation(info.organisation)},
    )


def _guardian(guardian: Guardian | None) -> dict[str, str | bool | UUID | None]:
    if guardian is None:
        return {}
    return {
        "guardian_ma_so": guardian.ma_so_bhxh,
        "guardian_id_kind": guardian.id_kind,
        "guardian_number": guardian.id_number,
        "guardian_relation": guardian.relation,
        "guardian_person_id": UUID(guardian.person_id) if guardian.person_id else None,
        "own_account": guardian.own_account,
    }


def _organisation(organisation: Organisation | None) -> dict[str, str]:
    if organisation is None:
        return {}
    return {
        "id_number": organisation.tax_code,
        "organisation_kind": organisation.kind,
        "unit_code": organisation.unit_code,
        "facility_code": organisation.facility_code,
        "ivan_provider": organisation.ivan_provider,
    }


def _birth_date(db: Session, info: Info, scans: dict[str, dict[str, str]]) -> str:
    """The register's, else what a scanned card says, else ''; only to find people who are declared twice."""
    person = records.person_by(db, IdKind.MA_SO_BHXH, info.ma_so_bhxh)
    if person is not None:
        return person.birth_date
    return next((scan["birth_date"] for scan in scans.values() if scan.get("birth_date")), "")


def mend_phone(
    db: Session, house: Surroundings, declaration: Declaration, phone: str, *, sms: bool, at: datetime
) -> None:
    """Correct a wrong phone before the decision; the new number gets the code."""
    check_decidable(Status(declaration.status))
    declaration.phone, declaration.phone_of_account = phone, False
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
    """Đã nhận tờ khai giấy: from here on the declaration does not lapse, returned items or not.

    Raises Refused when it is late or not waited for, and for the officer's family.
    """
    queries.check_family(db, by, declaration.ma_so_bhxh, declaration.guardian_ma_so)
    paper_came(declaration, PaperChannel(channel.value), at, today)
    declaration.paper_id_shown, declaration.paper_by = id_shown, by.id
    audit.record(db, Tag.PAPER_RECEIVED, by.by, ("declaration", declaration.id), at, channel=channel)


def paper_came(declaration: Declaration, channel: PaperChannel, at: datetime, today: date) -> None:
    """The paper, or what counts as it, is there. Raises Refused when it is late or not waited for."""
    status = Status(declaration.status)
    check_paper(status, declaration.paper_at is not None, declaration.lapses_on, today)
    declaration.status = Status.RETURNED if status is Status.RETURNED else Status.RECEIVED
    declaration.paper_at, declaration.paper_channel = at, channel


def reject(
    db: Session, house: Surroundings, declaration: Declaration, code: str, words: str, *, by: Officer, at: datetime
) -> None:
    """Từ chối, with a reason that the citizen sees."""
    check_decidable(Status(declaration.status))
    declaration.reason_code, declaration.reason = check_reason(code, words), words
    decide(declaration, Status.REJECTED, by, at)
    messages.send_sms(db, house.keyring, "rejected", declaration, at, at + timedelta(days=3))
    messages.send_mail(db, house.keyring, "rejected", declaration, at, house.url)
    audit.record(db, Tag.REJECTED, by.by, ("declaration", declaration.id), at)


def decide(declaration: Declaration, status: Status, by: Officer, at: datetime) -> None:
    """Put an end to the waiting."""
    declaration.status, declaration.decided_at, declaration.decided_by = status, at, by.id


def note_view(db: Session, tag: Tag, by: By, id: UUID, at: datetime, **detail: str) -> None:
    """Somebody looked at a declaration or a photo of it: that is an act, too."""
    audit.record(db, tag, by, ("declaration", id), at, **detail)
