"""Whose cards are printed by the batch, in which order and pieces, who agrees, and what becomes of a batch. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from vssid.card.rules import Face, Validity, validity
from vssid.card.rules import Tag as CardTag
from vssid.kernel.labels import N_, Label, Np_, Refused
from vssid.kernel.text import fold

MOST_CARDS = 2_000
# How many one wish may name, in parts of MOST_CARDS.
MOST_CHOSEN = 20_000
A_PAGE, A_CHUNK = 4, 48
LONGEST_REASON = 300
# How long a wish waits for the second officer, and a file for whoever wanted it.
WISH_LIFE = timedelta(days=7)
FILE_LIFE = timedelta(days=3)
# How long a batch is still shown, and can be revoked: longer than its strips live. The audit keeps it for good.
KEPT = timedelta(days=400)
ASKED_A_DAY = (10, timedelta(days=1))
CHOSEN_AN_HOUR = (40, timedelta(hours=1))
# Why strips end that lie in no hands: the file was destroyed before anybody fetched it.
UNFETCHED = "unfetched"
# … or in any hands: an officer has revoked the batch.
REVOKED = "revoked"
NO_CLASS = "Chưa chia lớp/tổ"

# What the person reads of it (“Ai đã xem hồ sơ của tôi”).
SEEN = {CardTag.PRINTED: N_("In thẻ BHYT giấy theo lô")}


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ASKED = "card_batch.asked"
    AGREED = "card_batch.agreed"
    DECLINED = "card_batch.declined"
    WITHDRAWN = "card_batch.withdrawn"
    STOPPED = "card_batch.stopped"
    MADE = "card_batch.made"
    FETCHED = "card_batch.fetched"
    REVOKED = "card_batch.revoked"
    LISTED = "card_batch.listed"


class Kind(StrEnum):
    """Whose cards: of a roster, or of a ward."""

    ROSTER = "roster"
    WARD = "ward"

    @property
    def label(self) -> Label:
        """The kind in words."""
        return N_("Danh sách của tổ chức") if self is Kind.ROSTER else N_("Phường, xã, đặc khu")


class State(StrEnum):
    """Where a batch stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    MADE = "made"
    FAILED = "failed"
    GONE = "gone"
    REVOKED = "revoked"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATES[self][1]


_STATES = {
    State.ASKED: (N_("Chờ cán bộ thứ hai"), "warn"),
    State.AGREED: (N_("Đã đồng ý, đang tạo tệp"), "info"),
    State.DECLINED: (Np_("state", "Không đồng ý"), "bad"),
    State.WITHDRAWN: (N_("Đã rút"), "plain"),
    State.STOPPED: (N_("Đã dừng"), "plain"),
    State.MADE: (N_("Có tệp để tải"), "good"),
    State.FAILED: (N_("Không tạo được tệp"), "bad"),
    State.GONE: (N_("Tệp đã huỷ"), "plain"),
    State.REVOKED: (N_("Cả lô đã bị thu hồi"), "bad"),
}


# While a list stands in one of these it is not printed another time.
OPEN = (State.ASKED, State.AGREED, State.MADE)


class Outcome(StrEnum):
    """What became of one person of a batch."""

    WAITS = ""
    PRINTED = "printed"
    NOT_FOUND = "not_found"
    DIFFERS = "differs"
    DEAD = "dead"
    MERGED = "merged"
    TWICE = "twice"
    FAMILY = "family"
    NO_CARD = "no_card"
    WITHDRAWN = "withdrawn"
    NOT_TODAY = "not_today"
    PICTURE = "picture"
    UNSAYABLE = "unsayable"

    @property
    def label(self) -> Label:
        """Why no card was printed, in words."""
        return _WHY[self]


# In the order in which they are counted out.
_WHY = {
    Outcome.NOT_FOUND: N_("Không tìm thấy mã số BHXH"),
    Outcome.DIFFERS: N_("Họ tên hoặc ngày sinh khác với sổ bộ"),
    Outcome.DEAD: N_("Đã mất"),
    Outcome.MERGED: N_("Mã số đã gộp vào mã số khác"),
    Outcome.TWICE: N_("Đã có ở dòng trước của danh sách"),
    Outcome.FAMILY: N_("Người nhà của cán bộ lập yêu cầu hoặc cán bộ đồng ý"),
    Outcome.NO_CARD: N_("Chưa có thẻ BHYT"),
    Outcome.WITHDRAWN: N_("Thẻ đã bị thu hồi"),
    Outcome.NOT_TODAY: N_("Thẻ chưa hoặc không còn hiệu lực"),
    Outcome.PICTURE: N_("Không đọc được ảnh chân dung"),
    Outcome.UNSAYABLE: N_("Dữ liệu trên thẻ chưa đúng"),
}
LEFT_OUT = tuple(_WHY)


