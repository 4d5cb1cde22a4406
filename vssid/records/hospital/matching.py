"""Whose a hospital's file is: the persons of the register who answer to the numbers in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from vssid.kernel.labels import N_, Label
from vssid.records.models import Person, PersonIdentifier
from vssid.records.rules import IdKind, id_kind_of

Number = tuple[str, str]
Known = Mapping[Number, UUID]


@dataclass(frozen=True)
class Waiting:
    """One staged HOSO: its number within the run, and `values.Claim.data`."""

    line: int
    data: Mapping[str, Any]


def numbers_of(people: Iterable[str], papers: Iterable[str]) -> list[Number]:
    """Mã số BHXH and numbers of identity papers with their kinds; what has the form of none is left out."""
    kinds = ((id_kind_of(number), number) for number in papers)
    return [
        *((str(IdKind.MA_SO_BHXH), number) for number in people),
        *((str(kind), number) for kind, number in kinds if kind),
    ]


def persons(db: Session, numbers: Iterable[Number]) -> dict[Number, UUID]:
    """Who answers to each number, in one statement; of merged persons the survivor."""
    wanted: dict[str, set[str]] = {}
    for kind, value in numbers:
        wanted.setdefault(kind, set()).add(value)
    if not wanted:
        return {}
    named = [
        and_(PersonIdentifier.kind == kind, PersonIdentifier.value.in_(sorted(values)))
        for kind, values in wanted.items()
    ]
    query = (
        select(PersonIdentifier.kind, PersonIdentifier.value, func.coalesce(Person.merged_into_id, Person.id))
        .join(Person, Person.id == PersonIdentifier.person_id)
        .where(or_(*named))
    )
    return {(kind, value): person for kind, value, person in db.execute(query)}


def person_of(numbers: Iterable[Number], known: Known) -> UUID | tuple[str, Label]:
    """The one person of all these numbers, or the element and the words for why there is none."""
    found = {known[number]: number[0] for number in numbers if number in known}
    if len(found) == 1:
        return next(iter(found))
    if not found:
        return "MA_THE_BHYT", N_("Không có ai trong sổ bộ mang mã số này hay số giấy tờ này.")
    if set(found.values()) == {str(IdKind.MA_SO_BHXH)}:
        return "MA_THE_BHYT", N_("Các thẻ BHYT là của nhiều người khác nhau.")
    return "SO_CCCD", N_("Thẻ BHYT và số giấy tờ là của hai người khác nhau.")
