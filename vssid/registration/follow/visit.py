"""Who follows a declaration without an account: this browser session opened it with code and phone."""

from uuid import UUID

from flask import session
from sqlalchemy.orm import Session

from vssid.registration import queries
from vssid.registration.models import Declaration
from vssid.web import db


def opened(session_: Session | None = None) -> Declaration | None:
    """The declaration that this browser session has opened."""
    id = session.get("declaration")
    return queries.by_id(session_ or db.session, UUID(id)) if id else None


def keep_open(declaration: Declaration) -> None:
    """Open a declaration for this browser session."""
    session["declaration"] = str(declaration.id)
