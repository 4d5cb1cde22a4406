"""The rows of a file on the disk."""

from collections.abc import Iterator
from pathlib import Path

from vssid.kernel import tables
from vssid.kernel.tables import SourceRow


def rows(path: Path) -> Iterator[SourceRow]:
    """The rows of a file, the header first. Raises Refused for a file that cannot be read at all."""
    with path.open("rb") as file:
        yield from tables.rows(file)
