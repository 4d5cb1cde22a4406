"""The file of errors beside the imported file: every problem with its row, safe to open in a spreadsheet."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from vssid.imports.rules import SHOWN_PROBLEMS, spoken
from vssid.kernel.labels import N_, Refused
from vssid.kernel.tables import Problem, quoted

HEADER = ("dong", "cot", "gia_tri", "loi")


class ErrorsFile:
    """Opened at the first problem; an older one of the same name is removed first. Readable by its owner only."""

    def __init__(self, path: Path, header: tuple[str, str, str, str] = HEADER, what: str = "dòng") -> None:
        """`path` is where problems go; `what` is counted by the first column of `header`."""
        self.path = path
        self._header, self._what = header, what
        self.shown: list[str] = []
        self.first: list[Problem] = []
        self.count = 0
        self._columns: list[str] = []
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> "ErrorsFile":
        """Remove what an earlier run left."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as wrong:
            raise self._refusal() from wrong
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close the file if there is one."""
        self.close()

    def close(self) -> None:
        """Have all of it on the disk, so that it can be read."""
        if self._file:
            self._file.close()

    def set_columns(self, columns: list[str]) -> None:
        """The names of the file's columns, to stand over its rows."""
        self._columns = columns

    def add(self, problems: Iterable[Problem], cells: list[str]) -> None:
        """Write the problems of one row, each with the whole row as it was."""
        values = dict(zip(self._columns, cells, strict=False))
        for problem in problems:
            words = spoken(problem.label)
            self._open().writerow(
                [
                    problem.line,
                    problem.column,
                    quoted(values.get(problem.column, "")),
                    words,
                    *(quoted(cell) for cell in cells),
                ]
            )
            self.count += 1
            if len(self.shown) < SHOWN_PROBLEMS:
                where = f"{self._what} {problem.line}" + (f", cột {problem.column}" if problem.column else "")
                self.shown.append(f"{where}: {words}")
                self.first.append(problem)

    def _open(self) -> Any:
        if self._writer is None:
            try:
                self._file = open(  # noqa: SIM115 - closed by __exit__
                    self.path,
                    "x",
                    encoding="utf-8-sig",
                    errors="backslashreplace",
                    newline="",
                    opener=lambda name, flags: os.open(name, flags, 0o600),
                )
            except OSError as wrong:
                raise self._refusal() from wrong
            self._writer = csv.writer(self._file)
            self._writer.writerow([*self._header, *(quoted(name) for name in self._columns)])
        return self._writer

    def _refusal(self) -> Refused:
        return Refused(N_("Không ghi được tệp lỗi %(path)s.", path=str(self.path)))
