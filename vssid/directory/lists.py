"""Import kinds `icd10` and `parameters`: names of diseases, and the figures of the law with their days."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from vssid.directory.models import Icd10Code, Parameter
from vssid.directory.rules import LEAST_MONEY, icd10_key, is_readable
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import (
    Cells,
    Changed,
    Counts,
    Data,
    Found,
    Sheet,
    Staged,
    first_changes,
    how_many,
    table_of,
)

ICD10 = Sheet(columns=("ma", "ten_vi", "ten_en"), required=frozenset({"ma", "ten_vi"}), key=("code",))
PARAMETERS = Sheet(
    columns=("ma", "gia_tri", "hieu_luc_tu", "hieu_luc_den", "can_cu"),
    required=frozenset({"ma", "gia_tri", "hieu_luc_tu", "can_cu"}),
    key=("code", "valid_from"),
)
LONGEST_VALUE = 2_000

_ICD10 = re.compile(r"[A-Za-z][0-9]{2}(?:\.?[0-9A-Za-z]{1,4})?\s*[†*+]?")
_PARAMETER = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")


def icd10_reader(_db: Session, _as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `icd10`; with and without dot, † and * a code is the same one."""
    return _read_icd10


def _read_icd10(cells: Cells) -> Data:
    printed = cells.shaped("ma", _ICD10, N_("Mã ICD-10 gồm một chữ cái, hai chữ số, rồi có thể thêm dấu chấm và số."))
    data: Data = {"code": icd10_key(printed), "printed": printed.upper(), "name": cells.text("ten_vi", 300)}
    if cells.has("ten_en"):
        data["name_en"] = cells.text("ten_en", 300)
    return data


