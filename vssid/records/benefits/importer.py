"""Import kinds `benefits` and `pension-adjustments`: the same key again updates the row, nothing is ever removed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, exists, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from vssid.kernel.db import UtcDateTime
from vssid.kernel.labels import N_
from vssid.kernel.rows import (
    Cells,
    Changed,
    Counts,
    Data,
    Found,
    RandomUuid,
    Sheet,
    Staged,
    first_changes,
    how_many,
    table_of,
)
from vssid.records import cells as cells_of
from vssid.records.benefits.models import Benefit, PensionAdjustment
from vssid.records.benefits.rules import MOST_AMOUNT, BenefitKind
from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import EARLIEST_YEAR, IdKind

BENEFITS = Sheet(
    columns=(
        "ma_so_bhxh",
        "che_do",
        "so_quyet_dinh",
        "ngay_quyet_dinh",
        "tu_ngay",
        "den_ngay",
        "so_tien",
        "don_vi_chi_tra",
        "so_tai_khoan",
        "ngan_hang",
    ),
    required=frozenset({"ma_so_bhxh", "che_do", "so_tien"}),
    key=("ma_so_bhxh", "kind", "decision_number", "from_date"),
)
ADJUSTMENTS = Sheet(
    columns=("ma_so_bhxh", "so_quyet_dinh", "hieu_luc_tu", "muc_cu", "muc_moi", "can_cu"),
    required=frozenset({"ma_so_bhxh", "so_quyet_dinh", "hieu_luc_tu", "muc_cu", "muc_moi"}),
    key=("ma_so_bhxh", "decision_number", "effective_from"),
)
KINDS = {str(kind): str(kind) for kind in BenefitKind}

_AMOUNT = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z .-]{3,38}[0-9A-Za-z]", re.ASCII)


@dataclass(frozen=True)
class Table:
    """Where rows of a kind go: the model, what makes two rows of a person the same, and what may change in one."""

    model: type[Any]
    key: tuple[str, ...]
    values: list[str]
    column: str  # the file's column that a clash between two mã số is shown at


_BENEFITS = Table(
    Benefit,
    ("kind", "decision_number", "from_date"),
    ["decision_date", "to_date", "amount", "payer", "account_number", "bank"],
    "so_quyet_dinh",
)
_ADJUSTMENTS = Table(
    PensionAdjustment, ("decision_number", "effective_from"), ["old_amount", "new_amount", "reason"], "so_quyet_dinh"
)


def benefit_reader(_db: Session, _as_of: date, today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `benefits`."""

    def read(cells: Cells) -> Data:
        first, last = _day(cells, "tu_ngay"), _day(cells, "den_ngay")
        if first and last and last < first:
            cells.wrong("den_ngay", N_("Ngày cuối đứng trước ngày đầu."))
        data: Data = {
            "ma_so_bhxh": cells_of.ma_so(cells, "ma_so_bhxh"),
            "kind": cells.choice("che_do", KINDS, ""),
            "decision_number": cells.text("so_quyet_dinh", 60),
            "from_date": first.isoformat() if first else "",
            "amount": _amount(cells, "so_tien"),
        }
        if cells.has("ngay_quyet_dinh"):
            data["decision_date"] = _iso(_day(cells, "ngay_quyet_dinh", today))
        if cells.has("den_ngay"):
            data["to_date"] = _iso(last)
        for column, name, limit in (("don_vi_chi_tra", "payer", 300), ("ngan_hang", "bank", 200)):
            if cells.has(column):
                data[name] = cells.text(column, limit)
        if cells.has("so_tai_khoan"):
            words = N_("Số tài khoản gồm 5–40 chữ số hoặc chữ cái không dấu.")
            data["account_number"] = cells.shaped("so_tai_khoan", _ACCOUNT, words)
        return data

    return read


