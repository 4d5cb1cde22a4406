"""Officers: added by the operator, set up by themselves, in with two factors; nothing of it can be replayed."""

import re
import time

import pyotp
import pytest
from sqlalchemy import select

from tests import pages, people
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading, unit
from vssid.officers.models import Officer

ADD = [
    "officers",
    "add",
    "--code",
    "CB01",
    "--name",
    "Cán bộ Mẫu",
    "--email",
    "cb01@vidu.vn",
    "--role",
    "duyet_ho_so",
    "--agency",
    "08902",
]


@pytest.fixture
def agency(engine):
    with unit(engine) as db:
        people.add_agency(db)


def add(app, *changes: str):
    return app.test_cli_runner().invoke(args=[*ADD, *changes])


def setup_code(app) -> str:
    return re.search(r"\d{4} \d{4} \d{4}", add(app).output)[0]


def set_up(client, code, password=people.OFFICER_PASSWORD):
    return people.post(
        client, "/can-bo/kich-hoat", {"code": "cb01", "setup_code": code, "password": password, "again": password}
    )


def secret_of(client) -> str:
    return re.search(r"data-secret>([A-Z2-7 ]+)<", pages.get(client, "/can-bo/kich-hoat/ung-dung"))[1].replace(" ", "")


def sign_in(client, totp, password=people.OFFICER_PASSWORD, code="CB01"):
    return people.post(client, "/can-bo/dang-nhap", {"code": code, "password": password, "totp": totp})


def the_officer(engine) -> Officer:
    with reading(engine) as db:
        return db.scalars(select(Officer)).one()


def test_the_command_prints_a_code_and_never_a_password(app, engine, agency):
    answer = add(app)
    assert answer.exit_code == 0
    assert re.search(r"\d{4} \d{4} \d{4}", answer.output)
    assert the_officer(engine).password_hash is None


@pytest.mark.parametrize(
    ("changes", "exit_code"),
    [
        (["--agency", "99999"], 1),
        (["--code", "có dấu"], 1),
        (["--email", "x"], 1),
        (["--name", " "], 1),
        (["--role", "vua"], 2),
    ],
)
def test_the_command_refuses_with_words(app, engine, agency, changes, exit_code):
    answer = add(app, *changes)
    assert answer.exit_code == exit_code
    assert answer.output.strip()
    with reading(engine) as db:
        assert db.scalars(select(Officer)).all() == []


def test_set_up_takes_a_long_password_and_an_authenticator(app, client, engine, agency):
    code = setup_code(app)
    assert set_up(client, code, "ngắn quá").status_code == 422
    assert set_up(client, "000000000000").status_code == 422
    assert set_up(client, code).status_code == 303
    assert the_officer(engine).status == "new"
    totp = pyotp.TOTP(secret_of(client))
    wrong = people.post(client, "/can-bo/kich-hoat/ung-dung", {"totp": "000000"})
    assert wrong.status_code == 422
    assert people.post(client, "/can-bo/kich-hoat/ung-dung", {"totp": totp.now()}).status_code == 303
    assert the_officer(engine).status == "active"


def test_a_set_up_code_works_once(app, client, new_client, agency):
    code = setup_code(app)
    set_up(client, code)
    assert set_up(new_client(), code).status_code == 422


def test_the_secret_is_sealed_in_the_database(app, client, engine, agency):
    set_up(client, setup_code(app))
    assert secret_of(client).encode() not in the_officer(engine).totp_sealed


@pytest.fixture
def ready(app, client, agency) -> pyotp.TOTP:
    set_up(client, setup_code(app))
    totp = pyotp.TOTP(secret_of(client))
    people.post(client, "/can-bo/kich-hoat/ung-dung", {"totp": totp.generate_otp(people.step_before())})
    return totp


def test_a_totp_code_is_taken_once(new_client, ready):
    code = ready.generate_otp(int(time.time()) // 30)
    assert sign_in(new_client(), code).status_code == 303
    assert sign_in(new_client(), code).status_code == 422


def test_which_factor_was_wrong_is_not_said(new_client, ready):
    texts = set()
    for totp, password, code in (
        ("000000", people.OFFICER_PASSWORD, "CB01"),
        (ready.now(), "sai mật khẩu rồi", "CB01"),
        (ready.now(), "x" * 12, "CB77"),
    ):
        answer = sign_in(new_client(), totp, password, code)
        assert answer.status_code == 422
        texts.add(re.sub(r'"[^"]*"', "", pages.inspected(answer)))
    assert len(texts) == 1


def test_five_guesses_then_429(new_client, ready):
    client = new_client()
    for _n in range(5):
        sign_in(client, "000000")
    assert sign_in(client, ready.now()).status_code == 429


def test_a_second_sign_in_ends_the_first(new_client, ready):
    first, second = new_client(), new_client()
    step = int(time.time()) // 30
    sign_in(first, ready.generate_otp(step))
    assert first.get("/can-bo").status_code == 200
    sign_in(second, ready.generate_otp(step + 1))
    assert first.get("/can-bo").status_code == 303


def test_access_that_is_taken_away_ends_at_once(app, new_client, engine, ready):
    client = new_client()
    sign_in(client, ready.now())
    assert client.get("/can-bo").status_code == 200
    assert app.test_cli_runner().invoke(args=["officers", "end", "--code", "cb01"]).exit_code == 0
    assert client.get("/can-bo").status_code == 303


def test_a_renewed_set_up_ends_the_old_access(app, new_client, engine, ready):
    client = new_client()
    sign_in(client, ready.now())
    add(app)
    assert client.get("/can-bo").status_code == 303
    assert the_officer(engine).password_hash is None


def test_a_citizens_session_opens_no_desk(client, new_client, ready):
    assert new_client().get("/can-bo").location.startswith("/can-bo/dang-nhap")


def test_the_way_back_stays_within_the_console(new_client, ready):
    client = new_client()
    answer = people.post(
        client, "/can-bo/dang-nhap", {"code": "CB01", "password": people.OFFICER_PASSWORD, "totp": ready.now()},
        query_string={"tiep": "/ca-nhan"},
    )  # fmt: skip
    assert answer.location == "/can-bo"


def test_everything_is_in_the_audit(new_client, engine, ready):
    sign_in(new_client(), "000000")
    sign_in(new_client(), ready.now())
    with reading(engine) as db:
        tags = list(db.scalars(select(AuditEntry.tag)))
    for tag in (
        "officer.added",
        "officer.password_set",
        "officer.activated",
        "officer.sign_in_refused",
        "officer.signed_in",
    ):
        assert tag in tags
