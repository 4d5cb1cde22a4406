"""/xac-minh: is this card, or this paper, from us? The same answer by script without network, and by a plain form."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import StringField

from vssid import accounts, attesting, scans
from vssid.card import strips
from vssid.card.queries import holder
from vssid.card.rules import validity
from vssid.card.strips import Checked, Verdict
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.limits import Count, Limiter
from vssid.records.models import Person
from vssid.verifying.rules import (
    CHECKS_AN_HOUR,
    LONGEST_TYPED,
    SPOKEN_FROM_NETWORK,
    SPOKEN_HERE,
    SPOKEN_OF_NUMBER,
    SPOKEN_WRONG,
    Found,
    advice,
    facts,
    facts_of_face,
    told,
    unfinished,
)
from vssid.web import db, pages
from vssid.web.forgery import without_token
from vssid.web.forms import Form, at_most
from vssid.web.guards import public
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import say

bp = Blueprint("verifying", __name__)
PAGE = "verifying/check.html"
TOO_OFTEN = N_("Nơi này đã kiểm tra quá nhiều lần trong một giờ. Hãy thử lại sau.")
SPOKEN_TOO_OFTEN = N_("Số thẻ này đã được thử quá nhiều lần hôm nay. Hãy quét mã QR, hoặc xem giấy tờ có ảnh.")
NOTHING = N_("Hãy quét mã, gõ mã, hoặc chọn ảnh chụp mã.")


class CheckForm(Form):
    """A scanned or typed code, or a photo of one."""

    # Not cleaned: blanks are signs of a scanned code.
    code = StringField(
        _l("Mã trên thẻ hoặc trên giấy"),
        [at_most(LONGEST_TYPED)],
        description=_l("Quét mã QR, hoặc gõ số thẻ và 7 số dưới mã, hoặc 16 ký tự in trên giấy."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": LONGEST_TYPED,
        },
    )
    photo = FileField(_l("Ảnh chụp mã QR"), render_kw={"accept": "image/*"})


@bp.get("/xac-minh")
@public
def ask() -> Response:
    """Where codes are scanned and typed; the page works without network once it was open."""
    return _page()


def _page(status: int = 200, **found: Any) -> Response:
    form = found.pop("form", None) or CheckForm(formdata=None)
    seen = {"document": None, "card": None, "facts": [], **found}
    return pages.page(PAGE, status=status, form=form, verdicts=[(one, advice(one)) for one in Verdict], **seen)


@bp.post("/xac-minh")
@without_token
@public
def check() -> Response:
    """What we know of it. A document counts its checks, and its owner is told; a card is only judged."""
    form = CheckForm()
    try:
        _count([("document-check", accounts.network(), *CHECKS_AN_HOUR)], TOO_OFTEN)
        text = _text(form)
        spoken = strips.typed(text)
        if spoken:
            _count(_guesses(spoken[0]), SPOKEN_TOO_OFTEN)
        elif missing := unfinished(text):
            raise Refused(missing)
        elif not strips.looks_like(text):
            return _document(form, text)
        return _card(text, spoken[0] if spoken else "")
    except TooOften as refused:
        return _refused(form, refused, 422 if is_fragment_request() else 429)
    except Refused as refused:
        return _refused(form, refused)


class TooOften(Refused):
    """Whoever asks has to wait."""


def _count(counts: list[Count], why: Label) -> None:
    limiter: Limiter = current_app.extensions["limiter"]
    if not limiter.allow_all(counts, now()):
        raise TooOften(why)


def _text(form: CheckForm) -> str:
    """What was scanned or typed, else the code in the photo. Raises Refused when there is neither."""
    typed = (form.code.data or "") if form.validate_on_submit() else ""
    upload = form.photo.data
    if not typed.strip() and upload:
        return scans.codes_of_photo(current_app.extensions["workshop"], upload.stream.read(scans.LARGEST_BYTES + 1))[0]
    if not typed.strip():
        raise Refused(NOTHING)
    return typed


def _document(form: CheckForm, text: str) -> Response:
    document = attesting.check(db.session, text, specimen=_specimen(), at=now())
    db.commit()
    return _page(200 if document.kind else 422, form=form, document=document)


def _card(text: str, ma_so: str) -> Response:
    """Judge a strip or the spoken code of `ma_so`; a right one begins the count of guesses anew. Raises Refused for a wrong one."""
    with reading(db.engine()) as session:
        checked = strips.check(session, current_app.extensions["keyring"], text, today(), specimen=_specimen())
        found = _told(session, checked)
    if ma_so and checked.verdict is Verdict.FORGED:
        raise Refused(SPOKEN_WRONG)
    if ma_so and checked.verdict.tone != "bad":
        limiter: Limiter = current_app.extensions["limiter"]
        with unit(db.engine()) as session:
            for what, whom, *_limit in _guesses(ma_so)[:2]:
                limiter.forget(session, what, whom)
    if request.accept_mimetypes.best == "application/json":
        return _json(checked, found)
    lines = facts(checked.strip) if checked.strip else facts_of_face(found.face) if found.face else []
    return _page(422 if found.tone == "bad" else 200, card=found, facts=lines)


def _specimen() -> bool:
    return bool(current_app.extensions.get("specimen", bool)())


def _guesses(ma_so: str) -> list[Count]:
    return [
        ("card-spoken-here", f"{ma_so} {accounts.network()}", *SPOKEN_HERE),
        ("card-spoken", ma_so, *SPOKEN_OF_NUMBER),
        ("card-spoken-network", accounts.network(), *SPOKEN_FROM_NETWORK),
    ]


def _refused(form: CheckForm, refused: Refused, status: int = 422) -> Response:
    form.refuse(refused)
    db.abandon()
    return _page(status, form=form)


def _told(session: Session, checked: Checked) -> Found:
    """What the register says of the card now, of a code that is right, beside the code's own word."""
    known = checked.person_id is not None and checked.verdict not in (Verdict.FORGED, Verdict.UNREADABLE)
    state, held = None, None
    if known and checked.person_id is not None and (held := holder(session, checked.person_id, today())) is not None:
        died = session.get_one(Person, checked.person_id).died_on is not None
        state = validity(held.face, today()) if held.face and not died else None
    found = told(checked.verdict, state, known)
    return replace(found, face=held.face) if held is not None and found.tone != "bad" else found


def _json(checked: Checked, found: Found) -> Response:
    body = {
        "ket_qua": checked.verdict.value,
        "mau": found.tone,
        "loi": say(found.words),
        "lam_gi": say(found.advice),
        "so_bo": say(found.register) if found.register else None,
    }
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
