"""`flask demo …`: the specimen province for development machines; never in production."""

import os
import sys
from pathlib import Path

import click
import pyotp
from flask import current_app
from flask.cli import AppGroup

from vssid import migrations
from vssid.demo import cast, mark
from vssid.demo.load import FEWEST_PEOPLE, House, Loader, NotEmpty, NotReady, check_empty
from vssid.kernel.clock import now
from vssid.kernel.db import reading
from vssid.kernel.totp import DRIFT_STEPS, STEP_SECONDS
from vssid.officers import actions as officer_actions
from vssid.officers import queries as officer_queries
from vssid.settings import Settings
from vssid.web.db import db as request_db

demo = AppGroup("demo", help="Invented people to try everything with; never in production.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _check_development() -> None:
    if _settings().production:
        raise click.ClickException("Specimens have no place in production (VSSID_ENV=production).")


@demo.command("load")
@click.option("--people", default=500, show_default=True, type=click.IntRange(FEWEST_PEOPLE, 5_000_000))
@click.option("--seed", default=7, show_default=True, type=int, help="The same seed gives the same people.")
@click.option("--if-empty", is_flag=True, help="Do nothing, silently, where something is already.")
def load(people: int, seed: int, *, if_empty: bool) -> None:
    """Fill an empty database with the specimen province and say how to sign in."""
    _check_development()
    engine = request_db.engine
    if not migrations.is_current(engine):
        raise click.ClickException("The database has not this version's tables. Run: .venv/bin/flask db upgrade")
    try:
        with reading(engine) as session:
            check_empty(session)
        keys = _load(people, seed)
    except NotEmpty as reason:
        if if_empty:
            return
        raise click.ClickException(str(reason)) from reason
    except NotReady as reason:
        # Also with --if-empty: whoever starts the site must hear that it is half filled.
        raise click.ClickException(str(reason)) from reason
    words = cast.how_to_sign_in(_settings().public_url, keys)
    _keep(_settings().data_dir / "specimen.txt", words)
    click.echo(words, nl=False)


def _load(people: int, seed: int) -> dict[str, str]:
    house = House(request_db.engine, current_app.extensions["keyring"], current_app.extensions["files"])
    with click.progressbar(
        length=people, label="Loading specimens", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        keys = Loader(house, seed, now()).run(people, bar.update)
    current_app.extensions["specimen"].forget()
    return keys


def _keep(path: Path, words: str) -> None:
    """For this machine's owner only: the words hold passwords."""
    path.unlink(missing_ok=True)
    with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        out.write(words)


@demo.command("code")
@click.argument("code")
def show_code(code: str) -> None:
    """Print the six digits that the officer CODE's authenticator shows now."""
    _check_development()
    with reading(request_db.engine) as session:
        if not mark.is_specimen(session):
            raise click.ClickException("This is no specimen database: authenticator codes stay with their officers.")
        officer = officer_queries.by_code(session, code)
    if officer is None or officer.totp_sealed is None:
        raise click.ClickException(f"No officer with an authenticator has the code {code}.")
    secret = officer_actions.totp_secret(current_app.extensions["keyring"], officer)
    # Each code opens the door once; the next one is accepted half a minute early.
    present = int(now().timestamp()) // STEP_SECONDS
    step = max(present, officer.totp_last_step + 1)
    if step > present + DRIFT_STEPS:
        click.echo(f"Good in {STEP_SECONDS} seconds: the codes before it were used.", err=True)
    click.echo(pyotp.TOTP(secret).generate_otp(step))
