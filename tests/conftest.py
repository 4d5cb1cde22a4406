"""A real database built by the migrations, copied afresh for every test; a browser that keeps its cookies."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from tests import people
from tests.databases import Database, Postgresql, Sqlite
from tests.statements import Statements
from vssid import settings as environment
from vssid.accounts import passwords
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import UnitSession
from vssid.web.db import db as request_db


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database postgresql` runs what touches a database on a private PostgreSQL; what does not is left out then."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the other database only what depends on it: rules and words are the same everywhere."""
    on = config.getoption("--database")
    left_out = [item for item in items if not _belongs_on(item, on)]
    items[:] = sorted((item for item in items if item not in left_out), key=_comes_last)
    config.hook.pytest_deselected(items=left_out)


def _comes_last(item: pytest.Item) -> bool:
    return item.get_closest_marker("last") is not None


def _belongs_on(item: pytest.Item, on: str) -> bool:
    [only, *_more] = [*(mark.args[0] for mark in item.iter_markers("only_on")), on]
    return only == on and (on == "sqlite" or "database" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that was chosen."""
    chosen = request.config.getoption("--database")
    database = Postgresql() if chosen == "postgresql" else Sqlite(tmp_path_factory.mktemp("clean"))
    yield database
    database.close()


@pytest.fixture(scope="session", autouse=True)
def statements() -> Iterator[Statements]:
    """What the application sends to its database, from the first test to the last."""
    heard = Statements()
    yield heard
    heard.close()


@pytest.fixture(scope="session", autouse=True)
def light_hashes() -> Iterator[None]:
    """Argon2id at a sixth of its cost: the suite signs in thousands of times. Servers that it starts hash as always."""
    before = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=9_216, parallelism=1)
    yield
    passwords._HASHER = before


@pytest.fixture(scope="session", autouse=True)
def one_writer() -> Iterator[None]:
    """No request writes in a unit that has no write lock: it fails as soon as somebody else wrote since it began to read."""

    def held(session: Session) -> None:
        assert session.info.get("writes"), "written without the write lock"

    def at_flush(session: Session, *_of_the_event: Any) -> None:
        if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
            held(session)

    def at_statement(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            held(state.session)

    heard = (("before_flush", at_flush), ("do_orm_execute", at_statement))
    for name, law in heard:
        event.listen(UnitSession, name, law)
    yield
    for name, law in heard:
        event.remove(UnitSession, name, law)


@pytest.fixture(scope="session")
def built(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on a migrated database with the shipped reference lists."""
    data_dir = tmp_path_factory.mktemp("data")
    app = create_app(
        environment.load({"DATA_DIR": str(data_dir), "DATABASE_URL": database.empty(data_dir), "LOG_LEVEL": "error"})
    )
    with app.app_context():
        prepare_database(request_db.engine)
    database.keep(app)
    return app


@pytest.fixture
def app(built: Flask, database: Database) -> Iterator[Flask]:
    """The application on a clean database, with empty folders."""
    database.renew(built)
    built.extensions["shelf"].expire()
    with built.app_context():
        for standing in built.extensions["standings"]:
            # As a process that has run for a while: the suite asks again where it means to.
            standing.seconds = 3_600.0
            standing.forget()
            standing()
    for folder in ("files", "outbox", "pages", "films"):
        shutil.rmtree(built.config["DATA_DIR"] / folder, ignore_errors=True)
    yield built
    with built.app_context():
        request_db.session.remove()


@pytest.fixture
def other_worker(app: Flask) -> Iterator[Flask]:
    """A second process on the same database, as far as memory goes. It lets go of the file before that is made anew."""
    other = create_app(app.config["SETTINGS"])
    yield other
    with other.app_context():
        request_db.engine.dispose()


@pytest.fixture
def engine(app: Flask) -> Engine:
    """The database itself, for arranging and for looking."""
    with app.app_context():
        return request_db.engine


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A writing session of the test's own. It holds the write lock: close or commit it before asking the application."""
    with unit(engine) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """One browser without script."""
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """More browsers."""
    return app.test_client


@pytest.fixture
def signed_in(app: Flask, engine: Engine, new_client: Any) -> Callable[[people.Specimen], FlaskClient]:
    """Anybody of the cast in a browser of their own."""

    def sign_in(who: people.Specimen) -> FlaskClient:
        with app.app_context(), unit(engine) as db:
            people.open_account(app, db, who)
        client: FlaskClient = new_client()
        people.citizen_signs_in(app, client, who.ma_so)
        return client

    return sign_in


@pytest.fixture
def named(app: Flask) -> Iterator[Flask]:
    """The same application under an address that has a name, as passkeys need it."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, public_url="http://localhost")
    yield app
    app.config["SETTINGS"] = before
