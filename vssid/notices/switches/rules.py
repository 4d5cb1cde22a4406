"""Which services may rest, for how long, and which addresses are theirs. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.notices.words import FiveWords

LONGEST_STOP = timedelta(days=7)
LONGEST_RETRY = timedelta(hours=1)
# Nobody may be locked out of these: coming in, stopping a thief, the card at the counter, the officers' own pages.
NEVER = (
    "/", "/dang-nhap", "/dang-xuat", "/thiet-bi-moi", "/huy", "/tai-khoan/khong-phai-toi", "/ca-nhan/the-bhyt",
    "/ca-nhan/the-bhyt/su-dung", "/the-da-luu", "/can-bo", "/can-bo/cong-tac", "/static/css/core.css", "/sw.js",
    "/ngoai-tuyen", "/healthz", "/thong-bao",
)  # fmt: skip

TOO_LONG = N_("Tắt tối đa 7 ngày mỗi lần. Hãy chọn lúc mở lại sớm hơn; khi cần thì gia hạn.")
OVER = N_("Lúc mở lại đã qua. Hãy chọn một lúc chưa tới.")
RACED = N_("Người khác vừa đổi công tắc này. Hãy xem tình trạng mới rồi làm lại nếu cần.")


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    OFF = "service.off"
    CHANGED = "service.changed"
    ON = "service.on"


@dataclass(frozen=True)
class Service:
    """One service: what it is called, its addresses, and the sentence that usually stands in its place.

    An address stands for all below it; `*` is one part of a path.
    """

    key: str
    label: Label
    addresses: tuple[str, ...]
    words: Label

    def pattern(self) -> str:
        """A regular expression that matches whole paths of this service."""
        parts = "|".join(re.escape(one).replace(r"\*", "[^/]+") for one in self.addresses)
        return f"(?:{parts})(?:/.*)?"


@dataclass(frozen=True)
class Stop:
    """A service that rests: from when, until when, and what is said instead."""

    service: str
    words: FiveWords
    since: datetime
    until: datetime
    version: int


class Atlas:
    """Whose address a path is."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        """Raises ValueError for two services of one key, and for one that would close what must stay open."""
        self.services = {one.key: one for one in services}
        if len(self.services) != len(services):
            raise ValueError("two services have one key")
        self._patterns = {one.key: re.compile(one.pattern()) for one in services}
        for path in NEVER:
            if key := self.service_of(path):
                raise ValueError(f"the service {key} would close {path}")

    def service_of(self, path: str) -> str | None:
        """The key of the service to which a path belongs."""
        return next((key for key, pattern in self._patterns.items() if pattern.fullmatch(path)), None)


def check_until(until: datetime, at: datetime) -> None:
    """Raise Refused for a stop that is over already, or that somebody could forget."""
    if until <= at:
        raise Refused(OVER, "until")
    if until - at > LONGEST_STOP:
        raise Refused(TOO_LONG, "until")


def retry_after(until: datetime, at: datetime) -> int:
    """In how many seconds it is worth trying again: an hour at most, for a stop may end sooner."""
    return max(1, int(min(until - at, LONGEST_RETRY).total_seconds()))
