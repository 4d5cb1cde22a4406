"""Danh mục tra cứu: agencies, facilities, employers and collection points as one searchable list. Door."""

from vssid.directory.listings.building import bring_up, bring_up_all, made_of, touch
from vssid.directory.listings.models import Listing
from vssid.directory.listings.rules import Asked, Kind
from vssid.directory.listings.searching import Page, find, state

__all__ = ["Asked", "Kind", "Listing", "Page", "bring_up", "bring_up_all", "find", "made_of", "state", "touch"]
