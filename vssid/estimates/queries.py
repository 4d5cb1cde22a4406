"""The figures of the law that hold on a day."""

from datetime import date

from sqlalchemy.orm import Session

from vssid import directory
from vssid.estimates.rules import Figure, Figures


def figures_on(db: Session, day: date) -> Figures:
    """All of them, in one statement."""
    rows = directory.parameters_on(db, day)
    return Figures(
        day, {row.code: Figure(row.code, row.value, row.valid_from, directory.shown_source(row.source)) for row in rows}
    )
