"""What a file must look like, what a run can become, and its words. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import Counts

BATCH = 2_000
MOST_ROWS = 2_000_000
SHOWN_PROBLEMS = 20
SHOWN_CHANGES = 50
STALE_AFTER_HOURS = 24
LARGEST_UPLOAD = 20 * 1024**2
UPLOADS_A_DAY = (50, timedelta(days=1))
FILE_KEPT = timedelta(days=7)


class Tag(StrEnum):
    """What the audit calls a run."""

    APPLIED = "import.applied"
    BATCH = "import.batch"
    REFUSED = "import.refused"
    TRIED = "import.tried"
    SENT = "import.sent"
    AGREED = "import.agreed"
    FETCHED = "import.errors_fetched"
    SHOWN = "import.rows_shown"
    UNDO = "import.undo"
    UNDONE = "import.undone"


class State(StrEnum):
    """Where a run stands."""

    UPLOADED = "uploaded"
    STAGING = "staging"
    STAGED = "staged"
    AGREED = "agreed"
    DONE = "done"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def label(self) -> Label:
        """The state in words."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _STATES[self][1]

    @property
    def moving(self) -> bool:
        """Whether something happens to it without anybody's doing."""
        return self in (State.UPLOADED, State.STAGING, State.AGREED, State.UNDOING)


_STATES = {
    State.UPLOADED: (N_("Chờ đọc tệp"), "info"),
    State.STAGING: (N_("Đang đọc tệp"), "info"),
    State.STAGED: (N_("Chờ bạn xem và đồng ý"), "warn"),
    State.AGREED: (N_("Đang nhập"), "info"),
    State.DONE: (N_("Đã nhập"), "good"),
    State.REFUSED: (N_("Không nhập: tệp có lỗi"), "bad"),
    State.ABANDONED: (N_("Đã bỏ, chưa nhập gì"), "plain"),
    State.FAILED: (N_("Không xong, chưa nhập gì"), "bad"),
    State.UNDOING: (N_("Đang hoàn tác"), "info"),
    State.UNDONE: (N_("Đã hoàn tác, dữ liệu như trước khi nhập"), "plain"),
}
GOING_ON = (State.UPLOADED, State.STAGING, State.STAGED, State.AGREED)
NOT_WAITING = N_("Lần nhập này không còn chờ đồng ý. Hãy xem tình trạng mới nhất.")


@dataclass
class Tally:
    """What became of the rows of a file. `read` is the sum of the others."""

    read: int = 0
    refused: int = 0
    difference: Counts = field(default_factory=Counts)

    def as_dict(self) -> dict[str, int]:
        """The five counts in the order in which they are shown."""
        found = self.difference
        return {
            "read": self.read,
            "new": found.new,
            "changed": found.changed,
            "same": found.same,
            "refused": self.refused,
        }

    def line(self) -> str:
        """One line that a script can read: read=500 new=500 changed=0 same=0 refused=0."""
        return " ".join(f"{name}={count}" for name, count in self.as_dict().items())


def spoken(label: Label | str) -> str:
    """A label in Vietnamese, the language of the command and of the file of errors."""
    if not isinstance(label, Label):
        return label
    return str(label) % {name: spoken(value) for name, value in label.params.items()} if label.params else str(label)
