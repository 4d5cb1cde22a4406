"""Door: messages that commit with their cause, and what became of them."""

from vssid.notifications.actions import forget_texts, send
from vssid.notifications.attachments import register_attachment
from vssid.notifications.queries import Backlog, Delivery, backlog, delivery_of, sent_like
from vssid.notifications.rules import Channel, State, as_said, one_segment, takes_email
from vssid.notifications.sender import Tally, deliver_due

__all__ = [
    "Backlog",
    "Channel",
    "Delivery",
    "State",
    "Tally",
    "as_said",
    "backlog",
    "deliver_due",
    "delivery_of",
    "forget_texts",
    "one_segment",
    "register_attachment",
    "send",
    "sent_like",
    "takes_email",
]
