"""Giấy tờ khám chữa bệnh: papers that hospitals have issued (TT 56/2017, TT 25/2025). Door."""

from vssid.records.papers.intake import follow_mergers

__all__ = ["follow_mergers"]
