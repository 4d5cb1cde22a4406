"""Applications of this folder's own: loading takes seconds, so readers share one loaded database."""

import sys
import time

import pytest

from vssid import settings as environment
from vssid.demo.load import House, Loader
from vssid.factory import create_app
from vssid.kernel.clock import now
from vssid.web.db import db as request_db


@pytest.fixture(scope="session")
def new_app(built, database, tmp_path_factory):
    """Makes an application on a clean migrated database; `more` goes into its environment."""

    def make(**more):
        data_dir = tmp_path_factory.mktemp("demo")
        where = {"DATA_DIR": str(data_dir), "DATABASE_URL": database.copy(data_dir)}
        return create_app(environment.load({**where, "LOG_LEVEL": "error", **more}))

    return make


@pytest.fixture(scope="session")
def loaded(new_app):
    """The specimen province as `flask demo load` makes it by default."""
    app = new_app()
    started = time.monotonic()
    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    sys.stdout.write(f"500 people in {time.monotonic() - started:.1f} s\n")
    assert answer.exit_code == 0, answer.output
    return app


@pytest.fixture
def province(loaded):
    """A session on the loaded province."""
    with loaded.app_context():
        yield request_db.session
        request_db.session.remove()


@pytest.fixture(scope="session")
def load():
    """Loads a province past the command line."""

    def run(app, people=200, seed=7, at=None):
        with app.app_context():
            house = House(request_db.engine, app.extensions["keyring"], app.extensions["files"])
            return Loader(house, seed, at or now()).run(people, lambda count: None)

    return run
