"""Signing in, also on a new device, and signing out."""
