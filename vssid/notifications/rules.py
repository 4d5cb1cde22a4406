"""What a message must look like before it may wait in the outbox, and how long it waits after a failure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import SMS_SEGMENT, fold, has_control_characters, sms_text

MOST_ATTEMPTS = 8
JITTER = 0.2
BACK_OFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
LONGEST_SUBJECT = 150
LONGEST_ADDRESS = 254
KNOWN_AGAIN = timedelta(days=90)  # how long we can say of a text that we sent it

_KIND = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_MOBILE = re.compile(r"\+84\d{9}")
# No quoting, comments, lists or display names: whatever could turn one recipient into two.
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")

# Whatever a telephone would make a link of. A full stop after which a sentence goes on with no blank is none: TP.Mẫu.
# The end of a code and of a sentence, “…-9WWW. ”, is none: telephones make a link of what goes on behind the point.
_BEGUN = re.compile(r"https?:|www\.\S", re.ASCII)
_LINK = re.compile(r"://|[a-z0-9]\.[a-z]{2,}(?![a-z])", re.ASCII)
_DOMAIN = re.compile(
    r"[a-z0-9]\.(?:vn|com|net|org|info|biz|me|io|cc|ly|gl|gd|co|app|site|shop|top|xyz|link|click|online)\b", re.ASCII
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})


class Channel(StrEnum):
    """How a message leaves the house."""

    SMS = "sms"
    EMAIL = "email"


class State(StrEnum):
    """Where a message is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


STATE_LABELS: dict[State, Label] = {
    State.WAITING: N_("Đang chờ gửi"),
    State.SENT: N_("Đã gửi"),
    State.FAILED: N_("Không gửi được"),
    State.DROPPED: N_("Hết hạn trước khi gửi được"),
}


@dataclass(frozen=True)
class Letter:
    """One message as its reader gets it. `to` is +84… for SMS, an address for e-mail; an SMS has no subject."""

    channel: Channel
    to: str
    subject: str
    text: str
    kind: str


def letter(channel: str, to: str, subject: str, text: str, kind: str) -> Letter:
    """The checked message; an SMS comes back in plain letters.

    Raises ValueError naming `kind`: forms check what people type, so a message that cannot be sent is our own mistake.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"not a kind of message: {kind!r}")
    if channel == Channel.SMS:
        return Letter(Channel.SMS, _mobile(to, kind), "", one_segment(text, kind), kind)
    return Letter(Channel(channel), _mailbox(to, kind), _header(subject, kind), _body(text), kind)


def one_segment(text: str, kind: str) -> str:
    """`text` in the SMS alphabet: at most 160 signs of GSM 03.38 without its extension table, so that it costs one SMS.

    Raises ValueError naming `kind` when it is longer, empty, holds a sign that would double its price, or a link: who
    is told that our SMS never have one knows a swindler's by it.
    """
    try:
        plain = sms_text(text).strip()
    except ValueError as wrong:
        raise ValueError(f"{kind}: {wrong}") from wrong
    if not 0 < len(plain) <= SMS_SEGMENT:
        raise ValueError(f"{kind}: {len(plain)} signs, one SMS holds 1 to {SMS_SEGMENT}")
    if has_link(plain):
        raise ValueError(f"{kind}: an SMS of ours holds no link")
    return plain


def has_link(text: str, *hosts: str) -> bool:
    """Whether a telephone would make a link of something in `text`, or one of `hosts` stands in it."""
    small = text.lower()
    named = any(host.lower() in small for host in hosts if host)
    return named or bool(_LINK.search(text) or _DOMAIN.search(small) or _BEGUN.search(small))


def as_said(text: str) -> str:
    """What two copies of one message have in common, however a telephone or a mailbox shows its marks, lines and case."""
    return fold(text.translate(_QUOTES))


def takes_email(address: str) -> bool:
    """Whether an e-mail can be sent to `address`: what a form asks before it keeps one."""
    return len(address) <= LONGEST_ADDRESS and bool(_MAILBOX.fullmatch(address))


def wait_after(attempts: int, jitter: float) -> timedelta | None:
    """How long to wait after failure number `attempts` (from 1), or None when it was the last.

    `jitter` from -1 to 1 moves the wait by up to a fifth, so that an outage does not end in a stampede.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1] * (1 + JITTER * jitter)


def _mobile(to: str, kind: str) -> str:
    if not _MOBILE.fullmatch(to):
        raise ValueError(f"{kind}: an SMS goes to +84 and nine digits")
    return to


def _mailbox(to: str, kind: str) -> str:
    if not takes_email(to):
        raise ValueError(f"{kind}: an e-mail goes to exactly one plain address")
    return to


def _header(subject: str, kind: str) -> str:
    if not 0 < len(subject) <= LONGEST_SUBJECT or has_control_characters(subject) or len(subject.splitlines()) != 1:
        raise ValueError(f"{kind}: a subject is one line of 1 to {LONGEST_SUBJECT} signs")
    return subject


def _body(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
