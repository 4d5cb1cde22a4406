"""What stands in an inbox, how it is sorted into topics, and how long it stays. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label

MOST_COUNTED = 99  # beyond that it is "99+"
KEPT_READ, KEPT_UNREAD = timedelta(days=180), timedelta(days=400)
LONGEST_PLACE = 200
_PLACE = re.compile(r"/(?:[A-Za-z0-9_.~-]+/?)*(?:\?[A-Za-z0-9_=&.~-]*)?", re.ASCII)


class Topic(StrEnum):
    """What a message is about, as its reader sorts them."""

    ACCOUNT = "tai-khoan"
    CARD = "the"
    VISIT = "kham"
    CONTRIBUTION = "dong"
    DATA = "du-lieu"

    @property
    def label(self) -> Label:
        """The topic in words."""
        return _TOPICS[self]


_TOPICS = {
    Topic.ACCOUNT: N_("Tài khoản, bảo mật"),
    Topic.CARD: N_("Thẻ BHYT"),
    Topic.VISIT: N_("Khám chữa bệnh"),
    Topic.CONTRIBUTION: N_("Đóng bảo hiểm"),
    Topic.DATA: N_("Dữ liệu của tôi"),
}
# Kinds of messages by how they begin; any other is about the account itself.
_BEGINNINGS = {
    "card.": Topic.CARD,
    "notice.card": Topic.CARD,
    "notice.visit": Topic.VISIT,
    "notice.employer": Topic.CONTRIBUTION,
    "privacy.": Topic.DATA,
}


def topic_of(kind: str) -> Topic:
    """The topic of a kind of message."""
    return next((topic for start, topic in _BEGINNINGS.items() if kind.startswith(start)), Topic.ACCOUNT)


def rings(kind: str) -> bool:
    """Whether messages of this kind are kept at all: codes (OTP) never are."""
    return not kind.startswith("code.")


def check_place(href: str) -> str:
    """`href` when it is a plain path of this site. Raises ValueError otherwise: places are written by us."""
    if len(href) > LONGEST_PLACE or not _PLACE.fullmatch(href):
        raise ValueError(f"not a plain path of ours: {href!r}")
    return href
