"""The shape of a question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import ValidationError

from vssid.support.assistant.rules import LONGEST_QUESTION
from vssid.web.forms import Form, line


def _asked(_form: Any, field: Field) -> None:
    if not field.data:
        raise ValidationError(_l("Hãy gõ câu hỏi."))


class QuestionForm(Form):
    """Câu hỏi."""

    question = line(
        _l("Bạn muốn hỏi gì?"),
        LONGEST_QUESTION,
        _l("Hãy gõ câu hỏi."),
        _asked,
        description=_l("Gõ như khi nói, có dấu hay không dấu đều được. Đừng ghi mật khẩu hay mã OTP."),
        render_kw={"autocomplete": "off", "enterkeyhint": "send"},
    )
