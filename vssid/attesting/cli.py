"""`flask issuer-keys`: the keys that sign documents and cards."""

import click
from flask import current_app
from flask.cli import AppGroup

from vssid.attesting import keys
from vssid.attesting.models import IssuerKey
from vssid.attesting.rules import Tag
from vssid.kernel import audit
from vssid.kernel.clock import now, today
from vssid.kernel.db import reading, unit
from vssid.web import db

issuer_keys = AppGroup("issuer-keys", help="The keys that sign documents and cards.")


@issuer_keys.command("list")
def list_all() -> None:
    """Every key with its days, as /xac-minh/khoa.json publishes them."""
    with reading(db.engine()) as session:
        for one in keys.published(session):
            click.echo(f"{one.id}: {_state(one)}")


def _state(one: IssuerKey) -> str:
    if one.revoked_on is not None:
        return f"since {one.since}, revoked on {one.revoked_on}: nothing that it signed is believed"
    if one.retired_on is not None:
        return f"since {one.since}, retired on {one.retired_on}: what it signed is believed"
    return f"since {one.since}, signs"


@issuer_keys.command("rotate")
def rotate() -> None:
    """Let a new key sign from now on; what the one before signed is believed until it runs out."""
    with unit(db.engine()) as session:
        keys.retire(session, today())
        number, _private = keys.signing(session, current_app.extensions["keyring"], today())
        audit.record(session, Tag.KEY_ROTATED, audit.OPERATOR, ("issuer_key", None), now(), key=number)
    click.echo(f"Key {number} signs from now on.")


@issuer_keys.command("revoke")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def revoke(number: int, yes: bool) -> None:
    """Never believe a key again, as when its private half may be known: all that it signed becomes worthless at once."""
    question = f"Every document and card signed by key {number} becomes worthless. Go on?"
    if not yes and not click.confirm(question):
        raise SystemExit(1)
    with unit(db.engine()) as session:
        found = keys.revoke(session, number, today())
        if found:
            audit.record(session, Tag.KEY_REVOKED, audit.OPERATOR, ("issuer_key", None), now(), key=number)
    if not found:
        click.echo(f"There is no key {number} that could be revoked.", err=True)
        raise SystemExit(1)
    click.echo(f"Key {number} is revoked. Verifiers learn of it when they next have network.")
