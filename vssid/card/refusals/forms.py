"""Shapes of the report and of the officer's answer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from vssid.card.refusals.rules import LONGEST_ANSWER, LONGEST_NAME, LONGEST_WORDS, Said
from vssid.web.forms import Choice, Day, Form, line, paragraph, required
from vssid.web.i18n import say

ELSEWHERE = "khac"


class _Place(RadioField):
    """A facility by its code, or somewhere else: which codes there are, the register knows."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        """As WTForms has it; `choices` are [(code, name)], known when the form is made."""
        super().__init__(label, validators, choices=[], **options)  # type: ignore[no-untyped-call]

    def pre_validate(self, form: Any) -> None:
        """A search of before may have offered what this page does not."""


class ReportForm(Form):
    """Where, when, what was said."""

    facility = _Place(_l("Ở đâu?"), [required(_l("Hãy chọn nơi đã từ chối thẻ."))])
    name = line(
        _l("Tên cơ sở, nếu không có trong danh sách"), LONGEST_NAME, needed=False, render_kw={"autocomplete": "off"}
    )
    happened_on = Day(_l("Ngày nào?"), [required(_l("Hãy chọn ngày."))])
    said = Choice(_l("Nhân viên nói hoặc làm gì?"), [required(_l("Hãy chọn một mục."))])
    words = paragraph(
        _l("Kể thêm, nếu cần"), LONGEST_WORDS, needed=False,
        description=_l("Tối đa 500 ký tự. Không cần ghi bệnh."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        """`places` are facilities to choose from: [(code, name)]."""
        super().__init__(*args, **kwargs)
        self.facility.choices = [*places, (ELSEWHERE, _l("Nơi khác: ghi tên ở dưới"))]
        self.said.choices = [(one.value, say(one.label)) for one in Said]


class AnswerForm(Form):
    """Lời trả lời."""

    words = paragraph(
        _l("Lời cho người dân"),
        LONGEST_ANSWER,
        _l("Hãy viết lời trả lời."),
        description=_l("Người dân đọc được nguyên văn. Không ghi dữ liệu của người khác."),
    )
