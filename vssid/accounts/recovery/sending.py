"""A new code by SMS for who has the phone. Known or not, the same statements run and the same work is done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from vssid.accounts import codes, reaching
from vssid.accounts import messages as code_messages
from vssid.accounts.models import Account
from vssid.accounts.reaching import Reached
from vssid.accounts.recovery import messages
from vssid.accounts.rules import Purpose, Tag
from vssid.kernel import audit
from vssid.kernel.audit import VISITOR
from vssid.kernel.crypto import Keyring


def find(db: Session, phone: str, name: str) -> Sequence[Reached]:
    """The accounts that are meant: the one of a number that is reached at `phone`, or, without a number, all those."""
    if not name:
        return reaching.by_phone(db, phone)
    found = reaching.by_name(db, name)
    return [found] if found and found.phone == phone and found.account.status != "closed" else []


def send_way_in(db: Session, keyring: Keyring, phone: str, found: Sequence[Reached], *, at: datetime) -> None:
    """A code for the one account that is meant; of several, the word that a mã số is needed; for nobody, as much work."""
    account: Account | None = found[0].account if len(found) == 1 else None
    purpose = Purpose.ACTIVATION if account is not None and account.status == "new" else Purpose.RESET
    _id, code = codes.issue(db, keyring, purpose, account.id if account else uuid4(), at)
    if account is not None:
        code_messages.send_code(db, keyring, purpose, phone, account.language, code, account.id, at)
    elif found:
        messages.name_needed(db, keyring, phone, found[0].account, at)
    else:
        code_messages.tell_nobody(db, keyring, f"code.{purpose}", at)
    subject = ("account", account.id if account else None)
    audit.record(db, Tag.CODE_SENT if account else Tag.CODE_NOT_SENT, VISITOR, subject, at, purpose=purpose)
