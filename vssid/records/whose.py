"""Whose things a page shows: one's own, or those of a child for whom one acts. The same page serves both."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, g

from vssid import accounts
from vssid.helping import Task
from vssid.web import guards

OWN = "/ca-nhan"
CHILDS = f"{OWN}/gia-dinh/<uuid:child>"
View = TypeVar("View", bound=Callable[..., Any])


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
    return Whose(accounts.me().person_id, OWN, "", active)


def of_child() -> Whose:
    """The child's, within views guarded by `@guardian_of`."""
    ward: guards.Ward = g.ward
    return of_ward(ward.id, ward.full_name)


def of_ward(id: UUID, full_name: str) -> Whose:
    """A child's, anywhere."""
    return Whose(id, f"{OWN}/gia-dinh/{id}", full_name, "gia-dinh")


@dataclass(frozen=True)
class Both:
    """Both addresses of each page in a room: one's own and, for a guardian, a child's. One view serves them.

    It is called with `Whose` the page is, then with the parts of the address. A view `show` at `/the-bhyt` gets two
    endpoints: `show` at `/ca-nhan/the-bhyt` for a citizen, `show_child` at `/ca-nhan/gia-dinh/<id>/the-bhyt` for a guardian.
    `bp` has no prefix of its own; `active` is the bar's item of one's own pages.
    """

    bp: Blueprint
    active: str

    def get(self, address: str, **options: Any) -> Callable[[View], View]:
        """For GET."""
        return self.route(address, "GET", **options)

    def post(self, address: str, **options: Any) -> Callable[[View], View]:
        """For POST."""
        return self.route(address, "POST", **options)

    def route(
        self, address: str, *methods: str, reaches: str | None = None, lent: Task | None = None
    ) -> Callable[[View], View]:
        """For several. `reaches` names the kind of object whose id stands in the address; `lent` lets a helper enter one's own."""

        def register(view: View) -> View:
            @guards.citizen
            @functools.wraps(view)
            def own(**parts: Any) -> Any:
                return view(mine(self.active), **parts)

            @guards.guardian_of
            @functools.wraps(view)
            def childs(child: UUID, **parts: Any) -> Any:
                return view(of_child(), **parts)

            if reaches is not None:
                own, childs = guards.reaches(reaches)(own), guards.reaches(reaches)(childs)
            if lent is not None:
                own = guards.lendable(lent)(own)
            self.bp.add_url_rule(OWN + address, view.__name__, own, methods=methods)
            self.bp.add_url_rule(CHILDS + address, f"{view.__name__}_child", childs, methods=methods)
            return view

        return register
