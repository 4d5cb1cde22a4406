"""What an article may be, where it stands, what may become of it, and the words by which it is found. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.kernel.text import fold

LONGEST_TITLE, LONGEST_LEAD, LONGEST_BODY = 200, 400, 60_000
LONGEST_ALT, LONGEST_REASON, LONGEST_ADDRESS, LONGEST_NAME = 300, 300, 500, 120
LONGEST_SLUG = 60
OFFICIAL = "vi"
# Languages of the texts, the official one first; those of the interface.
TONGUES = ("vi", "en", "ko", "zh", "ja")
MOST_PINNED = 3
MOST_PICTURES = 30
LARGEST_DOCUMENT, LARGEST_VIDEO = 8 * 1024**2, 20 * 1024**2
WIDTHS = (360, 720)
UPLOADS_AN_HOUR = (60, timedelta(hours=1))
# How long what nobody ever published, and what was withdrawn, is kept after the last change.
DRAFTS_KEPT, WITHDRAWN_KEPT = timedelta(days=365), timedelta(days=2 * 365)


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    MADE = "article.made"
    SAVED = "article.saved"
    PUBLISHED = "article.published"
    WITHDRAWN = "article.withdrawn"
    DELETED = "article.deleted"
    PICTURE_ADDED = "article.picture_added"
    PICTURE_DROPPED = "article.picture_dropped"
    COVER_CHOSEN = "article.cover_chosen"
    FILE_ADDED = "article.file_added"
    FILE_DROPPED = "article.file_dropped"


class EditedMeanwhile(Refused):
    """Somebody else has changed the article since the form was opened: both texts are shown, and nothing is lost."""

    def __init__(self) -> None:
        """Always the same words."""
        super().__init__(N_("Có người vừa sửa bài này. So hai bản bên dưới, sửa nếu cần rồi lưu lại."))


class Kind(StrEnum):
    """What an article is; it decides under which address it stands."""

    NEWS = "news"
    VIDEO = "video"
    POLICY = "policy"
    GUIDE = "guide"
    DOCUMENT = "document"
    FAQ = "faq"
    PAGE = "page"

    @property
    def label(self) -> Label:
        """As its list is called."""
        return _KINDS[self][1]

    @property
    def section(self) -> str:
        """The address below which such articles stand, without the first slash; '' for pages, which stand alone."""
        return _KINDS[self][0]

    def address(self, slug: str) -> str:
        """Where an article with this slug stands."""
        return f"/{self.section}/{slug}" if self.section else f"/{slug}"


_KINDS = {
    Kind.NEWS: ("tin-tuc", N_("Tin tức sự kiện")),
    Kind.VIDEO: ("video", N_("Video")),
    Kind.POLICY: ("chinh-sach", N_("Chính sách")),
    Kind.GUIDE: ("huong-dan", N_("Hướng dẫn")),
    Kind.DOCUMENT: ("van-ban", N_("Văn bản")),
    Kind.FAQ: ("ho-tro/hoi-dap", N_("Câu hỏi thường gặp")),
    Kind.PAGE: ("", N_("Trang giới thiệu")),
}
LISTED = tuple(kind for kind in Kind if kind.section)
# Their articles are looked up rather than followed by date, so their lists show what each is about.
BY_TOPIC = frozenset({Kind.POLICY, Kind.GUIDE, Kind.DOCUMENT, Kind.FAQ})
ABOUT_SLUG = "gioi-thieu"


class Topic(StrEnum):
    """What an article is about; the values stand in addresses (`?chu-de=`) and in shipped texts (`topic:`)."""

    CARD = "the-bhyt"
    HISTORY = "qua-trinh"
    BENEFITS = "che-do"
    PAYING = "dong"
    ACCOUNT = "tai-khoan"
    DECLARATION = "to-khai"
    OTHER = "khac"

    @property
    def label(self) -> Label:
        """The topic as people call it."""
        return _TOPICS[self]


_TOPICS = {
    Topic.CARD: Np_("topic", "Thẻ BHYT"),
    Topic.HISTORY: N_("Quá trình tham gia"),
    Topic.BENEFITS: N_("Chế độ"),
    Topic.PAYING: N_("Đóng BHXH, BHYT"),
    Topic.ACCOUNT: N_("Tài khoản"),
    Topic.DECLARATION: N_("Tờ khai"),
    Topic.OTHER: Np_("topic", "Khác"),
}


class Origin(StrEnum):
    """Who wrote it: our editors, this version of the software, or somebody else's feed."""

    DESK = "desk"
    SHIPPED = "shipped"
    FEED = "feed"


