"""What an officer types at the counter: the fields of the public forms; a phone and an e-mail only for who has them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from vssid.registration.steps.forms import ChildForm, InfoForm, contact_line, phone_line
from vssid.web.forms import Choice, Form, required
from vssid.web.i18n import LANGUAGES


class _CounterForm(Form):
    """In which language messages come; each in its own name."""

    language = Choice(_l("Ngôn ngữ của thông báo"), [required(_l("Chọn một mục."))], choices=[], default="vi")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As every form; then the choices."""
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, name) for code, (_locale, _tag, name) in LANGUAGES.items()]


class AdultCounterForm(_CounterForm, InfoForm):
    """An adult; without a phone the activation code is printed."""

    phone = phone_line(False, _l("Để trống nếu người này không có điện thoại: mã kích hoạt in trên phiếu."))
    contact_name = contact_line(_l("Để trống nếu là chính người đăng ký."))


class ChildCounterForm(_CounterForm, ChildForm):
    """A child, whose guardian stands at the counter."""

    phone = phone_line(False, _l("Số của người giám hộ. Để trống nếu đã có tài khoản VssID, hoặc không có điện thoại."))
    own_account = BooleanField(
        _l("Mở tài khoản riêng cho con"),
        description=_l("Chọn khi người giám hộ không có tài khoản: mã kích hoạt in trên phiếu."),
    )

    def _wants_account(self) -> bool:
        return bool(self.own_account.data)
