"""Shapes of the forms of requests and of the officer's answer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import AnyOf

from vssid.privacy.rules import CHOOSABLE, LONGEST_ANSWER, LONGEST_WORDS, OF_A_ROW, OF_ALL_DATA
from vssid.web.forms import Choice, Form, paragraph, required
from vssid.web.i18n import say


class LookForm(Form):
    """Không đúng? Hỏi cơ quan: only the words."""

    words = paragraph(_l("Vì sao không đúng?"), LONGEST_WORDS, _l("Hãy viết vài lời để cơ quan hiểu."))


class RowForm(Form):
    """Không phải tôi / sai: which of the two, and words where they help."""

    about = Choice(_l("Dòng này sai thế nào?"), [required(_l("Hãy chọn một trong hai."))])
    words = paragraph(_l("Nội dung đúng, hoặc điều bạn biết"), LONGEST_WORDS, needed=False)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        """The choices in the reader's language, of a row of their `own` or of their child's."""
        super().__init__(*args, **kwargs)
        self.about.choices = [(one.value, say(one.in_words_of(own=own))) for one in OF_A_ROW]


class CheckForm(Form):
    """Yêu cầu kiểm tra quá trình tham gia: what is checked is known, words where they help."""

    words = paragraph(_l("Điều bạn biết về những tháng này"), LONGEST_WORDS, needed=False)


class AskForm(Form):
    """Yêu cầu mới."""

    kind = Choice(_l("Bạn yêu cầu gì?"), [required(_l("Hãy chọn một loại yêu cầu."))])
    about = SelectField(
        _l("Về dữ liệu nào?"),
        [AnyOf(OF_ALL_DATA, _l("Giá trị không hợp lệ. Hãy chọn một mục trong danh sách."))],
        validate_choice=False,
    )
    words = paragraph(_l("Nội dung yêu cầu"), LONGEST_WORDS, _l("Hãy viết rõ bạn muốn gì."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(one.value, say(one.label)) for one in CHOOSABLE]
        self.about.choices = [(one.value, say(one.label)) for one in OF_ALL_DATA]


class AnswerForm(Form):
    """Trả lời, từ chối hoặc gia hạn: the same words, three buttons."""

    words = paragraph(
        _l("Lời cho người dân"),
        LONGEST_ANSWER,
        _l("Hãy viết lời trả lời hoặc lý do."),
        description=_l("Người dân đọc được nguyên văn. Không ghi dữ liệu của người khác."),
    )
