"""A citizen whose account an officer has approved, by the real path."""

import pytest

from tests import people
from tests.registration.conftest import Member, counter, desk, member  # noqa: F401 - fixtures
from vssid.kernel.db import unit


@pytest.fixture
def stranger(app, member, engine, new_client):  # noqa: F811
    """Another citizen with an account, signed in."""
    with unit(engine) as db:
        people.open_account(app, db, people.STRANGER)
    client = new_client()
    people.citizen_signs_in(app, client, people.STRANGER.ma_so)
    return client


@pytest.fixture
def second_officer(app, member, engine, new_client):  # noqa: F811
    """A colleague in the same agency."""
    return officer(app, engine, new_client, "CB02", "08902")


@pytest.fixture
def elsewhere(app, member, engine, new_client):  # noqa: F811
    """An officer of another agency."""
    return officer(app, engine, new_client, "CB03", "08903")


def officer(app, engine, new_client, code: str, agency: str, **more: str):
    with unit(engine) as db:
        setup = people.add_officer(app, db, code, agency, **more)
    client = new_client()
    people.officer_signs_in(app, client, code, setup)
    return client
