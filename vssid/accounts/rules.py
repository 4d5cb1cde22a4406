"""What a password, a code, a device and a session must be. Pure: limits and sentences, no clock, no database."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.kernel.text import fold

PASSWORD_SHORTEST = 8  # a second factor guards every new device (NIST SP 800-63B-4: 8 with, 15 without)
PASSWORD_LONGEST = 200
PHRASE_SHORTEST, PHRASE_LONGEST, PHRASE_MOST_DIGITS = 3, 16, 4
SENDER = "VssID: "  # how every SMS of ours begins
_OWN_WORDS = ("vssid", "bhxh", "vneid")


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    CREATED = "account.created"
    CODE_SENT = "account.code_sent"
    CODE_NOT_SENT = "account.code_not_sent"
    ACTIVATED = "account.activated"
    PASSWORD_RESET = "account.password_reset"  # noqa: S105 - a name, not a secret
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a name, not a secret
    SIGNED_IN = "account.signed_in"
    SIGN_IN_REFUSED = "account.sign_in_refused"
    SIGNED_OUT = "account.signed_out"
    DEVICE_ENROLLED = "account.device_enrolled"
    DEVICE_ENDED = "account.device_ended"
    CONSENT = "account.consent"
    HANDED_OVER = "account.handed_over"
    CLOSED = "account.closed"
    SHEET_PRINTED = "account.sheet_printed"
    BACKUP_CODE_USED = "account.backup_code_used"
    REOPENED = "account.reopened"
    PHONE_CHANGED = "account.phone_changed"
    EMAIL_CHANGED = "account.email_changed"
    PHONE_REPLACED = "account.phone_replaced"
    FROZEN = "account.frozen"
    REVEALED = "account.revealed"
    PREFERENCES = "account.preferences"
    SECOND_FACTOR_REFUSED = "account.second_factor_refused"
    SWITCHED = "account.switched"
    WIPED = "account.wiped"
    PASSKEY_ADDED = "account.passkey_added"
    PASSKEY_RENAMED = "account.passkey_renamed"
    PASSKEY_REMOVED = "account.passkey_removed"
    PASSKEY_REFUSED = "account.passkey_refused"
    SMS_SIGN_IN = "account.sms_sign_in"
    SMART_OTP_SET = "account.smart_otp_set"
    SMART_OTP_REMOVED = "account.smart_otp_removed"
    BACKUP_CODES_MADE = "account.backup_codes_made"
    PHRASE_CHANGED = "account.phrase_changed"


class Purpose(StrEnum):
    """What a one-time code may be used for; a code for one purpose opens nothing else."""

    ACTIVATION = "activation"
    ACTIVATION_ON_PAPER = "activation_on_paper"
    RESET = "reset"
    NEW_DEVICE = "new_device"
    OFFICER_SETUP = "officer_setup"
    # What form 01 changes: each code goes to one contact and opens one change.
    PHONE_OLD = "phone_old"
    PHONE_NEW = "phone_new"
    EMAIL_OLD = "email_old"
    EMAIL_PHONE = "email_phone"
    EMAIL_NEW = "email_new"
    ADDRESS = "address"
    STOP = "stop"
    # From the account's mailbox, for one request for recovery; its subject is the request.
    RECOVERY_EMAIL = "recovery_email"
    MEMBER_ACTIVATION = "member_activation"
    MEMBER_RESET = "member_reset"
    MEMBER_SIGN_IN = "member_sign_in"


class Notice(StrEnum):
    """A security event that every contact of an account is told of."""

    PASSWORD = "password"  # noqa: S105 - a name, not a secret
    NEW_DEVICE = "new_device"
    SIGN_IN = "sign_in"
    DEVICE_ENDED = "device_ended"
    FACTOR_REFUSED = "factor_refused"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    SMART_OTP_SET = "smart_otp_set"
    SMART_OTP_REMOVED = "smart_otp_removed"
    SMS_OFF = "sms_off"
    SMS_ON = "sms_on"
    BACKUP_MADE = "backup_made"
    BACKUP_USED = "backup_used"
    PHRASE = "phrase"


class NoticeChannel(StrEnum):
    """Where it hears of that."""

    NONE = "none"
    SMS = "sms"
    EMAIL = "email"

    @property
    def label(self) -> Label:
        """The choice in words."""
        return _CHANNELS[self]


_CHANNELS = {
    NoticeChannel.NONE: N_("Chỉ trong chuông thông báo"),
    NoticeChannel.SMS: N_("Tin nhắn"),
    NoticeChannel.EMAIL: Np_("channel", "Email"),
}


class NoticeKind(StrEnum):
    """What an account hears of only if it wants to."""

    SIGN_IN = "sign_in"
    EMPLOYER = "employer"
    VISIT = "visit"
    CARD = "card"

    def default(self, *, proven: bool) -> NoticeChannel:
        """Where it is told to somebody who has not chosen; `proven` says whether their address is.

        An SMS costs money, visits are told to nobody unasked, and an address that nobody has proven may be a stranger's.
        """
        return NoticeChannel.EMAIL if self is NoticeKind.EMPLOYER and proven else NoticeChannel.NONE


@dataclass(frozen=True)
class CodeRule:
    """Digits, life and how often one may be tried."""

    digits: int
    life: timedelta
    tries: int = 5


CODE_RULES = {
    Purpose.ACTIVATION: CodeRule(8, timedelta(hours=24)),
    Purpose.ACTIVATION_ON_PAPER: CodeRule(10, timedelta(days=30)),
    Purpose.RESET: CodeRule(8, timedelta(minutes=10)),
    Purpose.NEW_DEVICE: CodeRule(6, timedelta(minutes=5)),
    Purpose.OFFICER_SETUP: CodeRule(12, timedelta(hours=24)),
    Purpose.RECOVERY_EMAIL: CodeRule(8, timedelta(minutes=10)),
    Purpose.MEMBER_ACTIVATION: CodeRule(8, timedelta(hours=24)),
    Purpose.MEMBER_RESET: CodeRule(8, timedelta(minutes=10)),
    Purpose.MEMBER_SIGN_IN: CodeRule(6, timedelta(minutes=5)),
    **dict.fromkeys(
        (
            Purpose.PHONE_OLD, Purpose.PHONE_NEW, Purpose.EMAIL_OLD, Purpose.EMAIL_PHONE, Purpose.EMAIL_NEW,
            Purpose.ADDRESS, Purpose.STOP,
        ),
        CodeRule(6, timedelta(minutes=10)),
    ),
}  # fmt: skip

BACKUP_CODES, BACKUP_DIGITS = 10, 12  # digits: old phones show a number pad; hashed as slowly as a password

DAY = timedelta(days=1)
CODE_TRIES_A_DAY = 10
CODES_PER_NUMBER = (3, timedelta(minutes=10))
CODES_UNPROVEN_NUMBER = (5, DAY)
CODES_PROVEN_NUMBER = (20, DAY)
CODES_EVERYWHERE = (20_000, DAY)

GUESSES_FROM_NETWORK = (5, timedelta(minutes=15))  # one account from one network
GUESSES_ON_ACCOUNT = (50, timedelta(hours=12))  # one account from everywhere, unknown browsers only
GUESSES_EVERYWHERE = (3_000, timedelta(minutes=1))

# A browser's second proof: one challenge for a right password, told to the owner from the third wrong try.
CHALLENGE_TRIES, CHALLENGE_LIFE, TRIES_UNTOLD = 5, timedelta(minutes=15), 2
# Passkeys have brakes of their own: no guessing of passwords, from wherever, may stop them.
# A carrier puts hundreds of phones behind one network.
PASSKEYS_FROM_NETWORK = (300, timedelta(minutes=15))
PASSKEYS_OF_ACCOUNT = (30, timedelta(minutes=15))
PASSKEYS_EVERYWHERE = (3_000, timedelta(minutes=1))
PROOFS_BY_KEY = (20, timedelta(minutes=15))
SWITCHED_A_DAY = (10, DAY)  # messages for sign-in, on or off
BACKUP_FEW = 3
SMART_OTP_DIGITS = 6
# What an authenticator app proves. Codes for a change are bound to the contact that changes: it proves none of those.
SMART_OTP_PROVES = frozenset({Purpose.NEW_DEVICE})

DEVICE_LIFE = timedelta(days=400)
LAST_SEEN_GRAIN = timedelta(seconds=60)
PROOF_LIFE = timedelta(minutes=5)  # how long a password holds for sensitive acts (safety 7.5.1)

FREEZE_HOURS = 24
FREEZE_DIGITS = 10  # the code works without a name: so long that guessing finds none
FREEZE_CODE_LIFE = timedelta(days=7)


def normalised(password: str) -> str:
    """One spelling of what was typed: keyboards compose Vietnamese letters differently (NIST: NFKC before hashing)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, common: frozenset[str], own: tuple[str, ...] = ()) -> None:
    """Raise Refused with the reason unless `password` is long enough, not common, and not made of the person's own data.

    `own` holds what a stranger would try first: mã số, phone, birth date. No composition rules, no expiry.
    """
    text = normalised(password)
    if len(text) < PASSWORD_SHORTEST:
        raise Refused(N_("Mật khẩu cần ít nhất %(count)s ký tự.", count=PASSWORD_SHORTEST), "password")
    if len(text) > PASSWORD_LONGEST:
        raise Refused(N_("Mật khẩu dài quá %(count)s ký tự.", count=PASSWORD_LONGEST), "password")
    plain = text.casefold()
    letters = re.sub(r"[^a-z]", "", fold(text))
    if plain in common or len(set(plain)) < 3:
        raise Refused(N_("Mật khẩu này quá quen thuộc, kẻ gian thử đầu tiên. Hãy chọn mật khẩu khác."), "password")
    if letters in _OWN_WORDS or any(part and len(part) >= 6 and part.casefold() in plain for part in own):
        raise Refused(
            N_("Mật khẩu chứa mã số, tên hoặc số điện thoại của chính bạn. Hãy chọn mật khẩu khác."), "password"
        )


