"""Asking a list, also by the name of a place, and what is told of the entries found beside name and address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.directory import Hit, listings
from vssid.directory.listings import Asked, Kind, Page
from vssid.directory.models import Agency, CollectionPoint, Employer, Facility
from vssid.lookups.lists.rules import Wanted

MOST_PLACES = 4
_MODELS: dict[Kind, Any] = {
    Kind.AGENCIES: Agency,
    Kind.TREATING: Facility,
    Kind.CERTIFYING: Facility,
    Kind.EMPLOYERS: Employer,
    Kind.POINTS: CollectionPoint,
}


@dataclass(frozen=True)
class Answer:
    """What was found. `places` are those that the place typed may be, the one that was taken first.

    `around` says that no entry names this place, and these are of its province; `following` is what to ask for more.
    """

    page: Page
    places: Sequence[Hit] = ()
    around: bool = False
    following: Wanted | None = None


def answer(db: Session, kind: Kind, wanted: Wanted, today: date) -> Answer:
    """The entries wanted. An old place is looked for in all wards of today that it went into."""
    places = directory.search_wards(db, wanted.place, wanted.province or None, MOST_PLACES) if wanted.place else []
    if wanted.place and not places:
        return Answer(Page([], False))
    now = places[0].now if places else ()
    # A ward says more than its province.
    provinces = (wanted.province,) if wanted.province and not places else ()
    page = listings.find(
        db, Asked(kind, wanted.text, provinces, tuple(ward.code for ward in now)), today, wanted.number
    )
    around = bool(now) and not page.codes and not wanted.number
    if around:
        wanted = replace(wanted, province=now[0].province_code, place="")
        page = listings.find(db, Asked(kind, wanted.text, (wanted.province,)), today)
    following = replace(wanted, number=wanted.number + 1) if page.more else None
    return Answer(page, places, around and bool(page.codes), following)


def details(db: Session, kind: Kind, codes: Sequence[str]) -> dict[str, Any]:
    """The rows of the table behind a list, by code; in one statement."""
    model = _MODELS[kind]
    return {row.code: row for row in db.scalars(select(model).where(model.code.in_(codes)))} if codes else {}


def agency_names(db: Session, codes: Sequence[str]) -> dict[str, str]:
    """The agencies with which employers deal, by code."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    found = db.execute(select(Agency.code, Agency.name).where(Agency.code.in_(wanted)))
    return {code: name for code, name in found}  # noqa: C416 - rows are no pairs for mypy
