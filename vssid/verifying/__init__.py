"""Checking cards: by whoever has a phone, and at the counter of a health facility."""
