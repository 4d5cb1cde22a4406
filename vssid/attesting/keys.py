"""The issuer's keys: made when first needed, private halves sealed under DATA_KEY, public ones for everybody."""

from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vssid.attesting.models import IssuerKey
from vssid.kernel.crypto import Keyring


def signing(db: Session, keyring: Keyring, today: date) -> tuple[int, Ed25519PrivateKey]:
    """The number of the key that signs today, and the key; in a writing unit, for there may be none yet."""
    found = current(db, keyring)
    if found is None:
        _made(db, keyring, today)
        found = current(db, keyring)
    assert found is not None  # noqa: S101 - it was made a line above
    return found


def current(db: Session, keyring: Keyring) -> tuple[int, Ed25519PrivateKey] | None:
    """The same where nothing can be written; None where no key was ever needed."""
    usable = IssuerKey.retired_on.is_(None), IssuerKey.revoked_on.is_(None)
    row = db.scalar(select(IssuerKey).where(*usable).order_by(IssuerKey.id.desc()).limit(1))
    if row is None:
        return None
    return row.id, Ed25519PrivateKey.from_private_bytes(keyring.open(row.sealed, f"issuer key {row.id}"))


def _made(db: Session, keyring: Keyring, today: date) -> None:
    id, private = (db.scalar(select(func.max(IssuerKey.id))) or 0) + 1, Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    db.add(IssuerKey(id=id, public=public, sealed=keyring.seal(secret, f"issuer key {id}"), since=today))
    db.flush()


def retire(db: Session, today: date) -> None:
    """No key of before signs any more; what they signed is still believed."""
    signs = IssuerKey.retired_on.is_(None), IssuerKey.revoked_on.is_(None)
    db.execute(update(IssuerKey).where(*signs).values(retired_on=today))


def revoke(db: Session, id: int, today: date) -> bool:
    """Believe nothing that this key signed; False when there is none, or it was revoked before."""
    row = db.get(IssuerKey, id)
    if row is None or row.revoked_on is not None:
        return False
    row.revoked_on = today
    return True


def right(db: Session, id: int, signature: bytes, message: bytes) -> bool:
    """Whether one of our keys made this signature; a revoked one counts for nothing."""
    row = db.get(IssuerKey, id)
    if row is None or row.revoked_on is not None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(row.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def published(db: Session) -> list[IssuerKey]:
    """Every key, oldest first."""
    return list(db.scalars(select(IssuerKey).order_by(IssuerKey.id)))
