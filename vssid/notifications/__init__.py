"""Door: messages that commit with their cause, and what became of them."""

from vssid.notifications.actions import send
from vssid.notifications.attachments import register_attachment
from vssid.notifications.queries import Backlog, Delivery, backlog, delivery_of
from vssid.notifications.rules import Channel, State, one_segment, takes_email
from vssid.notifications.sender import Tally, deliver_due

__all__ = [
    "Backlog",
    "Channel",
    "Delivery",
    "State",
    "Tally",
    "backlog",
    "deliver_due",
    "delivery_of",
    "one_segment",
    "register_attachment",
    "send",
    "takes_email",
]
