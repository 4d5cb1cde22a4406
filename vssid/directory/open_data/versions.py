"""The files as they lie on the disk: <list>/<moment of the change>.<format>.gz. They are all there is to know, database or not."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vssid.directory.open_data.rules import FORMATS

STAMP = "%Y%m%dT%H%M%SZ"
SHAPE = re.compile(r"[0-9]{8}T[0-9]{6}Z")


@dataclass(frozen=True)
class Version:
    """A list as it was from `changed_at` on; where its files lie, by format."""

    stamp: str
    changed_at: datetime
    files: dict[str, Path]

    def size(self, form: str) -> int:
        """Bytes as they travel, compressed."""
        return self.files[form].stat().st_size


def stamp_of(changed_at: datetime) -> str:
    """The name of a version."""
    return changed_at.astimezone(UTC).strftime(STAMP)


def versions(folder: Path) -> list[Version]:
    """All whole versions of one list, the newest first."""
    stamps = {path.name.partition(".")[0] for path in folder.glob("*.gz")} if folder.is_dir() else set()
    found = []
    for stamp in sorted(filter(SHAPE.fullmatch, stamps), reverse=True):
        files = {form: folder / f"{stamp}.{form}.gz" for form in FORMATS}
        if all(path.is_file() for path in files.values()):
            found.append(Version(stamp, datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), files))
    return found
