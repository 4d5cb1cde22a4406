"""Trò chuyện với cán bộ: when somebody is there, whose turn it is, what may become of a chat. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import has_control_characters

HOURS = "tro_chuyen.gio"
DAYS_OFF = "tro_chuyen.ngay_nghi"
PRESENT = timedelta(minutes=2)  # an officer whose desk was open so lately is there
NOTED_EVERY = timedelta(seconds=30)
ABSENT = timedelta(minutes=10)  # nobody there for so long: a letter is better
SILENCE = timedelta(minutes=20)
KEPT, KEPT_OF_VISITORS = timedelta(days=180), timedelta(days=30)
KEY_DAYS = 7  # so long a browser can come back to what it asked without an account
LONGEST_TEXT, LONGEST_PREFILL = 1_000, 300
MOST_MESSAGES = 200
PAGE = 50  # messages
MOST_WAITING = 60
MOST_VISITORS_WAITING = 40  # the other places are for who has an account
MOST_AT_ONCE = 5  # chats of one officer
FEWEST_WAITS = 3
A_DAY = timedelta(days=1)
ACCOUNT_LIMIT = (3, A_DAY)


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    STARTED = "chat.started"
    NAMED = "chat.named"
    ENDED = "chat.ended"
    LETTER = "chat.letter"
    VIEWED = "chat.viewed"
    TAKEN = "chat.taken"
    ANSWERED = "chat.answered"
    PASSED = "chat.passed"
    RETURNED = "chat.returned"


# What a person is told of who looked.
SEEN: dict[Tag, Label] = {
    Tag.VIEWED: N_("Mở cuộc trò chuyện của bạn để xem"),
    Tag.TAKEN: N_("Nhận cuộc trò chuyện của bạn"),
    Tag.PASSED: N_("Chuyển cuộc trò chuyện của bạn cho cán bộ khác"),
    Tag.RETURNED: N_("Trả cuộc trò chuyện của bạn về hàng chờ"),
    Tag.LETTER: N_("Chuyển cuộc trò chuyện của bạn thành phản ánh"),
    Tag.ENDED: N_("Kết thúc cuộc trò chuyện của bạn"),
}


class Status(StrEnum):
    """Where a chat stands. `ACTIVE` are those in which something may still be said."""

    WAITING = "waiting"
    OPEN = "open"
    ENDED = "ended"
    LETTER = "letter"

    @property
    def label(self) -> Label:
        """The state in words, for both sides."""
        return _STATUSES[self]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {Status.WAITING: "warn", Status.OPEN: "good", Status.LETTER: "info"}.get(self, "plain")


ACTIVE = (Status.WAITING, Status.OPEN)
_STATUSES = {
    Status.WAITING: N_("Đang chờ cán bộ"),
    Status.OPEN: N_("Đang trò chuyện"),
    Status.ENDED: N_("Đã kết thúc"),
    Status.LETTER: N_("Đã chuyển thành phản ánh"),
}


class Side(StrEnum):
    """Who says something."""

    CITIZEN = "citizen"
    OFFICER = "officer"


class Ending(StrEnum):
    """Who ended it; `NONE` while nobody has."""

    NONE = ""
    CITIZEN = "citizen"
    OFFICER = "officer"
    SILENCE = "silence"

    @property
    def label(self) -> Label:
        """How it ended, in words for the citizen."""
        return _ENDINGS[self]


_ENDINGS = {
    Ending.NONE: N_("Cuộc trò chuyện đã kết thúc."),
    Ending.CITIZEN: N_("Người hỏi đã kết thúc cuộc trò chuyện."),
    Ending.OFFICER: N_("Cán bộ đã kết thúc cuộc trò chuyện."),
    Ending.SILENCE: N_(
        "Cuộc trò chuyện đã tự kết thúc vì %(minutes)s phút không có tin mới từ người hỏi.",
        minutes=SILENCE // timedelta(minutes=1),
    ),
}

EMPTY = N_("Hãy viết lời nhắn.")
STRANGE_SIGNS = N_("Có ký tự không dùng được. Hãy xoá và gõ lại.")
TOO_OFTEN = N_(
    "Hôm nay bạn đã trò chuyện đủ %(limit)s lần. Hãy gửi phản ánh hoặc gọi tổng đài.", limit=ACCOUNT_LIMIT[0]
)
CLOSED = N_("Hiện không có người trực. Bạn có thể gửi câu hỏi này thành phản ánh: có mã theo dõi và hạn trả lời.")
FULL = N_("Đang có quá nhiều người chờ. Bạn có thể gửi câu hỏi này thành phản ánh: có mã theo dõi và hạn trả lời.")
ONE_AT_A_TIME = N_("Bạn đang có một cuộc trò chuyện chưa kết thúc. Hãy mở lại cuộc đó.")
OVER = N_("Cuộc trò chuyện đã kết thúc, không gửi thêm được. Lời bạn viết vẫn còn dưới đây.")
ENOUGH = N_("Cuộc trò chuyện đã đủ %(most)s lời nhắn. Hãy chuyển thành phản ánh để gửi tiếp.", most=MOST_MESSAGES)
NOT_OVER = N_("Chỉ đánh giá được khi cuộc trò chuyện đã kết thúc.")
GONE = N_("Cuộc trò chuyện này vừa được cán bộ khác nhận, hoặc đã kết thúc.")
NOT_YOURS = N_("Bạn chưa nhận cuộc trò chuyện này, hoặc đã chuyển cho người khác. Lời bạn viết vẫn còn dưới đây.")
ENOUGH_AT_ONCE = N_(
    "Bạn đang trò chuyện với %(most)s người. Hãy kết thúc hoặc chuyển bớt rồi nhận thêm.", most=MOST_AT_ONCE
)
OWN_FAMILY = N_("Cán bộ không trò chuyện với chính mình và người nhà. Hãy để đồng nghiệp nhận.")
NO_SUCH_COLLEAGUE = N_("Cán bộ này hiện không trực, hoặc không nhận được cuộc trò chuyện này. Hãy chọn người khác.")


# ---- hours

_DAYS = {"T2": 0, "T3": 1, "T4": 2, "T5": 3, "T6": 4, "T7": 5, "CN": 6}
_DAY_NAMES = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"), N_("Chủ nhật"),
)  # fmt: skip
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_A_DAY = 24 * 60  # minutes
_DAY_OFF = re.compile(r"(\d\d)/(\d\d)(?:/(\d{4}))?", re.ASCII)


@dataclass(frozen=True)
class Group:
    """Days of the week (0 is Monday), first to last, and the spans, in minutes since midnight, when somebody answers."""

    first: int
    last: int
    spans: tuple[tuple[int, int], ...]

    @property
    def label(self) -> Label:
        """In words: thứ Hai đến thứ Sáu, 07:30–11:30, 13:30–17:00."""
        times = ", ".join("–".join(f"{one // 60:02}:{one % 60:02}" for one in span) for span in self.spans)
        if self.first == self.last:
            return Label(str(N_("%(day)s, %(times)s")), day=_DAY_NAMES[self.first], times=times)
        names = {"first": _DAY_NAMES[self.first], "last": _DAY_NAMES[self.last]}
        return Label(str(N_("%(first)s đến %(last)s, %(times)s")), **names, times=times)


@dataclass(frozen=True)
class Hours:
    """When officers answer. `off` are days without: (day, month, year), year 0 for every year."""

    groups: tuple[Group, ...]
    off: frozenset[tuple[int, int, int]] = frozenset()

    def open_at(self, local: datetime) -> bool:
        """Whether somebody should be there at a moment in Vietnam's time; the last minute of a span is over at its end."""
        if self.off & {(local.day, local.month, 0), (local.day, local.month, local.year)}:
            return False
        return any(
            start <= local.hour * 60 + local.minute < end
            for group in self.groups
            if group.first <= local.weekday() <= group.last
            for start, end in group.spans
        )


