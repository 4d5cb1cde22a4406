"""The two databases that the suite runs on: clean copies of a migrated one, made anew for each test that wrote.

SQLite is a file that is copied. PostgreSQL is a private cluster: of an unprivileged user of the system, behind a socket
in its own folder, its database owned by a role that may create databases and nothing else. It sorts Vietnamese text as
Vietnamese does (ICU), which no query of ours may depend on, and it does not wait for the disk. There a copy takes longer
than most tests; where only rows were added to tables that are empty in the clean copy, those are emptied instead.
"""

import os
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg.sql import SQL, Composed

from tests.serving import free_port
from vssid.web.db import db as request_db

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
# Who runs the cluster when the suite runs as root, which PostgreSQL refuses; Debian's package makes this user.
SERVANT = "postgres"
SHARED_MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3
SWITCHES = {
    "listen_addresses": "", "autovacuum": "off", "max_connections": "60", "wal_level": "minimal", "max_wal_senders": "0",
    "max_wal_size": "256MB", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
}  # fmt: skip

SCHEMA = (
    "(SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger)",
    "(SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint)",
    "(SELECT count(*) FROM pg_statistic)",
)

# The tables that these name by foreign keys, near or far.
NAMED_BY = """
WITH RECURSIVE named (id) AS (
  SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
  UNION SELECT confrelid FROM pg_constraint JOIN named ON conrelid = named.id WHERE contype = 'f'
)
SELECT id::regclass::text FROM named
"""

# A table that is empty and was never written to, or has been truncated, has no page.
WITH_PAGES = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND pg_relation_size(oid) > 0"


def environ_of(app: Flask) -> dict[str, str]:
    """What a further process needs to work on the data of `app`."""
    return {
        "DATA_DIR": str(app.config["DATA_DIR"]), "DATABASE_URL": app.config["SETTINGS"].database_url,
        "PATH": os.environ["PATH"], "LOG_LEVEL": "error",
    }  # fmt: skip


class Database(ABC):
    """Where applications of the suite keep their rows."""

    @abstractmethod
    def empty(self, data_dir: Path) -> str:
        """The address of a database without tables for an application whose files lie in `data_dir`."""

    @abstractmethod
    def keep(self, app: Flask) -> None:
        """Remember the rows of `app` as the clean copy."""

    @abstractmethod
    def copy(self, data_dir: Path) -> str:
        """The address of a clean copy of its own."""

    @abstractmethod
    def renew(self, app: Flask) -> None:
        """Make the database of `app` a clean copy again."""

    @abstractmethod
    def close(self) -> None:
        """Nothing is needed any more."""


class Sqlite(Database):
    """Files."""

    def __init__(self, folder: Path) -> None:
        self._clean = folder / "clean.sqlite"

    def empty(self, data_dir: Path) -> str:
        return f"sqlite:///{data_dir / 'vssid.sqlite'}"

    def keep(self, app: Flask) -> None:
        _let_go(app)
        shutil.copy(app.config["DATA_DIR"] / "vssid.sqlite", self._clean)

    def copy(self, data_dir: Path) -> str:
        shutil.copy(self._clean, data_dir / "vssid.sqlite")
        return self.empty(data_dir)

    def renew(self, app: Flask) -> None:
        _let_go(app)
        for leftover in ("vssid.sqlite-wal", "vssid.sqlite-shm"):
            (app.config["DATA_DIR"] / leftover).unlink(missing_ok=True)
        self.copy(app.config["DATA_DIR"])

    def close(self) -> None:
        self._clean.unlink()


