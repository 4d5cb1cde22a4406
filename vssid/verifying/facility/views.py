"""Lần kiểm tra thẻ: who checked one's card, or one's child's, when and how, and where to say that this was not oneself."""

from uuid import UUID

from flask import Blueprint, Flask, Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid.kernel.clock import day_of
from vssid.kernel.labels import N_
from vssid.records import disputes
from vssid.records.disputes import RowKind
from vssid.records.visits import reader
from vssid.records.whose import Both, Whose
from vssid.verifying.facility import queries
from vssid.verifying.facility.desk import key, spelt
from vssid.verifying.facility.queries import OfPerson
from vssid.verifying.facility.rules import How, Purpose, found_of, way
from vssid.web import db, pages
from vssid.web.i18n import shown, vietnamese

bp = Blueprint("card_checks", __name__)
both = Both(bp, "the-bhyt")
PATH = "/the-bhyt/lan-kiem-tra"
SOMEWHERE = N_("Một cơ sở khám chữa bệnh")


def init_app(app: Flask) -> None:
    """Let checks be disputed."""
    disputes.register_rows(app, RowKind.CHECK, _described, lambda _session, _person, _id: PATH)


def _described(session: Session, person_id: UUID, id: UUID) -> str | None:
    row = queries.one_of_person(session, person_id, id)
    if row is None:
        return None
    # Where a child of sixteen goes tells as much as why: from then on a guardian reads no names of places.
    place = SOMEWHERE if reader.kept_from_reader(session, person_id) else vietnamese(_place(row))
    return shown(N_("Thẻ BHYT được kiểm tra ngày %(day)s tại %(place)s", day=day_of(row.check.at), place=place))


def _place(row: OfPerson) -> str:
    return row.facility or _("Cơ sở mã %(code)s", code=row.check.facility_code)


@both.get(PATH)
def listing(whose: Whose) -> Response:
    """Checks of a card, newest first."""
    before, hides = key(), reader.hides(whose)
    listed = queries.of_person(db.session, whose.person_id, before)
    rows = [
        {
            "id": row.check.id,
            "at": row.check.at,
            "place": None if hides else _place(row),
            "how": way(How(row.check.how), found_of(row.check.verdict)),
            "found": found_of(row.check.verdict),
            "purpose": Purpose(row.check.purpose).label if row.check.purpose else None,
            "dispute": disputes.link(whose, RowKind.CHECK, row.check.id),
        }
        for row in listed.rows
    ]
    base = f"{whose.base}{PATH}"
    return pages.page(
        "verifying/checks.html",
        whose=whose,
        rows=rows,
        earlier=before is not None,
        following=f"{base}?sau={spelt(listed.next_key)}" if listed.next_key else None,
        disputed=disputes.disputed(db.session, whose.person_id, RowKind.CHECK) if rows else frozenset(),
        active=whose.active,
    )