def own_phrase(typed: str, own: tuple[str, ...] = ()) -> str:
    """A typed câu riêng as messages have it: plain small letters, digits, single blanks. Raises Refused for one that will not do.

    `own` holds the words and numbers that others know or must never read: name, numbers to sign in with, phone.
    """
    phrase = fold(typed)
    if not re.fullmatch(r"[a-z0-9 ]*", phrase):
        raise Refused(N_("Câu riêng chỉ gồm chữ, số và dấu cách."), "phrase")
    if not PHRASE_SHORTEST <= len(phrase) <= PHRASE_LONGEST:
        raise Refused(
            N_("Câu riêng cần từ %(least)s đến %(most)s ký tự.", least=PHRASE_SHORTEST, most=PHRASE_LONGEST), "phrase"
        )
    if len(re.sub(r"\D", "", phrase)) > PHRASE_MOST_DIGITS:
        raise Refused(N_("Câu riêng không được giống mã, số hay mật khẩu: hãy dùng chữ là chính."), "phrase")
    words = set(phrase.split())
    if any(
        words <= set(fold(one).split()) or fold(one).replace(" ", "") in phrase.replace(" ", "") for one in own if one
    ):
        raise Refused(N_("Câu riêng có tên hoặc số của chính bạn, kẻ gian đoán được. Hãy chọn câu khác."), "phrase")
    if phrase.replace(" ", "") in _OWN_WORDS:
        raise Refused(N_("Câu này ai cũng đoán được. Hãy chọn câu khác."), "phrase")
    return phrase


