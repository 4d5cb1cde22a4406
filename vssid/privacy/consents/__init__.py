"""Consent per purpose, withdrawn and given again."""