class Postgresql(Database):
    """A private cluster."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vssid-postgresql-", dir=_memory()))
        self._binaries = _binaries()
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self._folder, SERVANT, SERVANT)
            self._as = {"user": SERVANT, "group": SERVANT, "extra_groups": []}
        self._port, self._made = free_port(), 0
        self._run("initdb", "--auth=trust", "--username=owner", "--encoding=UTF8", "--no-sync",
                  "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi-VN")  # fmt: skip
        switches = {**SWITCHES, "port": str(self._port), "unix_socket_directories": str(self._folder)}
        self._run("pg_ctl", "--wait", f"--log={self._folder / 'log'}",
                  "--options", " ".join(f"-c {name}='{value}'" for name, value in switches.items()), "start")  # fmt: skip
        self._owner = psycopg.connect(self._address("postgres", "owner"), autocommit=True)
        self._owner.execute("CREATE ROLE vssid LOGIN CREATEDB NOSUPERUSER")
        self._hand = psycopg.connect(self._address("postgres", "vssid"), autocommit=True)
        self._written_until: dict[str, int] = {}
        self._empty: list[str] = []
        self._named: set[str] = set()
        self._rest: Composed | None = None
        self._clean_rest: Any = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), f"--pgdata={self._folder / 'data'}", *arguments]
        done = subprocess.run(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **self._as
        )
        assert done.returncode == 0, done.stderr

    def _address(self, name: str, user: str) -> str:
        return f"postgresql://{user}@/{name}?host={self._folder}&port={self._port}"

    def _url(self, name: str) -> str:
        return self._address(name, "vssid").replace("postgresql://", "postgresql+psycopg://")

    def _new_name(self) -> str:
        self._made += 1
        return f"vssid_{self._made}"

    def empty(self, data_dir: Path) -> str:
        name = self._new_name()
        self._hand.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def keep(self, app: Flask) -> None:
        _let_go(app)
        name = _name_of(app)
        with self._inside(name) as inside:
            tables = [row[0] for row in inside.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            self._empty = [name for name in tables if not inside.execute(_any_row(name)).fetchone()]
            rest = sorted(set(tables) - set(self._empty))
            self._named = {row[0] for row in inside.execute(NAMED_BY, (rest,))}
            self._rest = _fingerprint(rest)
            self._clean_rest = inside.execute(self._rest).fetchone()
        self._hand.execute(f"CREATE DATABASE clean TEMPLATE {name}")

    def _inside(self, name: str) -> psycopg.Connection[Any]:
        """As the cluster's owner, whom the audit's triggers do not stop."""
        connection = psycopg.connect(self._address(name, "owner"))
        connection.execute("SET session_replication_role = replica; SET lock_timeout = '1s'")
        return connection

    def copy(self, data_dir: Path) -> str:
        name = self._new_name()
        self._clone(name)
        return self._url(name)

    def renew(self, app: Flask) -> None:
        name = _name_of(app)
        # Only what writes takes a transaction number: without a new one the copy is still clean.
        if self._written_until.get(name) != self._next_transaction():
            _let_go(app)
            if not self._emptied(name):
                # By the owner: the connection that looked may not have gone yet.
                self._owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
                self._clone(name)
            self._written_until[name] = self._next_transaction()

    def _emptied(self, name: str) -> bool:
        """Empty what is empty in the clean copy; False when something else was changed too, or is held by a process."""
        assert self._rest
        try:
            with self._inside(name) as inside:
                names = {row[0] for row in inside.execute(WITH_PAGES, (self._empty,))}
                # Whatever names a table goes with it when it is truncated: what names officers would take the articles.
                for table in names & self._named:
                    inside.execute(SQL("DELETE FROM {}").format(SQL(table)))
                if others := [SQL(table) for table in names - self._named]:
                    inside.execute(SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(SQL(", ").join(others)))
                return inside.execute(self._rest).fetchone() == self._clean_rest
        except psycopg.errors.LockNotAvailable:
            return False

    def _clone(self, name: str) -> None:
        self._hand.execute(f"CREATE DATABASE {name} TEMPLATE clean STRATEGY file_copy")

    def _next_transaction(self) -> int:
        row = self._hand.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()
        assert row
        return int(row[0])

    def close(self) -> None:
        self._hand.close()
        self._owner.close()
        self._run("pg_ctl", "--mode=immediate", "--wait", "stop")
        shutil.rmtree(self._folder)


def _any_row(table: str) -> Composed:
    return SQL("SELECT 1 FROM {} LIMIT 1").format(SQL(table))


def _fingerprint(tables: list[str]) -> Composed:
    """What any change to these tables' rows, to the schema or to the planner's statistics changes."""
    rows = [SQL("(SELECT (count(*), max(xmin::text::bigint))::text FROM {})").format(SQL(name)) for name in tables]
    names = SQL(
        "(SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    )
    return SQL("SELECT {}").format(SQL(", ").join([*rows, names, *map(SQL, SCHEMA)]))


def _memory() -> str | None:
    """A folder in memory with room for the cluster, in which a copy takes a fifth of the time; None if there is none."""
    roomy = SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > ROOM
    return str(SHARED_MEMORY) if roomy else None


def _binaries() -> Path:
    """Of Debian's newest PostgreSQL, elsewhere those on the path."""
    debian = sorted(DEBIAN_BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    assert found, "PostgreSQL is not installed: deploy/system-packages test"
    return Path(found).parent


def _let_go(app: Flask) -> None:
    """Close the connections of this process: they would see files or databases that are gone."""
    with app.app_context():
        request_db.engine.dispose()


def _name_of(app: Flask) -> str:
    with app.app_context():
        name = request_db.engine.url.database
    assert name
    return name