def parameter_reader(_db: Session, _as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `parameters`."""
    return _read_parameter


def _read_parameter(cells: Cells) -> Data:
    first, last = cells.day("hieu_luc_tu"), cells.day("hieu_luc_den")
    if first and last and last < first:
        cells.wrong("hieu_luc_den", N_("Ngày cuối đứng trước ngày đầu."))
    words = N_("Mã tham số gồm chữ thường không dấu, chữ số, dấu gạch dưới và dấu chấm, ví dụ luong_co_so.")
    data: Data = {
        "code": cells.shaped("ma", _PARAMETER, words, 60),
        "valid_from": first.isoformat() if first else "",
        "value": cells.text("gia_tri", LONGEST_VALUE),
        "source": cells.text("can_cu", 300),
    }
    if data["value"] and not is_readable(data["code"], data["value"]):
        words = N_(
            "Số phải viết liền, phần lẻ sau dấu chấm, ví dụ 2530000 hoặc 4.5; số tiền từ %(min)s trở lên.",
            min=LEAST_MONEY,
        )
        cells.wrong("gia_tri", words)
    if cells.has("hieu_luc_den"):
        data["valid_to"] = last.isoformat() if last else None
    return data


def _icd10_values(staged: Staged) -> dict[str, Any]:
    return staged.values(Icd10Code, ["printed", "name", "name_en"])


def icd10_difference(db: Session, staged: Staged) -> Counts:
    """What taking the codes over would do."""
    return _difference(db, staged, Icd10Code, Icd10Code.code == staged.key, _icd10_values(staged))


def icd10_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first codes that would change."""
    return _changes(db, staged, Icd10Code, Icd10Code.code == staged.key, _icd10_values(staged), most)


def take_icd10(db: Session, staged: Staged) -> None:
    """Insert new codes and update changed ones."""
    _take(
        db,
        staged,
        Icd10Code,
        Icd10Code.code == staged.key,
        {"code": staged.key, "name_en": literal("")},
        _icd10_values(staged),
    )


def _same_parameter(staged: Staged) -> Any:
    first = staged.value("valid_from", Parameter.valid_from)
    return and_(Parameter.code == staged.text("code"), Parameter.valid_from == first)


def _parameter_values(staged: Staged) -> dict[str, Any]:
    return staged.values(Parameter, ["value", "source", "valid_to"])


def parameter_difference(db: Session, staged: Staged) -> Counts:
    """What taking the parameters over would do."""
    return _difference(db, staged, Parameter, _same_parameter(staged), _parameter_values(staged))


def parameter_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first values that would change."""
    return _changes(db, staged, Parameter, _same_parameter(staged), _parameter_values(staged), most)


def take_parameters(db: Session, staged: Staged) -> None:
    """Insert new values and update changed ones; the days of a code never overlap."""
    first = {
        "code": staged.text("code"),
        "valid_from": staged.value("valid_from", Parameter.valid_from),
        "valid_to": null(),
    }
    _take(db, staged, Parameter, _same_parameter(staged), first, _parameter_values(staged))


class _Period(NamedTuple):
    """When a value holds, and in which line of the file it stands; None for one of the table."""

    first: date
    last: date | None
    line: int | None


def check_periods(db: Session, staged: Staged) -> Iterator[Found]:
    """Values of one code that would hold on the same day, in the file or together with what the table has."""
    periods: dict[str, dict[date, _Period]] = {}
    for row in db.scalars(select(Parameter).where(Parameter.code.in_(select(staged.text("code"))))):
        periods.setdefault(row.code, {})[row.valid_from] = _Period(row.valid_from, row.valid_to, None)
    end = staged.text("valid_to") if "valid_to" in staged.names else null()
    columns: list[Any] = [staged.line, staged.text("code"), staged.text("valid_from"), end]
    for line, code, first_text, last_text in db.execute(select(*columns).order_by(staged.line)):
        first, of_code = date.fromisoformat(first_text), periods.setdefault(code, {})
        last = date.fromisoformat(last_text) if last_text else None
        if "valid_to" not in staged.names and first in of_code:
            last = of_code[first].last
        of_code[first] = _Period(first, last, line)
    for of_code in periods.values():
        yield from _overlapping([of_code[first] for first in sorted(of_code)])


def _overlapping(periods: list[_Period]) -> Iterator[Found]:
    for before, after in pairwise(periods):
        if before.last is not None and before.last < after.first:
            continue
        if after.line is not None:
            yield Found(after.line, "hieu_luc_tu", _words(before))
        elif before.line is not None:
            yield Found(before.line, "hieu_luc_den", _words(after))


def _words(other: _Period) -> Label:
    if other.line is not None:
        return N_("Trùng thời gian với dòng %(line)s.", line=other.line)
    return N_(
        "Trùng thời gian với giá trị đang có từ ngày %(first)s. Hãy ghi ngày hết hiệu lực của giá trị đó trong cùng tệp.",
        first=f"{other.first:%d/%m/%Y}",
    )


def _differs(model: type[Any], values: dict[str, Any]) -> Any:
    return or_(*(getattr(model, name).is_distinct_from(value) for name, value in values.items()))


def _difference(db: Session, staged: Staged, model: type[Any], same: Any, values: dict[str, Any]) -> Counts:
    known = model.code.is_not(None)
    joined = staged.source.outerjoin(table_of(model), same)
    counts = (how_many(~known), how_many(and_(known, _differs(model, values))), func.count())
    new, changed, total = db.execute(select(*counts).select_from(joined)).one()
    return Counts(new, changed, total - new - changed)


def _changes(
    db: Session, staged: Staged, model: type[Any], same: Any, values: dict[str, Any], most: int
) -> list[Changed]:
    joined = staged.source.join(table_of(model), same)
    return first_changes(db, staged, model, values, joined, _differs(model, values), most)


def _take(
    db: Session, staged: Staged, model: type[Any], same: Any, first: dict[str, Any], values: dict[str, Any]
) -> None:
    table = table_of(model)
    db.execute(update(table).where(same, _differs(model, values)).values(values))
    row = {**first, **values}
    missing = select(*row.values()).select_from(staged.source).where(~exists().where(same))
    db.execute(insert(table).from_select(list(row), missing))
