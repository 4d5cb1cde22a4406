"""Phản ánh, kiến nghị: what may be written, what may become of it, what is nearly the same, what names somebody. Pure."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.text import CODE_ALPHABET, fold, has_control_characters, mobile_number

DUE_DAYS = "phan_anh.so_ngay_lam_viec"  # working days
KEPT_MONTHS = "phan_anh.thang_luu"  # months after the end
SPAM_KEPT = timedelta(days=30)
SPAM_UNDO = timedelta(days=7)
REOPEN_WITHIN = timedelta(days=30)
MOST_REOPENED = 2
LONGEST_SUBJECT, SHORTEST_TEXT, LONGEST_TEXT, LONGEST_NAME = 150, 20, 4_000, 100
SHORTEST_ANSWER, LONGEST_NOTE = 10, 1_000
MOST_MESSAGES = 40
MOST_FILES = 3
LARGEST_FILE, LARGEST_ALL = 8 * 1024**2, 20 * 1024**2
CODE_LENGTH, SECRET_LENGTH = 8, 8
MOST_CANDIDATES = 200
MOST_ALIKE = 3
ALIKE, ABOUT = 0.5, 0.8
FEWEST_WORDS = 4

A_DAY = timedelta(days=1)
ACCOUNT_LIMIT = (5, A_DAY)
NETWORK_LIMIT = (200, A_DAY)  # a tenth of what all may send: shared by many, so it sets the price first
QUESTION_LIMIT = (10, A_DAY)  # of a busy network, whose letters without the proof of work are the cheap ones
HOUSE_LIMIT = (2_000, A_DAY)  # all who have no account: the disk has an end
FOLLOW_LIMIT = (10, timedelta(minutes=15))  # tries of one code from one network
# Tries of all codes: a carrier's network has thousands of people, and of secrets there are 28 to the eighth.
FOLLOWS_LIMIT = (600, timedelta(minutes=15))
UPLOAD_LIMIT = (40, A_DAY)  # letters with files, also refused ones, of an account or of a network
MORE_LIMIT = (10, A_DAY)
MESSAGE_LIMIT = (5, A_DAY)
_NETWORK_STEP, _HIGHEST_PRICE = 5, 8


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    SENT = "feedback.sent"
    FOLLOWED = "feedback.followed"
    FOLLOW_REFUSED = "feedback.follow_refused"
    MORE = "feedback.more"
    REOPENED = "feedback.reopened"
    VIEWED = "feedback.viewed"
    FILE_VIEWED = "feedback.file_viewed"
    TAKEN = "feedback.taken"
    MOVED = "feedback.moved"
    NOTED = "feedback.noted"
    ASKED = "feedback.asked"
    ANSWERED = "feedback.answered"
    SPAM = "feedback.spam"
    SPAM_UNDONE = "feedback.spam_undone"
    PUBLISHED = "feedback.published"
    WITHDRAWN = "feedback.withdrawn"


# What a person is told of who looked.
SEEN: dict[Tag, Label] = {
    Tag.VIEWED: N_("Mở phản ánh, kiến nghị của bạn để xem"),
    Tag.FILE_VIEWED: N_("Mở tệp kèm phản ánh, kiến nghị của bạn để xem"),
    Tag.TAKEN: N_("Nhận xử lý phản ánh, kiến nghị của bạn"),
    Tag.MOVED: N_("Chuyển phản ánh, kiến nghị của bạn sang cơ quan BHXH khác"),
    Tag.NOTED: N_("Ghi chú vào phản ánh, kiến nghị của bạn"),
    Tag.ASKED: N_("Hỏi lại về phản ánh, kiến nghị của bạn"),
    Tag.ANSWERED: N_("Trả lời phản ánh, kiến nghị của bạn"),
    Tag.SPAM: N_("Xếp phản ánh, kiến nghị của bạn vào thư rác"),
    Tag.SPAM_UNDONE: N_("Đưa phản ánh, kiến nghị của bạn ra khỏi thư rác"),
    Tag.PUBLISHED: N_("Công bố phản ánh, kiến nghị của bạn, đã bỏ phần nhận ra bạn"),
    Tag.WITHDRAWN: N_("Rút phần đã công bố từ phản ánh, kiến nghị của bạn"),
}


class Category(StrEnum):
    """What it is about."""

    CARD = "the"
    CONTRIBUTIONS = "qua_trinh"
    BENEFITS = "che_do"
    DEADLINES = "ho_so"
    MANNERS = "thai_do"
    APP = "ung_dung"
    EMPLOYER = "doanh_nghiep"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The choice in words."""
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.CARD: N_("Thẻ BHYT"),
    Category.CONTRIBUTIONS: N_("Quá trình tham gia, đóng"),
    Category.BENEFITS: N_("Chế độ được hưởng"),
    Category.DEADLINES: N_("Hồ sơ và thời hạn giải quyết"),
    Category.MANNERS: N_("Thái độ phục vụ"),
    Category.APP: N_("Ứng dụng VssID"),
    Category.EMPLOYER: N_("Doanh nghiệp chậm đóng, trốn đóng"),
    Category.OTHER: N_("Việc khác"),
}


