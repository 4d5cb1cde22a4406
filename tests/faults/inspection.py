"""A house that was struck is gone over: what is half-done, what is missing, what does not fit. In words, for a person."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from PIL import Image
from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from tests.faults.visitors import SIDES, Visitor
from vssid.accounts.models import Consent
from vssid.kernel import audit
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.crypto import Keyring, Unreadable
from vssid.kernel.files import FileStore, StoredFile
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Person
from vssid.registration import drafts
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.registration.rules import Tag


def faults(db: Session, store: FileStore) -> list[str]:
    """Everything wrong with database, declarations, files and audit; sweeps away files that no row knows."""
    return [*_in_the_database(db), *_in_declarations(db), *_in_files(db, store), *_in_the_audit(db)]


def _in_the_database(db: Session) -> Iterator[str]:
    driver = db.connection()
    for (line,) in driver.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"integrity: {line}"
    for row in driver.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"foreign key: {tuple(row)}"


def _in_declarations(db: Session) -> Iterator[str]:
    """A declaration comes with three photos, its audit row, its consents and its message, or not at all."""
    sides: dict = {}
    for photo in db.scalars(select(DeclarationPhoto).where(DeclarationPhoto.declaration_id.is_not(None))):
        sides.setdefault(photo.declaration_id, set()).add(photo.side)
    sent = select(AuditEntry.subject_id).where(AuditEntry.tag == Tag.SENT)
    told = select(OutboxMessage.about_id).where(OutboxMessage.kind == "declaration.received")
    agreed = select(Consent.subject_id).where(Consent.subject_kind == "declaration")
    audited, messages = Counter(db.scalars(sent)), Counter(db.scalars(told))
    consents = Counter(db.scalars(agreed))
    ids = set(db.scalars(select(Declaration.id)))
    for id in ids:
        if sides.get(id, set()) != set(SIDES):
            yield f"declaration {id} has the photos {sides.get(id)}"
        if (audited[id], messages[id]) != (1, 1):
            yield f"declaration {id} has {audited[id]} audit rows and {messages[id]} messages"
        if not consents[id]:
            yield f"declaration {id} has no consents"
    for id in (audited.keys() | messages.keys() | consents.keys()) - ids:
        yield f"traces of a declaration {id} that is not there"


def _in_files(db: Session, store: FileStore) -> Iterator[str]:
    rows = list(db.scalars(select(StoredFile)))
    for row in rows:
        try:
            Image.open(io.BytesIO(store.read(row))).load()
        except (Unreadable, OSError) as wrong:
            yield f"file {row.id}: {wrong}"
    used = union(
        select(DeclarationPhoto.file_id), select(DeclarationPhoto.preview_id), select(Person.portrait_file_id)
    ).subquery()
    [column] = used.c
    stray = select(func.count()).where(StoredFile.id.not_in(select(column).where(column.is_not(None))))
    if db.scalar(stray):
        yield f"{db.scalar(stray)} rows of files belong to nothing"
    store.sweep(db, now() + timedelta(hours=2))
    left = sum(1 for _path in store.root.glob("*/*"))
    if left != len(rows):
        yield f"{left} files are left after the sweep, for {len(rows)} rows"


def _in_the_audit(db: Session) -> Iterator[str]:
    broken = audit.broken_link(db)
    if broken is not None:
        yield f"the audit's chain is broken at {broken}"
    audit.seal(db)
    entries, seals = audit.length(db), db.scalar(select(func.count()).select_from(audit.AuditSeal))
    if entries != seals:
        yield f"{entries} audit entries, {seals} links"


def forgotten(db: Session, keyring: Keyring, visitors: Iterable[Visitor]) -> list[str]:
    """What was acknowledged to `visitors` and is not there, or is there twice."""
    by_phone: dict[str, list[Declaration]] = {}
    for row in db.scalars(select(Declaration)):
        by_phone.setdefault(row.phone, []).append(row)
    return [
        f"{visitor.who.phone}: {words}"
        for visitor in visitors
        for words in _forgotten_of(db, keyring, visitor, by_phone.get("+84" + visitor.who.phone[1:], []))
    ]


def _forgotten_of(db: Session, keyring: Keyring, visitor: Visitor, found: list[Declaration]) -> Iterator[str]:
    if len(found) > 1:
        yield f"{len(found)} declarations"
    if visitor.code and [row.code for row in found] != [visitor.code]:
        yield f"declaration {visitor.code} is not there"
    if found or visitor.done or "send" in visitor.acknowledged:
        if len(found) != 1 or not visitor.pressed:
            yield f"sent {visitor.acknowledged}, found {len(found)} declarations"
        return
    draft = drafts.find(db, keyring, visitor.browser.cookie("vssid-draft"), now())
    steps = {step for step in visitor.acknowledged if step != "terms"}
    kept: set[str] = set(draft.photos) if draft else set()
    if draft and draft.content.info and draft.content.info.phone == "+84" + visitor.who.phone[1:]:
        kept.add("info")
    if draft and draft.content.office:
        kept.add("office")
    if steps - kept:
        yield f"the steps {steps - kept} of a draft are gone"
