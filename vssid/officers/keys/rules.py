"""Who must sign in with a passkey, and what of it is noted. Pure."""

from enum import StrEnum

from vssid.kernel.labels import N_, Refused
from vssid.officers.rules import Role

KEY_NEEDED = N_("Quản trị đã có khoá thì đăng nhập bằng mật khẩu và khoá, không bằng mã xác thực.")
LAST_KEY = N_("Quản trị luôn cần ít nhất một khoá. Hãy thêm khoá khác trước khi xoá khoá này.")


class Tag(StrEnum):
    """What the audit calls the acts of this folder."""

    ADDED = "officer.passkey_added"
    RENAMED = "officer.passkey_renamed"
    REMOVED = "officer.passkey_removed"


def needs_key(role: Role, possible: bool) -> bool:
    """Whether only a passkey will do beside the password (safety 6.3.3): of administrators, where passkeys can be had.

    `possible` is False where PUBLIC_URL names an address of the network, which browsers make no passkeys for.
    """
    return role is Role.ADMIN and possible


def check_totp_will_do(role: Role, possible: bool, count: int) -> None:
    """Raise Refused for an administrator who has a passkey: the first sign-in, which leads to adding one, is by TOTP."""
    if needs_key(role, possible) and count:
        raise Refused(KEY_NEEDED)


def check_removable(role: Role, possible: bool, left: int) -> None:
    """Raise Refused when an administrator would be `left` with none: that would let TOTP in again."""
    if needs_key(role, possible) and not left:
        raise Refused(LAST_KEY)
