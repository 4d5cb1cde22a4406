"""What a report of a refused card may say, and what an answer must. Pure."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import CODE_ALPHABET

ANSWER_DAYS = "the.ngay_tra_loi_tu_choi"  # working days
OLDEST = 90  # days back
A_DAY = (3, timedelta(days=1))
LONGEST_WORDS, LONGEST_NAME = 500, 300
SHORTEST_ANSWER, LONGEST_ANSWER = 10, 2_000
KEPT = timedelta(days=5 * 366)
CODE_LENGTH = 8


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    REPORTED = "refusal.reported"
    VIEWED = "refusal.viewed"
    ANSWERED = "refusal.answered"


# What a person is told of who looked.
SEEN: dict[Tag, Label] = {
    Tag.VIEWED: N_("Mở báo cáo thẻ BHYT bị từ chối để xem"),
    Tag.ANSWERED: N_("Trả lời báo cáo thẻ BHYT bị từ chối"),
}


class Status(StrEnum):
    """Where a report stands."""

    NEW = "new"
    ANSWERED = "answered"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATUSES[self]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return "warn" if self is Status.NEW else "good"


_STATUSES = {Status.NEW: N_("Đang chờ trả lời"), Status.ANSWERED: N_("Đã trả lời")}


class Said(StrEnum):
    """What was said at the counter."""

    PAPER = "doi_the_giay"
    SCAN = "khong_quet_duoc"
    INVALID = "noi_khong_hop_le"
    KEPT = "giu_giay_to"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The choice in words."""
        return _SAID[self]


_SAID = {
    Said.PAPER: N_("Đòi thẻ BHYT giấy"),
    Said.SCAN: N_("Không quét được mã QR"),
    Said.INVALID: N_("Nói thẻ không hợp lệ"),
    Said.KEPT: N_("Giữ thẻ hoặc giấy tờ"),
    Said.OTHER: N_("Việc khác"),
}

NO_PLACE = N_("Hãy chọn cơ sở trong danh sách, hoặc ghi tên cơ sở.")
NO_SUCH_PLACE = N_("Không có cơ sở này trong danh mục. Hãy tìm lại, hoặc ghi tên cơ sở.")
IN_FUTURE = N_("Ngày này chưa tới. Hãy chọn hôm nay hoặc một ngày trước đó.")
TOO_OLD = N_("Chỉ báo được việc trong %(days)s ngày gần đây. Việc cũ hơn, hãy gọi tổng đài.", days=OLDEST)
SAY_WHAT = N_("Hãy viết vài lời: họ đã nói hoặc làm gì?")
TOO_OFTEN = N_("Hôm nay bạn đã gửi nhiều báo cáo. Hãy thử lại vào ngày mai, hoặc gọi tổng đài.")
ENDED = N_("Báo cáo này đã được trả lời.")
OWN_FAMILY = N_("Cán bộ không xử lý hồ sơ của mình và người nhà. Hãy chuyển cho đồng nghiệp.")
SHORT_ANSWER = N_("Lời trả lời cần ít nhất %(least)s ký tự.", least=SHORTEST_ANSWER)


@dataclass(frozen=True)
class Report:
    """What is told: where (`facility_code` '' for a typed name), when, what was said, in the person's words."""

    facility_code: str
    facility_name: str
    happened_on: date
    said: Said
    words: str


def check_day(day: date, today: date) -> None:
    """Raise Refused for a day to come, or one that is too long ago for anybody to remember."""
    if day > today:
        raise Refused(IN_FUTURE, "happened_on")
    if day < today - timedelta(days=OLDEST):
        raise Refused(TOO_OLD, "happened_on")


def check_words(said: Said, words: str) -> None:
    """Raise Refused where only words can tell what happened."""
    if said is Said.OTHER and not words:
        raise Refused(SAY_WHAT, "words")


def check_answer(words: str | None) -> str:
    """The answer, trimmed. Raises Refused for one that says next to nothing."""
    text = (words or "").strip()
    if len(text) < SHORTEST_ANSWER:
        raise Refused(SHORT_ANSWER, "words")
    return text


def new_code() -> str:
    """The code of a report, to be named on the telephone; it opens nothing."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH))


def spoken_code(code: str) -> str:
    """As it is shown and read out: 7K3M-9QX2."""
    return f"{code[:4]}-{code[4:]}"