def with_phrase(text: str, phrase: str) -> str:
    """A message as it goes to whoever has this phrase: VssID (lua vang): … ; in a letter without that beginning, a first line."""
    if not phrase:
        return text
    head, begins, rest = text.partition(SENDER)
    return f"VssID ({phrase}): {rest}" if begins and not head else f"VssID ({phrase})\n\n{text}"


def login_name(text: str) -> str:
    """What was typed as mã số BHXH or CCCD, without the blanks and dots that people put in."""
    return re.sub(r"[\s.\-]", "", text)


def plain_code(text: str) -> str:
    """A one-time code without the blanks it was read out with."""
    return re.sub(r"[\s.\-]", "", text)


def is_backup_code(typed: str) -> bool:
    """Whether what was typed has the shape of a printed backup code, which no code by message has."""
    return bool(re.fullmatch(rf"[0-9]{{{BACKUP_DIGITS}}}", plain_code(typed)))


def activation_purposes(typed: str) -> tuple[Purpose, ...]:
    """Which code was typed: ten digits are those of a printed sheet, all others came by message."""
    on_paper = len(plain_code(typed)) == CODE_RULES[Purpose.ACTIVATION_ON_PAPER].digits
    return (Purpose.ACTIVATION_ON_PAPER,) if on_paper else (Purpose.ACTIVATION, Purpose.RESET)


