"""Withdrawing and giving consent again: a row more, and what depends on it stops or goes on in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from vssid import accounts, content
from vssid.accounts import Account
from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.labels import N_, Refused
from vssid.privacy import about
from vssid.privacy.consents import queries
from vssid.privacy.rules import CORE, PAPERS, REMINDERS, Tag
from vssid.records import CHILD_CONSENT
from vssid.registration import consents as registration

NOT_HERE = N_("Rút đồng ý này nghĩa là ngừng sử dụng tài khoản. Hãy dùng mục Ngừng sử dụng tài khoản.")


@dataclass(frozen=True)
class Person:
    """Whose consent it is: their account and their id in the register."""

    account_id: UUID
    person_id: UUID


def decide(db: Session, whose: Person, purpose: str, wanted: bool, *, by: By, at: datetime) -> bool:
    """Note the word and let it take effect; False when it said so already, and nothing was written.

    Raises Refused for the core purpose: without it there is no account, which ends by its own path.
    """
    if purpose == CORE and not wanted:
        raise Refused(NOT_HERE)
    if queries.given(db, whose.account_id, whose.person_id)[purpose] is wanted:
        return False
    subject = ("account", whose.account_id)
    version, digest = content.TERMS_VERSION, content.TERMS_DIGEST
    accounts.record_consent(db, subject, {purpose: wanted}, version, digest, by=by, at=at)
    tag = Tag.GIVEN if wanted else Tag.WITHDRAWN
    audit.record(db, tag, by, ("person", whose.person_id), at, purpose=purpose)
    _take_effect(db, whose, purpose, wanted, by, at)
    return True


def _take_effect(db: Session, whose: Person, purpose: str, wanted: bool, by: By, at: datetime) -> None:
    numbers = about.known(db, whose.person_id).numbers
    phone = db.get_one(Account, whose.account_id).phone or ""
    if purpose == REMINDERS:
        registration.set_reminders(db, whose.person_id, numbers, phone, wanted=wanted)
    if purpose == PAPERS and not wanted:
        registration.drop_photos(db, whose.person_id, numbers, phone, by=by, at=at)


def withdraw_for_child(db: Session, child_id: UUID, *, by: By, at: datetime) -> None:
    """A guardian no longer agrees: the child's pages ask for it before they show anything."""
    said = queries.of_child(db, child_id)
    if said is None or not said.given:
        return
    version, digest = content.TERMS_VERSION, content.TERMS_DIGEST
    accounts.record_consent(db, ("person", child_id), {CHILD_CONSENT: False}, version, digest, by=by, at=at)
    audit.record(db, Tag.WITHDRAWN, by, ("person", child_id), at, purpose=CHILD_CONSENT)
