"""Errors that help: what happened, in the reader's language, and what to do next. Nobody sees a stack trace."""

import errno
from typing import Any

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from vssid.kernel.audit import ActorKind
from vssid.kernel.labels import N_, Busy, Label, Refused
from vssid.web import db, published
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import say

log = structlog.get_logger()

# status → (title, what to do)
WORDS: dict[int, tuple[Label, Label]] = {
    400: (N_("Yêu cầu chưa hợp lệ"), N_("Trang này có thể đã mở quá lâu. Hãy tải lại trang rồi thử lại.")),
    401: (N_("Cần đăng nhập"), N_("Hãy đăng nhập rồi mở lại trang này.")),
    403: (
        N_("Không được phép"),
        N_("Yêu cầu này không đến từ trang của chúng tôi, hoặc tài khoản không có quyền. Hãy mở lại trang và thử lại."),
    ),
    404: (N_("Không tìm thấy trang"), N_("Địa chỉ có thể đã gõ sai hoặc đã đổi. Hãy quay về trang chủ.")),
    405: (N_("Cách gửi không đúng"), N_("Hãy quay về trang chủ và đi từ đó.")),
    408: (N_("Mạng quá chậm"), N_("Dữ liệu chưa đến đủ. Hãy thử lại, chưa có gì bị thay đổi.")),
    409: (N_("Có thay đổi khác vừa xảy ra"), N_("Hãy tải lại trang để xem tình trạng mới nhất.")),
    413: (N_("Dữ liệu quá lớn"), N_("Mỗi ảnh hoặc tệp tối đa 8 MB. Hãy chọn tệp nhỏ hơn, hoặc chụp lại ảnh.")),
    414: (N_("Địa chỉ quá dài"), N_("Hãy quay về trang chủ và đi từ đó.")),
    415: (N_("Loại dữ liệu không đúng"), N_("Hãy gửi bằng biểu mẫu trên trang.")),
    422: (N_("Chưa thực hiện được"), N_("Hãy xem lại những gì đã nhập.")),
    429: (N_("Thử quá nhiều lần"), N_("Hãy đợi một lát rồi thử lại. Dữ liệu của bạn không mất.")),
    431: (N_("Yêu cầu quá lớn"), N_("Hãy xoá cookie của trang này rồi thử lại.")),
    500: (N_("Hệ thống gặp lỗi"), N_("Lỗi đã được ghi lại. Hãy thử lại sau ít phút; chưa có gì bị thay đổi.")),
    503: (N_("Hệ thống đang bận"), N_("Chưa có gì bị thay đổi. Hãy thử lại sau ít giây.")),
}
STILL_THERE = N_(
    "Chưa có gì được gửi. Những gì bạn đã gõ còn ở trang trước: hãy giữ trang đó, hoặc bấm nút quay lại của máy."
)
RETRY_SECONDS = "5"
_DISK_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(CSRFError, lambda _e: error_page(400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, lambda refusal: error_page(422, text=refusal.label))
    app.register_error_handler(Busy, lambda _e: error_page(503))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(DBAPIError, _database_trouble)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, *, text: Label | None = None, headers: dict[str, str] | None = None) -> Response:
    """A page (or for htmx a notice) for `status`; `text` replaces the general advice."""
    db.abandon()
    title, advice = WORDS.get(status) or WORDS[400 if status < 500 else 500]
    if status == 503 and request.method == "POST" and not is_fragment_request():
        advice = STILL_THERE
    context: dict[str, Any] = {
        "code": status,
        "title": say(title),
        "text": say(text or advice),
        "actions": [(say(words), to) for words, to in _ways_on(status)],
    }
    template = "errors/fragment.html" if is_fragment_request() else "errors/error.html"
    response = make_response(_rendered(template, context), status)
    if status in (429, 503):
        response.headers["Retry-After"] = RETRY_SECONDS
    response.headers.update(headers or {})
    return response


def _ways_on(status: int) -> list[tuple[Label, str]]:
    """Where to go from an error: the likeliest next step first. What is kept on the phone needs no server."""
    home = (N_("Về trang chủ"), "/")
    if status != 503:
        return [home]
    # Two strokes at the beginning of a path would be the address of another host.
    again = [(N_("Thử lại"), "/" + request.full_path.strip("/?"))] if request.method == "GET" else []
    return [*again, (N_("Các thẻ giữ trên máy này"), "/the-da-luu"), home]


def _rendered(template: str, context: dict[str, Any]) -> str:
    try:
        return render_template(template, **context)
    except (DBAPIError, OSError):
        # The same trouble once more, while the page's frame asks who reads it: then it is shown as to a visitor.
        db.abandon()
        g.actors = dict.fromkeys(ActorKind)
        return render_template(template, **context)


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    label = error.description if isinstance(error.description, Label) else None
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return error_page(error.code, text=label, headers=kept)


def _database_away(error: OperationalError) -> Response:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    log.error("database away", rule=_rule(), problem=type(error.orig).__name__, code=code)
    return _copy_of_before() or error_page(503)


def _disk(error: OSError) -> Response:
    if error.errno in _DISK_TROUBLE:
        log.error("disk trouble", rule=_rule(), errno=error.errno)
        return error_page(503)
    return _unexpected(error)


def _copy_of_before() -> Response | None:
    """A public page as it was: shown as to a visitor, since nobody can be asked who reads it."""
    db.abandon()
    g.actors = dict.fromkeys(ActorKind)
    return published.last_known()


def _database_trouble(error: DBAPIError) -> Response:
    """A database that answers nonsense (tables gone, file damaged) is as bad as none for who reads a public page."""
    answer = _unexpected(error)
    return _copy_of_before() or answer


def _unexpected(error: Exception) -> Response:
    # The message may hold a person's data; type and place are enough to find the fault.
    log.error("unexpected", rule=_rule(), problem=type(error).__name__, at=_place(error))
    return error_page(500)


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "-"


def _place(error: BaseException) -> str:
    place, trace = "-", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
