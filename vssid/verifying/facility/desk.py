"""Tiếp nhận: the counter of a health facility checks cards, one after the other, and checks patients in."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from vssid import accounts, directory, scans
from vssid.kernel.clock import VIETNAM, day_of, now, today
from vssid.kernel.crypto import keyed_digest, same
from vssid.kernel.db import reading, unit
from vssid.kernel.files import FileStore
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import grouped, masked
from vssid.kernel.workshop import Workshop
from vssid.organisations import Line, Permission, me
from vssid.records import Sex
from vssid.verifying.facility import actions, checking, limiting, queries, rules
from vssid.verifying.facility.checking import Answer, Source
from vssid.verifying.facility.forms import CheckForm, CheckInForm, asked_about
from vssid.verifying.facility.limiting import TooOften
from vssid.verifying.facility.models import CardCheck
from vssid.verifying.facility.queries import Key, Used
from vssid.verifying.facility.reasons import Registered
from vssid.verifying.facility.rules import Asked, How, Purpose, found_of
from vssid.web import db, pages
from vssid.web.guards import member, reaches
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import day, say

bp = Blueprint("reception", __name__, url_prefix="/to-chuc/tiep-nhan")
PAGE = "verifying/desk.html"


@bp.get("")
@member(Permission.CHECK)
def show() -> Response:
    """The field that a scanner types into."""
    return pages.page(PAGE, **_empty())


def _empty() -> dict[str, Any]:
    return {"form": CheckForm(formdata=None), "answer": None, "done": "", "me": me()}


@bp.post("")
@member(Permission.CHECK)
def check() -> Response:
    """What a code or a number is worth, and how the card stands now. Every check is kept, whatever it finds."""
    form, at = CheckForm(), now()
    try:
        asked = _asked(form)
        if asked is None:
            return _shown_again(form)
        limiting.check(asked, at)
    except TooOften as refusal:
        return _again(form, refusal, 422 if is_fragment_request() else 429)
    except Refused as refusal:
        return _again(form, refusal)
    with reading(db.engine()) as session:
        answer = checking.answer(session, _source(), asked, day_of(at))
        used = queries.used_since(session, answer.known.person_id, midnight()) if answer.known else []
    row = actions.note(db.session, answer, by=me(), at=at)
    if answer.known and not answer.known.died and me().organisation_id not in {one.organisation_id for one in used}:
        actions.tell(db.session, accounts.house(), answer.known.person_id, at)
    db.commit()
    return pages.page(PAGE, block="result", **{**_empty(), "answer": _shown(answer, row, used)})


def _again(form: CheckForm, refusal: Refused, status: int = 422) -> Response:
    form.refuse(refusal)
    return _shown_again(form, status)


def _shown_again(form: CheckForm, status: int = 422) -> Response:
    """Nothing that was typed is lost, although the field empties itself when it is sent."""
    answer = pages.refused(PAGE, block="counter", status=status, **{**_empty(), "form": form})
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#counter", "outerHTML"
    return answer


def midnight() -> datetime:
    """When today began."""
    return datetime.combine(today(), time(), VIETNAM)


def _source() -> Source:
    extensions = current_app.extensions
    return Source(extensions["keyring"], extensions["files"], extensions.get("specimen", bool)())


def _asked(form: CheckForm) -> Asked | None:
    """What is asked about, typed or in a photo; None for a form that is wrong in itself."""
    if not form.validate_on_submit():
        return None
    photo = request.files.get("qr_photo")
    if (form.qr_text.data or "").strip() or photo is None or not photo.filename:
        return form.asked()
    limiting.allow([(("card-photo", str(me().id), *rules.TYPED_HOURLY), rules.TOO_OFTEN)], now())
    workshop: Workshop = current_app.extensions["workshop"]
    text = scans.codes_of_photo(workshop, photo.stream.read(scans.LARGEST_BYTES + 1))[0]
    return asked_about(text, form.birth.data or "")


def _shown(answer: Answer, row: CardCheck, used: list[Used]) -> dict[str, Any]:
    """The answer as the page has it: one colour, one headline, then what the register says."""
    bad = [one for one in answer.why if one.tone == "bad"]
    return {
        "tone": answer.tone,
        "headline": bad[0].words if bad and answer.found.tone != "bad" else rules.words_of(answer.how, answer.found),
        "advice": answer.found.advice,
        "how": rules.way(answer.how, answer.found),
        "why": answer.why,
        "known": _known(answer.known, row) if answer.known else None,
        "here": _here(used),
        "elsewhere": _elsewhere(used),
        "check_in": CheckInForm(formdata=None) if answer.known else None,
        "id": row.id,
    }


def _known(known: Registered, row: CardCheck) -> dict[str, Any]:
    return {
        "name": known.full_name,
        "birth": known.birth.vn(),
        "sex": say(Sex(known.sex).label),
        "portrait": url_for(".portrait", id=row.id, mark=_mark(row.id)) if known.portrait_file_id else None,
        "number": known.face.number_spaced if known.face else "",
        "facts": _facts(known),
    }


def _facts(known: Registered) -> list[tuple[str, str]]:
    face = known.face
    if face is None:
        return []
    share = directory.benefit_share(db.session, face.level, today())
    level = _("Mức %(level)s · %(share)s%%", level=face.level, share=share) if share else str(face.level)
    here = _("chính cơ sở này") if face.facility_code == me().facility_code else _("cơ sở khác")
    until = day(face.valid_to) if face.valid_to else _("không ghi ngày hết hạn")
    found = [
        (_("Mức hưởng"), level),
        (_("Giá trị sử dụng"), _("từ %(start)s đến %(end)s", start=day(face.valid_from), end=until)),
        (_("Nơi đăng ký KCB ban đầu"), f"{face.facility_name} ({face.facility_code_spaced}) · {here}"),
    ]
    if face.five_years_from:
        found.append((_("Thời điểm đủ 05 năm liên tục"), day(face.five_years_from)))
    if face.area_code:
        found.append((_("Mã khu vực"), face.area_code))
    return found


def _here(used: list[Used]) -> Label | None:
    """That the same patient was checked in at this counter today: perhaps the scanner was pressed twice."""
    mine = next((one for one in used if one.checked_in_at and one.organisation_id == me().organisation_id), None)
    if mine is None or mine.checked_in_at is None:
        return None
    return N_("Hôm nay cơ sở này đã ghi nhận người bệnh vào khám lúc %(time)s.", time=_clock(mine.checked_in_at))


def _clock(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M}"


def _elsewhere(used: list[Used]) -> Label | None:
    """That the card was used at another facility today: a hint, never a reason to turn somebody away."""
    other = next((one for one in used if one.checked_in_at and one.organisation_id != me().organisation_id), None)
    if other is None or other.checked_in_at is None:
        return None
    at = _clock(other.checked_in_at)
    if other.care_level:
        return N_(
            "Hôm nay thẻ đã được ghi nhận vào khám ở nơi khác lúc %(time)s (cấp chuyên môn: %(kind)s).",
            time=at,
            kind=other.care_level,
        )
    return N_("Hôm nay thẻ đã được ghi nhận vào khám ở nơi khác lúc %(time)s.", time=at)


@bp.post("/<uuid:id>/ghi-nhan")
@reaches("card_check")
@member(Permission.CHECK)
def check_in(id: UUID) -> Response:
    """Ghi nhận vào khám; then the next patient."""
    row, form = _mine(db.session, id), CheckInForm()
    try:
        if form.validate_on_submit():
            actions.check_in(db.session, row, Purpose(form.purpose.data), by=me().by, at=now())
            # With script the words stand where the answer stood, and go with the next patient's.
            words, shown = _("Đã ghi nhận vào khám."), is_fragment_request()
            context = {**_empty(), "done": words}
            return pages.after_post(None if shown else words, url_for(".show"), PAGE, block="result", **context)
    except Refused as refusal:
        form.refuse(refusal)
    refused = CheckForm(formdata=None)
    for words in (*form.form_errors, *form.purpose.errors):
        refused.form_errors.append(words)
    return pages.refused(PAGE, block="result", **{**_empty(), "form": refused})


def _mine(session: Session, id: UUID) -> CardCheck:
    return queries.of_organisation(session, me().organisation_id, id) or abort(404)


@bp.get("/<uuid:id>/<mark>/anh.jpg")
@reaches("card_check")
@member(Permission.CHECK)
def portrait(id: UUID, mark: str) -> Response:
    """The portrait in the register, for the session that has just made this check; each look is noted, nothing keeps it."""
    if not same(mark.encode(), _mark(id).encode()):
        abort(404)
    since = now() - rules.PORTRAIT_LIVES
    person_id, file = queries.portrait(db.session, id, me().id, since) or abort(404)
    store: FileStore = current_app.extensions["files"]
    body = store.read(file)
    with unit(db.engine()) as session:
        actions.note_portrait(session, id, person_id, by=me(), at=now())
    return Response(body, mimetype=file.media_type, headers={"Cache-Control": "private, no-store"})


def _mark(id: UUID) -> str:
    """What only the session that made a check is told, for it alone to open the portrait."""
    return keyed_digest(current_app.config["SECRET_KEY"], "portrait", str(id), str(me().session_id)).hex()


@bp.get("/hom-nay")
@member(Permission.CHECK)
def of_today() -> Response:
    """Whom the facility has checked today."""
    listed = queries.of_day(db.session, me().organisation_id, midnight(), key())
    made, checked_in = queries.counts(db.session, me().organisation_id, midnight())
    following = url_for(".of_today", sau=spelt(listed.next_key)) if listed.next_key else None
    rows = [
        {
            "at": row.check.at,
            "name": row.full_name,
            "number": masked(grouped(row.check.ma_so_bhxh, 2, 4).replace(" ", "")) if row.check.ma_so_bhxh else "",
            "found": rules.words_of(how, found),
            "how": rules.way(how, found),
            "purpose": Purpose(row.check.purpose).label if row.check.purpose else None,
        }
        for row in listed.rows
        for how, found in [(How(row.check.how), found_of(row.check.verdict))]
    ]
    return pages.page("verifying/today.html", rows=rows, made=made, checked_in=checked_in, following=following)


def key() -> Key | None:
    """The row behind which a page begins, as the address names it."""
    moment, _sep, id = pages.query_text("sau", 80).partition("_")
    try:
        return datetime.fromtimestamp(int(moment) / 1_000_000, VIETNAM), UUID(id)
    except (ValueError, OverflowError, OSError):
        return None


def spelt(found: Key) -> str:
    """The same for the address."""
    at, id = found
    return f"{round(at.timestamp() * 1_000_000)}_{id}"


def lines(session: Session, organisation_id: UUID) -> list[Line]:
    """How the day stands, on the organisation's first page."""
    made, checked_in = queries.counts(session, organisation_id, midnight())
    if not made:
        return []
    words = _("%(made)s lần kiểm tra, %(checked_in)s lượt vào khám", made=made, checked_in=checked_in)
    return [Line(_("Hôm nay"), words, url_for("reception.of_today"))]
