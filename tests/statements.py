"""Every statement that the application's own code sends while the suite runs, with values it was sent with."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

ROOT = Path(__file__).resolve().parents[1]
OURS, TESTS = str(ROOT / "vssid") + "/", str(ROOT / "tests") + "/"
# Tables are made and filled with reference lists once; their statements are nobody's page.
NOT_ASKED = (OURS + "migrations/",)


@dataclass(frozen=True)
class Seen:
    """A statement as the driver got it, values of one time, and our function that sent it, as file:function."""

    sql: str
    values: Any
    place: str


class Statements:
    """Listens to all engines of this process."""

    def __init__(self) -> None:
        self._places: dict[str, Seen | None] = {}
        event.listen(Engine, "before_cursor_execute", self._hear)

    def close(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._hear)

    def __iter__(self) -> Iterator[Seen]:
        return (seen for seen in self._places.values() if seen)

    def _hear(self, _connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        if sql not in self._places:
            place = _sender()
            self._places[sql] = Seen(sql, values[0] if isinstance(values, list) else values, place) if place else None


def _sender() -> str:
    """The nearest function of ours above SQLAlchemy, or '' when a test sent it itself."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(TESTS) or name.startswith(NOT_ASKED):
            return ""
        if name.startswith(OURS) and not name.endswith("kernel/db.py"):
            return f"{name.removeprefix(str(ROOT) + '/')}:{frame.f_code.co_name}"
        frame = frame.f_back
    return ""
