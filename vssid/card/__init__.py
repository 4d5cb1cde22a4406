"""The BHYT card: which one holds, its face, its QR, its print. Door."""

from vssid.card.queries import Holder, holder, holders
from vssid.card.rules import Face, Validity, qr_payload, validity, validity_line

__all__ = ["Face", "Holder", "Validity", "holder", "holders", "qr_payload", "validity", "validity_line"]
