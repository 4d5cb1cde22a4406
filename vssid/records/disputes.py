"""“Không phải tôi / sai”: which rows their owner disputes, and what a disputed row is called.

Complaints live upstairs, with the other wishes about one's data; the rooms below only mark rows and lead to the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy.orm import Session

from vssid import accounts
from vssid.records.whose import Whose

# Of one person: their rows that are disputed and not answered yet, by id, with what is known of each complaint.
Open = Callable[[Session, UUID, "RowKind"], Mapping[UUID, "Complaint"]]
# What the owner calls a row of theirs, in the language of the request; None for a row that is not this person's.
Describe = Callable[[Session, UUID, UUID], str | None]
# Where a row of a person stands, below where their pages begin.
Address = Callable[[Session, UUID, UUID], str]


MARK = "dang_khieu_nai"  # of a disputed row in files


class RowKind(StrEnum):
    """What can be disputed row by row."""

    CONTRIBUTION = "contribution"
    BENEFIT = "benefit"
    VISIT = "visit"
    PAPER = "paper"
    CHECK = "check"


@dataclass(frozen=True)
class Complaint:
    """A complaint that is open: its receipt's address, the account that has it, and the last day of the answer."""

    at: str
    account_id: UUID
    answer_by: date


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
    return frozenset(open_rows(db, person_id, kind)) if open_rows else frozenset()


def complaint(db: Session, person_id: UUID, kind: RowKind, row_id: UUID) -> Complaint | None:
    """The open complaint about one row; None for a row that nobody disputes.

    Only who has complained has the receipt: for another guardian of the same child `at` is ''.
    """
    open_rows = cast(Open | None, current_app.extensions.get("disputes.open"))
    found = open_rows(db, person_id, kind).get(row_id) if open_rows else None
    return replace(found, at="") if found and found.account_id != accounts.me().id else found


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
