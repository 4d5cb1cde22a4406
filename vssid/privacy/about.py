"""Under which ids the house knows a person: what the audit and the copies of data go by."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from vssid.accounts import Account
from vssid.records import IdKind, Person
from vssid.records.models import PersonIdentifier
from vssid.registration import Declaration
from vssid.rosters.models import RosterRow

# Newest first; nobody sends more.
MOST_DECLARATIONS = 50
MOST_ROWS = 100

Subject = tuple[str, UUID]


@dataclass(frozen=True)
class Known:
    """A person by the ids of their rows; those merged into them are they. `numbers` are their mã số BHXH."""

    persons: tuple[UUID, ...]
    numbers: tuple[str, ...]
    accounts: tuple[UUID, ...]
    declarations: tuple[UUID, ...]
    roster_rows: tuple[UUID, ...]

    @property
    def subjects(self) -> list[Subject]:
        """What the audit calls them."""
        named = (
            ("person", self.persons),
            ("account", self.accounts),
            ("declaration", self.declarations),
            ("roster_row", self.roster_rows),
        )
        return [(kind, id) for kind, ids in named for id in ids]


def known(db: Session, person_id: UUID) -> Known:
    """All ids of a person, in five statements."""
    merged = select(Person.id).where(Person.merged_into_id == person_id)
    persons = (person_id, *db.scalars(merged))
    named = select(PersonIdentifier.value).where(
        PersonIdentifier.person_id.in_(persons), PersonIdentifier.kind == IdKind.MA_SO_BHXH
    )
    numbers = tuple(db.scalars(named))
    mine = or_(Declaration.ma_so_bhxh.in_(numbers), Declaration.person_id.in_(persons))
    declared = select(Declaration.id).where(mine).order_by(Declaration.sent_at.desc()).limit(MOST_DECLARATIONS)
    return Known(
        persons,
        numbers,
        tuple(db.scalars(select(Account.id).where(Account.person_id.in_(persons)))),
        tuple(db.scalars(declared)),
        tuple(db.scalars(select(RosterRow.id).where(RosterRow.ma_so_bhxh.in_(numbers)).limit(MOST_ROWS))),
    )
