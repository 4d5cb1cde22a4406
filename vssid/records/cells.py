"""Cells of tables that name a person: what any list of people has, read alike everywhere."""

from datetime import date

from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import Cells
from vssid.records.rules import PartialDate, check_name, ma_so_bhxh_ok

_BAD_CODE = N_("Mã số BHXH gồm đúng 10 chữ số.")


def ma_so(cells: Cells, column: str) -> str:
    """A mã số BHXH; '' when empty or after noting a problem."""
    code = cells.text(column, 40)
    if code and not ma_so_bhxh_ok(code):
        cells.wrong(column, _BAD_CODE)
        return ""
    return code


def full_name(cells: Cells, column: str) -> str:
    """A person's name; as it stands after noting a problem."""
    name = cells.text(column, 200)
    try:
        return check_name(name) if name else ""
    except Refused as refusal:
        cells.wrong(column, refusal.label)
        return name


def birth_date(cells: Cells, column: str, today: date) -> PartialDate | None:
    """A birth date, possibly partial; None when empty or unreadable."""
    text = cells.text(column, 40)
    if not text:
        return None
    try:
        born = PartialDate.parse(text)
    except Refused as refusal:
        cells.wrong(column, refusal.label)
        return None
    if born.in_future(today):
        cells.wrong(column, N_("Ngày này chưa đến."))
    return born
