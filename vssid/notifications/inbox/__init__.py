"""The inbox behind the bell: what an account was told, to be read again in whatever language it reads now. Door."""

from datetime import timedelta

from vssid.notifications.inbox.actions import forget_old, mark_all, mark_read, put
from vssid.notifications.inbox.queries import Page, Shown, page, unread
from vssid.notifications.inbox.rules import MOST_COUNTED, Topic

JOBS = (("notifications.inbox", timedelta(hours=1), forget_old),)

__all__ = [
    "JOBS",
    "MOST_COUNTED",
    "Page",
    "Shown",
    "Topic",
    "mark_all",
    "mark_read",
    "page",
    "put",
    "unread",
]