class Status(StrEnum):
    """Where it stands. `OPEN` are those that an answer is due for."""

    NEW = "new"
    TAKEN = "taken"
    ASKED = "asked"
    ANSWERED = "answered"
    SPAM = "spam"

    @property
    def label(self) -> Label:
        """The state in words, for both sides."""
        return _STATUSES[self]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {Status.ANSWERED: "good", Status.SPAM: "plain", Status.ASKED: "warn"}.get(self, "info")


OPEN = (Status.NEW, Status.TAKEN, Status.ASKED)
_STATUSES = {
    Status.NEW: N_("Đã nhận"),
    Status.TAKEN: N_("Đang xử lý"),
    Status.ASKED: N_("Chờ bổ sung"),
    Status.ANSWERED: N_("Đã trả lời"),
    Status.SPAM: N_("Không xử lý"),
}


class Kind(StrEnum):
    """What a message of the file is. `INNER` are those between officers."""

    WORDS = "words"
    MORE = "more"
    REOPEN = "reopen"
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"
    MOVE = "move"

    @property
    def label(self) -> Label:
        """Who says what, above the message."""
        return _KINDS[self]


INNER = (Kind.NOTE, Kind.MOVE)
_KINDS = {
    Kind.WORDS: N_("Nội dung đã gửi"),
    Kind.MORE: N_("Người gửi bổ sung"),
    Kind.REOPEN: N_("Người gửi chưa đồng ý với trả lời"),
    Kind.QUESTION: N_("Cơ quan BHXH hỏi lại"),
    Kind.ANSWER: N_("Cơ quan BHXH trả lời"),
    Kind.NOTE: N_("Ghi chú nội bộ"),
    Kind.MOVE: N_("Chuyển cơ quan"),
}

SHORT = N_("Hãy kể rõ hơn: cần ít nhất %(least)s ký tự.", least=SHORTEST_TEXT)
SHORT_ANSWER = N_("Hãy viết rõ hơn: cần ít nhất %(least)s ký tự.", least=SHORTEST_ANSWER)
STRANGE_SIGNS = N_("Có ký tự không dùng được. Hãy xoá và gõ lại.")
TOO_OFTEN = N_("Hôm nay bạn đã gửi nhiều phản ánh. Hãy thử lại vào ngày mai, hoặc gọi tổng đài.")
TOO_MANY_HERE = N_(
    "Mạng bạn đang dùng đã gửi quá nhiều phản ánh. Hãy đăng nhập rồi gửi, bật JavaScript trong trình duyệt, đổi mạng,"
    " hoặc gọi tổng đài. Nội dung bạn viết vẫn còn dưới đây."
)
TOO_MANY = N_(
    "Hôm nay hệ thống đã nhận quá nhiều phản ánh không có tài khoản. Hãy đăng nhập rồi gửi, hoặc gọi tổng đài."
    " Nội dung bạn viết vẫn còn dưới đây."
)
MANY_GUESSES = N_("Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại.")
NOT_FOUND = N_("Không có phản ánh nào khớp cả hai mã. Hãy xem lại từng chữ, số trên phiếu tiếp nhận.")
ENDED = N_(
    "Phản ánh này vừa được người khác xử lý. Lời bạn viết vẫn còn dưới đây; hãy xem tình trạng mới rồi quyết định."
)
NOT_OPEN = N_("Phản ánh này đã được trả lời hoặc đã đóng, không bổ sung được nữa.")
NO_REOPEN = N_("Chỉ yêu cầu xem lại được trong %(days)s ngày sau khi có trả lời, tối đa %(times)s lần.",
               days=REOPEN_WITHIN.days, times=MOST_REOPENED)  # fmt: skip
