"""Tables in files: rows of CSV or .xlsx as text one after another, headers, cells that no spreadsheet runs.

A file of any length needs little memory, and one that would swell is refused. What strangers upload is read by `read_all`
in the workshop's child process: a workbook that lies about its size ends that process only.
"""

import csv
import functools
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, BinaryIO, NamedTuple
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import Sheet

LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
MOST_COLUMNS = 64  # of what strangers upload; more cells than that are cut off
MOST_QUOTED_CELL = 32_000
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0")

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BROKEN_WORKBOOK = N_("Không đọc được tệp Excel. Hãy mở tệp rồi lưu lại thành .xlsx không có mật khẩu.")
# What opening a zip and reading from it raises: RuntimeError for a version that is unknown here, ValueError for names
# that are no text.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_LOOKED_AT = 4096
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be: it is unpacked whole before its first row can be read."""

    workbook_bytes: int = 20 * 1024**2
    unpacked_bytes: int = 400 * 1024**2
    cells: int = 40_000_000


class SourceRow(NamedTuple):
    """One row that is not empty: its line in the file, its cells, or why it cannot be read; `position` in bytes."""

    line: int
    cells: list[str]
    position: int
    problem: Label | None = None


@dataclass(frozen=True)
class Problem:
    """One cell that cannot be taken, in words; `column` is '' when it is the row as a whole."""

    line: int
    column: str
    label: Label


def rows(file: BinaryIO, limits: Limits = Limits()) -> Iterator[SourceRow]:
    """The rows of a file, the header first. Raises Refused for a file that cannot be read at all."""
    start = file.read(_LOOKED_AT)
    file.seek(0)
    if start.startswith(_WORKBOOK):
        yield from _workbook_rows(file, limits)
        return
    if start.startswith(_OLD_WORKBOOK):
        raise Refused(N_("Đây là tệp Excel đời cũ hoặc có mật khẩu. Hãy lưu lại thành .xlsx không có mật khẩu."))
    if start.startswith(_UTF16) or start.count(b"\0") * 4 > len(start):
        raise Refused(N_("Tệp dùng bảng mã UTF-16. Hãy lưu lại thành CSV UTF-8."))
    yield from _csv_rows(file)


def read_all(data: bytes, most: int, limits: Limits) -> list[SourceRow] | Label:
    """At most `most` rows of a whole file, or why it cannot be read: meant for the workshop's child process."""
    try:
        return [row._replace(cells=row.cells[:MOST_COLUMNS]) for row in islice(rows(io.BytesIO(data), limits), most)]
    except Refused as refusal:
        return refusal.label


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
            yield SourceRow(line, [unquoted(cell) for cell in cells], file.tell())


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


def _workbook_rows(file: BinaryIO, limits: Limits) -> Iterator[SourceRow]:
    sheet = _first_sheet(file, limits)
    for at, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_as_text(cell) for cell in cells]
        if any(text.strip() for text in texts):
            yield SourceRow(at, texts, at)


def _first_sheet(file: BinaryIO, limits: Limits) -> Any:
    if file.seek(0, io.SEEK_END) > limits.workbook_bytes:
        raise Refused(
            N_("Tệp Excel lớn quá %(max)d MB. Hãy lưu thành CSV UTF-8.", max=limits.workbook_bytes // 1024**2)
        )
    try:
        with zipfile.ZipFile(file) as parts:
            if "xl/workbook.xml" not in parts.namelist():
                raise Refused(_BROKEN_WORKBOOK)
            _check_size(parts, limits)
        file.seek(0)
        return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    except (CalamineError, IndexError, *BROKEN_ZIP) as wrong:
        raise Refused(_BROKEN_WORKBOOK) from wrong


def plainly_packed(member: zipfile.ZipInfo) -> bool:
    """Whether a member of a zip can be read piece by piece: bzip2 and LZMA unpack all at once, whatever they swell to."""
    encrypted = member.flag_bits & 1
    return not encrypted and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _check_size(parts: zipfile.ZipFile, limits: Limits) -> None:
    """Raise Refused for a workbook that would fill the memory: the reader makes a cell for each place up to the last."""
    if not all(plainly_packed(part) for part in parts.infolist()):
        raise Refused(_BROKEN_WORKBOOK)
    too_big = N_("Tệp Excel phồng lên quá lớn khi mở. Hãy lưu thành CSV UTF-8.")
    if sum(part.file_size for part in parts.infolist()) > limits.unpacked_bytes:
        raise Refused(too_big)
    for name in parts.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            with parts.open(name) as sheet:
                if _area(sheet) > limits.cells:
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
        return unquoted(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def check_header(header: list[str], sheet: Sheet) -> list[str]:
    """The names of the columns in their order; raises Refused for a header that cannot be read. Unknown names stay."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    twice = [name for name, count in Counter(name for name in names if name).items() if count > 1]
    if twice:
        raise Refused(N_("Tiêu đề cột lặp lại: %(names)s.", names=listed(twice)))
    missing = [name for name in sheet.columns if name in sheet.required and name not in names]
    if missing:
        raise Refused(
            N_(
                "Thiếu cột bắt buộc: %(names)s. Tệp có các cột: %(found)s.",
                names=listed(missing),
                found=listed(names),
            )
        )
    return names


def unknown_columns(names: list[str], sheet: Sheet) -> list[str]:
    """Columns that are ignored."""
    return [name for name in names if name and name not in sheet.columns]


def listed(names: Iterable[str]) -> str:
    """Names of columns as words; of many the first, of bytes that are no UTF-8 a question mark."""
    shown = [name[:40].encode(errors="replace").decode() for name in names]
    return ", ".join([*shown[:20], *(["…"] if len(shown) > 20 else [])]) or "–"


def quoted(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; overlong ones are cut."""
    cell = cell[:MOST_QUOTED_CELL]
    return "'" + cell if cell.startswith(_FORMULA_SIGNS) else cell


def unquoted(cell: str) -> str:
    """A cell as it was before `quoted`: what we hand out may come back."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_SIGNS) else cell


def csv_bytes(table: Iterable[Iterable[str]]) -> bytes:
    """A table as CSV that spreadsheets open as UTF-8 and without running anything in it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([quoted(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Number format 49 is text: a code that somebody types into these columns keeps its leading zeros.
    "xl/styles.xml": f'<styleSheet {_MAIN}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}  # fmt: skip


def empty_workbook(columns: Sequence[str]) -> bytes:
    """An .xlsx with a header only, whose columns are text."""
    cells = "".join(f'<c t="inlineStr" s="1"><is><t>{escape(name)}</t></is></c>' for name in columns)
    sheet = (
        f'<worksheet {_MAIN}><cols><col min="1" max="{len(columns)}" width="22" style="1" customWidth="1"/></cols>'
        f"<sheetData><row>{cells}</row></sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            parts.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return out.getvalue()
