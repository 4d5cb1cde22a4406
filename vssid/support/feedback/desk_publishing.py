"""Công bố, the officer's side: question and answer rewritten without persons, with the writer's consent; and withdrawn."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.labels import Refused
from vssid.support.feedback import publishing, queries
from vssid.support.feedback.desk import ANSWER, KEY, letter_for
from vssid.support.feedback.forms import PublishForm
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.rules import (
    NO_CONSENT,
    NOT_ANSWERED,
    Kind,
    Status,
    checked_text,
    identifying,
    spoken_code,
)
from vssid.web import db, pages
from vssid.web.guards import fresh, officer, reaches

bp = Blueprint("feedback_publishing", __name__, url_prefix="/can-bo/phan-anh")


@bp.get("/<uuid:id>/cong-bo")
@reaches("feedback")
@officer(ANSWER)
def form(id: UUID) -> Response:
    """Both texts as they were written, to be rewritten; what names somebody is listed."""
    found = _publishable(id)
    texts = {
        "subject": found.subject,
        "question": queries.text_of(db.session, id, Kind.WORDS),
        "answer": queries.text_of(db.session, id, Kind.ANSWER),
    }
    return _page(found, PublishForm(formdata=None, data=texts))


def _publishable(id: UUID) -> Feedback:
    """An answered letter whose writer agreed; raises Refused for others."""
    found = letter_for(id)
    if not found.may_publish:
        raise Refused(NO_CONSENT)
    if found.status != Status.ANSWERED:
        raise Refused(NOT_ANSWERED)
    return found


def _page(found: Feedback, form: PublishForm, status: int = 200) -> Response:
    name = publishing.name_of_writer(db.session, found)
    texts = (form.subject.data or "", form.question.data or "", form.answer.data or "")
    return pages.page(
        "support/desk_publish.html",
        status=status,
        form=form,
        id=found.id,
        code=spoken_code(found.code),
        found=list(dict.fromkeys(one for text in texts for one in identifying(text, name))),
        active=KEY,
    )


@bp.post("/<uuid:id>/cong-bo")
@fresh
@reaches("feedback")
@officer(ANSWER)
def publish(id: UUID) -> Response:
    """Show it to everybody."""
    found, form = _publishable(id), PublishForm()
    try:
        if form.validate_on_submit():
            question, answer = checked_text(form.question.data), checked_text(form.answer.data)
            publishing.publish(db.session, id, form.subject.data, question, answer, by=officers.me(), at=now())
            return pages.after_post(_("Đã công bố."), url_for("feedback_desk.show", id=id))
    except Refused as refusal:
        form.refuse(refusal)
    db.abandon()
    return _page(found, form, 422)


@bp.post("/<uuid:id>/thu-hoi")
@fresh
@reaches("feedback")
@officer(ANSWER)
def withdraw(id: UUID) -> Response:
    """Rút khỏi trang công bố."""
    publishing.withdraw(db.session, letter_for(id), by=officers.me(), at=now())
    return pages.after_post(_("Đã rút khỏi trang công bố."), url_for("feedback_desk.show", id=id))
