"""Reference tables: places, agencies, health facilities, dated parameters."""

from vssid.directory.actions import load_reference
from vssid.directory.offices import (
    Nearby,
    agency,
    agency_children,
    agency_path,
    nearest_agencies,
    search_agencies,
)
from vssid.directory.queries import (
    benefit_share,
    benefit_text,
    facility,
    parameter,
    place,
    place_name,
    places_in,
    provinces,
    search_facilities,
    search_wards,
    unit,
    unit_parents,
    wards,
)
from vssid.directory.rules import Place, address_system

__all__ = [
    "Nearby", "Place", "address_system", "agency", "agency_children", "agency_path", "benefit_share", "benefit_text",
    "facility", "load_reference", "nearest_agencies", "parameter", "place", "place_name", "places_in", "provinces",
    "search_agencies", "search_facilities", "search_wards", "unit", "unit_parents", "wards",
]  # fmt: skip
