"""The rows of a roster's file, checked one by one: good ones are kept even where others are refused."""

from collections.abc import Sequence
from datetime import date

from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import Cells
from vssid.kernel.tables import Problem, SourceRow, check_header, unknown_columns
from vssid.kernel.workshop import Workshop
from vssid.records import cells as person_cells
from vssid.rosters.rules import (
    LARGEST_BYTES,
    LIMITS,
    LONGEST_CLASS,
    MOST_ROWS,
    READ_SECONDS,
    SHEET,
    Reading,
    Row,
)

# A file from a stranger is unpacked by the child alone.
_READ = "vssid.kernel.tables:read_all"


def read(workshop: Workshop, data: bytes, today: date) -> Reading:
    """What a file holds. Raises Refused when it cannot be read as a whole, Busy as the workshop does."""
    if not data:
        raise Refused(N_("Hãy chọn tệp danh sách."), "file")
    if len(data) > LARGEST_BYTES:
        raise Refused(N_("Tệp lớn quá %(max)d MB. Hãy chia nhỏ danh sách.", max=LARGEST_BYTES // 1024**2), "file")
    found: list[SourceRow] | Label = workshop.run_named(READ_SECONDS, _READ, data, MOST_ROWS + 2, LIMITS)
    if isinstance(found, Label):
        raise Refused(found, "file")
    return checked(found, today)


def checked(source: Sequence[SourceRow], today: date) -> Reading:
    """The rows below the header. Raises Refused for a file without usable header, without rows or with too many."""
    if not source:
        raise Refused(N_("Tệp rỗng."), "file")
    header, *rows = source
    if header.problem:
        raise Refused(header.problem, "file")
    try:
        columns = check_header(header.cells, SHEET)
    except Refused as refusal:
        raise Refused(refusal.label, "file") from refusal
    if not rows:
        raise Refused(N_("Tệp không có dòng dữ liệu nào."), "file")
    if len(rows) > MOST_ROWS:
        raise Refused(N_("Tệp có quá %(max)d dòng. Hãy chia nhỏ tệp.", max=MOST_ROWS), "file")
    return _checked_rows(rows, columns, today)


def _checked_rows(rows: Sequence[SourceRow], columns: list[str], today: date) -> Reading:
    good: list[Row] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    refused = 0
    for source in rows:
        cells = _cells(source, columns)
        row = _row(source.line, cells, today) if not source.problem else None
        if row is not None and row.ma_so_bhxh:
            first = lines.setdefault(row.ma_so_bhxh, source.line)
            if first != source.line:
                cells.wrong("ma_so_bhxh", N_("Trùng mã số BHXH với dòng %(line)s.", line=first))
        problems += [Problem(source.line, column, label) for column, label in cells.problems]
        if cells.problems or row is None:
            refused += 1
        else:
            good.append(row)
    return Reading(good, problems, refused, unknown_columns(columns, SHEET))


def _cells(source: SourceRow, columns: list[str]) -> Cells:
    given = source.cells
    wanted = [(at, name) for at, name in enumerate(columns) if name in SHEET.columns]
    cells = Cells({name: given[at] if at < len(given) else "" for at, name in wanted})
    if source.problem:
        cells.wrong("", source.problem)
    elif any(cell.strip() for cell in given[len(columns) :]):
        cells.wrong("", N_("Dòng có nhiều ô hơn tiêu đề."))
    return cells


def _row(line: int, cells: Cells, today: date) -> Row:
    ma_so = person_cells.ma_so(cells, "ma_so_bhxh")
    name = person_cells.full_name(cells, "ho_ten")
    born = person_cells.birth_date(cells, "ngay_sinh", today)
    guardian = person_cells.ma_so(cells, "ma_so_bhxh_giam_ho")
    if guardian and guardian == ma_so:
        cells.wrong("ma_so_bhxh_giam_ho", N_("Không thể là chính mã số của dòng này."))
    row = Row(line, ma_so, name, born.iso() if born else "", cells.text("lop_hoac_to", LONGEST_CLASS), guardian)
    cells.require(SHEET.required)
    return row
