"""`flask issuer-keys`: another key signs, a revoked one is never believed again."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine

from vssid.attesting import keys
from vssid.kernel.clock import today
from vssid.kernel.db import reading, unit


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def signed(app: Flask, engine: Engine) -> tuple[int, bytes]:
    with app.app_context(), unit(engine) as db:
        number, private = keys.signing(db, app.extensions["keyring"], today())
        return number, private.sign(b"a")


def believed(engine: Engine, number: int, signature: bytes) -> bool:
    with reading(engine) as db:
        return keys.right(db, number, signature, b"a")


def test_after_rotation_a_new_key_signs_and_the_old_one_is_still_believed(app, engine, run, client):
    first, signature = signed(app, engine)
    said = run.invoke(args=["issuer-keys", "rotate"])
    assert (said.exit_code, said.output) == (0, "Key 2 signs from now on.\n")
    assert signed(app, engine)[0] == 2
    assert believed(engine, first, signature)
    [old, new] = client.get("/xac-minh/khoa.json").get_json()["khoa_cong_khai"]
    assert (old["thoi_ky_tu"], new["thoi_ky_tu"]) == (today().isoformat(), None)


def test_a_revoked_key_is_believed_no_more_and_another_one_signs(app, engine, run, client):
    first, signature = signed(app, engine)
    assert run.invoke(args=["issuer-keys", "revoke", "1"], input="n\n").exit_code == 1
    assert believed(engine, first, signature)
    assert run.invoke(args=["issuer-keys", "revoke", "1", "--yes"]).exit_code == 0
    assert not believed(engine, first, signature)
    assert signed(app, engine)[0] == 2
    assert client.get("/xac-minh/khoa.json").get_json()["khoa_cong_khai"][0]["thu_hoi_ngay"] == today().isoformat()
    for number in ("1", "9"):
        said = run.invoke(args=["issuer-keys", "revoke", number, "--yes"])
        assert (said.exit_code, "There is no key" in said.output) == (1, True)
    listed = run.invoke(args=["issuer-keys", "list"]).output.splitlines()
    assert [line.split(",")[-1] for line in listed] == [
        f" revoked on {today()}: nothing that it signed is believed",
        " signs",
    ]
