"""Whose things a page shows: one's own, or those of a child for whom one acts. The same page serves both."""

from dataclasses import dataclass
from uuid import UUID

from flask import g

from vssid import accounts
from vssid.web.guards import Ward


@dataclass(frozen=True)
class Whose:
    """The person, where their pages begin, the name to put into titles ('' for one's own), the bar's item."""

    person_id: UUID
    base: str
    name: str
    active: str

    @property
    def own(self) -> bool:
        """Whether the reader is the person."""
        return not self.name


def mine(active: str) -> Whose:
    """The citizen's own, within views guarded by `@citizen`; `active` is the bar's item."""
    return Whose(accounts.me().person_id, "/ca-nhan", "", active)


def of_child() -> Whose:
    """The child's, within views guarded by `@guardian_of`."""
    ward: Ward = g.ward
    return Whose(ward.id, f"/ca-nhan/gia-dinh/{ward.id}", ward.full_name, "gia-dinh")
