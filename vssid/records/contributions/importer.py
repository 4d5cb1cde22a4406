"""Import kind `contributions`: a row is a period with one employer, known by person, fund, kind, first month, employer."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from vssid.kernel.db import UtcDateTime
from vssid.kernel.labels import N_, Label
from vssid.kernel.rows import (
    Cells,
    Changed,
    Counts,
    Data,
    Found,
    RandomUuid,
    Sheet,
    Staged,
    count_again,
    first_changes,
    how_many,
    table_of,
)
from vssid.records import cells as cells_of
from vssid.records.contributions import watch
from vssid.records.contributions.models import Contribution
from vssid.records.contributions.rules import Fund, Kind, Month, Status, first_day, key_of_name, month_of, spoken
from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import IdKind

CONTRIBUTIONS = Sheet(
    columns=(
        "ma_so_bhxh", "quy", "tu_thang", "den_thang", "ma_don_vi", "ten_don_vi", "chuc_vu", "noi_lam_viec", "tien_luong",
        "he_so", "loai_tien", "loai_hinh", "trang_thai",
    ),
    required=frozenset({"ma_so_bhxh", "quy", "tu_thang", "den_thang", "ten_don_vi"}),
    key=("ma_so_bhxh", "fund", "kind", "from_month", "employer_key"),
)  # fmt: skip
# What a row says beside its key; the names are those of the table and of the staged rows alike.
NAMES = [
    "to_month", "employer_code", "employer_name", "job", "workplace", "salary", "coefficient", "currency", "status",
]  # fmt: skip
FUNDS = {str(fund): str(fund) for fund in Fund}
KINDS = {str(kind): str(kind) for kind in Kind}
STATES = {str(status): str(status) for status in Status}

EARLIEST = month_of(date(1945, 9, 1))
BHTN_BEGAN = month_of(date(2009, 1, 1))  # Law 71/2006/QH11, article 140
# Voluntary BHXH may be paid up to five years ahead (Decree 159/2025/NĐ-CP), household BHYT a year.
MOST_AHEAD = 60
HIGHEST_SALARY = Decimal(1_000_000_000)
HIGHEST_COEFFICIENT = Decimal(20)

_ROWS = table_of(Contribution)
_MONTH = re.compile(r"(?:0?1/)?(\d{1,2})/(\d{4})", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?", re.ASCII)
_EMPLOYER = re.compile(r"[A-Z0-9][A-Z0-9./-]{1,19}")
_CURRENCY = re.compile(r"[A-Z]{3}")
# Three digits behind a sign are thousands, as no amount has thousandths; one or two are the part behind the comma.
_AMOUNTS = (
    re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,12})(?:,(\d{1,2}))?", re.ASCII),
    re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?", re.ASCII),
)
_COEFFICIENT = re.compile(r"(\d{1,4})(?:[.,](\d{1,3}))?", re.ASCII)


def reader(_db: Session, _as_of: date, today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `contributions`; months up to the one after `today` are taken, or what may be paid ahead."""
    now = month_of(today)

    def read(cells: Cells) -> Data:
        data: Data = {
            "ma_so_bhxh": cells_of.ma_so(cells, "ma_so_bhxh"),
            "fund": cells.choice("quy", FUNDS, ""),
            "kind": cells.choice("loai_hinh", KINDS, str(Kind.COMPULSORY)),
        }
        ahead = data["kind"] == Kind.VOLUNTARY or data["fund"] == Fund.BHYT
        _read_months(cells, data, now + (MOST_AHEAD if ahead else 1))
        _read_employer(cells, data)
        _read_salary(cells, data)
        if cells.has("trang_thai"):
            data["status"] = cells.choice("trang_thai", STATES, str(Status.PAID))
        return data

    return read


def _read_months(cells: Cells, data: Data, latest: Month) -> None:
    first, last = _month(cells, "tu_thang", latest), _month(cells, "den_thang", latest)
    if first and last and last < first:
        cells.wrong("den_thang", N_("Tháng cuối đứng trước tháng đầu."))
    if first and data["fund"] == Fund.BHTN and first < BHTN_BEGAN:
        cells.wrong("tu_thang", N_("Bảo hiểm thất nghiệp có từ tháng %(month)s.", month=spoken(BHTN_BEGAN)))
    data["from_month"] = first_day(first).isoformat() if first else ""
    data["to_month"] = first_day(last).isoformat() if last else ""


