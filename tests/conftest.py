"""A real database built by the migrations, copied afresh for every test; a browser that keeps its cookies."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from vssid import settings as environment
from vssid.factory import create_app, prepare_database
from vssid.kernel.db import unit
from vssid.web.db import db as request_db


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on a migrated database with the shipped reference lists; `template.sqlite` is its clean copy."""
    data_dir = tmp_path_factory.mktemp("data")
    app = create_app(environment.load({"DATA_DIR": str(data_dir), "LOG_LEVEL": "error"}))
    with app.app_context():
        prepare_database(request_db.engine)
        request_db.engine.dispose()
    shutil.copy(data_dir / "vssid.sqlite", data_dir / "template.sqlite")
    return app


@pytest.fixture
def app(built: Flask) -> Iterator[Flask]:
    """The application on a clean database, empty files and outbox."""
    data_dir: Path = built.config["DATA_DIR"]
    with built.app_context():
        request_db.engine.dispose()
    for leftover in ("vssid.sqlite-wal", "vssid.sqlite-shm"):
        (data_dir / leftover).unlink(missing_ok=True)
    for folder in ("files", "outbox"):
        shutil.rmtree(data_dir / folder, ignore_errors=True)
    shutil.copy(data_dir / "template.sqlite", data_dir / "vssid.sqlite")
    yield built
    with built.app_context():
        request_db.session.remove()


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
