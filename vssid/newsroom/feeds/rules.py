"""What of a feed is taken, how often it is asked, and what is said when nothing comes. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit

from vssid.kernel.labels import N_, Label, Np_, Refused

LARGEST_FEED, LARGEST_PICTURE = 2 * 1024**2, 8 * 1024**2
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml"}
)
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
EVERY, LONGEST_PAUSE = timedelta(minutes=30), timedelta(hours=24)
# While one worker asks, no other does; whoever dies on the way is forgotten after that.
LEASE = timedelta(minutes=5)
ITEMS_A_TURN, SAMPLED = 30, 5
KEPT = 2_000
# How long an item without an article is remembered after it left its feed: until then it does not come back.
REMEMBERED, SEEN_AGAIN = timedelta(days=60), timedelta(days=1)
LONGEST_TITLE, LONGEST_LEAD, LONGEST_LINK = 200, 300, 500


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ADDED = "feed.added"
    SWITCHED_ON = "feed.switched_on"
    PAUSED = "feed.paused"
    TRIED_AGAIN = "feed.tried_again"
    REMOVED = "feed.removed"


class State(StrEnum):
    """How a feed stands."""

    NEW = "new"
    TRIED = "tried"
    ACTIVE = "active"
    PAUSED = "paused"

    @property
    def label(self) -> Label:
        """As editors read it."""
        return _STATES[self]


UNREAD = N_("Không đọc thử được")
_STATES = {
    State.NEW: N_("Đang đọc thử"),
    State.TRIED: N_("Đã đọc thử, chờ bật"),
    State.ACTIVE: Np_("feed", "Đang lấy tin"),
    State.PAUSED: N_("Tạm ngừng"),
}
PROBLEMS: dict[str, Label] = {
    "address": N_("Địa chỉ không dùng được."),
    "name": N_("Không tìm thấy máy chủ của địa chỉ này."),
    "inside": N_("Địa chỉ dẫn vào mạng nội bộ nên không được đọc."),
    "away": N_("Máy chủ của nguồn không trả lời."),
    "slow": N_("Máy chủ của nguồn trả lời quá chậm."),
    "status": N_("Máy chủ của nguồn báo lỗi, hoặc địa chỉ đã đổi."),
    "size": N_("Nguồn lớn hơn 2 MB."),
    "type": N_("Địa chỉ này không phải RSS hay Atom."),
    "redirects": N_("Địa chỉ chuyển đi quá nhiều lần, hoặc chuyển từ https sang http."),
    "broken": N_("Nội dung của nguồn bị hỏng, không đọc được."),
    "empty": N_("Nguồn không có tin nào."),
}


@dataclass(frozen=True)
class Item:
    """One item as it may be shown: plain words, an http(s) link, when it was published if that is known, a picture's address."""

    guid: str
    link: str
    title: str
    lead: str
    published: datetime | None
    picture: str = ""

    @property
    def content(self) -> str:
        """What tells a changed item from the same one."""
        return digest(f"{self.title}\n{self.lead}")


def digest(text: str) -> str:
    """A short name for a long one."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def next_due(at: datetime, failures: int) -> datetime:
    """When a feed is asked again: every half hour, twice as late after each failure, at least once a day."""
    pause: timedelta = EVERY * 2 ** min(failures, 10)
    return at + min(pause, LONGEST_PAUSE)


def plain_link(address: str) -> str:
    """An http(s) address in plain letters that leads to a host, or '' for anything else."""
    text = quote(address.strip(), safe="%/:?#[]@!$&'()*+,;=~-._")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    fine = parts.scheme in ("http", "https") and host and "." in host and "@" not in parts.netloc
    return text if fine and len(text) <= LONGEST_LINK else ""


def host_of(address: str) -> str:
    """The host of a link, to be named beside it."""
    return urlsplit(address).hostname or ""


def check_url(address: str) -> str:
    """The address of a feed, tidied. Raises Refused."""
    found = plain_link(address)
    if not found:
        raise Refused(N_("Địa chỉ phải bắt đầu bằng https:// hoặc http:// và có tên máy chủ."), "url")
    return found
