"""Thẻ giữ trên máy: agreeing to it, what the phone fetches, the page that works without network, what was revoked."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts, content
from vssid.card import queries as cards
from vssid.card import shown
from vssid.card.rules import Face, qr_payload
from vssid.card.strips import actions, queries
from vssid.card.strips.actions import Keeper, Kept, Shown
from vssid.card.strips.models import KeptCard
from vssid.card.strips.rules import CONSENT, CONSENT_DIGEST, CONSENT_TEXT, DAYS, REASONS, photo_digest
from vssid.card.strips.signing import Issuer
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_
from vssid.records.whose import OWN, Both, Whose, of_ward
from vssid.web import db, pages
from vssid.web.forgery import without_token
from vssid.web.guards import public
from vssid.web.i18n import say

bp = Blueprint("strips", __name__)
both = Both(bp, "the-bhyt")
LONGEST_SECRET = 64
RENEWALS = (60, timedelta(hours=1))
UNKNOWN_SECRETS = (200, timedelta(hours=1))  # from a network: a secret has 256 bits, this only bounds the work
KEEPS_A_DAY = (30, timedelta(days=1))
PAGE = "card/keep.html"
NOT_AGREED = N_("Hãy đánh dấu đồng ý thì máy mới giữ thẻ.")
NO_SCRIPT = N_("Trình duyệt này không giữ được thẻ. Hãy in thẻ (PDF) và mang theo.")


class Words(NamedTuple):
    """What stands beside the code: (label, value) in the reader's language, and the law's sentences for a counter."""

    lines: Sequence[tuple[str, str]] = ()
    counter: Sequence[str] = ()


def _words(session: Session, face: Face) -> Words:
    return Words(shown.lines(session, face), shown.counter_words(session))


@both.get("/the-bhyt/giu-tren-may")
def ask(whose: Whose, status: int = 200, trouble: str = "") -> Response:
    """What is kept on the phone, for how long, and what it means to agree."""
    face = shown.holder_of(whose.person_id).face
    if face is None or face.withdrawn:
        return pages.page("card/none.html", whose=whose, active=whose.active)
    device = queries.device_of(db.session, accounts.me().session_id)
    kept = queries.kept_here(db.session, accounts.me().id, device, whose.person_id)
    return pages.page(
        PAGE,
        status=status,
        whose=whose,
        days=DAYS,
        kept=kept,
        consent=CONSENT,
        consent_text=CONSENT_TEXT,
        not_agreed=NOT_AGREED,
        trouble=trouble,
        key=shown.kept_key(accounts.me().id, whose.person_id),
        active=whose.active,
    )


@both.post("/the-bhyt/giu-tren-may")
def keep(whose: Whose) -> Response:
    """Agree, and hand the card to the phone's script."""
    if request.accept_mimetypes.best != "application/json":
        db.abandon()
        return ask(whose, 422, say(NO_SCRIPT))
    if request.form.get(CONSENT) != "y":
        return _json({"loi": say(NOT_AGREED)}, 422)
    me, at = accounts.me(), now()
    if not current_app.extensions["limiter"].allow("card-kept", str(me.id), *KEEPS_A_DAY, at):
        return _json({"loi": say(REASONS["later"])}, 429)
    with reading(db.engine()) as session:
        device = queries.device_of(session, me.session_id)
    subject = ("account", me.id) if whose.own else ("person", whose.person_id)
    holder = shown.holder_of(whose.person_id)
    if holder.face is None or holder.face.withdrawn or device is None:
        abort(404)
    portrait = shown.portrait(db.session, holder.person) if whose.own else b""
    accounts.record_consent(
        db.session, subject, {CONSENT: True}, content.TERMS_VERSION, CONSENT_DIGEST, by=me.by, at=at
    )
    kept = actions.keep(
        db.session, _issuer(db.session), Keeper(me.id, whose.person_id, device),
        Shown(whose.person_id, holder.face, photo_digest(portrait) if portrait else b""), by=me.by, at=at,
    )  # fmt: skip
    answer = _packed(
        whose, shown.kept_key(me.id, whose.person_id), kept, holder.face, portrait, _words(db.session, holder.face)
    )
    db.commit()
    return _json(answer)


def _issuer(session: Session) -> Issuer:
    return actions.issuer(session, *shown.house(), today=today())


def _packed(whose: Whose, key: str, kept: Kept, face: Face, portrait: bytes, words: Words) -> dict[str, Any]:
    """What the phone keeps: the strips, and the lines that stand beside them in the reader's language."""
    known = request.form.get("anh", "")
    mark = photo_digest(portrait).hex() if portrait else ""
    return {
        "ma": key,
        "khoa": kept.secret,
        "goc": whose.base,
        "ten": face.holder,
        "so_the": face.number_spaced,
        "tu_ngay": face.valid_from.isoformat(),
        "den_ngay": face.valid_to.isoformat() if face.valid_to else None,
        "dong": words.lines,
        "quay": words.counter,
        "chuan": qr_payload(face),
        "luc": now().isoformat(timespec="seconds"),
        "anh_dau": mark,
        "anh": b64encode(portrait).decode() if portrait and mark != known else None,
        **kept.strips.packed(),
    }


