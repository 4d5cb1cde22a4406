"""Reads about officers and the agencies that they see."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from vssid import directory
from vssid.officers.models import Officer
from vssid.officers.rules import Role


def by_code(db: Session, code: str) -> Officer | None:
    """The officer with this mã cán bộ; letters of any case."""
    return db.scalar(select(Officer).where(Officer.code == code.strip().upper()))


def scope(db: Session, agency_code: str, role: Role) -> tuple[str, ...]:
    """The agencies whose queues an officer sees: their own; a supervisor's with the agencies directly below."""
    if role is not Role.SUPERVISOR:
        return (agency_code,)
    return (agency_code, *(agency.code for agency in directory.agency_children(db, agency_code)))


def agency_name(db: Session, agency_code: str) -> str:
    """The agency's name, or its code where the list lacks it."""
    agency = directory.agency(db, agency_code)
    return agency.name if agency else agency_code
