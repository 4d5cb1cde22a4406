"""Pages that are the same for every visitor: kept ready, and shown also while the database is away."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def published(view: View) -> View:
    """A page that a visitor gets from the shelf: GET, no cookie, no form of ours, nothing personal. Written above `@public`."""
    view.__published__ = True  # type: ignore[attr-defined]
    return view
