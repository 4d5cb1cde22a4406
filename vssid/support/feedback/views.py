"""/ho-tro/phan-anh: published answers, and the form to write. Nobody needs an account for either."""

import re
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vssid import accounts, directory
from vssid.accounts import Account, Citizen
from vssid.kernel.audit import VISITOR, ActorKind
from vssid.kernel.clock import day_of, now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Busy, Label, Refused
from vssid.kernel.text import masked, masked_email, spoken_phone
from vssid.support import begun
from vssid.support.feedback import attachments, brakes, queries, visit
from vssid.support.feedback.forms import NOWHERE, LetterForm
from vssid.support.feedback.models import PublishedAnswer
from vssid.support.feedback.receiving import id_of, new_sheet, receive, secret_of
from vssid.support.feedback.rules import (
    LONGEST_SUBJECT,
    Category,
    Letter,
    words_of,
)
from vssid.support.feedback.shown import facts
from vssid.web import captcha, db, pages
from vssid.web.guards import Actor, actor_of, public
from vssid.web.i18n import say
from vssid.web.published import published

bp = Blueprint("feedback", __name__, url_prefix="/ho-tro/phan-anh")
LONGEST_SEARCH, LONGEST_KEY = 100, 80
LAST_KEY = UUID(int=2**128 - 1)
SHEET, _A_SHEET = "to", re.compile(r"[0-9a-f]{32}")
ANYWAY = "van-gui"  # the button under the hint about what is nearly the same
FORM = "support/feedback_form.html"
BUSY = N_("Máy đang bận xử lý tệp. Hãy chọn lại các tệp và gửi lại sau ít phút. Nội dung bạn viết vẫn còn.")


# ---- what everybody may read


@bp.get("")
@published
@public
def index() -> Response:
    """Published answers, searched by words and category."""
    text, category = pages.query_text("q", LONGEST_SEARCH), category_of(pages.query_text("loai", 20))
    rows = queries.published(db.session, text, category, _key(pages.query_text("sau", LONGEST_KEY)))
    last = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    following = (
        url_for(".index", q=text or None, loai=category, sau=f"{last.published_at.isoformat()}_{last.id}")
        if last else None
    )  # fmt: skip
    return pages.page(
        "support/feedback_list.html",
        block="found" if request.args else "main",
        text=text,
        category=category,
        categories=list(Category),
        rows=[_published(one) for one in rows[: queries.PAGE]],
        following=following,
        active="ho-tro",
    )


def category_of(text: str) -> Category | None:
    """A category by its name in an address."""
    return Category(text) if text in list(Category) else None


def _key(text: str) -> tuple[datetime, UUID]:
    moment, _sign, id = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(id)) if at.tzinfo else (now(), LAST_KEY)
    except (ValueError, OverflowError):
        return now(), LAST_KEY


def _published(one: PublishedAnswer) -> dict[str, Any]:
    return {"one": one, "category": Category(one.category).label, "day": day_of(one.published_at)}


@bp.get("/<uuid:id>")
@published
@public
def show(id: UUID) -> Response:
    """One published answer."""
    found = queries.published_one(db.session, id) or abort(404)
    agency = directory.agency(db.session, found.agency_code) if found.agency_code else None
    return pages.page(
        "support/feedback_published.html", **_published(found), agency=agency.name if agency else "", active="ho-tro"
    )


# ---- writing


@bp.get("/moi")
@public
def form() -> Response:
    """The form."""
    agencies, contacts = _offered(db.session, actor_of(ActorKind.CITIZEN))
    first = contacts[0][0] if contacts else None
    words = begun.words()
    values = {"reply_to": first, "subject": words[:LONGEST_SUBJECT], "text": words}
    shown = LetterForm(formdata=None, agencies=agencies, contacts=contacts, data=values)
    return pages.page(FORM, **_context(shown))


def _offered(session: Session, actor: Actor | None) -> tuple[list[tuple[str, str]], list[tuple[str, Any]] | None]:
    """The agencies to choose from, and the proven contacts of who is signed in."""
    province = directory.province_agency(session, current_app.config["SETTINGS"].province)
    return queries.agencies_below(session, province), _contacts(session, actor) if actor else None


def _contacts(session: Session, actor: Actor) -> list[tuple[str, Any]]:
    account = session.get_one(Account, actor.id)
    phone = accounts.phone_of(session, account)
    offered: list[tuple[str, Any]] = []
    if phone:
        number = masked(spoken_phone(phone).replace(" ", ""))
        offered.append(("sms", say(Label(str(N_("Tin nhắn tới %(number)s")), number=number))))
    if account.email and account.email_proven_at:
        offered.append(("email", say(Label(str(N_("Email tới %(address)s")), address=masked_email(account.email)))))
    return [*offered, (NOWHERE, say(N_("Không báo, tôi tự vào xem")))]


