"""Many rows that come due together: each is done by itself, so that one that cannot be done holds up no other."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger()
Row = TypeVar("Row")


def each_alone(db: Session, what: str, rows: Iterable[Row], act: Callable[[Row], Any]) -> int:
    """Call `act` with each of `rows` in a savepoint; returns how often that went well.

    A failure is logged by its class and undone; its row stays as it was and comes up again with the next run.
    """
    done = 0
    for row in list(rows):
        try:
            with db.begin_nested():
                act(row)
                db.flush()
        except Exception as wrong:
            log.error("left for later", what=what, problem=type(wrong).__name__)
        else:
            done += 1
    return done
