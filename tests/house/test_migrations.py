"""The migrations carry rows along: a database of version 0004 with people in it becomes one of today, nothing lost."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, Date, DateTime, Integer, LargeBinary, MetaData, Table, select

from vssid import migrations
from vssid import settings as environment
from vssid.factory import create_app
from vssid.kernel.db import create_file, reading
from vssid.registration.models import Declaration, DeclarationPhoto
from vssid.web.db import db as request_db

AT = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)
BEFORE = "0004"
# Counts of a day at most, which began anew when their windows did (0027).
NOT_KEPT = {"alembic_version", "limit_counters"}
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")


def _filler(column: Any) -> Any:
    if isinstance(column.type, DateTime):
        return AT
    if isinstance(column.type, Date):
        return date(2026, 12, 4)
    if isinstance(column.type, LargeBinary):
        return b"x" * 32
    if "BOOL" in str(column.type):
        return True
    return 0 if isinstance(column.type, Integer) else ""


def _insert(connection: Connection, table: Table, **values: Any) -> None:
    """One row; what is needed and not given is filled in by its type."""
    if connection.dialect.name == "sqlite":
        values = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
    needed = {c.name: _filler(c) for c in table.columns if not c.nullable and c.name not in values}
    connection.execute(table.insert().values({**needed, **values}))


def _people(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    tables = metadata.tables
    officer, person, account, file, other = (uuid4() for _id in range(5))
    first, merged, ward, draft = (uuid4() for _id in range(4))
    _insert(connection, tables["agencies"], code="08902", name="BHXH cơ sở Mẫu Một")
    _insert(connection, tables["officers"], id=officer, code="CB01", agency_code="08902",
            role="duyet_ho_so", status="active")  # fmt: skip
    _insert(connection, tables["persons"], id=person, full_name="Đặng Thị Mẫu Ưng", name_folded="dang thi mau ung",
            birth_date="1985-09-04", sex="F")  # fmt: skip
    _insert(connection, tables["accounts"], id=account, person_id=person, status="active", phone="+84900000101",
            language="vi")  # fmt: skip
    for id in (file, other):
        _insert(connection, tables["stored_files"], id=id, media_type="image/jpeg")
    said = {"agency_code": "08902", "language": "vi", "portal": "cong", "hand_in": "tai_noi", "unit_system": "2025"}
    _insert(connection, tables["declarations"], id=first, code="7K3M9QX2", kind="ca-nhan", status="approved",
            full_name="Đặng Thị Mẫu Ưng", name_folded="dang thi mau ung", ma_so_bhxh="8900000101",
            id_kind="cccd", id_number="089185000101", phone="+84900000101", decided_by=officer, decided_at=AT,
            person_id=person, **said)  # fmt: skip
    _insert(connection, tables["declarations"], id=merged, code="7K3M9QX3", kind="ca-nhan", status="merged",
            full_name="Đặng Thị Mẫu Ưng", merged_into_id=first, **said)  # fmt: skip
    _insert(connection, tables["declarations"], id=ward, code="7K3M9QX4", kind="tre-em", status="waiting",
            full_name="Đặng Bé Mẫu An", guardian_person_id=person, **said)  # fmt: skip
    _insert(connection, tables["drafts"], id=draft)
    photo = uuid4()
    _insert(connection, tables["declaration_photos"], id=photo, declaration_id=first, side="portrait",
            file_id=file, preview_id=other)  # fmt: skip
    _insert(connection, tables["declaration_photos"], id=uuid4(), draft_id=draft, side="birth_front",
            file_id=file, preview_id=other)  # fmt: skip
    _insert(connection, tables["portrait_bands"], band=1, bits=7, photo_id=photo)
    _insert(connection, tables["declaration_corrections"], id=uuid4(), declaration_id=ward, item="address",
            reason_code="chua_du", asked_by=officer)  # fmt: skip
    low, high = sorted((first, ward))
    _insert(connection, tables["distinct_declarations"], low_id=low, high_id=high, found_by=officer)


def _rows(connection: Connection, names: dict[str, list[str]] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the columns of `names`, or in all."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = {}
    for name, table in metadata.tables.items():
        columns = [table.c[one] for one in names[name]] if names and name in names else list(table.c)
        if name != "alembic_version" and (names is None or name in names):
            found[name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
    return found


@pytest.fixture
def old(built, database, tmp_path):
    """An application whose database is of the version before, with people in it."""
    settings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": database.empty(tmp_path), "LOG_LEVEL": "error"}
    app = create_app(environment.load(settings))
    with app.app_context():
        engine = request_db.engine
        create_file(engine)
        with engine.connect() as connection:
            command.upgrade(migrations._config(connection), BEFORE)
        with engine.begin() as connection:
            _people(connection)
        yield engine
        engine.dispose()


def test_rows_of_before_survive_every_migration_since(old):
    with old.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        tables = {name: table for name, table in metadata.tables.items() if name not in NOT_KEPT}
        names = {name: [c.name for c in table.c] for name, table in tables.items()}
        before = _rows(connection, names)
    assert not migrations.is_current(old)
    migrations.upgrade(old)
    assert migrations.is_current(old)
    with old.connect() as connection:
        after = _rows(connection, names)
    assert {name for name in before if before[name]} >= {"declarations", "declaration_photos", "portrait_bands"}
    assert after == before


def test_rows_of_before_are_read_by_todays_models_and_new_kinds_are_taken(old):
    migrations.upgrade(old)
    with reading(old) as db:
        found = {row.code: row for row in db.query(Declaration)}
        first, merged = found["7K3M9QX2"], found["7K3M9QX3"]
        assert merged.merged_into_id == first.id
        assert (first.counter_by, first.organisation_id, first.unit_code, first.ivan_provider) == (None, None, "", "")
        assert db.query(DeclarationPhoto).where(DeclarationPhoto.declaration_id == first.id).one().side == "portrait"
    with old.begin() as connection:
        table = Declaration.__table__
        connection.execute(table.update().where(table.c.code == "7K3M9QX4").values(kind="to-chuc", full_name="T" * 200))
