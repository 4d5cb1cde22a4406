"""A letter as it comes in, whoever hands it in: its two codes are made here, and how its writer is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account
from vssid.kernel.audit import By
from vssid.kernel.crypto import keyed_digest
from vssid.support.feedback import actions
from vssid.support.feedback.attachments import Attached
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.rules import CODE_LENGTH, SECRET_LENGTH, Letter, new_signs, signs_of


def receive(
    db: Session,
    letter: Letter,
    files: Sequence[Attached] = (),
    *,
    writer: tuple[UUID, UUID] | None,
    by: By,
    at: datetime,
    sheet: str = "",
) -> tuple[Feedback, str]:
    """Keep a letter of `writer` (account and person, None for who has none); returns it and its secret half.

    `sheet` is the number of the form that it was written on: a form that is sent twice is one letter, with the same
    receipt. Raises Refused for an agency that does not exist, IntegrityError for a sheet that was taken in meanwhile.
    """
    sheet = sheet or new_sheet()
    code, secret = new_signs(CODE_LENGTH), secret_of(sheet)
    made = actions.send(
        db, letter, files, current_app.extensions["files"],
        id=id_of(sheet), code=code, secret_digest=secret_digest(code, secret), writer=writer, by=by, at=at,
    )  # fmt: skip
    return made, secret


def new_sheet() -> str:
    """A number for a form. It is known to its browser alone: ids and secrets are made of it, none tells it."""
    return uuid4().hex


def id_of(sheet: str) -> UUID:
    """Under which id the letter on this form is kept."""
    return UUID(bytes=keyed_digest(str(current_app.secret_key), "feedback id", sheet)[:16], version=4)


def secret_of(sheet: str) -> str:
    """The secret half of its receipt."""
    return signs_of(keyed_digest(str(current_app.secret_key), "feedback secret", sheet), SECRET_LENGTH)


def secret_digest(code: str, secret: str) -> bytes:
    """What is stored of the second half: keyed, because eight signs could be tried out by who has the table."""
    return keyed_digest(str(current_app.secret_key), "feedback", code, secret)


def first_contact(db: Session, account_id: UUID) -> str:
    """The `reply_to` of an account whose owner was not asked: the proven phone, else the proven e-mail, else ''."""
    account = db.get_one(Account, account_id)
    if accounts.phone_of(db, account):
        return "sms"
    return "email" if account.email and account.email_proven_at else ""
