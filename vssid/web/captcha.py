"""Mã kiểm tra: a proof of work where script runs, a plain question where it does not. Each challenge works once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from vssid.kernel.clock import now
from vssid.kernel.crypto import keyed_digest, same
from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.kernel.limits import Limiter
from vssid.web.i18n import say

LIFE = timedelta(hours=2)
DIFFICULTY = 40_000
_NUMBERS = [
    Np_("số", "không"), Np_("số", "một"), Np_("số", "hai"), Np_("số", "ba"), Np_("số", "bốn"),
    Np_("số", "năm"), Np_("số", "sáu"), Np_("số", "bảy"), Np_("số", "tám"), Np_("số", "chín"),
]  # fmt: skip


@dataclass(frozen=True)
class Challenge:
    """What the page shows: a question in words, and the same challenge as work for a script."""

    token: str
    question: Label
    salt: str
    challenge: str
    max: int


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="captcha")


def _answer_digest(id: str, answer: int) -> str:
    return keyed_digest(str(current_app.secret_key), "captcha", id, str(answer)).hex()


def challenge(harder: int = 1) -> Challenge | None:
    """A new challenge of `harder` times the usual work, or None where the operator of a development server put it off."""
    if not current_app.config["CAPTCHA"]:
        return None
    id, salt = secrets.token_hex(8), secrets.token_hex(8)
    left, right = 1 + secrets.randbelow(9), 1 + secrets.randbelow(9)
    most = DIFFICULTY * harder
    work = hashlib.sha256(f"{salt}{secrets.randbelow(most)}".encode()).hexdigest()
    token = _signer().dumps([id, _answer_digest(id, left + right), salt, work, harder])
    question = N_(
        "Viết bằng chữ số: %(left)s cộng %(right)s bằng bao nhiêu?", left=_NUMBERS[left], right=_NUMBERS[right]
    )
    return Challenge(str(token), question, salt, work, most)


def check(at_least: int = 1) -> bool:
    """Raise Refused unless this form post solves its challenge, for the first time and in time.

    Whether by work rather than by the question; work that was less than `at_least` times the usual does not count.
    """
    if not current_app.config["CAPTCHA"]:
        return True
    try:
        token = request.form.get("captcha_token", "")[:600]
        id, answer, salt, work, harder = _signer().loads(token, int(LIFE.total_seconds()))
    except (BadData, ValueError) as wrong:
        raise Refused(N_("Mã kiểm tra đã cũ. Hãy trả lời câu hỏi mới."), "captcha") from wrong
    by_work = harder >= at_least and _by_work(salt, work)
    limiter: Limiter = current_app.extensions["limiter"]
    if not (by_work or _by_answer(id, answer)) or not limiter.allow("captcha", id, 1, 2 * LIFE, now()):
        raise Refused(N_("Mã kiểm tra chưa đúng. Hãy trả lời câu hỏi mới."), "captcha")
    return by_work


def _by_work(salt: str, work: str) -> bool:
    solution = request.form.get("captcha_solution", "")[:12]
    return (
        solution.isascii() and solution.isdigit() and hashlib.sha256(f"{salt}{solution}".encode()).hexdigest() == work
    )


def _by_answer(id: str, expected: str) -> bool:
    given = request.form.get("captcha_answer", "").strip()[:4]
    return (
        given.isascii()
        and given.isdigit()
        and same(bytes.fromhex(expected), bytes.fromhex(_answer_digest(id, int(given))))
    )


def for_template(harder: int = 1) -> dict[str, Any]:
    """What a template needs to show `ui.captcha`: a fresh challenge and the question in the reader's language."""
    fresh = challenge(harder)
    if fresh is None:
        return {"captcha": None}
    shown = {
        "token": fresh.token,
        "question": say(fresh.question),
        "salt": fresh.salt,
        "challenge": fresh.challenge,
        "max": fresh.max,
    }
    return {"captcha": shown}