def sets_password(first: bool, purpose: Purpose | None) -> bool:
    """Whether a code of `purpose` (None: a backup code) may set the first password, or a new one."""
    return purpose in ((Purpose.ACTIVATION, Purpose.ACTIVATION_ON_PAPER) if first else (Purpose.RESET, None))


def check_may_enter(
    status: str, guarded_until: date | None, frozen_until: datetime | None, today: date, at: datetime
) -> None:
    """Raise Refused unless an account in this state may be signed in to: the same on every way in."""
    if status != "active":
        raise Refused(WRONG_SIGN_IN)
    if frozen_until is not None and frozen_until > at:
        raise Refused(FROZEN)
    if guarded_until is not None and today >= guarded_until:
        raise Refused(
            N_("Người đứng tên tài khoản này đã đủ tuổi tự đăng ký. Hãy đăng ký tài khoản riêng bằng số CCCD.")
        )


def spoken_code(code: str) -> str:
    """A one-time code in groups of up to four signs, as it stands in a message: 1234 5678."""
    size = 3 if len(code) % 4 else 4
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


WRONG_SIGN_IN = N_("Mã số hoặc mật khẩu chưa đúng. Hãy thử lại, hoặc chọn “Quên mật khẩu?”.")
WRONG_PASSWORD = N_("Mật khẩu chưa đúng.")
FROZEN = N_(
    "Tài khoản đang tạm khoá vì chủ tài khoản báo có người khác đăng nhập. Hãy đặt lại mật khẩu để mở, hoặc đợi đủ %(hours)s giờ.",
    hours=FREEZE_HOURS,
)
WRONG_CODE = N_("Mã chưa đúng hoặc đã hết hạn. Hãy xem lại tin nhắn mới nhất, hoặc xin mã mới.")
WRONG_APP_CODE = N_("Mã chưa đúng. Hãy đợi mã mới trong ứng dụng rồi nhập lại; mỗi ngày được thử 10 lần.")
PHONE_TAKEN = N_("Số điện thoại này đã thuộc một tài khoản khác.")
TOO_MANY = N_("Đã thử quá nhiều lần. Hãy đợi %(minutes)s phút rồi thử lại.", minutes=15)


def ua_label(agent: str) -> Label:
    """A browser as its owner would call it, for the list of devices."""
    for mark, name in (
        ("iPhone", N_("iPhone")),
        ("iPad", N_("iPad")),
        ("Android", N_("Điện thoại Android")),
        ("Windows", N_("Máy tính Windows")),
        ("Mac OS", N_("Máy Mac")),
        ("Linux", N_("Máy tính Linux")),
    ):
        if mark in agent:
            return name
    return N_("Thiết bị khác")
