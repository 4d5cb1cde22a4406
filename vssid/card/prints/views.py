"""The card to print: one's own, a child's, the whole family's on one sheet; and as a picture for the phone's wallet."""

from uuid import UUID

from flask import Blueprint, Response, abort

from vssid import accounts
from vssid.card import queries, shown
from vssid.card.prints import sheets
from vssid.card.prints.sheets import PaperCard
from vssid.card.queries import Holder
from vssid.card.rules import Tag
from vssid.card.strips import actions
from vssid.helping import Task
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import unit
from vssid.records.family import load_wards
from vssid.records.whose import OWN, Both, Whose
from vssid.web import db, papers
from vssid.web.guards import citizen

bp = Blueprint("card_prints", __name__)
both = Both(bp, "the-bhyt")


@both.get("/the-bhyt.pdf", lent=Task.CARD)
def printed(whose: Whose) -> Response:
    """The card as PDF; that it was printed is noted."""
    return papers.answer(sheets.single_html(db.session, _one(whose.person_id)), "the-bhyt.pdf")


@both.get("/the-bhyt.png")
def picture(whose: Whose) -> Response:
    """The card as a picture."""
    return papers.picture(sheets.picture_html(_one(whose.person_id)), "the-bhyt.png")


@bp.get(f"{OWN}/gia-dinh/the-bhyt.pdf")
@citizen
def family() -> Response:
    """One's own card and those of the children for whom one acts, four a page."""
    me = accounts.me()
    persons = [me.person_id, *load_wards(me)]
    found = queries.holders(db.session, persons, today())
    cards = _noted([found[person] for person in persons if person in found and found[person].face])
    if not cards:
        abort(404)
    return papers.answer(sheets.sheet_html(cards), "the-bhyt-gia-dinh.pdf")


def _one(person_id: UUID) -> PaperCard:
    holder = shown.holder_of(person_id)
    if holder.face is None:
        abort(404)
    return _noted([holder])[0]


def _noted(holders: list[Holder]) -> list[PaperCard]:
    """Each with its strip, and that it was printed; portraits are read beside the one write lock."""
    me, at, keyring, specimen = accounts.me(), now(), *shown.house()
    pictures = [shown.portrait(db.session, one.person) for one in holders]
    cards = []
    with unit(db.engine()) as session:
        issuer = actions.issuer(session, keyring, specimen, today=today())
        for holder, picture in zip(holders, pictures, strict=True):
            if holder.face is not None:
                cards.append(sheets.with_strip(session, issuer, holder.person, holder.face, picture, me.id, at))
                audit.record(session, Tag.PRINTED, me.by, ("person", holder.person.id), at)
    return cards