class State(StrEnum):
    """As it is kept; whether a published one is to be seen now is a matter of its moments (`standing`)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How an article stands at a moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CURRENT = "current"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Label:
        """In words."""
        return _STANDINGS[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STANDINGS[self][1]


_STANDINGS = {
    Standing.DRAFT: (Np_("article", "Bản nháp"), "plain"),
    Standing.SCHEDULED: (N_("Đã hẹn giờ"), "info"),
    Standing.CURRENT: (N_("Đang hiện"), "good"),
    Standing.EXPIRED: (Np_("article", "Đã hết hạn"), "warn"),
    Standing.WITHDRAWN: (N_("Đã gỡ"), "bad"),
}


def standing(state: str, publish_at: datetime | None, expires_at: datetime | None, at: datetime) -> Standing:
    """How an article with this state and these moments stands at `at`; it begins and ends at the very moment."""
    if state != State.PUBLISHED or publish_at is None:
        return Standing(state if state != State.PUBLISHED else State.DRAFT)
    if publish_at > at:
        return Standing.SCHEDULED
    return Standing.EXPIRED if expires_at is not None and expires_at <= at else Standing.CURRENT


@dataclass(frozen=True)
class Written:
    """A text as it was typed or shipped: title, lead (one line each) and a body in Markdown."""

    title: str = ""
    lead: str = ""
    body: str = ""

    def __bool__(self) -> bool:
        """Whether anything is there."""
        return bool(self.title or self.lead or self.body)


def check_title(language: str, written: Written) -> None:
    """Raise Refused for a Vietnamese text without a title: the desk would have nothing to call it by."""
    if language == OFFICIAL and not written.title:
        raise Refused(N_("Hãy viết tiêu đề tiếng Việt."), "title")


def check_ready(language: str, written: Written, *, needs_body: bool) -> None:
    """Raise Refused unless a text may be read by everybody."""
    if language == OFFICIAL and not written:
        raise Refused(N_("Chưa có bản tiếng Việt. Hãy viết tiêu đề và nội dung tiếng Việt rồi đăng."))
    if not written.title:
        raise Refused(N_("Có bản dịch chưa có tiêu đề. Hãy viết tiêu đề, hoặc xoá hết bản dịch đó."))
    if needs_body and not written.body.strip():
        raise Refused(N_("Có bản chưa có nội dung. Hãy viết nội dung, hoặc xoá hết bản đó."))


def check_moments(publish_at: datetime, expires_at: datetime | None, at: datetime) -> None:
    """Raise Refused for an end that is before the beginning or has passed."""
    if expires_at is not None and expires_at <= max(publish_at, at):
        raise Refused(N_("Lúc hết hạn phải sau lúc đăng và sau bây giờ."), "expires_at")


def check_pins(others: int) -> None:
    """Raise Refused when so many others of the kind are pinned already."""
    if others >= MOST_PINNED:
        raise Refused(
            N_("Đã có %(most)d bài được ghim ở mục này. Hãy bỏ ghim một bài trước.", most=MOST_PINNED), "pinned"
        )


def video_host(address: str) -> str:
    """The host of a link to a video, to be named beside it. Raises Refused unless it is a plain https address."""
    wrong = Refused(N_("Địa chỉ video phải bắt đầu bằng https:// và không có tên đăng nhập."), "video_url")
    try:
        parts = urlsplit(address)
        strange = parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or " " in address
    except ValueError:
        raise wrong from None
    if strange or "." not in (parts.hostname or ""):
        raise wrong
    return parts.hostname or ""


def slug_of(title: str, id: UUID) -> str:
    """The end of an article's address: its title's folded words and six signs that no other article has."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    short = words[:LONGEST_SLUG].rsplit("-", 1)[0] if len(words) > LONGEST_SLUG else words
    return f"{short}-{id.hex[:6]}".lstrip("-")


_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")


def words_of(text: str) -> str:
    """`text` as search reads it: words without marks, signs of Chinese, Japanese and Korean in overlapping pairs."""
    return " ".join(_tokens(text))


def _tokens(text: str) -> Iterator[str]:
    for run in _RUNS.findall(text):
        if re.match(f"[{_CJK}]", run):
            yield from (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        else:
            yield fold(run)


def video_type(head: bytes) -> str | None:
    """The media type of a video by its first bytes, or None."""
    if head[4:8] == b"ftyp" and head[8:12] not in (b"qt  ", b"heic", b"mif1", b"avif"):
        return "video/mp4"
    # EBML is Matroska's container too; browsers play what calls itself webm.
    return "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64] else None


def document_type(head: bytes) -> str | None:
    """The media type of a document by its first bytes, or None."""
    return "application/pdf" if head.startswith(b"%PDF-") else None
