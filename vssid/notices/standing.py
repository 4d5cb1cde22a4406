"""What stands on every page is read every ten seconds at most, and the last answer stays while the database is away."""

from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from vssid.kernel.clock import ticks
from vssid.kernel.db import reading
from vssid.web import db

log = structlog.get_logger()
T = TypeVar("T")
SECONDS = 10.0


class Standing(Generic[T]):
    """One answer of the database, kept in this process; each worker has its own."""

    def __init__(self, ask: Callable[[Session], T], before: T) -> None:
        """`before` is the answer while nothing could be read yet."""
        self.seconds = SECONDS
        self._ask, self._known, self._due = ask, before, float("-inf")

    def __call__(self) -> T:
        """The answer, at most `seconds` old; older only while the database cannot be asked."""
        if ticks() >= self._due:
            # First of all, so that others take what there is instead of asking as well.
            self._due = ticks() + self.seconds
            try:
                with reading(db.engine()) as session:
                    self._known = self._ask(session)
            except (SQLAlchemyError, OSError) as wrong:
                log.error("last known notices stay", problem=type(wrong).__name__)
        return self._known

    def forget(self) -> None:
        """Ask again at the next occasion: something has just changed."""
        self._due = float("-inf")


def keep(app: Flask, standing: Standing[T]) -> Standing[T]:
    """Let the application know of it, so that whoever changes its database underneath can have it ask again."""
    app.extensions.setdefault("standings", []).append(standing)
    return standing
