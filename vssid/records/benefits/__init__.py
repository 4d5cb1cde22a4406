"""Thông tin hưởng: benefits that were decided, and adjustments of pensions. Door."""
