"""The days of a card as a calendar file: its last one, the five years, the end of benefits."""

from flask import Blueprint, Response, abort, current_app
from flask_babel import gettext as _

from vssid import directory
from vssid.card import queries as cards
from vssid.card.renewal import days, queries
from vssid.card.renewal.days import CalendarDay, DayKind
from vssid.card.renewal.notes import Shown, note_of
from vssid.card.renewal.rules import BY_AGENCY, CODES
from vssid.kernel.calendar import MIME, Event, calendar_file
from vssid.kernel.clock import now, today
from vssid.records.whose import Both, Whose
from vssid.web import db
from vssid.web.i18n import say

bp = Blueprint("renewal", __name__)
both = Both(bp, "the-bhyt")


@both.get("/the-bhyt/lich.ics")
def calendar(whose: Whose) -> Response:
    """One's own days; 404 where none is to come."""
    session, on = db.session, today()
    holder = cards.holder(session, whose.person_id, on) or abort(404)
    found = directory.parameters(session, CODES, on)
    face = holder.face
    listed = found[BY_AGENCY].value if BY_AGENCY in found else ""
    coming = days.days_of(face, listed, on) if face else []
    ends = queries.benefit_ends(session, whose.person_id, on)
    coming += [CalendarDay(DayKind.BENEFIT, id.hex, day) for id, day in ends]
    if not coming:
        abort(404)
    note = note_of(found, face, on) if face else None
    body = calendar_file([_event(one, whose, note) for one in coming], "the BHYT", now())
    headers = {"Content-Disposition": 'attachment; filename="the-bhyt.ics"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype=MIME, headers=headers)


def _event(one: CalendarDay, whose: Whose, note: Shown | None) -> Event:
    return Event(
        uid=f"{one.kind}-{one.key}-{whose.person_id.hex}@the-bhyt",
        day=one.day,
        summary=say(one.kind.of(whose.name, one.day) if whose.name else one.kind.own(one.day)),
        description=_description(one, note, whose),
        alarms=one.alarms,
    )


def _description(one: CalendarDay, note: Shown | None, whose: Whose) -> str:
    """What is to be done, and the address that says more; of a benefit no more than where it stands."""
    said = []
    if one.kind is DayKind.LAST:
        said = (
            [say(line) for line in note.words] if note else [_("Gần đến ngày này, hãy hỏi nơi đóng BHYT về gia hạn.")]
        )
    page = "thong-tin-huong" if one.kind is DayKind.BENEFIT else "the-bhyt"
    url: str = current_app.config["SETTINGS"].public_url
    return " ".join([*said, _("Xem thêm:"), f"{url}{whose.base}/{page}"])
