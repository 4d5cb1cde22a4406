"""Checking what people show: cards at a counter, documents at a desk. Door."""
