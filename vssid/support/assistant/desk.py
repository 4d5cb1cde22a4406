"""/can-bo/cau-hoi: questions without an answer, for editors: write it, or put the question aside."""

from uuid import UUID

from flask import Blueprint, Flask, Response, abort, url_for
from flask_babel import gettext as _

from vssid import officers
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.officers import Permission, Tool
from vssid.support.assistant import actions, queries
from vssid.support.assistant.rules import State
from vssid.web import db, pages
from vssid.web.guards import officer, reaches
from vssid.web.i18n import LANGUAGES, say

bp = Blueprint("assistant_desk", __name__, url_prefix="/can-bo/cau-hoi")
EDIT = Permission.CONTENT_EDIT
KEY = "questions"
LONGEST_KEY = 60


def init_app(app: Flask) -> None:
    """Show the list in the console."""
    app.register_blueprint(bp)
    officers.register_tool(app, Tool(KEY, N_("Câu hỏi chưa trả lời"), "assistant_desk.list_questions", EDIT))


@bp.get("")
@officer(EDIT)
def list_questions() -> Response:
    """What was asked most at the top."""
    which = pages.query_text("loc", 10)
    return _list(next((one for one in State if one == which), State.OPEN))


def _list(state: State, refusal: Refused | None = None) -> Response:
    page = queries.listing(db.session, state, _key(pages.query_text("sau", LONGEST_KEY)))
    following = url_for(".list_questions", loc=state, sau=page.following) if page.following else None
    return pages.page(
        "support/desk_questions.html",
        status=422 if refusal else 200,
        rows=[(row, *LANGUAGES[row.language][1:3]) for row in page.rows],
        tabs=[(say(one.label), url_for(".list_questions", loc=one), one is state) for one in State],
        state=state,
        following=following,
        refusal=refusal.label if refusal else None,
        active=KEY,
    )


def _key(text: str) -> tuple[int, UUID] | None:
    times, _sign, id = text.partition("_")
    try:
        return (int(times), UUID(id)) if times.isascii() and times.isdigit() and len(times) < 9 else None
    except ValueError:
        return None


@bp.post("/<uuid:id>/viet")
@reaches("assistant_question")
@officer(EDIT)
def write(id: UUID) -> Response:
    """Begin the article, and go on writing it."""
    _there(id)
    try:
        made = actions.write_answer(db.session, id, by=officers.me(), at=now())
    except Refused as refusal:
        db.abandon()
        return _list(State.OPEN, refusal)
    return pages.after_post(_("Đã tạo bản nháp. Hãy viết câu trả lời rồi đăng."), url_for("articles.edit", id=made))


@bp.post("/<uuid:id>/bo-qua")
@reaches("assistant_question")
@officer(EDIT)
def ignore(id: UUID) -> Response:
    """Put it aside."""
    _there(id)
    try:
        actions.ignore(db.session, id, by=officers.me(), at=now())
    except Refused as refusal:
        db.abandon()
        return _list(State.OPEN, refusal)
    return pages.after_post(_("Đã bỏ qua câu hỏi."), url_for(".list_questions"))


def _there(id: UUID) -> None:
    with reading(db.engine()) as session:
        if queries.one(session, id) is None:
            abort(404)
