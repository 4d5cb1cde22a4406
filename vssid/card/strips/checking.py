"""Is this strip ours, and what is it worth today: for scripts that are off, for spoken codes, and for the desk of a clinic."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from vssid.attesting import keys
from vssid.card.strips import queries, rules, signing
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import Strip, Verdict
from vssid.kernel.crypto import Keyring, same
from vssid.records.queries import person_by
from vssid.records.rules import IdKind

SPOKEN_BACK = 1  # days: who reads a code out at midnight is not turned away


@dataclass(frozen=True)
class Checked:
    """What a check has found: `strip` is what the phone or paper says (None for a spoken code), `person_id` whose it is, if known."""

    verdict: Verdict
    strip: Strip | None = None
    person_id: UUID | None = None
    kept_id: UUID | None = None


def looks_like(text: str) -> bool:
    """Whether somebody meant a card, and not a document: a scanned strip, or mã số and spoken code."""
    return text.strip().upper().startswith(rules.PREFIX) or rules.typed(text) is not None


def check(db: Session, keyring: Keyring, text: str, today: date, *, specimen: bool) -> Checked:
    """Judge a scanned strip or a typed mã số with its spoken code; reads only."""
    spoken = rules.typed(text)
    if spoken is not None:
        return _check_spoken(db, keyring, *spoken, today, specimen=specimen)
    opened = _opened(text)
    if opened is None:
        return Checked(Verdict.UNREADABLE)
    strip, body, signature = opened
    if not keys.right(db, strip.key, signature, rules.DOMAIN + body):
        return Checked(Verdict.FORGED)
    row = queries.by_handle(db, strip.handle)
    revoked = row is not None and row.ended_at is not None
    strip = replace(strip, specimen=strip.specimen or specimen)
    verdict = rules.judged(strip, today, revoked=revoked)
    if row is None:
        # What a page shows to whoever is signed in has no row.
        person = person_by(db, IdKind.MA_SO_BHXH, strip.ma_so)
        return Checked(verdict, strip, person.id if person else None)
    return Checked(verdict, strip, row.person_id, row.id)


def _opened(text: str) -> tuple[Strip, bytes, bytes] | None:
    """The strip, its payload and signature. Scanners add a line end; blanks within are signs of base45, which ends with none."""
    try:
        body, signature = rules.taken_apart(text.strip())
        return rules.read(body), body, signature
    except ValueError:
        return None


def _check_spoken(db: Session, keyring: Keyring, ma_so: str, code: str, today: date, *, specimen: bool) -> Checked:
    person = person_by(db, IdKind.MA_SO_BHXH, ma_so)
    rows = queries.phones_of(db, person.id, today) if person else []
    for back in range(SPOKEN_BACK + 1):
        day = today - timedelta(days=back)
        for row in rows:
            if _is_code(keyring, row.handle, day, code):
                return Checked(_spoken_verdict(row, back, specimen=specimen), None, row.person_id, row.id)
        if person and _is_code(keyring, signing.page_handle(keyring, person.id, day), day, code):
            return Checked(_spoken_verdict(None, back, specimen=specimen), None, person.id)
    return Checked(Verdict.FORGED)


def _spoken_verdict(row: KeptCard | None, back: int, *, specimen: bool) -> Verdict:
    if row is not None and row.ended_at is not None:
        return Verdict.REVOKED
    verdict = Verdict.STALE if back else Verdict.GOOD
    return Verdict.SPECIMEN if specimen else verdict


def _is_code(keyring: Keyring, handle: bytes, day: date, code: str) -> bool:
    return same(signing.code_of(keyring, handle, day).encode(), code.encode())
