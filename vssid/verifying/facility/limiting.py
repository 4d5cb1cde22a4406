"""How often a counter may ask: counted before anything is judged, a guess by whom it is about."""

from datetime import datetime

from flask import current_app

from vssid.kernel.db import reading
from vssid.kernel.labels import Label, Refused
from vssid.kernel.limits import Count, Limiter
from vssid.organisations import me
from vssid.records import IdKind, person_by
from vssid.verifying.facility import rules
from vssid.verifying.facility.rules import Asked, How
from vssid.web import db


class TooOften(Refused):
    """Counted beyond a limit."""


def _counted_as(asked: Asked) -> str:
    """Whose birth date is guessed: a person has several numbers and one allowance, an unknown number its own."""
    if not asked.typed:
        return ""
    with reading(db.engine()) as session:
        person = person_by(session, asked.kind or IdKind.MA_SO_BHXH, asked.typed)
    return str(person.id) if person is not None else asked.typed


def check(asked: Asked, at: datetime) -> None:
    """Count before anything is judged. Raises TooOften, the same for numbers that exist and that do not."""
    mine, ours, whom = str(me().id), str(me().organisation_id), _counted_as(asked)
    counts: list[tuple[Count, Label]] = [
        (("card-checked", mine, *rules.MEMBER_HOURLY), rules.TOO_OFTEN),
        (("card-checked", ours, *rules.ORGANISATION_DAILY), rules.TOO_MANY_TODAY),
    ]
    if asked.how is not How.STRIP:
        counts += [
            (("card-typed", mine, *rules.TYPED_HOURLY), rules.TYPED_TOO_OFTEN),
            (("card-typed", ours, *rules.TYPED_DAILY), rules.TYPED_TOO_OFTEN),
            # Of each facility by itself: none can keep a number from being looked up at another.
            (("card-number", f"{ours} {whom}", *rules.SAME_NUMBER_DAILY), rules.NUMBER_TOO_OFTEN),
        ]
    allow(counts, at)


def allow(counts: list[tuple[Count, Label]], at: datetime) -> None:
    """Count all of these in one transaction. Raises TooOften with the words of the first that is used up."""
    limiter: Limiter = current_app.extensions["limiter"]
    if limiter.allow_all([count for count, _words in counts], at):
        return
    with reading(db.engine()) as session:
        full = (words for (what, whom, most, _per), words in counts if limiter.used(session, what, whom, at) >= most)
        raise TooOften(next(full, rules.TOO_OFTEN))
