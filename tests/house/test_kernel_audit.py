from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from vssid.kernel import audit
from vssid.kernel.db import unit

AT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)


class Tag(StrEnum):
    SEEN = "test:seen"


def record(engine: Engine, count: int = 1) -> None:
    with unit(engine) as db:
        for number in range(count):
            audit.record(db, Tag.SEEN, audit.SYSTEM, ("person", uuid4()), AT, number=number)


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    record(engine, 5)
    with unit(engine) as db:
        audit.seal(db)
        assert audit.broken_link(db) is None
    return engine


SQLITE_DEFENCES = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
POSTGRESQL_DEFENCES = """SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', relname) FROM pg_class
    WHERE relname IN ('audit_entries', 'audit_seals')
    UNION SELECT 'ALTER TABLE audit_seals DROP CONSTRAINT fk_audit_seals_entry_id_audit_entries'"""


def undefended(engine: Engine) -> Connection:
    """What somebody with the database in hands can do: no triggers, no foreign keys."""
    sqlite = engine.dialect.name == "sqlite"
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if sqlite:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    for statement in connection.scalars(text(SQLITE_DEFENCES if sqlite else POSTGRESQL_DEFENCES)).all():
        connection.exec_driver_sql(statement)
    return connection


@pytest.mark.parametrize("table", [audit.AuditEntry, audit.AuditSeal])
def test_rows_of_the_audit_can_neither_be_changed_nor_removed(sealed: Engine, table) -> None:
    column = table.tag if table is audit.AuditEntry else table.digest
    with pytest.raises(DBAPIError), unit(sealed) as db:
        db.execute(update(table).values({column: "x" if table is audit.AuditEntry else b"x"}))
    with pytest.raises(DBAPIError), unit(sealed) as db:
        db.execute(delete(table))


def test_each_entry_is_sealed_once_in_order(sealed: Engine) -> None:
    record(sealed, 3)
    with unit(sealed) as db:
        assert audit.seal(db) == 3
        assert audit.seal(db) == 0
        links = db.scalars(select(audit.AuditSeal).order_by(audit.AuditSeal.seq)).all()
        assert [link.seq for link in links] == list(range(1, 9))
        assert len({link.digest for link in links}) == 8
        assert audit.broken_link(db) is None
        assert audit.length(db) == 8


TAMPERING = {
    "a changed detail": ["UPDATE audit_entries SET detail = '{\"number\": 9}' WHERE id = 3"],
    "a changed tag": ["UPDATE audit_entries SET tag = 'test:other' WHERE id = 3"],
    "a changed moment": ["UPDATE audit_entries SET at = '2026-11-03 02:30:01.000000' WHERE id = 3"],
    "a changed actor": ["UPDATE audit_entries SET actor_kind = 'officer' WHERE id = 3"],
    "a changed subject": ["UPDATE audit_entries SET subject_id = NULL WHERE id = 3"],
    "an entry taken out": ["DELETE FROM audit_entries WHERE id = 3"],
    "a changed digest": [
        "UPDATE audit_seals SET digest = (SELECT digest FROM audit_seals WHERE seq = 2) WHERE seq = 3"
    ],
    "a seal taken out": ["DELETE FROM audit_seals WHERE seq = 3"],
    "two entries exchanged": [
        "CREATE TEMP TABLE spare AS SELECT * FROM audit_seals WHERE seq IN (3, 4)",
        "DELETE FROM audit_seals WHERE seq IN (3, 4)",
        "INSERT INTO audit_seals (seq, entry_id, digest) SELECT seq, 7 - entry_id, digest FROM spare",
        "DROP TABLE spare",
    ],
}


@pytest.mark.parametrize("statements", TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_is_found_at_its_place(sealed: Engine, statements: list[str]) -> None:
    with undefended(sealed) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    sealed.dispose()
    with unit(sealed) as db:
        assert audit.broken_link(db) == 3


def test_entries_not_sealed_yet_do_not_break_the_chain(sealed: Engine) -> None:
    record(sealed)
    with unit(sealed) as db:
        assert audit.broken_link(db) is None
