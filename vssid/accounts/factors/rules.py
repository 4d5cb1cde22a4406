"""Which ways in may go: another one is always kept."""

from vssid.kernel.labels import N_, Refused

PASSKEYS_WITHOUT_SMS = 2  # one on the phone that may be lost, one elsewhere (NIST SP 800-63B-4)


def check_way_left(passkeys_left: int, has_password: bool) -> None:
    """Raise Refused when nothing would open the account any more."""
    if passkeys_left == 0 and not has_password:
        raise Refused(N_("Đây là cách đăng nhập duy nhất của tài khoản. Hãy thêm một cách khác trước khi xoá."))


def check_sms_can_go(passkeys: int) -> None:
    """Raise Refused unless two passkeys can stand in for codes by message."""
    if passkeys < PASSKEYS_WITHOUT_SMS:
        raise Refused(N_("Cần ít nhất hai vân tay hoặc khoá màn hình, trên hai thiết bị, trước khi tắt mã tin nhắn."))


def sms_must_return(sms_on: bool, passkeys_left: int) -> bool:
    """Whether codes by message are switched on again, because too few passkeys are left."""
    return not sms_on and passkeys_left < PASSKEYS_WITHOUT_SMS
