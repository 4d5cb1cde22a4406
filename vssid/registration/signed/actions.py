"""The form is issued, comes back signed, and its files go when the photos go."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from vssid import signing
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import Refused
from vssid.registration.actions import paper_came
from vssid.registration.fields import PaperChannel
from vssid.registration.models import Declaration, SignedForm
from vssid.registration.rules import Status, Tag, check_paper
from vssid.registration.signed.queries import form_of, said
from vssid.registration.signed.rules import CHANGED, ISSUED_ANEW, NOT_ISSUED, believable, printable

MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True)
class Judged:
    """A signed PDF that was found valid, and the issued file that it was held against."""

    pdf: bytes
    issued_file_id: UUID
    signer: signing.Signer
    verdict: signing.Verdict


def issue(
    db: Session, store: FileStore, declaration: Declaration, pdf: bytes, says: str, *, at: datetime, today: date
) -> None:
    """Keep the very bytes that are given out for signing; `says` is the digest of what they say. Replaces the last ones.

    Raises Refused when the declaration no longer waits for its paper.
    """
    check_paper(Status(declaration.status), declaration.paper_at is not None, declaration.lapses_on, today)
    file = store.put(db, pdf, MEDIA_TYPE, at)
    db.flush()
    form, before = form_of(db, declaration.id), None
    if form is None:
        db.add(SignedForm(declaration_id=declaration.id, issued_file_id=file.id, issued_at=at, said=says))
    else:
        before, form.issued_file_id, form.issued_at, form.said = form.issued_file_id, file.id, at, says
    db.flush()
    if before is not None:
        db.execute(delete(StoredFile).where(StoredFile.id == before))
    audit.record(db, Tag.FORM_ISSUED, VISITOR, ("declaration", declaration.id), at)


def checked_issue(declaration: Declaration, form: SignedForm | None) -> UUID:
    """The issued file that a signed one must build on. Raises Refused when there is none, or it says what was mended."""
    if form is None or form.issued_file_id is None:
        raise Refused(NOT_ISSUED)
    if form.said != said(declaration):
        raise Refused(CHANGED)
    return form.issued_file_id


def receive(
    db: Session, store: FileStore, declaration: Declaration, judged: Judged, *, at: datetime, today: date
) -> None:
    """A valid signature counts as the paper: from here on the declaration does not lapse.

    Raises Refused when it no longer waits for the paper, or was mended or issued anew while the file was judged.
    """
    form = form_of(db, declaration.id)
    if checked_issue(declaration, form) != judged.issued_file_id or form is None:
        raise Refused(ISSUED_ANEW)
    paper_came(declaration, PaperChannel.SIGNED, at, today)
    file = store.put(db, judged.pdf, MEDIA_TYPE, at)
    db.flush()
    form.signed_file_id, form.checked_at = file.id, at
    form.signed_at = believable(judged.verdict.signed_at)
    form.signer_name, form.issuer_name = printable(judged.signer.name, 200), printable(judged.signer.authority, 200)
    form.serial, form.revocation = printable(judged.signer.serial, 64), judged.verdict.revocation
    form.name_marks = judged.verdict.name_marks
    audit.record(db, Tag.SIGNED_FORM_RECEIVED, VISITOR, ("declaration", declaration.id), at, revocation=form.revocation)


def drop_files(db: Session, declaration_id: UUID) -> int:
    """Destroy the issued and the signed file; returns how many. Who signed, and with what, stays with the declaration."""
    form = form_of(db, declaration_id)
    if form is None:
        return 0
    files = [id for id in (form.issued_file_id, form.signed_file_id) if id is not None]
    form.issued_file_id = form.signed_file_id = None
    db.flush()
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    return len(files)
