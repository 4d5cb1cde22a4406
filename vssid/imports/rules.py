"""What a file must look like, what a run can become, and its words. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import Counts, Sheet

BATCH = 2_000
MOST_ROWS = 2_000_000
MOST_WORKBOOK_BYTES = 20 * 1024**2  # a workbook is unpacked whole before its first row can be read
MOST_UNPACKED_BYTES = 400 * 1024**2
MOST_CELLS = 40_000_000
LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
MOST_ERROR_CELL = 32_000
SHOWN_PROBLEMS = 20
STALE_AFTER_HOURS = 24
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0")


class Tag(StrEnum):
    """What the audit calls a run."""

    APPLIED = "import.applied"
    REFUSED = "import.refused"
    TRIED = "import.tried"


class State(StrEnum):
    """Where a run stands."""

    STAGING = "staging"
    STAGED = "staged"
    DONE = "done"
    REFUSED = "refused"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Problem:
    """One cell that cannot be taken, in words; `column` is '' when it is the row as a whole."""

    line: int
    column: str
    label: Label


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


def check_header(header: list[str], sheet: Sheet) -> list[str]:
    """The names of the columns in their order; raises Refused for a header that cannot be read. Unknown names stay."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    twice = [name for name, count in Counter(name for name in names if name).items() if count > 1]
    if twice:
        raise Refused(N_("Tiêu đề cột lặp lại: %(names)s.", names=_listed(twice)))
    missing = [name for name in sheet.columns if name in sheet.required and name not in names]
    if missing:
        raise Refused(
            N_(
                "Thiếu cột bắt buộc: %(names)s. Tệp có các cột: %(found)s.",
                names=_listed(missing),
                found=_listed(names),
            )
        )
    return names


def unknown_columns(names: list[str], sheet: Sheet) -> list[str]:
    """Columns that are ignored."""
    return [name for name in names if name and name not in sheet.columns]


def _listed(names: Iterable[str]) -> str:
    shown = [name[:40] for name in names]
    return ", ".join([*shown[:20], *(["…"] if len(shown) > 20 else [])]) or "–"


def quoted(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; overlong ones are cut."""
    cell = cell[:MOST_ERROR_CELL]
    return "'" + cell if cell.startswith(_FORMULA_SIGNS) else cell


def spoken(label: Label | str) -> str:
    """A label in Vietnamese, the language of the command and of the file of errors."""
    if not isinstance(label, Label):
        return label
    return str(label) % {name: spoken(value) for name, value in label.params.items()} if label.params else str(label)
