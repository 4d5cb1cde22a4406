"""What people are called: the register lives upstairs and tells it here."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy.orm import Session

NameOf = Callable[[Session, UUID], str]


def register_names(app: Flask, name_of: NameOf) -> None:
    """Say how the full name of a person is found by their id."""
    app.extensions["name_of"] = name_of


def name_of(db: Session, person_id: UUID) -> str:
    """The full name of a person of the register, '' where it does not know them."""
    found: NameOf = current_app.extensions["name_of"]
    return found(db, person_id)
