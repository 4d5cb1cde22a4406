"""Strips: what a card shows for one day, signed, so that anybody can check it without network. Door."""

from datetime import timedelta

from vssid.card.strips import actions
from vssid.card.strips.checking import Checked, check, looks_like
from vssid.card.strips.rules import Strip, Verdict, typed

JOBS = (
    ("card.strips.sweep", timedelta(minutes=10), lambda db, at: actions.sweep(db, at)),
    ("card.strips.purge", timedelta(hours=6), actions.purge),
)

__all__ = ["JOBS", "Checked", "Strip", "Verdict", "check", "looks_like", "typed"]
