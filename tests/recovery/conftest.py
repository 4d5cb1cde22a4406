"""What the tests of recovery begin with."""

import pytest

from tests import people, recovering
from tests.recovering import Lost
from vssid.kernel.db import unit


@pytest.fixture
def lost(app, engine, new_client):
    """The citizen, with an account, a phone and a mailbox; the browser that was signed in is gone."""
    recovering.opens(app, engine, new_client(), people.CITIZEN)
    person = Lost(app, engine, new_client)
    person.has_mail()
    return person


@pytest.fixture
def relative(app, engine, new_client, lost):
    """The guardian's browser: they agreed to vouch for the citizen more than three days ago."""
    owner, client = new_client(), new_client()
    form = {"name": people.CITIZEN.ma_so, "password": people.PASSWORD}
    assert people.post(owner, "/dang-nhap", form).status_code == 303
    code = people.sent_code(app, "code.new_device")
    assert people.post(owner, "/thiet-bi-moi", {"code": code}).status_code == 303
    recovering.opens(app, engine, client, people.GUARDIAN)
    assert recovering.names_relative(owner, people.GUARDIAN).status_code == 303
    assert recovering.accepts(client, engine).status_code == 303
    recovering.three_days_pass(engine)
    return client


@pytest.fixture
def officers(app, engine, new_client):
    """A function that signs in an officer."""
    with unit(engine) as db:
        people.add_agency(db, "089", "BHXH Tỉnh An Giang (mẫu)")
        people.add_agency(db, "08902", "BHXH cơ sở Mẫu Một", "089")

    def sign_in(code, agency="089", role="duyet_ho_so", **more):
        with unit(engine) as db:
            setup = people.add_officer(app, db, code, agency, role, **more)
        client = new_client()
        people.officer_signs_in(app, client, code, setup)
        return client

    return sign_in
