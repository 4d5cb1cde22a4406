"""Reads of signed forms; what a form says, as a digest; who must have signed it."""

import hashlib
import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid import records, signing
from vssid.records import IdKind
from vssid.registration.fields import Kind
from vssid.registration.models import Declaration, SignedForm

_SAID = (
    "ma_so_bhxh", "full_name", "id_number", "province_code", "ward_code", "address_line", "address_given", "phone",
    "contact_name", "email", "portal", "agency_code", "hand_in", "guardian_ma_so", "guardian_number",
    "guardian_relation",
)  # fmt: skip
_SAID_OF_ORGANISATION = ("unit_code", "ivan_provider", "facility_code")


def form_of(db: Session, declaration_id: UUID) -> SignedForm | None:
    """The form that was issued for signing, signed or not yet."""
    return db.get(SignedForm, declaration_id)


def signed_form(db: Session, declaration: Declaration) -> SignedForm | None:
    """The form that counts as the paper: the declaration's own, else that of one that was merged into it."""
    own = form_of(db, declaration.id)
    if own is not None and own.checked_at is not None:
        return own
    merged = (
        select(SignedForm)
        .join(Declaration, Declaration.id == SignedForm.declaration_id)
        .where(Declaration.merged_into_id == declaration.id, SignedForm.checked_at.is_not(None))
    )
    return db.scalar(merged.limit(1))


def said(declaration: Declaration) -> str:
    """A digest of what the form says: a form that was issued before something was mended signs something else."""
    columns = (*_SAID, *_SAID_OF_ORGANISATION) if declaration.kind == Kind.ORGANISATION else _SAID
    values = [str(getattr(declaration, column) or "") for column in columns]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def signatory(db: Session, declaration: Declaration) -> signing.Declared:
    """Who must have signed: the declared person; for a child the guardian, whose name only the register tells.

    A guardian whom the register does not know has no name here, with which no certificate agrees.
    """
    if declaration.kind != Kind.CHILD:
        return signing.Declared(declaration.full_name, frozenset({declaration.id_number}))
    guardian = (
        records.person(db, declaration.guardian_person_id)
        if declaration.guardian_person_id
        else records.person_by(db, IdKind.MA_SO_BHXH, declaration.guardian_ma_so)
    )
    return signing.Declared(guardian.full_name if guardian else "", frozenset({declaration.guardian_number}))
