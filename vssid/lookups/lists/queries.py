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

    `now` are the wards of today of an old place, or its province. `around` says that no entry names this place, and these
    are of its province; `following` is what to ask for more; `meant` is a place whose name was typed where words belong.
    """

    page: Page
    places: Sequence[Hit] = ()
    now: Sequence[str] = ()
    around: bool = False
    following: Wanted | None = None
    meant: str = ""


def answer(db: Session, kind: Kind, wanted: Wanted, today: date, home: str) -> Answer:
    """The entries wanted. An old place is looked for in all that it is today; one of the province `home` is meant first."""
    places = (
        directory.search_wards(db, wanted.place, wanted.province or None, MOST_PLACES, home=home)
        if wanted.place
        else []
    )
    if wanted.place and not places:
        return Answer(Page([], False))
    wards, province = _today(db, places[0]) if places else ((), None)
    # A ward says more than its province.
    within = province.code if province else wanted.province if not places else ""
    asked = Asked(kind, wanted.text, (within,) if within else (), tuple(ward.code for ward in wards))
    page = listings.find(db, asked, today, wanted.number)
    around = bool(wards) and not page.codes and not wanted.number
    if around:
        wanted = replace(wanted, province=wards[0].province_code, place="")
        page = listings.find(db, Asked(kind, wanted.text, (wanted.province,)), today)
    following = replace(wanted, number=wanted.number + 1) if page.more else None
    unsure = not page.codes or page.partial or bool(page.instead)
    meant = directory.named_place(db, wanted.text, home) if unsure and not places and not wanted.number else None
    now = [ward.label for ward in wards] if not province else [province.full_name]
    return Answer(page, places, now, around and bool(page.codes), following, meant.label if meant else "")


def _today(db: Session, hit: Hit) -> tuple[Sequence[directory.Place], Any]:
    """The wards of today of a place that was found, or the province of an old one."""
    if hit.now or not hit.is_old:
        return hit.now, None
    code = directory.old_code_of(hit.code)
    return directory.wards_of_old(db, code), directory.province_of_old(db, code)


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
