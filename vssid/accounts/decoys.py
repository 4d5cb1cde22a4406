"""Which passkeys are named to whoever types a number: as many and as long for everybody, so that nobody learns whose it is."""

from uuid import UUID

from sqlalchemy.orm import Session

from vssid.accounts.passkeys import Owner, listing
from vssid.kernel.crypto import keyed_digest

# How many ids of each length are shown, whoever the number belongs to: lengths that phones, computers and keys make.
SHOWN_LENGTHS = {16: 2, 20: 2, 32: 3, 48: 1, 64: 2}
_NOBODY = Owner("citizen", UUID(int=0))


def shown_ids(db: Session, secret: str, number: str, owner: Owner | None) -> list[bytes]:
    """The credential ids that are shown to whoever types a number: as many and as long for everybody, known or not.

    An id of the owner's takes the place of an invented one of its length; the others are derived from the number by a
    keyed digest, so that they stay the same. One of a length that nobody else has is left out: it is found without.
    """
    kept = sorted(one.credential_id for one in listing(db, owner or _NOBODY))
    shown = []
    for length, slots in SHOWN_LENGTHS.items():
        real = [id for id in kept if len(id) == length][:slots]
        shown += real + [_invented(secret, number, length, slot) for slot in range(len(real), slots)]
    return sorted(shown)


def _invented(secret: str, number: str, length: int, slot: int) -> bytes:
    parts = [keyed_digest(secret, "passkey id", number, f"{length} {slot} {part}") for part in (0, 1)]
    return b"".join(parts)[:length]