@both.get("/the-bhyt/noi-giu")
def places(whose: Whose) -> Response:
    """On which phones and papers one's card is, with a button to make it worthless there."""
    me = accounts.me()
    rows = queries.out_there(db.session, whose.person_id, today())
    here = queries.device_of(db.session, me.session_id)
    return pages.page(
        "card/places.html", whose=whose, rows=rows, here=here, me=me.id, days=timedelta(DAYS), active=whose.active
    )


@both.post("/the-bhyt/noi-giu/<uuid:id>/thu-hoi", reaches="kept_card")
def take_back(whose: Whose, id: UUID) -> Response:
    """Whoever checks a strip of that phone or paper is told not to believe it."""
    row = queries.one_of(db.session, whose.person_id, id) or abort(404)
    actions.let_go(db.session, row, by=accounts.me().by, at=now())
    return pages.after_post(
        _("Đã thu hồi. Ai kiểm tra thẻ ở đó sẽ thấy mã không còn dùng được."), f"{whose.base}/the-bhyt/noi-giu"
    )


@bp.post("/the-da-luu/lam-moi")
@without_token
@public
def renew() -> Response:
    """Further strips for a phone that shows its secret: no session, no cookie is asked."""
    at, secret = now(), request.form.get("khoa", "")[:LONGEST_SECRET]
    with reading(db.engine()) as session:
        found = _asked(session, secret, at)
    limiter = current_app.extensions["limiter"]
    # Who shows a secret that opens nothing is counted by network; a phone only by itself, however many share its network.
    whom, limit = (str(found.row.id), RENEWALS) if found.row else (accounts.network(), UNKNOWN_SECRETS)
    if not limiter.allow("card-renewed", whom, *limit, at):
        return _json({"loi": say(REASONS["later"])}, 429)
    if found.row is None:
        return _gone("unknown")
    kept = None
    with unit(db.engine()) as session:
        if found.shown is not None:
            kept = actions.renew(session, _issuer(session), found.row.id, secret, found.shown, at)
        elif found.why != "sign_in":
            actions.end(session, found.row.id, found.why, at)
    if kept is None or found.whose is None or found.shown is None:
        return _gone(found.why or "unknown")
    key = shown.kept_key(found.row.account_id, found.row.person_id)
    return _json(_packed(found.whose, key, kept, found.shown.face, found.portrait, found.words))


class _Asked(NamedTuple):
    """Whoever shows a secret: their row, why they get nothing ('' if they do), else what their strips will tell."""

    row: KeptCard | None
    why: str = ""
    whose: Whose | None = None
    shown: Shown | None = None
    portrait: bytes = b""
    words: Words = Words()


def _asked(session: Session, secret: str, at: datetime) -> _Asked:
    """Everything that can be known before anything is written."""
    row = queries.by_secret(session, secret) if secret else None
    if row is None:
        return _Asked(None)
    why = actions.why_not(session, row, at)
    if why:
        return _Asked(row, why)
    whose = _whose(session, row)
    if whose is None:
        return _Asked(row, "guardian")
    holder = cards.holder(session, row.person_id, today())
    if holder is None or holder.face is None or holder.face.withdrawn:
        return _Asked(row, queries.CARD)
    portrait = shown.portrait(session, holder.person) if whose.own else b""
    about = Shown(row.person_id, holder.face, photo_digest(portrait) if portrait else b"")
    return _Asked(row, "", whose, about, portrait, _words(session, holder.face))


def _whose(session: Session, row: KeptCard) -> Whose | None:
    """Whose card it is for its keeper; None for a guardian who acts for the child no longer."""
    keeper = actions.keeper_person(session, row)
    if keeper == row.person_id:
        return Whose(row.person_id, OWN, "", "the-bhyt")
    child = actions.ward(session, keeper, row.person_id, today())
    if child is None:
        return None
    return of_ward(child.id, child.full_name)


def _gone(why: str) -> Response:
    """The phone forgets the card and says why; only for a sign-in that is too old it keeps what it has."""
    return _json({"vi_sao": why, "loi": say(REASONS.get(why, REASONS["unknown"]))}, 409 if why == "sign_in" else 410)


@bp.post("/the-da-luu/bo")
@without_token
@public
def let_go() -> Response:
    """The phone keeps a card no longer."""
    secret = request.form.get("khoa", "")[:LONGEST_SECRET]
    row = queries.by_secret(db.session, secret) if secret else None
    if row is not None and row.account_id is not None:
        actions.let_go(db.session, row, by=By(ActorKind.CITIZEN, row.account_id), at=now())
    db.commit()
    return Response(status=204)


@bp.get("/the-da-luu")
@public
def kept() -> Response:
    """The page around kept cards: nobody's name stands in it, so the phone may keep it as it is."""
    return Response(render_template("card/kept.html", days=DAYS), headers={"Cache-Control": "no-cache"})


@bp.get("/xac-minh/thu-hoi.json")
@public
def revoked() -> Response:
    """Handles of strips that are not believed any more though they have days left, joined, in base64."""
    handles = queries.revoked(db.session, today())
    body = {"luc": now().isoformat(timespec="seconds"), "thu_hoi": b64encode(b"".join(handles)).decode()}
    answer = _json(body, cache="public, max-age=300")
    answer.set_etag(hashlib.sha256(body["thu_hoi"].encode()).hexdigest()[:16], weak=True)
    answer.make_conditional(request)
    return answer


def _json(body: dict[str, Any], status: int = 200, cache: str = "no-store") -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, mimetype="application/json", headers={"Cache-Control": cache})
