"""Amounts with a fixed number of places, exact on both databases."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Float, Integer, cast, func
from sqlalchemy.types import UserDefinedType


class Exact(UserDefinedType[Decimal]):
    """NUMERIC that is a Decimal here. SQLite knows only floats beside whole numbers, so it keeps whole last places."""

    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        """At most `digits` digits, of which `places` stand behind the point."""
        self.digits, self.places = digits, places

    def get_col_spec(self, **_options: Any) -> str:
        """As both databases spell it."""
        return f"NUMERIC({self.digits}, {self.places})"

    def whole_of(self, text: ColumnElement[str]) -> ColumnElement[int]:
        """What SQLite keeps of a number that stands in a text, of at most fifteen digits."""
        return cast(func.round(cast(text, Float) * 10**self.places), Integer)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """On SQLite 1234.50 goes in as 123450; more places than the column has are a programming error."""
        if dialect.name != "sqlite":
            return None

        def whole(value: Any) -> int | None:
            if value is None:
                return None
            moved = Decimal(value).scaleb(self.places)
            number = int(moved)
            if number != moved:
                raise ValueError(f"{value} has more than {self.places} places")
            return number

        return whole

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], Any] | None:
        """The reverse, for sums of the column too."""
        if dialect.name != "sqlite":
            return None
        return lambda value: None if value is None else Decimal(value).scaleb(-self.places)
