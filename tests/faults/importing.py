"""Files of 10,000 invented participants, imported one after another by the project's own command until it is killed."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, func, select

from tests import serving
from vssid.imports.models import ImportRun, StagedRow
from vssid.imports.rules import State
from vssid.kernel.db import reading
from vssid.records.models import Person

ROWS = 10_000
END_WITHIN_SECONDS = 60
_GOING_ON = ImportRun.state.in_([State.STAGING, State.STAGED])


def write_participants(path: Path, number: int) -> Path:
    """The file of a number from 0 to 98: people whom no other file has."""
    with path.open("w") as file:
        file.write("ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_giay_to\n")
        for row in range(number * ROWS, (number + 1) * ROWS):
            file.write(f"8700{row:06},Trần Văn Mẫu Dòng,01/01/1985,Nam,087085{row:06}\n")
    return path


def command(path: Path) -> list[str]:
    """The import of a file of participants, without a question."""
    return [sys.executable, "-m", "flask", "--app", "app", "imports", "run", "participants", str(path), "--yes"]


@dataclass
class Imports:
    """The operator who starts the import again after every power cut; `ended` counts the files that were reported done."""

    values: dict[str, str]
    folder: Path
    engine: Engine
    ended: int = 0
    killed: int = 0
    counts: set[int] = field(default_factory=set)
    _process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Import the first file that is not in the register."""
        number = self.look() // ROWS
        path = write_participants(self.folder / f"participants-{number}.csv", number)
        self._process = subprocess.Popen(
            command(path),
            cwd=serving.ROOT,
            env={**os.environ, **self.values},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def look(self) -> int:
        """How many persons there are: whole files, and at least those that were reported done."""
        with reading(self.engine) as db:
            count = db.scalar(select(func.count()).select_from(Person)) or 0
        self.counts.add(count)
        assert count % ROWS == 0, f"an import is half-done: {count} persons"
        assert count >= self.ended * ROWS, f"{self.ended} imports were reported done, but there are {count} persons"
        return count

    def cut(self) -> None:
        """The power fails for the import, too."""
        process = self._process
        assert process is not None
        if process.poll() is None:
            self.killed += 1
            serving.kill(process)
            process.communicate()
        else:
            self.end()

    def end(self) -> None:
        """Let it end; it must say what it has done."""
        assert self._process is not None
        out, err = self._process.communicate(timeout=END_WITHIN_SECONDS)
        assert self._process.returncode == 0, err
        assert f"read={ROWS} new={ROWS} changed=0 same=0 refused=0" in out, out
        self.ended += 1

    def dead(self) -> int:
        """How many runs died before they could say how they ended."""
        with reading(self.engine) as db:
            return db.scalar(select(func.count()).where(_GOING_ON)) or 0

    def leftovers(self) -> int:
        """How many rows are still staged for runs that ended."""
        with reading(self.engine) as db:
            ended = select(ImportRun.id).where(~_GOING_ON)
            return db.scalar(select(func.count()).where(StagedRow.run_id.in_(ended))) or 0

    def abandon(self) -> None:
        """Kill what still runs."""
        if self._process is not None and self._process.poll() is None:
            serving.kill(self._process)
            self._process.communicate()
