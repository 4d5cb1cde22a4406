"""Rows of a CSV or .xlsx file as text, one after another, so that a file of any length needs little memory."""

import csv
import functools
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from vssid.imports.rules import LONGEST_CELL, LONGEST_LINE, MOST_CELLS, MOST_UNPACKED_BYTES, MOST_WORKBOOK_BYTES
from vssid.kernel.labels import N_, Label, Refused

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LOOKED_AT = 4096
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")


class SourceRow(NamedTuple):
    """One row that is not empty: its line in the file, its cells, or why it cannot be read; `position` in bytes."""

    line: int
    cells: list[str]
    position: int
    problem: Label | None = None


def rows(path: Path) -> Iterator[SourceRow]:
    """The rows of a file, the header first. Raises Refused for a file that cannot be read at all."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
        file.seek(0)
        if start.startswith(_WORKBOOK):
            yield from _workbook_rows(file)
            return
        if start.startswith(_OLD_WORKBOOK):
            raise Refused(N_("Đây là tệp Excel đời cũ hoặc có mật khẩu. Hãy lưu lại thành .xlsx không có mật khẩu."))
        if start.startswith(_UTF16) or start.count(b"\0") * 4 > len(start):
            raise Refused(N_("Tệp dùng bảng mã UTF-16. Hãy lưu lại thành CSV UTF-8."))
        yield from _csv_rows(file)


def _csv_rows(file: BinaryIO) -> Iterator[SourceRow]:
    # What is not UTF-8 becomes lone surrogates, which the cells refuse one by one: so the line and column are known.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    header = _line_of(text, 1)
    text.seek(0)
    csv.field_size_limit(LONGEST_CELL)
    table = csv.reader(_lines(text), delimiter=_delimiter(header), strict=True)
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            yield SourceRow(
                line, [], file.tell(), N_("Không đọc được dòng này: dấu nháy kép thừa, thiếu, hoặc ô quá dài.")
            )
            continue
        if any(cell.strip() for cell in cells):
            yield SourceRow(line, cells, file.tell())


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := _line_of(text, number := number + 1):
        yield line


def _line_of(text: io.TextIOWrapper, number: int) -> str:
    line = text.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise Refused(
            N_("Dòng %(line)s dài quá %(max)d ký tự: tệp hỏng hoặc không phải CSV.", line=number, max=LONGEST_LINE)
        )
    return line


def _delimiter(header: str) -> str:
    return ";" if header.count(";") > header.count(",") else ","


def _workbook_rows(file: BinaryIO) -> Iterator[SourceRow]:
    sheet = _first_sheet(file)
    for at, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_as_text(cell) for cell in cells]
        if any(text.strip() for text in texts):
            yield SourceRow(at, texts, at)


def _first_sheet(file: BinaryIO) -> Any:
    broken = N_("Không đọc được tệp Excel. Hãy mở tệp rồi lưu lại thành .xlsx không có mật khẩu.")
    if file.seek(0, io.SEEK_END) > MOST_WORKBOOK_BYTES:
        raise Refused(N_("Tệp Excel lớn quá %(max)d MB. Hãy lưu thành CSV UTF-8.", max=MOST_WORKBOOK_BYTES // 1024**2))
    try:
        with zipfile.ZipFile(file) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise Refused(broken)
            _check_size(parts)
        file.seek(0)
        return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, IndexError, OSError, ValueError) as wrong:
        raise Refused(broken) from wrong


def _check_size(parts: zipfile.ZipFile) -> None:
    """Raise Refused for a workbook that would fill the memory: the reader makes a cell for each place up to the last."""
    too_big = N_("Tệp Excel phồng lên quá lớn khi mở. Hãy lưu thành CSV UTF-8.")
    if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
        raise Refused(too_big)
    for name in parts.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            with parts.open(name) as sheet:
                if _area(sheet) > MOST_CELLS:
                    raise Refused(too_big)


def _area(sheet: IO[bytes]) -> int:
    rows = columns = 0
    tail = b""
    while chunk := sheet.read(1024**2):
        for reference in set(_REFERENCE.findall(tail + chunk)):
            letters, digits = reference
            columns = max(columns, functools.reduce(lambda sum_, letter: sum_ * 26 + letter - 64, letters, 0))
            rows = max(rows, int(digits))
        tail = chunk[-32:]
    return rows * columns


def _as_text(cell: Any) -> str:
    """A cell as somebody would type it. A number has lost its leading zeros: what then is too short is refused later."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return f"{cell:%d/%m/%Y}"
    return str(cell)