def _month(cells: Cells, column: str, latest: Month) -> Month | None:
    """A month, mm/yyyy (or ISO, or its first day, which is what workbooks make of it); None after noting a problem."""
    text = cells.text(column, 40)
    if not text:
        return None
    if found := _MONTH.fullmatch(text):
        number, year = int(found[1]), int(found[2])
    elif found := _ISO_MONTH.fullmatch(text):
        number, year = int(found[2]), int(found[1])
    else:
        cells.wrong(column, N_("Tháng phải viết là tháng/năm, ví dụ 09/2020."))
        return None
    if not 1 <= number <= 12:
        cells.wrong(column, N_("Không có tháng này trong lịch."))
        return None
    month = year * 12 + number - 1
    if month > latest:
        cells.wrong(column, N_("Tháng này chưa đến: chỉ nhận đến tháng %(month)s.", month=spoken(latest)))
    elif month < EARLIEST:
        cells.wrong(column, N_("Năm này quá xa trong quá khứ."))
    return month


def _read_employer(cells: Cells, data: Data) -> None:
    words = N_("Mã đơn vị gồm 2 đến 20 chữ in hoa và chữ số.")
    code = cells.shaped("ma_don_vi", _EMPLOYER, words)
    name = cells.text("ten_don_vi", 200)
    if cells.has("ma_don_vi"):
        data["employer_code"] = code
    data["employer_name"] = name
    data["employer_key"] = code or key_of_name(name)
    for column, attribute, limit in (("chuc_vu", "job", 200), ("noi_lam_viec", "workplace", 300)):
        if cells.has(column):
            data[attribute] = cells.text(column, limit)


def _read_salary(cells: Cells, data: Data) -> None:
    if cells.has("tien_luong"):
        data["salary"] = _salary(cells)
    if cells.has("he_so"):
        data["coefficient"] = _coefficient(cells)
    if cells.has("loai_tien"):
        words = N_("Loại tiền gồm 3 chữ in hoa, ví dụ VND.")
        data["currency"] = cells.shaped("loai_tien", _CURRENCY, words) or "VND"


def _salary(cells: Cells) -> str | None:
    text = cells.text("tien_luong", 40)
    if not text:
        return None
    found = next((match for shape in _AMOUNTS if (match := shape.fullmatch(text))), None)
    if found is None:
        cells.wrong("tien_luong", N_("Số tiền chỉ gồm chữ số, ví dụ 5453400 hoặc 5.453.400,00."))
        return None
    whole = found[1].replace(".", "").replace(",", "")
    return _bounded(cells, "tien_luong", Decimal(f"{whole}.{found[2] or 0}"), HIGHEST_SALARY, 2)


def _coefficient(cells: Cells) -> str | None:
    text = cells.text("he_so", 40)
    if not text:
        return None
    found = _COEFFICIENT.fullmatch(text)
    if found is None:
        cells.wrong("he_so", N_("Hệ số là số có nhiều nhất 3 chữ số sau dấu phẩy, ví dụ 3,66."))
        return None
    return _bounded(cells, "he_so", Decimal(f"{found[1]}.{found[2] or 0}"), HIGHEST_COEFFICIENT, 3)


def _bounded(cells: Cells, column: str, value: Decimal, highest: Decimal, scale: int) -> str:
    if value > highest:
        words: Label = N_("Lớn quá mức có thể có: nhiều nhất %(max)s.", max=f"{highest:,}".replace(",", "."))
        cells.wrong(column, words)
    return f"{value:.{scale}f}"


def _owner(staged: Staged) -> tuple[Any, Any]:
    own = aliased(PersonIdentifier)
    return own, and_(own.kind == IdKind.MA_SO_BHXH, own.value == staged.text("ma_so_bhxh"))


def _is_row(staged: Staged, person_id: Any) -> Any:
    """The row of the table that a staged row speaks of, in the order of the unique key."""
    return and_(
        Contribution.person_id == person_id,
        Contribution.fund == staged.text("fund"),
        Contribution.kind == staged.text("kind"),
        Contribution.from_month == staged.value("from_month", Contribution.from_month),
        Contribution.employer_key == staged.text("employer_key"),
    )


def clashes(db: Session, staged: Staged) -> Iterator[Found]:
    """Contributions of nobody."""
    _own, is_owner = _owner(staged)
    stray = select(staged.line).where(~exists().where(is_owner)).order_by(staged.line)
    for line in db.scalars(stray):
        yield Found(line, "ma_so_bhxh", N_("Không có ai trong sổ bộ mang mã số này. Hãy nhập người tham gia trước."))


