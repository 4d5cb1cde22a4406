"""Shapes of the forms that ask for a change, prove it or stop it; what a value may be is asked of the rules."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired, ValidationError

from vssid import records
from vssid.accounts import Purpose
from vssid.kernel.labels import N_, Label
from vssid.kernel.text import mobile_number
from vssid.registration.changes.rules import LONGEST_REASON
from vssid.registration.fields import ma_so_of
from vssid.registration.steps.forms import (
    contact_line,
    email_line,
    ma_so_line,
    number_line,
    phone_line,
    plain_number,
    street_line,
)
from vssid.web.forms import Choice, Form, line, paragraph, required, secret
from vssid.web.i18n import say

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code"}
_LABELS: dict[Purpose, Label] = {
    Purpose.PHONE_OLD: N_("Mã gửi đến số cũ"),
    Purpose.PHONE_NEW: N_("Mã gửi đến số mới"),
    Purpose.EMAIL_OLD: N_("Mã gửi đến email cũ"),
    Purpose.EMAIL_PHONE: N_("Mã gửi đến điện thoại"),
    Purpose.EMAIL_NEW: N_("Mã gửi đến email mới"),
    Purpose.ADDRESS: N_("Mã gửi đến điện thoại"),
    Purpose.STOP: N_("Mã gửi đến điện thoại"),
}


def _new_phone(hint: Any) -> Any:
    return phone_line(hint=hint, label=_l("Số điện thoại mới"))


def _new_email() -> Any:
    return email_line(_l("Email mới"), _l("Hãy nhập email mới."), _l("Mã xác thực sẽ gửi đến địa chỉ này."))


class PhoneForm(Form):
    """Đổi số điện thoại."""

    phone = _new_phone(_l("Số di động của chính bạn; mã xác thực sẽ gửi đến số này."))

    def number(self) -> str:
        """The checked number, E.164."""
        return mobile_number(self.phone.data) or ""


class EmailForm(Form):
    """Email; a mailbox that is lost is replaced by the phone's word."""

    email = _new_email()
    lost = BooleanField(_l("Không còn dùng được email cũ"))


class NoEmailForm(Form):
    """Bỏ email: only the button."""


class AddressForm(Form):
    """Địa chỉ và người liên hệ; the ward is chosen with directory's picker."""

    address_line = street_line()
    contact_name = contact_line()


class StopForm(Form):
    """Ngừng sử dụng: one's own password; who guards children's accounts says that they know what happens to them."""

    password = secret(_l("Mật khẩu"), 200, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"})
    children = BooleanField(
        _l("Tôi hiểu và vẫn ngừng sử dụng"),
        [InputRequired(_l("Hãy đánh dấu ô này, hoặc giữ tài khoản."))],
        description=_l("Bạn đang là người giám hộ: tài khoản riêng của con sẽ không còn số điện thoại nào để nhận mã."),
    )

    def __init__(self, *args: Any, guards: bool = False, **kwargs: Any) -> None:
        """Ask about children only where there are some."""
        super().__init__(*args, **kwargs)
        if not guards:
            del self.children


class CodesForm(Form):
    """The codes that prove a change, one or two, the old contact's first."""

    first = line("", 12, _l("Hãy nhập mã trong tin nhắn."), render_kw=_CODE)
    second = line("", 12, _l("Hãy nhập mã trong tin nhắn."), render_kw=_CODE)

    def __init__(self, *args: Any, targets: list[tuple[Purpose, str]], **kwargs: Any) -> None:
        """`targets` are the purposes and, masked, the contacts that the codes went to."""
        super().__init__(*args, **kwargs)
        if len(targets) < 2:
            del self.second
        for field, (purpose, to) in zip(self, targets, strict=False):
            field.label.text, field.description = say(_LABELS[purpose]), to

    def typed(self) -> list[str]:
        """What was typed, in the order of the targets."""
        return [field.data for field in self]


class CancelForm(Form):
    """/huy: the eight digits of the message."""

    code = line(
        _l("Mã huỷ"),
        16,
        _l("Hãy nhập mã trong tin nhắn."),
        description=_l("8 số trong tin nhắn hoặc email đó."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class SearchForm(Form):
    """Two exact keys: whoever knows only one finds nothing."""

    ma_so_bhxh = ma_so_line()
    id_number = number_line()

    def keys(self) -> tuple[str, str]:
        """The checked numbers."""
        return ma_so_of(self.ma_so_bhxh.data), plain_number(self.id_number.data)


def _reason(_form: Any, field: Any) -> None:
    if len(field.data or "") < 10:
        raise ValidationError(_l("Hãy ghi rõ lý do, ít nhất 10 ký tự."))


class _CounterForm(Form):
    """What every act at the counter notes: the paper that was shown."""

    id_shown = Choice(_l("Giấy tờ đã xuất trình"), [required(_l("Chọn một mục."))], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        kinds = (records.IdKind.CCCD, records.IdKind.CMND, records.IdKind.PASSPORT)
        self.id_shown.choices = [(kind.value, say(kind.label)) for kind in kinds]


class CounterPhoneForm(_CounterForm, PhoneForm):
    """Đổi số, còn số cũ; an officer types the number of somebody else."""

    phone = _new_phone(_l("Mã xác thực sẽ gửi đến số này."))


class CounterLostForm(CounterPhoneForm):
    """Đổi số, mất số cũ: with the reason for the second officer."""

    reason = paragraph(
        _l("Lý do, để cán bộ thứ hai xem"), LONGEST_REASON, _l("Hãy ghi rõ lý do, ít nhất 10 ký tự."), _reason
    )


class CounterEmailForm(_CounterForm):
    """Đổi email at the counter: the phone's word and the new mailbox's."""

    email = _new_email()


class CounterStopForm(_CounterForm):
    """Ngừng sử dụng at the counter; without the old phone a second officer is needed, and a reason."""

    lost = BooleanField(_l("Không còn số điện thoại cũ"))
    reason = paragraph(_l("Lý do (khi không còn số cũ)"), LONGEST_REASON, False)

    def validate_lost(self, field: Any) -> None:
        """Where no code proves it, a reason is needed."""
        if field.data:
            _reason(self, self.reason)
