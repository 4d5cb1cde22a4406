"""Sổ khám chữa bệnh: visits to hospitals, from the files that hospitals send. Door."""

from vssid.records.visits.intake import follow_mergers
from vssid.records.visits.queries import line
from vssid.records.visits.rules import hidden_from_guardian

__all__ = ["follow_mergers", "hidden_from_guardian", "line"]
