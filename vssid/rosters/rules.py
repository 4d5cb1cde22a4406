"""What a roster's row is, how far its person's declaration has come, and how much is taken. Pure.

**What an organisation learns, and why no more.** A school could otherwise use a roster as a look-up: upload guessed mã số
and read off who is registered. So (1) nothing is said about whether a mã số exists in the register: a row is judged by its
form alone, and a person who never sent a declaration looks like one who does not exist; (2) the state of a declaration is
told only where the row's name and birth date are those of the declaration, so that whoever asks must know the person
already; a row that gives less of the birth date than the declaration has does not match, or a year would do; (3) what is
told is one of five words about a sheet of paper that the organisation itself collects: no phone, no address, no health
data, no officer's reason; (4) uploads are counted per organisation and every look at a roster is in the audit.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import Sheet
from vssid.kernel.tables import Limits, Problem
from vssid.kernel.text import CODE_ALPHABET, fold

LARGEST_BYTES = 5 * 1024**2
MOST_ROWS = 5_000
LIMITS = Limits(workbook_bytes=LARGEST_BYTES, unpacked_bytes=60 * 1024**2, cells=400_000)
READ_SECONDS = 20
MOST_ROSTERS = 12
LONGEST_TITLE = 100
LONGEST_CLASS = 40
UPLOADS = (40, timedelta(days=1))
PRINTS = (30, timedelta(days=1))
UPLOAD_LIFE = timedelta(hours=24)
# One school year and the weeks around it.
ROSTER_LIFE = timedelta(days=400)
ROW_CODE_LENGTH = 10
ROW_CODE_MARK = "R:"

SHEET = Sheet(
    columns=("ma_so_bhxh", "ho_ten", "ngay_sinh", "lop_hoac_to", "ma_so_bhxh_giam_ho"),
    required=frozenset({"ma_so_bhxh", "ho_ten", "ngay_sinh"}),
    key=("ma_so_bhxh",),
)


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    SAVED = "roster.saved"
    VIEWED = "roster.viewed"
    EXPORTED = "roster.exported"
    SCANNED = "roster.scanned"
    PRINTED = "roster.printed"
    DELETED = "roster.deleted"
    RETIRED = "roster.retired"


# What the person reads of an officer's look (“Ai đã xem hồ sơ của tôi”).
SEEN = {Tag.SCANNED: N_("Quét mã trên phiếu hoặc tờ khai giấy")}


class HandInState(StrEnum):
    """How far the paper of a roster's person has come: all that the organisation learns."""

    APPROVED = "approved"
    HANDED_IN = "handed_in"
    SENT = "sent"
    GIVEN_BACK = "given_back"
    NONE = "none"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATES[self][1]


_STATES = {
    HandInState.APPROVED: (N_("Đã duyệt"), "good"),
    HandInState.HANDED_IN: (N_("Đã nộp bản giấy"), "info"),
    HandInState.SENT: (N_("Đã gửi tờ khai, chờ bản giấy"), "warn"),
    HandInState.GIVEN_BACK: (N_("Bị trả lại"), "bad"),
    HandInState.NONE: (N_("Chưa đăng ký"), "plain"),
}
# Of several declarations of one person the one that came furthest counts; from SENT on the paper is missing.
RANKS = {state: rank for rank, state in enumerate(HandInState)}
LAST_COMPLETE = RANKS[HandInState.HANDED_IN]


@dataclass(frozen=True)
class Row:
    """One row as it was checked: ISO birth date, possibly partial; `class_name` and `guardian_ma_so` may be ''."""

    line: int
    ma_so_bhxh: str
    full_name: str
    birth_date: str
    class_name: str
    guardian_ma_so: str

    @property
    def content(self) -> tuple[str, ...]:
        """What a later upload can change."""
        return self.full_name, self.birth_date, self.class_name, self.guardian_ma_so


@dataclass(frozen=True)
class Reading:
    """What was found in a file: `refused` counts rows, of which each has one problem or more."""

    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What saving would do or did, in rows; `gone` are those of the same classes that the file has no more."""

    new: int
    changed: int
    same: int
    gone: int


def check_title(title: str) -> None:
    """Raise Refused for a title that says nothing."""
    if not fold(title):
        raise Refused(N_("Hãy đặt tên danh sách."), "title")


def class_key(name: str) -> str:
    """What classes are told apart and sorted by: no marks, no case, 2A before 10A."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(4), fold(name))


def new_row_code() -> str:
    """A row's code on the printed sheet; it names a row and opens nothing."""
    return "".join(secrets.choice(CODE_ALPHABET) for _sign in range(ROW_CODE_LENGTH))


def spoken_row_code(code: str) -> str:
    """The code as it is printed and read out: 7K3M9-QX2BC."""
    return f"{code[:5]}-{code[5:]}"
