"""Reference tables: places, agencies, health facilities, dated parameters; the picker of places for all forms."""

from datetime import datetime

from flask import Flask

from vssid.directory import listings, open_data, picker
from vssid.directory.actions import load_reference
from vssid.directory.facilities import Contract, contract_of, contracted_near, contracted_page
from vssid.directory.offices import (
    Nearby,
    agency,
    agency_children,
    agency_path,
    nearest_agencies,
    province_agency,
    search_agencies,
    wards_in_charge,
)
from vssid.directory.queries import (
    benefit_share,
    benefit_text,
    facility,
    icd10_names,
    old_districts,
    old_provinces,
    old_wards,
    parameter,
    parameters,
    parameters_on,
    place,
    place_name,
    places_in,
    province_of_old,
    provinces,
    search_facilities,
    unit,
    unit_parents,
    wards,
    wards_after,
    wards_of_old,
)
from vssid.directory.rules import Hit, Place, address_system, number_of, old_code_of, shown_source, whole_of
from vssid.directory.search import named_place, search_wards
from vssid.web.db import db as web


def _make(app: Flask, _at: datetime) -> bool:
    with app.app_context():
        return listings.bring_up(web.engine)


# What an import made stale it brings up itself; this is for one that was cut off, and for what an upgrade made stale.
MAKERS = (("directory.listings", _make), *open_data.MAKERS)

__all__ = [
    "MAKERS", "Contract", "Hit", "Nearby", "Place", "address_system", "agency", "agency_children", "agency_path", "benefit_share",
    "benefit_text", "contract_of", "contracted_near", "contracted_page", "facility", "icd10_names", "load_reference", "named_place", "nearest_agencies", "number_of", "old_code_of", "old_districts", "old_provinces", "old_wards", "open_data",
    "parameter", "parameters", "parameters_on", "picker", "place", "place_name", "places_in", "province_agency", "province_of_old", "provinces", "search_agencies", "search_facilities",
    "search_wards", "shown_source", "unit", "unit_parents", "wards", "wards_after", "wards_in_charge", "wards_of_old", "whole_of",
]  # fmt: skip