def adjustment_reader(_db: Session, _as_of: date, _today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `pension-adjustments`; one may be decided before the day from which it holds."""

    def read(cells: Cells) -> Data:
        data: Data = {
            "ma_so_bhxh": cells_of.ma_so(cells, "ma_so_bhxh"),
            "decision_number": cells.text("so_quyet_dinh", 60),
            "effective_from": _iso(_day(cells, "hieu_luc_tu")) or "",
            "old_amount": _amount(cells, "muc_cu"),
            "new_amount": _amount(cells, "muc_moi"),
        }
        if cells.has("can_cu"):
            data["reason"] = cells.text("can_cu", 500)
        return data

    return read


def _day(cells: Cells, column: str, not_after: date | None = None) -> date | None:
    day = cells.day(column, not_after=not_after)
    if day is not None and day.year < EARLIEST_YEAR:
        cells.wrong(column, N_("Năm phải từ %(year)s trở đi.", year=EARLIEST_YEAR))
    return day


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _amount(cells: Cells, column: str) -> int:
    """Whole đồng, with or without a sign between thousands; 0 when empty or after noting a problem."""
    words = N_("Số tiền là số nguyên, tính bằng đồng, ví dụ 2340000 hoặc 2.340.000.")
    text = cells.shaped(column, _AMOUNT, words)
    if not text:
        return 0
    amount = int(text.replace(".", "").replace(",", ""))
    if not 0 < amount <= MOST_AMOUNT:
        cells.wrong(column, N_("Số tiền phải từ 1 đến %(max)s đồng.", max=Decimal(MOST_AMOUNT)))
        return 0
    return amount


def _owner(staged: Staged) -> tuple[Any, Any]:
    own = aliased(PersonIdentifier)
    return own, and_(own.kind == IdKind.MA_SO_BHXH, own.value == staged.text("ma_so_bhxh"))


def clashes(db: Session, staged: Staged) -> Iterator[Found]:
    """Rows of nobody."""
    _own, is_owner = _owner(staged)
    stray = select(staged.line).where(~exists().where(is_owner)).order_by(staged.line)
    for line in db.scalars(stray):
        yield Found(line, "ma_so_bhxh", N_("Không có ai trong sổ bộ mang mã số này. Hãy nhập người tham gia trước."))


def _clashes_within(db: Session, staged: Staged, table: Table) -> Iterator[Found]:
    """The same row of one person twice, under two mã số."""
    own, is_owner = _owner(staged)
    # The same expressions in both places: PostgreSQL would take others for something else.
    parts = [staged.text(name) for name in table.key]
    names = [part.label(name) for name, part in zip(table.key, parts, strict=True)]
    lines = [func.min(staged.line).label("first"), func.max(staged.line).label("last")]
    shared = (
        select(own.person_id, *names, *lines)
        .select_from(staged.source.join(own, is_owner))
        .group_by(own.person_id, *parts)
        .having(func.count(staged.key.distinct()) > 1)
    ).subquery()
    row = staged.again()
    theirs, is_theirs = _owner(row)
    same = [shared.c[name] == row.text(name) for name in table.key]
    joined = row.source.join(theirs, is_theirs).join(shared, and_(shared.c.person_id == theirs.person_id, *same))
    other = case((row.line == shared.c.first, shared.c.last), else_=shared.c.first)
    for line, other_line in db.execute(select(row.line, other).select_from(joined).order_by(row.line)):
        label = N_("Dòng %(line)s cũng là khoản này của người này, dưới mã số khác.", line=other_line)
        yield Found(line, table.column, label)


def _is(staged: Staged, table: Table, row: Any, person_id: Any) -> Any:
    """That `row` of the register is the one that the staged row speaks of."""
    same = (getattr(row, name) == staged.value(name, getattr(table.model, name)) for name in table.key)
    return and_(row.person_id == person_id, *same)


def _differs(staged: Staged, table: Table, row: Any) -> Any:
    values = staged.values(table.model, table.values)
    return or_(*(getattr(row, name).is_distinct_from(value) for name, value in values.items()))


def _difference(db: Session, staged: Staged, table: Table) -> Counts:
    own, is_owner = _owner(staged)
    row = aliased(table.model)
    joined = staged.source.join(own, is_owner).outerjoin(row, _is(staged, table, row, own.person_id))
    known = row.id.is_not(None)
    counts = (how_many(~known), how_many(and_(known, _differs(staged, table, row))), func.count())
    new, changed, total = db.execute(select(*counts).select_from(joined)).one()
    return Counts(new, changed, total - new - changed)


def _changes(db: Session, staged: Staged, table: Table, most: int) -> list[Changed]:
    own, is_owner = _owner(staged)
    row = aliased(table.model)
    joined = staged.source.join(own, is_owner).join(row, _is(staged, table, row, own.person_id))
    values = staged.values(table.model, table.values)
    return first_changes(db, staged, row, values, joined, _differs(staged, table, row), most)


def _take(db: Session, staged: Staged, table: Table) -> None:
    """Update what differs, then insert what is missing; columns that the file lacks stay as they are, or empty."""
    own, is_owner = _owner(staged)
    target, at = table_of(table.model), literal(staged.at, UtcDateTime())
    given = staged.values(table.model, table.values)
    same = _is(staged, table, table.model, own.person_id)
    changed = update(target).where(is_owner, same, _differs(staged, table, table.model))
    db.execute(changed.values({**given, "updated_at": at}))
    empty = {name: null() if target.c[name].nullable else literal("") for name in table.values}
    row: dict[str, Any] = {
        "id": RandomUuid(),
        "person_id": own.person_id,
        **{name: staged.value(name, getattr(table.model, name)) for name in table.key},
        **empty,
        **given,
        "recorded_at": at,
        "updated_at": at,
    }
    other = aliased(table.model)
    missing = ~exists().where(_is(staged, table, other, own.person_id))
    query = select(*row.values()).select_from(staged.source.join(own, is_owner)).where(missing)
    db.execute(insert(target).from_select(list(row), query))


def benefit_clashes_within(db: Session, staged: Staged) -> Iterator[Found]:
    """The same benefit of one person twice, under two mã số."""
    return _clashes_within(db, staged, _BENEFITS)


def benefit_difference(db: Session, staged: Staged) -> Counts:
    """What taking the benefits over would do."""
    return _difference(db, staged, _BENEFITS)


def benefit_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first benefits that would change."""
    return _changes(db, staged, _BENEFITS, most)


def take_benefits(db: Session, staged: Staged) -> None:
    """Take the benefits over."""
    _take(db, staged, _BENEFITS)


def adjustment_clashes_within(db: Session, staged: Staged) -> Iterator[Found]:
    """The same adjustment of one person twice, under two mã số."""
    return _clashes_within(db, staged, _ADJUSTMENTS)


def adjustment_difference(db: Session, staged: Staged) -> Counts:
    """What taking the adjustments over would do."""
    return _difference(db, staged, _ADJUSTMENTS)


def adjustment_changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first adjustments that would change."""
    return _changes(db, staged, _ADJUSTMENTS, most)


def take_adjustments(db: Session, staged: Staged) -> None:
    """Take the adjustments over."""
    _take(db, staged, _ADJUSTMENTS)


def follow_mergers(db: Session) -> None:
    """Rows of merged persons become those of the one who answers for them, unless they have the same one already.

    Of two merged persons with the same row only one gives it; what stays behind is shown to nobody.
    """
    for table in (_BENEFITS, _ADJUSTMENTS):
        model = table.model
        merged, person, theirs = aliased(Person), aliased(Person), aliased(Person)
        other = aliased(model)
        survivor = select(person.merged_into_id).where(person.id == model.person_id).correlate(model).scalar_subquery()
        rival = or_(theirs.id == survivor, and_(theirs.merged_into_id == survivor, other.id < model.id))
        same = (getattr(other, name) == getattr(model, name) for name in table.key)
        twin = exists().where(other.person_id == theirs.id, rival, *same)
        among = model.person_id.in_(select(merged.id).where(merged.merged_into_id.is_not(None)))
        db.execute(update(table_of(model)).where(among, ~twin).values(person_id=survivor))
