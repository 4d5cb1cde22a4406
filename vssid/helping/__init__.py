"""Helper mode (người giúp): one task of an account, lent for a while to a child, an agent, a teacher. Door."""

from datetime import timedelta

from vssid.helping.actions import end_due, purge
from vssid.helping.entrance import Helper, helper_with, init_app
from vssid.helping.rules import Task

JOBS = (("helping.due", timedelta(minutes=1), end_due), ("helping.purge", timedelta(hours=1), purge))

__all__ = ["JOBS", "Helper", "Task", "helper_with", "init_app"]