def hours(text: str, days_off: str = "") -> Hours:
    """Hours written as “T2-T6 07:30-11:30 13:30-17:00; T7 07:30-11:30”, days off as “01/01 30/04 16/02/2026”.

    Raises ValueError for anything else.
    """
    return Hours(tuple(_group(part) for part in text.split(";")), frozenset(_day_off(day) for day in days_off.split()))


def _group(text: str) -> Group:
    days, *spans = text.split()
    first, _sign, last = days.partition("-")
    if not spans or first not in _DAYS or (last or first) not in _DAYS or _DAYS[first] > _DAYS[last or first]:
        raise ValueError(f"no days and hours: {text}")
    return Group(_DAYS[first], _DAYS[last or first], tuple(_span(one) for one in spans))


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"no hours: {text}")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if not start < end <= _A_DAY:
        raise ValueError(f"ends before it begins, or on another day: {text}")
    return start, end


def _day_off(text: str) -> tuple[int, int, int]:
    found = _DAY_OFF.fullmatch(text)
    if found is None:
        raise ValueError(f"no day: {text}")
    day, month, year = int(found[1]), int(found[2]), int(found[3] or 0)
    date(year or 2024, month, day)  # 2024 has a 29 February
    return day, month, year


# ---- waiting


def is_there(seen_at: datetime | None, at: datetime) -> bool:
    """Whether the officer whose desk was last open at `seen_at` counts as being there."""
    return seen_at is not None and at - seen_at <= PRESENT


def nobody_comes(opened_at: datetime, seen_at: datetime | None, at: datetime) -> bool:
    """Whether who waits since `opened_at` should be told that nobody is there: no desk was open for ten minutes of it."""
    return at - max(opened_at, seen_at or opened_at) >= ABSENT


def usual_wait(waits: Iterable[timedelta]) -> int | None:
    """Minutes, rounded up, that half of today's people waited at most; None where too few were taken to say."""
    known = sorted(waits)
    if len(known) < FEWEST_WAITS:
        return None
    return max(1, -(-int(median(wait.total_seconds() for wait in known)) // 60))


# ---- saying


def checked_text(text: str | None) -> str:
    """`text` trimmed, lines ended by one sign. Raises Refused for nothing and for what no keyboard produces."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if has_control_characters(plain.replace("\n", " ").replace("\t", " ")):
        raise Refused(STRANGE_SIGNS, "text")
    if not plain:
        raise Refused(EMPTY, "text")
    return plain


def check_sayable(status: Status, messages: int) -> None:
    """Raise Refused unless one more thing may be said."""
    if status not in ACTIVE:
        raise Refused(OVER, "text")
    if messages >= MOST_MESSAGES:
        raise Refused(ENOUGH, "text")


def shortened(text: str, most: int) -> str:
    """The first line of `text` as a subject of at most `most` signs."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
