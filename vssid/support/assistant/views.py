"""/ho-tro/tro-ly: a question and its answer. Nothing of an exchange is kept but questions that found no answer."""

from datetime import date
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, request, url_for

from vssid import accounts, notices
from vssid.accounts import Citizen
from vssid.kernel.audit import ActorKind
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Label
from vssid.support import begun, chat
from vssid.support.assistant import actions
from vssid.support.assistant.answers import Answer, answer
from vssid.support.assistant.forms import QuestionForm
from vssid.support.assistant.knowledge import Library
from vssid.support.assistant.rules import LONGEST_QUESTION, QUESTIONS_A_MINUTE, language_of
from vssid.web import db, errors, pages
from vssid.web.flood import Flood
from vssid.web.guards import actor_of, public
from vssid.web.i18n import LANGUAGES, language, say_in

bp = Blueprint("assistant", __name__, url_prefix="/ho-tro/tro-ly")
PAGE = "support/assistant.html"
TOO_MANY = N_("Mạng này đang hỏi quá nhiều. Hãy đợi một phút rồi hỏi lại.")
EXAMPLES = (
    N_("Thẻ của tôi còn hạn không?"),
    N_("Tôi đóng được bao lâu rồi?"),
    N_("Tôi quên mật khẩu, lấy lại thế nào?"),
    N_("Bệnh viện không nhận thẻ trên điện thoại, tôi làm gì?"),
    N_("Số điện thoại BHXH gần tôi"),
)


def init_app(app: Flask) -> None:
    """Open the window."""
    app.extensions["assistant.flood"] = Flood(QUESTIONS_A_MINUTE)
    app.extensions["assistant.library"] = Library()
    app.register_blueprint(bp)


@bp.get("")
@public
def form() -> Response:
    """Examples, and the box: with the words that found nothing elsewhere (`cau-hoi`), for their writer to send."""
    words = pages.query_text("cau-hoi", LONGEST_QUESTION)
    return pages.page(PAGE, **_context(QuestionForm(formdata=None, question=words)))


def _context(form: QuestionForm, **more: Any) -> dict[str, Any]:
    return {"form": form, "examples": EXAMPLES, "question": "", "found": None, "active": "ho-tro", **more}


@bp.post("")
@public
def ask() -> Response:
    """The answer below the question, and an empty box for the next one."""
    if not current_app.extensions["assistant.flood"].takes(accounts.network()):
        return errors.error_page(429, text=TOO_MANY, headers={"Retry-After": "60"})
    form = QuestionForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, block="ask", **_context(form))
    question = form.question.data or ""
    found = _answer(question, today())
    if not found.found:
        actions.note(db.session, question, found.language, now())
    db.commit()
    asked_next = QuestionForm(formdata=None)
    return pages.page(PAGE, block="ask", **_context(asked_next, question=question, found=found, **_spoken(found)))


def _answer(question: str, day: date) -> Answer:
    who, library = cast("Citizen | None", actor_of(ActorKind.CITIZEN)), current_app.extensions["assistant.library"]
    with reading(db.engine()) as session:
        return answer(session, library, question, language(), who, now(), day)


def _spoken(found: Answer) -> dict[str, Any]:
    """The answer's own words in its language, which may be another than the page's."""
    title = _said(found.language, found.title)
    others = [(_said(found.language, one), to) for one, to in found.others]
    lines = None if found.lines is None else [say_in(found.language, one) for one in found.lines]
    return {"title": title, "others": others, "lines": lines, "tongue": LANGUAGES[found.language][1]}


def _said(code: str, words: str | Label) -> str:
    return say_in(code, words) if isinstance(words, Label) else words


@bp.post("/chua-dung")
@public
def hand_over() -> Response:
    """“Chưa đúng ý?”: the question is counted for the editors and goes to a person, once its writer has finished it."""
    if not current_app.extensions["assistant.flood"].takes(accounts.network()):
        return errors.error_page(429, text=TOO_MANY, headers={"Retry-After": "60"})
    form = QuestionForm()
    if not form.validate_on_submit():
        return pages.refused(PAGE, block="main", **_context(form))
    question = form.question.data or ""
    begun.begin_with(question)
    if "da-dem" not in request.form:
        actions.note(db.session, question, language_of(question, language()), now())
    return pages.after_post(None, _to_a_person())


def _to_a_person() -> str:
    """To the chat while officers answer, else to a letter; where one of them rests, to the other."""
    chat_first = chat.open_at(db.session, now())
    first, second = (url_for(f"{one}.form") for one in (("chat", "feedback") if chat_first else ("feedback", "chat")))
    return second if notices.rests(first) and not notices.rests(second) else first