@dataclass(frozen=True)
class Version:
    """What decides whether a card is printed: one version of one card; `whose` is the person under whom it stands."""

    whose: object
    valid_from: date
    valid_to: date | None
    number: int
    withdrawn: bool


def first_day(versions: Iterable[Version], today: date) -> date | Outcome:
    """The first day of the card to print, or why there is none."""
    newest: dict[tuple[object, date], Version] = {}
    for one in versions:
        known = newest.get((one.whose, one.valid_from))
        if known is None or known.number < one.number:
            newest[one.whose, one.valid_from] = one
    if not newest:
        return Outcome.NO_CARD
    good = [one for one in newest.values() if not one.withdrawn]
    holding = [one.valid_from for one in good if one.valid_from <= today <= (one.valid_to or date.max)]
    if holding:
        return max(holding)
    return Outcome.NOT_TODAY if good else Outcome.WITHDRAWN


def outcome_of(face: Face | None, today: date, *, dead: bool, merged: bool) -> Outcome:
    """What becomes of somebody when their turn comes: much may have changed since it was asked for."""
    if dead or merged:
        return Outcome.DEAD if dead else Outcome.MERGED
    if face is None:
        return Outcome.NO_CARD
    state = validity(face, today)
    if state is Validity.VALID:
        return Outcome.WAITS
    return Outcome.WITHDRAWN if state is Validity.WITHDRAWN else Outcome.NOT_TODAY


_HAMLET = re.compile(r"(ap|khom|thon|ban|buon|lang|xom|soc|phum|khu pho|kp|to dan pho|to) ")
_SMALLEST = re.compile(r"to \d")


def hamlet(address: str) -> str:
    """The village or quarter that an address names, '' for none: "Số 12, tổ 5, ấp Bình Hoà" → "ấp Bình Hoà"."""
    named = [part.strip() for part in address.split(",") if _HAMLET.match(fold(part))]
    large = [part for part in named if not _SMALLEST.match(fold(part))]
    return next(reversed(large or named), "")


@dataclass(frozen=True)
class Span:
    """A piece of a list: from `start` to before `stop`, and the groups at its ends."""

    start: int
    stop: int
    first: str = ""
    last: str = ""

    @property
    def size(self) -> int:
        """How many."""
        return self.stop - self.start


def parts(groups: Sequence[str], most: int = MOST_CARDS) -> list[Span]:
    """A list that is too long for one batch in pieces: whole groups, unless one alone is too long."""
    cuts, start, at = [0], 0, 0
    for _group, run in groupby(groups):
        length = sum(1 for _one in run)
        if at > start and at + length - start > most:
            cuts.append(start := at)
        at += length
        while at - start > most:
            cuts.append(start := start + most)
    return [
        Span(start, stop, groups[start], groups[stop - 1])
        for start, stop in zip(cuts, [*cuts[1:], len(groups)], strict=True)
        if stop > start
    ]


def chunks(groups: Sequence[str], most: int = A_CHUNK) -> Iterator[Span]:
    """What is made at once: at most `most` cards on full pages, where each group begins a page."""
    start, at, pages = 0, 0, 0
    for _group, run in groupby(groups):
        left = sum(1 for _one in run)
        while left:
            taken = min(left, most - pages * A_PAGE)
            at, left, pages = at + taken, left - taken, pages - (-taken // A_PAGE)
            if pages * A_PAGE >= most:
                yield Span(start, at)
                start, pages = at, 0
    if at > start:
        yield Span(start, at)


def check_size(cards: int) -> None:
    """Raise Refused when there is nothing to print."""
    if not cards:
        raise Refused(N_("Không có thẻ nào in được. Hãy chọn danh sách, phường xã hoặc ngày khác."))
