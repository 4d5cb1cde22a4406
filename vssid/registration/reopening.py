"""An ended declaration as the beginning of a new one: its words and, while they are kept, its photos."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.crypto import Keyring
from vssid.kernel.files import FileStore, StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import spoken_phone
from vssid.registration import drafts, queries
from vssid.registration.drafts import Content
from vssid.registration.fields import Kind
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.registration.pictures import look_of
from vssid.registration.rules import Status, Tag


def reopen(db: Session, keyring: Keyring, store: FileStore, declaration: Declaration, *, at: datetime) -> str:
    """Start a draft with what `declaration` said and showed; returns the draft's secret. It is checked step by step anew.

    Raises Refused unless the declaration lapsed, was rejected or withdrawn.
    """
    if not Status(declaration.status).may_begin_again:
        raise Refused(N_("Chỉ làm lại được tờ khai đã tự huỷ, bị từ chối hoặc đã rút."))
    scans = json.loads(declaration.scans) if declaration.scans else {}
    content = Content(Kind(declaration.kind), _words(declaration), scans)
    secret = drafts.create(db, keyring, content, at)
    draft = drafts.find(db, keyring, secret, at)
    if draft is not None:
        for side, photo in queries.photos(db, declaration.id).items():
            files = _copied(db, store, photo, at)
            preview = store.read(files[1])
            drafts.put_photo(db, draft.id, side, files, look_of(preview), at)
    audit.record(db, Tag.REOPENED, VISITOR, ("declaration", declaration.id), at)
    return secret


def _copied(db: Session, store: FileStore, photo: DeclarationPhoto, at: datetime) -> tuple[StoredFile, StoredFile]:
    """The same pictures under keys of their own: the old ones are destroyed on their own day."""
    picture, preview = (
        store.put(db, store.read(db.get_one(StoredFile, id)), "image/jpeg", at)
        for id in (photo.file_id, photo.preview_id)
    )
    return picture, preview


def _words(declaration: Declaration) -> dict[str, str]:
    phone = "" if declaration.phone_of_account else spoken_phone(declaration.phone)
    said = {
        "ma_so_bhxh": declaration.ma_so_bhxh,
        "full_name": declaration.full_name,
        "id_number": declaration.id_number,
        "ward_code": declaration.ward_code,
        "address_line": declaration.address_line,
        "phone": phone,
        "contact_name": declaration.contact_name if declaration.contact_name != declaration.full_name else "",
        "email": declaration.email,
        "portal": declaration.portal,
        "guardian_ma_so": declaration.guardian_ma_so,
        "guardian_number": declaration.guardian_number,
        "relation": declaration.guardian_relation,
        "kind": declaration.organisation_kind,
        "unit_code": declaration.unit_code,
        "facility_code": declaration.facility_code,
        "tax_code": declaration.id_number if declaration.organisation_kind else "",
        "ivan_provider": declaration.ivan_provider,
    }
    return {name: value for name, value in said.items() if value}
