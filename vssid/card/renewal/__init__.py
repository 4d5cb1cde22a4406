"""Before a card ends: what is to be done, in words; the days for the phone's calendar; reminders. Door."""

from vssid.card.renewal.reminding import register_agreeing, step

__all__ = ["MAKERS", "register_agreeing"]

MAKERS = (("card.reminders", step),)
