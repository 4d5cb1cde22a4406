"""`flask officers …`: the operator adds people and takes access away; passwords are never seen."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.kernel.labels import Refused
from vssid.officers import actions
from vssid.officers.rules import Role
from vssid.web import db
from vssid.web.i18n import say

officers = AppGroup("officers", help="Officers (cán bộ) and their access.")


@officers.command("add")
@click.option("--code", required=True, help="Mã cán bộ: letters and digits.")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", required=True, help="Work e-mail.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", required=True, help="Code of the agency, e.g. 08902.")
@click.option(
    "--ma-so-bhxh", default=None, help="The officer's own mã số BHXH: keeps them out of their family's files."
)
def add(code: str, name: str, email: str, role: str, agency: str, ma_so_bhxh: str | None) -> None:
    """Add an officer (or renew the set-up of one) and print a one-time set-up code."""
    at: datetime = now()
    try:
        with unit(db.db.engine) as session:
            setup_code = actions.add(
                session,
                current_app.extensions["keyring"],
                code=code,
                name=name,
                email=email,
                role=Role(role),
                agency_code=agency,
                ma_so_bhxh=ma_so_bhxh,
                at=at,
            )
    except Refused as refusal:
        raise click.ClickException(say(refusal.label)) from refusal
    address = current_app.config["SETTINGS"].public_url
    click.echo(f"Set-up code (one use, 24 hours): {setup_code}")
    click.echo(f"Open {address}/can-bo/kich-hoat")


@officers.command("end")
@click.option("--code", required=True)
def end(code: str) -> None:
    """Take an officer's access away at once."""
    try:
        with unit(db.db.engine) as session:
            actions.end(session, code, at=now())
    except Refused as refusal:
        raise click.ClickException(say(refusal.label)) from refusal
    click.echo("Access ended; every session of this officer is closed.")