def clashes_within(db: Session, staged: Staged) -> Iterator[Found]:
    """The same period of one person under two mã số."""
    # Only who bears a second number can be meant twice; they are few, and all others need not be grouped.
    own, other = aliased(PersonIdentifier), aliased(PersonIdentifier)
    twice = exists().where(other.person_id == own.person_id, other.kind == own.kind, other.value != own.value)
    ended = and_(own.kind == IdKind.MA_SO_BHXH, own.value == staged.text("ma_so_bhxh"), twice)
    key = [staged.text(name) for name in CONTRIBUTIONS.key[1:]]
    query = (
        select(own.person_id, *key, staged.line)
        .select_from(staged.source.join(own, ended))
        .order_by(own.person_id, *key, staged.line)
    )
    first: Any = None
    for row in db.execute(query):
        if first is not None and first[:-1] == row[:-1]:
            for line, elsewhere in ((first[-1], row[-1]), (row[-1], first[-1])):
                label = N_("Dòng %(line)s cũng là giai đoạn này của người này, dưới mã số khác.", line=elsewhere)
                yield Found(line, "tu_thang", label)
        else:
            first = row


def difference(db: Session, staged: Staged) -> Counts:
    """What taking the rows over would do."""
    own, is_owner = _owner(staged)
    joined = staged.source.join(own, is_owner).outerjoin(Contribution, _is_row(staged, own.person_id))
    known = Contribution.id.is_not(None)
    query = select(how_many(~known), how_many(and_(known, _differs(staged))), func.count()).select_from(joined)
    new, changed, total = db.execute(query).one()
    return Counts(new, changed, total - new - changed)


def changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first periods that would change."""
    own, is_owner = _owner(staged)
    joined = staged.source.join(own, is_owner).join(Contribution, _is_row(staged, own.person_id))
    return first_changes(db, staged, Contribution, staged.values(Contribution, NAMES), joined, _differs(staged), most)


def _differs(staged: Staged) -> Any:
    values = staged.values(Contribution, NAMES)
    return or_(*(getattr(Contribution, name).is_distinct_from(value) for name, value in values.items()))


def take(db: Session, staged: Staged) -> None:
    """Update what differs, then insert what is missing; columns that the table lacks stay as they are."""
    own, is_owner = _owner(staged)
    given = staged.values(Contribution, NAMES)
    at = literal(staged.at, UtcDateTime())
    changed = and_(is_owner, _is_row(staged, own.person_id), _differs(staged))
    db.execute(update(_ROWS).where(changed).values(**given, updated_at=at))
    fresh = {"currency": literal("VND"), "status": literal(str(Status.PAID)), "salary": None, "coefficient": None}
    row: dict[str, Any] = {
        "id": RandomUuid(),
        "person_id": own.person_id,
        "fund": staged.text("fund"),
        "kind": staged.text("kind"),
        "from_month": staged.value("from_month", Contribution.from_month),
        "employer_key": staged.text("employer_key"),
        "recorded_at": at,
        "updated_at": at,
    }
    row |= {name: given[name] if name in given else fresh.get(name, literal("")) for name in NAMES}
    row = {name: value for name, value in row.items() if value is not None}
    joined = staged.source.join(own, is_owner).outerjoin(Contribution, _is_row(staged, own.person_id))
    query = select(*row.values()).select_from(joined).where(Contribution.id.is_(None))
    db.execute(insert(_ROWS).from_select(list(row), query))
    count_again(db, Contribution)
    watch.ask(db)


def follow_mergers(db: Session) -> None:
    """Contributions of merged persons become those of the one who answers for them, unless they have the same period.

    Of two merged persons with the same period only one gives it.
    """
    merged, person, theirs, other = aliased(Person), aliased(Person), aliased(Person), aliased(Contribution)
    of_row = select(person.merged_into_id).where(person.id == Contribution.person_id)
    # Correlated outright, because within a second subquery SQLAlchemy would not look that far out.
    survivor = of_row.correlate(Contribution).scalar_subquery()
    rival = or_(theirs.id == survivor, and_(theirs.merged_into_id == survivor, other.id < Contribution.id))
    same = (getattr(other, name) == getattr(Contribution, name) for name in CONTRIBUTIONS.key[1:])
    twin = exists().where(other.person_id == theirs.id, rival, *same)
    among = Contribution.person_id.in_(select(merged.id).where(merged.merged_into_id.is_not(None)))
    db.execute(update(_ROWS).where(among, ~twin).values(person_id=survivor))
