"""Alembic migrations, numbered; written for SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from vssid.kernel.db import create_file

FOLDER = Path(__file__).parent


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version; nothing happens when they are there already."""
    create_file(engine)
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            command.upgrade(_config(connection), "head")
            return
        # SQLite changes a constraint by making the table anew; the rows that point to the old one stay as they are.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            command.upgrade(_config(connection), "head")
            broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
        if broken:
            raise RuntimeError(f"rows point nowhere after the migration: {broken[:5]}")


def is_current(engine: Engine) -> bool:
    """Whether the tables are of the newest version. False as well when the database cannot be asked."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head
    except Exception:
        return False
