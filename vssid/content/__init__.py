"""Texts that people read before they use the system: introduction, terms, privacy. Door."""

from vssid.content.consent import Acceptance, accepted, on_acceptance, to_terms
from vssid.content.terms import PURPOSES, REMINDS_OF_CARDS_SINCE, TERMS_DIGEST, TERMS_VERSION

__all__ = [
    "PURPOSES", "REMINDS_OF_CARDS_SINCE", "TERMS_DIGEST", "TERMS_VERSION", "Acceptance", "accepted", "on_acceptance", "to_terms",
]  # fmt: skip
