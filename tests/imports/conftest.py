"""A desk for importing: write a table, run the command, look at what happened."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

PARTICIPANTS = "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_giay_to,dien_thoai,ma_so_bhxh_giam_ho,ngay_chet,gop_vao"


@dataclass
class Done:
    """What a run said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def counts(self) -> dict[str, int]:
        line = next(line for line in self.out.splitlines() if line.startswith("read="))
        return {name: int(count) for name, count in (part.split("=") for part in line.split())}


@dataclass
class Desk:
    """Writes tables into a folder of the test's own and imports them."""

    app: Flask
    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, kind: str, path: Path, *options: str, yes: bool = True) -> Done:
        arguments = ["imports", "run", kind, str(path), *(["--yes"] if yes else []), *options]
        result: Any = self.app.test_cli_runner().invoke(args=arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    def take(self, kind: str, content: str | bytes, *options: str, name: str = "table.csv") -> Done:
        return self.run(kind, self.write(name, content), *options)

    def errors(self, name: str = "table.csv") -> list[dict[str, str]]:
        with (self.folder / f"{name}.errors.csv").open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return Desk(app, tmp_path)


Person = Callable[..., str]


@pytest.fixture
def person() -> Person:
    """A line of `participants` in the columns of PARTICIPANTS."""

    def line(code: str, name: str = "Nguyễn Văn Mẫu", **more: str) -> str:
        values = {"ma_so_bhxh": code, "ho_ten": name, "ngay_sinh": "04/09/1985", "gioi_tinh": "Nam", **more}
        return ",".join(values.get(column, "") for column in PARTICIPANTS.split(","))

    return line


@pytest.fixture
def table() -> Callable[..., str]:
    return lambda *lines: "\n".join([PARTICIPANTS, *lines]) + "\n"
