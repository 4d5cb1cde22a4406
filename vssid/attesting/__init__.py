"""Documents that can be checked: a code, a seal signed by the issuer, and the window that says whether it holds. Door."""

from datetime import timedelta

from vssid.attesting import actions
from vssid.attesting.actions import Found, Issued, check, withdraw_of
from vssid.attesting.rules import SEEN, Document, Fact, Statement
from vssid.attesting.stamps import Stamp, stamp

JOBS = (("attesting.purge", timedelta(hours=6), actions.purge),)

__all__ = ["JOBS", "SEEN", "Document", "Fact", "Found", "Issued", "Stamp", "Statement", "check", "stamp", "withdraw_of"]
