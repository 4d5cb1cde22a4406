"""What happens to rosters: saved from a checked file, deleted, destroyed when their year is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import SYSTEM, By
from vssid.kernel.files import StoredFile
from vssid.kernel.labels import N_, Refused
from vssid.kernel.rows import table_of
from vssid.kernel.text import fold
from vssid.rosters import queries
from vssid.rosters.models import Roster, RosterPrint, RosterRow, RosterUpload
from vssid.rosters.rules import (
    MOST_ROSTERS,
    MOST_ROWS,
    ROSTER_LIFE,
    UPLOAD_LIFE,
    Difference,
    Reading,
    Row,
    Tag,
    class_key,
    new_row_code,
)
from vssid.rosters.sheets import printing

BATCH = 500
RETIRED_AT_ONCE = 10  # each may have thousands of rows, and all go in one transaction


def difference(db: Session, organisation_id: UUID, title: str, reading: Reading) -> Difference:
    """What saving would do."""
    roster = queries.by_title(db, organisation_id, title)
    known = {row.ma_so_bhxh: row for row in queries.all_rows(db, roster.id)} if roster else {}
    return _compared(known, reading)


def _content(row: RosterRow) -> tuple[str, ...]:
    return row.full_name, row.birth_date, row.class_name, row.guardian_ma_so


def _compared(known: dict[str, RosterRow], reading: Reading) -> Difference:
    kept = [(row, known[row.ma_so_bhxh]) for row in reading.rows if row.ma_so_bhxh in known]
    changed = sum(_content(old) != row.content for row, old in kept)
    new = len(reading.rows) - len(kept)
    return Difference(new, changed, len(kept) - changed, len(_gone(known, reading)))


def _gone(known: dict[str, RosterRow], reading: Reading) -> list[RosterRow]:
    """Rows of the file's classes that it no longer has. While rows are refused nobody can say who has left."""
    if reading.refused:
        return []
    classes = {class_key(row.class_name) for row in reading.rows}
    there = {row.ma_so_bhxh for row in reading.rows}
    return [row for row in known.values() if row.class_key in classes and row.ma_so_bhxh not in there]


def save(
    db: Session, upload: RosterUpload, reading: Reading, *, drop_gone: bool, by: By, at: datetime
) -> tuple[Roster, Difference]:
    """Take the good rows into the roster of the upload's title; the same file again changes nothing.

    Raises Refused when nothing could be read, and when the organisation would have too many rosters or rows.
    """
    if not reading.rows:
        raise Refused(N_("Tệp không có dòng nào dùng được."))
    roster = queries.by_title(db, upload.organisation_id, upload.title) or _new_roster(db, upload, at)
    known = {row.ma_so_bhxh: row for row in queries.all_rows(db, roster.id)}
    found = _compared(known, reading)
    if len(known) + found.new - (found.gone if drop_gone else 0) > MOST_ROWS:
        raise Refused(N_("Một danh sách có tối đa %(max)d người. Hãy dùng tên danh sách khác.", max=MOST_ROWS))
    if drop_gone:
        _delete_rows(db, [row.id for row in _gone(known, reading)])
    _write(db, roster.id, known, reading.rows)
    if found.new or found.changed or (drop_gone and found.gone):
        roster.updated_at = at
        counts = {"new": found.new, "changed": found.changed, "gone": found.gone if drop_gone else 0}
        audit.record(db, Tag.SAVED, by, ("roster", roster.id), at, **counts)
    discard(db, upload)
    return roster, found


def _new_roster(db: Session, upload: RosterUpload, at: datetime) -> Roster:
    if len(queries.rosters_of(db, upload.organisation_id)) >= MOST_ROSTERS:
        raise Refused(N_("Tổ chức có tối đa %(max)d danh sách. Hãy xoá danh sách cũ trước.", max=MOST_ROSTERS))
    roster = Roster(
        id=uuid4(),
        organisation_id=upload.organisation_id,
        title=upload.title,
        title_folded=fold(upload.title),
        created_at=at,
        updated_at=at,
    )
    db.add(roster)
    db.flush()
    return roster


def _values(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "full_name": row.full_name,
        "name_folded": fold(row.full_name),
        "birth_date": row.birth_date,
        "class_name": row.class_name,
        "class_key": class_key(row.class_name),
        "guardian_ma_so": row.guardian_ma_so,
    }


def _write(db: Session, roster_id: UUID, known: dict[str, RosterRow], rows: Sequence[Row]) -> None:
    new = [row for row in rows if row.ma_so_bhxh not in known]
    old = [(known[row.ma_so_bhxh], row) for row in rows if row.ma_so_bhxh in known]
    if new:
        fresh = [
            {
                "id": uuid4(),
                "roster_id": roster_id,
                "ma_so_bhxh": row.ma_so_bhxh,
                "code": new_row_code(),
                **_values(row),
            }
            for row in new
        ]
        db.execute(insert(table_of(RosterRow)), fresh)
    changed = [
        {"id": was.id, **_values(row)} for was, row in old if (*_content(was), was.line) != (*row.content, row.line)
    ]
    if changed:
        db.execute(update(RosterRow), changed)


def _delete_rows(db: Session, ids: list[UUID]) -> None:
    for at in range(0, len(ids), BATCH):
        db.execute(delete(table_of(RosterRow)).where(RosterRow.id.in_(ids[at : at + BATCH])))


def discard(db: Session, upload: RosterUpload) -> None:
    """Give up what was read: the key of its file goes with its row."""
    db.execute(delete(table_of(RosterUpload)).where(RosterUpload.id == upload.id))
    db.execute(delete(table_of(StoredFile)).where(StoredFile.id == upload.file_id))


def remove(db: Session, roster: Roster, *, tag: Tag = Tag.DELETED, by: By, at: datetime) -> None:
    """Destroy a roster with its rows; declarations stay what they are."""
    printing.drop(db, select(RosterPrint).where(RosterPrint.roster_id == roster.id))
    db.execute(delete(table_of(RosterRow)).where(RosterRow.roster_id == roster.id))
    db.execute(delete(table_of(Roster)).where(Roster.id == roster.id))
    audit.record(db, tag, by, ("roster", roster.id), at)


def drop_old_uploads(db: Session, at: datetime) -> int:
    """Files that nobody saved within a day; returns how many."""
    old = list(db.scalars(select(RosterUpload).where(RosterUpload.created_at < at - UPLOAD_LIFE).limit(BATCH)))
    for upload in old:
        discard(db, upload)
    return len(old)


def retire(db: Session, at: datetime) -> int:
    """Destroy the rosters whose school year is over; returns how many."""
    over = list(db.scalars(select(Roster).where(Roster.created_at < at - ROSTER_LIFE).limit(RETIRED_AT_ONCE)))
    for roster in over:
        remove(db, roster, tag=Tag.RETIRED, by=SYSTEM, at=at)
    return len(over)
