"""“Không phải tôi / sai”: which rows their owner disputes, and what a disputed row is called.

Complaints live upstairs, with the other wishes about one's data; the rooms below only mark rows and lead to the form.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy.orm import Session

from vssid.records.whose import Whose

# Of one person: the ids of their rows that are disputed and not answered yet.
Open = Callable[[Session, UUID, "RowKind"], frozenset[UUID]]
# What the owner calls a row of theirs, in the language of the request; None for a row that is not this person's.
Describe = Callable[[Session, UUID, UUID], str | None]
# Where a row of a person stands, below where their pages begin.
Address = Callable[[Session, UUID, UUID], str]


class RowKind(StrEnum):
    """What can be disputed row by row."""

    CONTRIBUTION = "contribution"
    BENEFIT = "benefit"
    VISIT = "visit"
    PAPER = "paper"


def register_open(app: Flask, open_rows: Open) -> None:
    """Tell where complaints are kept."""
    app.extensions["disputes.open"] = open_rows


def register_rows(app: Flask, kind: RowKind, describe: Describe, address: Address | None = None) -> None:
    """Let rows of this kind be disputed; `address` leads back to one."""
    app.extensions.setdefault("disputes.rows", {})[kind] = describe
    if address is not None:
        app.extensions.setdefault("disputes.addresses", {})[kind] = address


def disputed(db: Session, person_id: UUID, kind: RowKind) -> frozenset[UUID]:
    """The rows of one person that must be marked as disputed."""
    open_rows = cast(Open | None, current_app.extensions.get("disputes.open"))
    return open_rows(db, person_id, kind) if open_rows else frozenset()


def described(db: Session, person_id: UUID, kind: RowKind, row_id: UUID) -> str | None:
    """What a row is called; None when this person has no such row."""
    rows = cast(dict[RowKind, Describe], current_app.extensions.get("disputes.rows", {}))
    return rows[kind](db, person_id, row_id) if kind in rows else None


def address(db: Session, person_id: UUID, kind: RowKind, row_id: UUID) -> str:
    """Where a row stands below its owner's pages; '' where no room tells, which is where those pages begin."""
    rooms = cast(dict[RowKind, Address], current_app.extensions.get("disputes.addresses", {}))
    return rooms[kind](db, person_id, row_id) if kind in rooms else ""


def link(whose: Whose, kind: RowKind, row_id: UUID) -> str:
    """Where a row is disputed."""
    return f"{whose.base}/khieu-nai/{kind}/{row_id}"
