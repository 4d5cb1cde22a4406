"""The finished HTML of cards on paper: from a holder to what is printed. Works outside requests as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from vssid import directory
from vssid.card import shown
from vssid.card.queries import Bearer
from vssid.card.rules import Face, qr_payload
from vssid.card.strips import actions
from vssid.card.strips.actions import Shown
from vssid.card.strips.rules import photo_digest
from vssid.card.strips.signing import Issuer
from vssid.kernel.clock import VIETNAM, now, today
from vssid.web import pages, qr


@dataclass(frozen=True)
class PaperCard:
    """One card to print: portrait (JPEG, b"" for none), text of the strip ('' for a withdrawn card) and its last day."""

    person: Bearer
    face: Face
    picture: bytes
    strip: str
    last_day: date | None


def with_strip(
    db: Session, issuer: Issuer, person: Bearer, face: Face, picture: bytes, account_id: UUID, at: datetime
) -> PaperCard:
    """A card with a strip of its own, noted as being on paper; in a writing unit. `account_id` is whose print it is."""
    if face.withdrawn:
        return PaperCard(person, face, picture, "", None)
    about = Shown(person.id, face, photo_digest(picture) if picture else b"")
    return PaperCard(person, face, picture, *actions.print_strip(db, issuer, about, account_id, at=at))


def sheet_html(cards: Sequence[PaperCard], heads: Sequence[str] = ()) -> str:
    """Cards on A4, four a page, each to be cut out and folded.

    `heads`, one a card, stand in the head of the page; another head begins a page.
    """
    lines = [_lines(card) for card in cards]
    return pages.paper("card/sheet.html", cards=lines, heads=_changes(heads), level_text="", **_about())


def _changes(heads: Sequence[str]) -> list[str]:
    """Each head where it begins, '' where it goes on."""
    return [head if head != before else "" for head, before in zip(heads, ("", *heads), strict=False)]


def single_html(db: Session, card: PaperCard) -> str:
    """One card on A4 and what its level means."""
    level = card.face.level
    text = directory.benefit_text(db, level, today())
    return pages.paper("card/sheet.html", cards=[_lines(card)], heads=[], level=level, level_text=text, **_about())


def picture_html(card: PaperCard) -> str:
    """One card for a phone's pictures, front above back."""
    return pages.paper("card/picture.html", one=_lines(card), **_about())


def _about() -> dict[str, str]:
    settings = current_app.config["SETTINGS"]
    return {
        "address": f"{settings.public_url}/xac-minh",
        "printed_at": f"{now().astimezone(VIETNAM):%H:%M %d/%m/%Y}",
    }


def _lines(card: PaperCard) -> dict[str, Any]:
    face = card.face
    return {
        **shown.printed(card.person, face, own=False),
        "photo_url": shown.as_data(card.picture),
        "valid_to": f"{face.valid_to:%d/%m/%Y}" if face.valid_to else None,
        "standard_png": qr.png_uri(qr_payload(face), robust=False),
        "strip_png": qr.png_uri(card.strip, robust=False) if card.strip else None,
        "last_day": f"{card.last_day:%d/%m/%Y}" if card.last_day else None,
    }
