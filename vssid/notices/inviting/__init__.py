"""Mời cài đặt: a link that the inviter's own phone sends, and that the house knows again as its own. Door."""

from vssid.notices.inviting.views import bp, is_ours

__all__ = ["bp", "is_ours"]
