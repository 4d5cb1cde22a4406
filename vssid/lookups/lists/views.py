"""/tra-cuu: five lists as forms that are sent by GET: addresses that can be shared and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.directory import listings
from vssid.directory.listings import Kind
from vssid.kernel.clock import day_of, today
from vssid.kernel.text import phones
from vssid.lookups.lists import queries
from vssid.lookups.lists.rules import BY_SLUG, SHEETS, SHOWS_LATE, SLUGS, Wanted, map_address
from vssid.web import copies, db, errors, pages
from vssid.web.flood import QUESTIONS_A_MINUTE, TOO_MANY, Flood
from vssid.web.guards import public
from vssid.web.published import published

bp = Blueprint("lists", __name__, url_prefix="/tra-cuu")
LONGEST = 100
LAST_PAGE = 20


def init_app(app: Flask) -> None:
    """Open the windows."""
    app.extensions["lists.flood"] = Flood(QUESTIONS_A_MINUTE)
    app.register_blueprint(bp)
    copies.register(app, addresses)


@bp.get("")
@published
@public
def index() -> Response:
    """What can be looked up."""
    return pages.page("lookups/index.html", sheets=SHEETS, active="tra-cuu")


@bp.get(f"/<any({SLUGS}):slug>")
@published
@public
def show(slug: str) -> Response:
    """One list: the form, and what was found."""
    sheet, wanted = BY_SLUG[slug], _wanted()
    if wanted and not current_app.extensions["lists.flood"].takes(accounts.network()):
        return errors.error_page(429, text=TOO_MANY, headers={"Retry-After": "60"})
    found = queries.answer(db.session, sheet.kind, wanted, today(), current_app.config["SETTINGS"].province)
    return pages.page(
        "lookups/list.html",
        block="found" if "q" in request.args else "main",
        sheet=sheet,
        wanted=wanted,
        found=found,
        entries=_entries(sheet.kind, found.page.codes),
        following=found.following.address(slug) if found.following and wanted.number < LAST_PAGE else None,
        provinces=directory.provinces(db.session),
        active="tra-cuu",
        **_state(sheet.kind),
    )


def addresses(_db: Session) -> list[str]:
    """The lists, as pages of which a copy is worth having."""
    return [f"/tra-cuu/{sheet.slug}" for sheet in SHEETS]


def _wanted() -> Wanted:
    return Wanted(
        pages.query_text("q", LONGEST),
        pages.query_text("tinh", 2),
        pages.query_text("noi", LONGEST),
        pages.query_number("trang", LAST_PAGE),
    )


def _state(kind: Kind) -> dict[str, Any]:
    state = listings.state(db.session, kind)
    updated = day_of(state.changed_at) if state and state.changed_at else None
    return {"count": state.entries if state else 0, "updated": updated}


@dataclass(frozen=True)
class Entry:
    """One entry as the page shows it: numbers as (written, dialled), where the phone's map opens, the row behind it."""

    code: str
    name: str
    address: str
    numbers: tuple[tuple[str, str], ...]
    map_at: str
    row: Any
    agency: str
    months_late: int | None


def _entries(kind: Kind, codes: Sequence[str]) -> list[Entry]:
    rows = queries.details(db.session, kind, codes)
    employers = kind is Kind.EMPLOYERS
    agencies = queries.agency_names(db.session, [row.agency_code for row in rows.values()]) if employers else {}
    late = employers and bool(rows) and _shows_late()
    return [
        Entry(
            row.code,
            row.name,
            row.address,
            phones(getattr(row, "phone", "")),
            map_address(row.name, row.address) if row.address else "",
            row,
            agencies.get(getattr(row, "agency_code", ""), ""),
            row.months_late if late else None,
        )
        for code in codes
        if (row := rows.get(code)) is not None
    ]


def _shows_late() -> bool:
    """Whether the operator lets everybody see which employers have not paid, and for how long."""
    found = directory.parameter(db.session, SHOWS_LATE, today())
    return found is not None and found.value == "1"
