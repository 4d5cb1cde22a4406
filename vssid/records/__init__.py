"""The register: persons, the numbers that name them, who acts for whom. Door."""

from vssid.records.actions import add_guardianship, end_guardianships, learn_identifier, set_portrait
from vssid.records.models import Person
from vssid.records.queries import (
    children_of,
    family_of,
    guardians_of,
    identifiers,
    is_family,
    minor,
    person,
    person_by,
    ward_of,
)
from vssid.records.rules import (
    CHILD_CONSENT,
    IdKind,
    PartialDate,
    Sex,
    cccd_facts,
    check_cccd,
    check_name,
    id_kind_of,
    ma_so_bhxh_ok,
    of_age_on,
)

__all__ = [
    "CHILD_CONSENT",
    "IdKind",
    "PartialDate",
    "Person",
    "Sex",
    "add_guardianship",
    "cccd_facts",
    "check_cccd",
    "check_name",
    "children_of",
    "end_guardianships",
    "family_of",
    "guardians_of",
    "id_kind_of",
    "identifiers",
    "is_family",
    "learn_identifier",
    "ma_so_bhxh_ok",
    "minor",
    "of_age_on",
    "person",
    "person_by",
    "set_portrait",
    "ward_of",
]
