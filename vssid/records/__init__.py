"""The register: persons, the numbers that name them, who acts for whom. Door."""

from vssid.records.actions import learn_identifier, set_portrait
from vssid.records.models import Person
from vssid.records.queries import identifiers, is_family, person, person_by
from vssid.records.rules import (
    IdKind,
    PartialDate,
    Sex,
    cccd_facts,
    check_cccd,
    check_name,
    id_kind_of,
    ma_so_bhxh_ok,
)

__all__ = [
    "IdKind",
    "PartialDate",
    "Person",
    "Sex",
    "cccd_facts",
    "check_cccd",
    "check_name",
    "id_kind_of",
    "identifiers",
    "is_family",
    "learn_identifier",
    "ma_so_bhxh_ok",
    "person",
    "person_by",
    "set_portrait",
]
