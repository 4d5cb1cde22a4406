"""Wishes about one's data, with their legal clocks."""
