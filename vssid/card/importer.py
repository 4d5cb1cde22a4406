"""Import kind `cards`: each changed row adds a version, nothing is overwritten; a withdrawal is a version too."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from vssid.card.models import Card
from vssid.directory.models import Facility
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
from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import IdKind, ma_so_bhxh_ok

CARDS = Sheet(
    columns=(
        "ma_so_bhxh",
        "so_the",
        "muc_huong",
        "ma_doi_tuong",
        "tu_ngay",
        "den_ngay",
        "ma_cskcb",
        "nam_nam_lien_tuc",
        "ma_khu_vuc",
        "ngay_cap",
        "noi_cap",
        "nguoi_ky",
        "trang_thai",
    ),
    required=frozenset({"ma_so_bhxh", "muc_huong", "tu_ngay", "ma_cskcb"}),
    key=("ma_so_bhxh", "valid_from"),
)
# What makes two versions differ; the names are those of the table and of the staged rows alike.
CARD_NAMES = [
    "ma_so_bhxh", "number", "level", "object_code", "valid_to", "facility_code", "five_years_from", "area_code",
    "issued_on", "issued_by", "signatory", "status",
]  # fmt: skip
LEVELS = {str(level): level for level in range(1, 6)}
AREAS = {code: code for code in ("K1", "K2", "K3")}
STATES = {code: code for code in ("hieu_luc", "thu_hoi")}

_OBJECT = re.compile(r"[A-Z]{2}")
_LONG_NUMBER = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")


def reader(db: Session, _as_of: date, today: date) -> Callable[[Cells], Data]:
    """The reader of rows of `cards`; it knows the facilities that there are."""
    facilities = frozenset(db.scalars(select(Facility.code)))

    def read(cells: Cells) -> Data:
        data: Data = {"ma_so_bhxh": cells.text("ma_so_bhxh", 40), "level": cells.choice("muc_huong", LEVELS, 0)}
        if data["ma_so_bhxh"] and not ma_so_bhxh_ok(data["ma_so_bhxh"]):
            cells.wrong("ma_so_bhxh", N_("Mã số BHXH gồm đúng 10 chữ số."))
        _read_number(cells, data)
        _read_days(cells, data, today)
        data["facility_code"] = cells.text("ma_cskcb", 40)
        if data["facility_code"] and data["facility_code"] not in facilities:
            cells.wrong("ma_cskcb", N_("Không có cơ sở KCB nào mang mã này. Hãy nhập danh mục cơ sở KCB trước."))
        for column, name, limit in (("noi_cap", "issued_by", 200), ("nguoi_ky", "signatory", 100)):
            if cells.has(column):
                data[name] = cells.text(column, limit)
        if cells.has("ma_khu_vuc"):
            data["area_code"] = cells.choice("ma_khu_vuc", AREAS, "")
        if cells.has("trang_thai"):
            data["status"] = cells.choice("trang_thai", STATES, "hieu_luc")
        return data

    return read


def _read_number(cells: Cells, data: Data) -> None:
    """The number as printed and the object code; 15 signs are object (2), level (1), province (2), mã số (10)."""
    code = data["ma_so_bhxh"]
    number = cells.text("so_the", 40).upper()
    group = cells.shaped("ma_doi_tuong", _OBJECT, N_("Mã đối tượng gồm 2 chữ in hoa."))
    if _LONG_NUMBER.fullmatch(number):
        if data["level"] and number[2] != str(data["level"]):
            cells.wrong("so_the", N_("Chữ số thứ 3 của số thẻ khác mức hưởng."))
        if group and number[:2] != group:
            cells.wrong("so_the", N_("Hai chữ đầu của số thẻ khác mã đối tượng."))
        group = group or number[:2]
    elif number and not ma_so_bhxh_ok(number):
        cells.wrong("so_the", N_("Số thẻ gồm 15 ký tự (2 chữ, 13 số) hoặc 10 chữ số."))
        number = ""
    if number and code and number[-10:] != code:
        cells.wrong("so_the", N_("10 số cuối của số thẻ khác mã số BHXH."))
    if cells.has("so_the"):
        data["number"] = number or code
    if cells.has("ma_doi_tuong") or cells.has("so_the"):
        data["object_code"] = group


def _read_days(cells: Cells, data: Data, today: date) -> None:
    first, last = cells.day("tu_ngay"), cells.day("den_ngay")
    if first and last and last < first:
        cells.wrong("den_ngay", N_("Ngày cuối đứng trước ngày đầu."))
    data["valid_from"] = first.isoformat() if first else ""
    for column, name, day in (
        ("den_ngay", "valid_to", last),
        ("nam_nam_lien_tuc", "five_years_from", cells.day("nam_nam_lien_tuc")),
        ("ngay_cap", "issued_on", cells.day("ngay_cap", not_after=today)),
    ):
        if cells.has(column):
            data[name] = day.isoformat() if day else None


def _owner(staged: Staged) -> tuple[Any, Any]:
    own = aliased(PersonIdentifier)
    return own, and_(own.kind == IdKind.MA_SO_BHXH, own.value == staged.text("ma_so_bhxh"))


def _latest(person_id: Any, valid_from: Any) -> tuple[Any, Any]:
    card, later = aliased(Card), aliased(Card)
    newer = exists().where(
        later.person_id == card.person_id, later.valid_from == card.valid_from, later.version > card.version
    )
    return card, and_(card.person_id == person_id, card.valid_from == valid_from, ~newer)


def clashes(db: Session, staged: Staged) -> Iterator[Found]:
    """Cards of nobody."""
    _own, is_owner = _owner(staged)
    stray = select(staged.line).where(~exists().where(is_owner)).order_by(staged.line)
    for line in db.scalars(stray):
        yield Found(line, "ma_so_bhxh", N_("Không có ai trong sổ bộ mang mã số này. Hãy nhập người tham gia trước."))


def clashes_within(db: Session, staged: Staged) -> Iterator[Found]:
    """Two cards of one person, under two mã số, from the same day."""
    own, is_owner = _owner(staged)
    day = staged.text("valid_from")
    shared = (
        select(
            own.person_id, day.label("day"), func.min(staged.line).label("first"), func.max(staged.line).label("last")
        )
        .select_from(staged.source.join(own, is_owner))
        .group_by(own.person_id, day)
        .having(func.count(staged.key.distinct()) > 1)
    ).subquery()
    row = staged.again()
    theirs, is_theirs = _owner(row)
    joined = row.source.join(theirs, is_theirs).join(
        shared, and_(shared.c.person_id == theirs.person_id, shared.c.day == row.text("valid_from"))
    )
    other = case((row.line == shared.c.first, shared.c.last), else_=shared.c.first)
    for line, other_line in db.execute(select(row.line, other).select_from(joined).order_by(row.line)):
        label = N_("Dòng %(line)s cũng là thẻ của người này từ cùng ngày, dưới mã số khác.", line=other_line)
        yield Found(line, "tu_ngay", label)


def difference(db: Session, staged: Staged) -> Counts:
    """What taking the rows over would do: new cards, cards that get another version, cards that are so already."""
    own, is_owner = _owner(staged)
    card, is_latest = _latest(own.person_id, staged.value("valid_from", Card.valid_from))
    joined = staged.source.join(own, is_owner).outerjoin(card, is_latest)
    known = card.id.is_not(None)
    query = select(how_many(~known), how_many(and_(known, _differs(staged, card))), func.count()).select_from(joined)
    new, changed, total = db.execute(query).one()
    return Counts(new, changed, total - new - changed)


def changes(db: Session, staged: Staged, most: int) -> list[Changed]:
    """The first cards that would get another version."""
    own, is_owner = _owner(staged)
    card, is_latest = _latest(own.person_id, staged.value("valid_from", Card.valid_from))
    joined = staged.source.join(own, is_owner).join(card, is_latest)
    values = staged.values(Card, CARD_NAMES)
    return first_changes(db, staged, card, values, joined, _differs(staged, card), most)


def _differs(staged: Staged, card: Any) -> Any:
    values = staged.values(Card, CARD_NAMES)
    return or_(*(getattr(card, name).is_distinct_from(value) for name, value in values.items()))


def take(db: Session, staged: Staged) -> None:
    """Add a version for each new or changed card; columns that the table lacks stay as in the version before."""
    own, is_owner = _owner(staged)
    first_day = staged.value("valid_from", Card.valid_from)
    card, is_latest = _latest(own.person_id, first_day)
    given = staged.values(Card, CARD_NAMES)
    fresh = {"number": staged.text("ma_so_bhxh"), "status": literal("hieu_luc")}
    row: dict[str, Any] = {
        "id": RandomUuid(),
        "person_id": own.person_id,
        "valid_from": first_day,
        "version": func.coalesce(card.version, literal(0, Integer)) + 1,
        "recorded_at": literal(staged.at, UtcDateTime()),
    }
    for name in CARD_NAMES:
        column = getattr(card, name)
        empty = fresh.get(name, None if table_of(Card).c[name].nullable else literal(""))
        row[name] = given.get(name, column if empty is None else func.coalesce(column, empty))
    joined = staged.source.join(own, is_owner).outerjoin(card, is_latest)
    query = select(*row.values()).select_from(joined).where(or_(card.id.is_(None), _differs(staged, card)))
    db.execute(insert(table_of(Card)).from_select(list(row), query))


def follow_mergers(db: Session) -> None:
    """Cards of merged persons become those of the one who answers for them, unless they have one from the same day.

    Of two merged persons with cards from the same day only one gives theirs, with all its versions.
    """
    merged, person, theirs, other = aliased(Person), aliased(Person), aliased(Person), aliased(Card)
    # Correlated outright, because within a second subquery SQLAlchemy would not look that far out.
    survivor = select(person.merged_into_id).where(person.id == Card.person_id).correlate(Card).scalar_subquery()
    rival = or_(theirs.id == survivor, and_(theirs.merged_into_id == survivor, theirs.id < Card.person_id))
    twin = exists().where(other.person_id == theirs.id, rival, other.valid_from == Card.valid_from)
    among = Card.person_id.in_(select(merged.id).where(merged.merged_into_id.is_not(None)))
    db.execute(update(table_of(Card)).where(among, ~twin).values(person_id=survivor))