ENOUGH = N_("Phản ánh này đã có quá nhiều lời nhắn. Hãy gọi tổng đài và nêu mã phản ánh.")
OWN_FAMILY = N_("Cán bộ không xử lý phản ánh của mình và người nhà. Hãy chuyển cho đồng nghiệp.")
NO_UNDO = N_("Chỉ đưa ra khỏi thư rác được trong %(days)s ngày.", days=SPAM_UNDO.days)
SAME_AGENCY = N_("Phản ánh đang ở cơ quan này. Hãy chọn cơ quan khác.")
NO_SUCH_AGENCY = N_("Không có cơ quan này trong danh mục. Hãy chọn trong danh sách.")
NO_CONSENT = N_("Người gửi không đồng ý công bố, nên không công bố được.")
NOT_ANSWERED = N_("Chỉ công bố được sau khi đã trả lời.")
PUBLISHED_ALREADY = N_("Phản ánh này đang được công bố rồi.")
NAMES_SOMEBODY = N_("Hãy xoá hoặc viết khác những chỗ có thể nhận ra người: %(found)s")


@dataclass(frozen=True)
class Letter:
    """What somebody writes. `agency_code` None leaves it to the province's agency.

    The answer goes to `phone` (+84…) or `email` of whom nobody knows, or by `reply_to` ('sms', 'email' or '') to the
    contact that an account has proven.
    """

    category: Category
    subject: str
    text: str
    agency_code: str | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    reply_to: str = ""
    may_publish: bool = False
    language: str = "vi"


def reached_by(contact: str) -> tuple[str, str]:
    """Phone (+84…) and e-mail of a typed contact, '' for what it is not."""
    return ("", contact) if "@" in contact else ((mobile_number(contact) or "") if contact else "", "")


def checked_text(text: str | None, shortest: int = SHORTEST_ANSWER) -> str:
    """`text` trimmed, lines ended by one sign. Raises Refused for what is too short or what no keyboard produces."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if has_control_characters(plain.replace("\n", " ").replace("\t", " ")):
        raise Refused(STRANGE_SIGNS, "text")
    if len(plain) < shortest:
        raise Refused(SHORT if shortest == SHORTEST_TEXT else SHORT_ANSWER, "text")
    return plain


def check_reopen(status: Status, answered_at: datetime | None, reopened: int, at: datetime) -> None:
    """Raise Refused unless an answer of the last thirty days may be disagreed with once more."""
    fresh = answered_at is not None and at - answered_at <= REOPEN_WITHIN
    if status is not Status.ANSWERED or not fresh or reopened >= MOST_REOPENED:
        raise Refused(NO_REOPEN)


def may_reopen(status: Status, answered_at: datetime | None, reopened: int, at: datetime) -> bool:
    """The same as a question."""
    try:
        check_reopen(status, answered_at, reopened, at)
    except Refused:
        return False
    return True


def price(sent_before: int) -> int:
    """How many times the usual work a letter costs in a network that sent so many within the day: 1, 2, 4, 8."""
    return int(min(_HIGHEST_PRICE, 2 ** (min(sent_before, 1000) // _NETWORK_STEP)))


def new_signs(length: int) -> str:
    """A random code of signs that cannot be mistaken for each other."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(length))


