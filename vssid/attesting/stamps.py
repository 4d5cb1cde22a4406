"""The stamp that a printed document carries: its code in letters and as a QR code, and until when it can be checked."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from markupsafe import Markup

from vssid import accounts
from vssid.attesting.actions import issue
from vssid.attesting.rules import Statement, spoken
from vssid.kernel.clock import now
from vssid.kernel.db import unit
from vssid.web import db, qr


@dataclass(frozen=True)
class Stamp:
    """For `attesting/stamp.html`: `address` is where to check, `svg` the QR code (address and seal)."""

    code: str
    address: str
    issued_on: date
    last_day: date
    svg: Markup


def stamp(statement: Statement) -> Stamp:
    """Note the document, in a short transaction of its own, for the account that asks for it, and give its stamp.

    Within views of citizens and guardians. Printed twice on one day it keeps its code.
    """
    me = accounts.me()
    keyring, settings = current_app.extensions["keyring"], current_app.config["SETTINGS"]
    specimen = current_app.extensions.get("specimen", bool)()
    with unit(db.engine()) as session:
        issued = issue(session, keyring, statement, account=me.id, by=me.by, specimen=specimen, at=now())
    # Behind the # the seal stays in the telephone: no server's log has it.
    address = f"{settings.public_url}/xac-minh"
    svg = qr.svg(f"{address}#{issued.seal}", "Mã QR xác minh giấy này", robust=False)
    return Stamp(spoken(issued.code), address, issued.issued_on, issued.last_day, svg)
