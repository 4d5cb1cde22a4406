"""Sổ khám chữa bệnh: visits to hospitals, from the files that hospitals send. Door."""

from vssid.records.visits.intake import follow_mergers
from vssid.records.visits.queries import line

__all__ = ["follow_mergers", "line"]