def signs_of(digest: bytes, length: int) -> str:
    """A code of the same signs that a secret digest stands for: whoever can make the digest makes the same code again."""
    number, signs = int.from_bytes(digest), []
    for _sign in range(length):
        number, at = divmod(number, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[at])
    return "".join(signs)


def spoken_code(code: str) -> str:
    """As it is shown and read out: PA-7K3M-9QX2."""
    return f"PA-{code[:4]}-{code[4:]}"


def spoken_secret(secret: str) -> str:
    """The second half, likewise: 7K3M-9QX2."""
    return f"{secret[:4]}-{secret[4:]}"


def bare_code(typed: str) -> str:
    """The eight signs of a typed code (`kernel.text.typed_code`), whether or not PA stands before them."""
    return typed[2:] if len(typed) == CODE_LENGTH + 2 and typed.startswith("PA") else typed


def words_of(*texts: str) -> str:
    """The words of texts, folded, each once, in order: what two letters are compared by."""
    return " ".join(sorted(set(re.findall(r"\w+", fold(" ".join(texts))))))


def alike(words: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """The keys of those of `others` (key, words) that share at least half of all words with `words`, nearest first."""
    mine = set(words.split())
    if len(mine) < FEWEST_WORDS:
        return []
    near = []
    for key, text in others:
        theirs = set(text.split())
        share = len(mine & theirs) / len(mine | theirs) if theirs else 0.0
        if share >= ALIKE:
            near.append((-share, key))
    return [key for _share, key in sorted(near)[:MOST_ALIKE]]


def about(words: str, titles: Iterable[tuple[str, str]]) -> list[str]:
    """The keys of those of `titles` (key, words) of which nearly all words stand in `words`, nearest first.

    An answer that is published is rewritten: of the letter itself there may be little in it, of the question all.
    """
    mine = set(words.split())
    near = []
    for key, text in titles:
        title = set(text.split())
        share = len(mine & title) / len(title) if len(title) >= FEWEST_WORDS else 0.0
        if share >= ABOUT:
            near.append((-share, -len(title), key))
    return [key for _share, _size, key in sorted(near)[:MOST_ALIKE]]


_NUMBER = re.compile(r"\+?\d(?:[\s.\-()]{0,2}\d){8,}")
_MAIL = re.compile(r"[^\s@<>(),;]+@[^\s@<>(),;]+\.[^\s@<>(),;.]+")
_WORD = re.compile(r"\w+")


def identifying(text: str, name: str = "") -> list[str]:
    """What in `text` names somebody by pattern, as it is written: numbers of nine digits and more, e-mails, the writer's `name`."""
    found = [*_NUMBER.findall(text), *_MAIL.findall(text), *_named(text, name)]
    return list(dict.fromkeys(one.strip() for one in found))


def _named(text: str, name: str) -> list[str]:
    """Where the whole name stands, or of one of three words and more the last two, by which people are called."""
    parts = [fold(word) for word in _WORD.findall(name)]
    wanted = [parts] if len(parts) >= 2 else []
    wanted += [parts[-2:]] if len(parts) >= 3 else []
    spots = list(_WORD.finditer(text))
    folded = [fold(spot[0]) for spot in spots]
    for words in wanted:
        size = len(words)
        hits = [n for n in range(len(spots) - size + 1) if folded[n : n + size] == words]
        if hits:
            return [text[spots[n].start() : spots[n + size - 1].end()] for n in hits]
    return []


def check_anonymous(name: str, **texts: str) -> None:
    """Raise Refused, naming the field and the places, while a text to publish still names somebody."""
    for field, text in texts.items():
        found = identifying(text, name)
        if found:
            raise Refused(Label(str(NAMES_SOMEBODY), found="; ".join(found[:10])), field)
