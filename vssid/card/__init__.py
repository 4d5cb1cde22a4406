"""The BHYT card: which one holds, its face, its QR, its print. Door."""

from vssid.card.queries import card_of
from vssid.card.rules import Face, Validity, qr_payload, validity, validity_line

__all__ = ["Face", "Validity", "card_of", "qr_payload", "validity", "validity_line"]