def _context(form: LetterForm, **more: Any) -> dict[str, Any]:
    """The form with a fresh captcha where nobody is signed in."""
    signed_in = actor_of(ActorKind.CITIZEN) is not None
    shown = {"captcha": None} if signed_in else captcha.for_template(brakes.price_here())
    due = queries.due_on(db.session, today())
    return {
        "form": form,
        "sheet": _sheet(),
        "signed_in": signed_in,
        "near": [],
        "own": [],
        "due": due,
        "active": "ho-tro",
        **shown,
        **more,
    }


@bp.post("/moi")
@public
def send() -> Response:
    """The letter: its clock begins. Before that, once, what is nearly the same."""
    actor = actor_of(ActorKind.CITIZEN)
    with reading(db.engine()) as session:
        agencies, contacts = _offered(session, actor)
    form = LetterForm(agencies=agencies, contacts=contacts)
    if not form.validate_on_submit():
        return _again(form)
    letter, sheet = form.letter(), _sheet()
    if sent := _sent_before(letter, sheet, actor):
        return sent
    if ANYWAY not in request.form and (like := _alike(letter, actor)):
        return _again(form, **like)
    try:
        # Half of today's price will do: it may have risen while the form was filled in.
        by_work = True if actor else captcha.check(at_least=brakes.price_here() // 2)
        uploads = [one for one in request.files.getlist(attachments.FIELD) if one.filename]
        if uploads:
            brakes.count_upload(str(actor.id) if actor else "")
        brakes.count(str(actor.id) if actor else "", by_work)
        files = attachments.taken(uploads)
        return _kept(letter, files, sheet, actor)
    except Refused as refusal:
        form.refuse(refusal)
    except Busy:
        form.refuse(Refused(BUSY, attachments.FIELD))
    return _again(form)


def _sheet() -> str:
    """The number of the form that is being sent, or of a new one."""
    typed = request.form.get(SHEET, "")
    return typed if _A_SHEET.fullmatch(typed) else new_sheet()


def _sent_before(letter: Letter, sheet: str, actor: Actor | None) -> Response | None:
    """The receipt of a letter that was sent already: somebody pressed twice, or the first answer never arrived."""
    with reading(db.engine()) as session:
        found = queries.by_id(session, id_of(sheet))
    same = found is not None and found.words == words_of(letter.subject, letter.text)
    if found is None or not same or found.account_id != (actor.id if actor else None):
        return None
    return _receipt(found.id, secret_of(sheet), actor)


def _alike(letter: Letter, actor: Actor | None) -> dict[str, Any]:
    """Published answers, and the writer's own open letters, that say nearly the same; {} where there are none."""
    words = words_of(letter.subject, letter.text)
    with reading(db.engine()) as session:
        near = queries.nearest_published(session, letter.category, words, now())
        own = queries.nearest_own(session, actor.id, words) if actor else []
    return {"near": near, "own": [facts(one) for one in own]} if near or own else {}


def _again(form: LetterForm, **more: Any) -> Response:
    """All that was typed once more; files cannot be: where some were sent, the page says so."""
    chosen = any(one.filename for one in request.files.getlist(attachments.FIELD))
    db.abandon()
    return pages.refused(FORM, **_context(form, files_lost=chosen, **more))


def _kept(letter: Letter, files: list[attachments.Attached], sheet: str, actor: Actor | None) -> Response:
    writer = (actor.id, cast(Citizen, actor).person_id) if actor else None
    by, at = actor.by if actor else VISITOR, now()
    try:
        made, secret = receive(db.session, letter, files, writer=writer, by=by, at=at, sheet=sheet)
    except IntegrityError:
        # Pressed twice at once; or somebody went back, wrote something else on the same form and sent that, too.
        db.let_go()
        if sent := _sent_before(letter, sheet, actor):
            return sent
        made, secret = receive(db.session, letter, files, writer=writer, by=by, at=at)
    return _receipt(made.id, secret, actor)


def _receipt(id: UUID, secret: str, actor: Actor | None) -> Response:
    begun.sent()
    if actor:
        return pages.after_post(None, url_for("feedback_own.show", id=id, moi=1))
    visit.keep_open(id, secret)
    return pages.after_post(None, url_for("feedback_follow.show"))
