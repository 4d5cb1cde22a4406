"""Which health facility registers: found in the directory by name or code, inside the form of step 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from vssid import directory, organisations
from vssid.directory.models import Facility
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import has_control_characters, one_line
from vssid.registration.steps.organisation_form import OrganisationForm

Values = Mapping[str, str]
LONGEST_QUERY = 60
MOST_FOUND = 8
LONGEST_STREET = 200
_SEARCH, _TAKE = "find_facility", "take_facility"


@dataclass(frozen=True)
class Finder:
    """What the form shows: the words searched for, what they find, and the directory's row of the code typed so far."""

    query: str
    found: Sequence[Facility]
    listed: Facility | None


def is_searching(values: Values) -> bool:
    """Whether a button of the search was pressed: the form is then shown again, unchecked."""
    return _SEARCH in values or _TAKE in values


def take(db: Session, form: Any, values: Values) -> Values:
    """Put the result that was pressed into the form, with its name and address; what the place picker then goes by."""
    if not isinstance(form, OrganisationForm) or _TAKE not in values:
        return values
    form.kind.data = organisations.OrganisationKind.FACILITY.value
    form.facility_code.data = organisations.facility_code(values[_TAKE][:12])
    taken = _listed(db, form)
    if taken is None:
        return values
    form.full_name.data = taken.name
    form.address_line.data, ward = _address(db, taken)
    return {**values, "ward_code": ward, "province_code": taken.province_code, "place_system": ""} if ward else values


def _address(db: Session, facility: Facility) -> tuple[str, str]:
    """The line before the ward, and its code; all of it and '' where the directory's address names no ward of today."""
    parts = facility.address.split(",")
    named: dict[str, list[str]] = {}
    for ward in directory.wards(db, facility.province_code):
        named.setdefault(_compared(ward.full_name), []).append(ward.code)
    # The ward stands last, or before its province: with a district behind it, it is one of before 1/7/2025.
    for at in range(max(1, len(parts) - 2), len(parts)):
        codes = named.get(_compared(parts[at]), [])
        if len(codes) == 1:
            return ",".join(parts[:at]).strip()[:LONGEST_STREET], codes[0]
    return facility.address[:LONGEST_STREET], ""


def _compared(part: str) -> str:
    return one_line(part).casefold()


def context(db: Session, form: Any, values: Values) -> dict[str, Any]:
    """What the template needs; nothing for the forms of people."""
    if not isinstance(form, OrganisationForm):
        return {}
    query = one_line(values.get("facility_query", "")[: LONGEST_QUERY * 4])[:LONGEST_QUERY]
    query = "" if has_control_characters(query) or _TAKE in values else query
    found = directory.search_facilities(db, query, limit=MOST_FOUND) if query else []
    return {"facility": Finder(query, found, _listed(db, form))}


def _listed(db: Session, form: OrganisationForm) -> Facility | None:
    code = organisations.facility_code(form.facility_code.data or "")
    return directory.facility(db, code) if organisations.facility_code_ok(code) else None


def problem(db: Session, form: Any) -> Refused | None:
    """Why a facility's code cannot be taken: the directory does not know it. Codes in use are for the officer to see."""
    if not isinstance(form, OrganisationForm) or not form.of_facility or _listed(db, form) is not None:
        return None
    words = N_("Danh mục không có cơ sở khám chữa bệnh mang mã này. Hãy tìm theo tên, hoặc hỏi cơ quan BHXH.")
    return Refused(words, "facility_code")
