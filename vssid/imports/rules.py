"""What a file must look like, what a run can become, and its words. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from vssid.kernel.labels import Label
from vssid.kernel.rows import Counts

BATCH = 2_000
MOST_ROWS = 2_000_000
SHOWN_PROBLEMS = 20
STALE_AFTER_HOURS = 24


class Tag(StrEnum):
    """What the audit calls a run."""

    APPLIED = "import.applied"
    BATCH = "import.batch"
    REFUSED = "import.refused"
    TRIED = "import.tried"


class State(StrEnum):
    """Where a run stands."""

    STAGING = "staging"
    STAGED = "staged"
    DONE = "done"
    REFUSED = "refused"
    ABANDONED = "abandoned"


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
