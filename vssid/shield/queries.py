"""The numbers that we publish, and whose each is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid.directory.models import Agency, CollectionPoint, Facility
from vssid.kernel.text import phones
from vssid.shield.rules import Owner, dialled


def published(db: Session) -> dict[str, Owner]:
    """Digits as they are dialled → whose they are; a number that also an agency has is the agency's."""
    book: dict[str, Owner] = {}
    for model in (Agency, Facility, CollectionPoint):
        for name, written in db.execute(select(model.name, model.phone).where(model.phone != "")):
            owner = Owner(name, listed=model is not Agency)
            for _written, digits in phones(written):
                book.setdefault(dialled(digits), owner)
    return book
