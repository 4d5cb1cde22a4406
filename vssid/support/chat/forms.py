"""Shapes of the question that begins a chat, of what is said in it, and of the officer's acts."""

from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField
from wtforms.validators import ValidationError

from vssid.kernel.labels import Refused
from vssid.support import feedback
from vssid.support.chat.rules import LONGEST_TEXT, checked_text
from vssid.web.forms import Choice, Form, line, paragraph, required
from vssid.web.i18n import say


def _said(_form: Any, field: Field) -> None:
    """Validator: words, of signs that are typed."""
    try:
        checked_text(field.data)
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from refusal


class _WithNonce(Form):
    """A form that does what it does once, however often it is sent."""

    nonce = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A fresh form, and one whose nonce nobody can read, gets a new one."""
        super().__init__(*args, **kwargs)
        try:
            self.once = UUID(self.nonce.data or "")
        except ValueError:
            self.once = uuid4()
        self.nonce.data = str(self.once)


class StartForm(_WithNonce):
    """The question. Who has an account may show who they are; others may leave a contact."""

    topic = Choice(_l("Về việc gì?"), [required(_l("Hãy chọn một mục."))])
    text = paragraph(
        _l("Câu hỏi"), LONGEST_TEXT, _l("Hãy viết câu hỏi."), _said, filters=[feedback.one_line_end],
        description=_l("Tối đa 1.000 ký tự. Đừng ghi mật khẩu hay mã OTP."),
    )  # fmt: skip
    contact = line(
        _l("Số di động hoặc email (không bắt buộc)"), 254, False, feedback.contact_check,
        render_kw={"autocomplete": "on", "autocapitalize": "off"},
        description=_l("Dùng khi cuộc trò chuyện phải chuyển thành phản ánh: có trả lời thì báo qua đây."),
    )  # fmt: skip
    shows_name = BooleanField(_l("Cho cán bộ xem họ tên và mã số BHXH của tôi"))

    def __init__(self, *args: Any, signed_in: bool = False, **kwargs: Any) -> None:
        """`signed_in` who is asked whether to show their name."""
        super().__init__(*args, **kwargs)
        self.topic.choices = [(one.value, say(one.label)) for one in feedback.Category]
        if signed_in:
            del self.contact
        else:
            del self.shows_name


class SayForm(_WithNonce):
    """One message of either side."""

    text = paragraph(
        _l("Lời nhắn"), LONGEST_TEXT, _l("Hãy viết lời nhắn."), _said, filters=[feedback.one_line_end],
    )  # fmt: skip


class PassForm(Form):
    """Chuyển cho cán bộ khác."""

    colleague = SelectField(_l("Chuyển cho cán bộ đang trực"), choices=[], validate_choice=False)
