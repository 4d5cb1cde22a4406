"""What leaves the house about a letter: that it was answered, or that something is asked. Never what was written."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid import accounts, notifications
from vssid.accounts import Account, House
from vssid.kernel.labels import N_, Label
from vssid.notifications import inbox
from vssid.support.feedback.models import Feedback
from vssid.support.feedback.rules import Kind, spoken_code
from vssid.web.i18n import say_in

SUBJECT = N_("Phản ánh, kiến nghị của bạn")
WORDS = {
    Kind.ANSWER: N_(
        "VssID: Phản ánh %(code)s đã có trả lời. Mở VssID, mục Hỗ trợ, Phản ánh, kiến nghị để xem. Hỏi: %(hotline)s."
    ),
    Kind.QUESTION: N_(
        "VssID: Phản ánh %(code)s cần bạn bổ sung. Mở VssID, mục Hỗ trợ, Phản ánh, kiến nghị để viết. Hỏi: %(hotline)s."
    ),
}


def receiver(db: Session, found: Feedback) -> str:
    """Where the writer wants to be told: +84… or an address as it is proven now; '' for nowhere."""
    if found.account_id is None:
        return found.phone or found.email
    account = db.get_one(Account, found.account_id)
    if found.reply_to == "sms":
        return accounts.phone_of(db, account) or ""
    return (account.email or "") if found.reply_to == "email" else ""


def tell(db: Session, house: House, found: Feedback, kind: Kind, at: datetime) -> None:
    """Queue the message about an answer or a question, if the writer wants one; the bell of an account rings in any case."""
    to = receiver(db, found)
    words = Label(str(WORDS[kind]), code=spoken_code(found.code), hotline=house.hotline)
    tag = f"feedback.{kind}"
    if found.account_id is not None:
        inbox.put(db, house.keyring, found.account_id, tag, words, f"/ho-tro/phan-anh/cua-toi/{found.id}", at)
    if not to:
        return
    if found.account_id is not None:
        accounts.tell(
            db, house.keyring, to, found.language, words, tag, found.account_id, at, subject=SUBJECT, ring=None
        )  # fmt: skip
        return
    by_mail = "@" in to
    language = found.language if by_mail or found.language == "vi" else "en"
    notifications.send(
        db,
        house.keyring,
        channel="email" if by_mail else "sms",
        to=to,
        subject=say_in(language, SUBJECT) if by_mail else "",
        text=accounts.begun(db, house.keyring, to, say_in(language, words)),
        kind=tag,
        about=("feedback", found.id),
        at=at,
    )
