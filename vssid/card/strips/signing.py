"""From a card to signed strips: one for each day on a phone, or one for all days on paper."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vssid.card.rules import Face
from vssid.card.strips.rules import DAYS, DOMAIN, HANDLE_BYTES, Strip, initials, of_day, payload, spoken_code, written
from vssid.kernel.crypto import Keyring


@dataclass(frozen=True)
class Issuer:
    """What signs: the key's number and the key; whether this house holds invented persons; the ring for spoken codes."""

    number: int
    private: Ed25519PrivateKey
    keyring: Keyring
    specimen: bool


@dataclass(frozen=True)
class Strips:
    """The strips of one phone: the payload of the first day, a signature and a spoken code for each day from then on."""

    body: bytes
    first_day: date
    signatures: tuple[bytes, ...]
    codes: tuple[str, ...]

    def text(self, nth: int = 0) -> str:
        """The strip of the nth day as it stands in a QR code."""
        return written(of_day(self.body, self.first_day + timedelta(days=nth)), self.signatures[nth])

    def packed(self) -> dict[str, Any]:
        """What travels to the phone, which writes the day into the payload itself: 4 KB at most."""
        return {
            "dai": b64encode(self.body).decode(),
            "tu": self.first_day.isoformat(),
            "ky": b64encode(b"".join(self.signatures)).decode(),
            "so": "".join(self.codes),
        }


def strip(issuer: Issuer, face: Face, handle: bytes, photo: bytes, day: date, last_day: date, **kind: bool) -> Strip:
    """What a card's strip says; `kind` is paper or brief."""
    return Strip(
        key=issuer.number, handle=handle, ma_so=face.ma_so, level=face.level, area_code=face.area_code,
        object_code=face.object_code, valid_from=face.valid_from, valid_to=face.valid_to,
        five_years_from=face.five_years_from, facility_code=face.facility_code, birth_year=int(face.birth[-4:]),
        photo=photo, day=day, last_day=last_day, initials=initials(face.holder),
        specimen=issuer.specimen, **kind,
    )  # fmt: skip


def daily(issuer: Issuer, face: Face, handle: bytes, photo: bytes, today: date, days: int = DAYS) -> Strips:
    """The strips of a phone from today on; a single one is that of a page that nobody keeps."""
    body = payload(strip(issuer, face, handle, photo, today, today, brief=days == 1))
    signatures = tuple(_signatures(issuer.private, body, today, days))
    codes = tuple(code_of(issuer.keyring, handle, today + timedelta(days=nth)) for nth in range(days))
    return Strips(body, today, signatures, codes)


def _signatures(private: Ed25519PrivateKey, body: bytes, first: date, days: int) -> Iterator[bytes]:
    for nth in range(days):
        yield private.sign(DOMAIN + of_day(body, first + timedelta(days=nth)))


def page_handle(keyring: Keyring, person_id: UUID, day: date) -> bytes:
    """The handle of what a page shows on a day to whoever is signed in: no row has it, and it is worth one day."""
    return keyring.digest("card page", person_id.hex, day.isoformat())[:HANDLE_BYTES]


def on_paper(issuer: Issuer, face: Face, handle: bytes, photo: bytes, today: date, last_day: date) -> str:
    """The text of a paper card's strip."""
    body = payload(strip(issuer, face, handle, photo, today, last_day, paper=True))
    return written(body, issuer.private.sign(DOMAIN + body))


def code_of(keyring: Keyring, handle: bytes, day: date) -> str:
    """The spoken code of a phone on a day: only the house can make it, so it is asked for together with the mã số."""
    return spoken_code(keyring.digest("card code", handle.hex(), day.isoformat()))
