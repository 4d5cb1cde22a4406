"""Shapes of the letter, of what is said afterwards, and of the officer's acts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, MultipleFileField, SelectField
from wtforms.validators import ValidationError

from vssid import notifications
from vssid.kernel.labels import Refused
from vssid.kernel.text import mobile_number, typed_code
from vssid.support.feedback.rules import (
    CODE_LENGTH,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    SECRET_LENGTH,
    SHORTEST_ANSWER,
    SHORTEST_TEXT,
    Category,
    Letter,
    bare_code,
    checked_text,
    reached_by,
)
from vssid.web.forms import Choice, Form, line, paragraph, required
from vssid.web.i18n import language, say

NOWHERE = "khong"  # no radio button has an empty value
FILE_KINDS = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf"


def one_line_end(text: str | None) -> str | None:
    """A browser ends lines by two signs; only one of them was typed."""
    return text.replace("\r\n", "\n") if text else text


def _said(shortest: int) -> Any:
    """Validator: enough words, and only signs that are typed."""

    def check(_form: Any, field: Field) -> None:
        try:
            checked_text(field.data, shortest)
        except Refused as refusal:
            raise ValidationError(say(refusal.label)) from refusal

    return check


def contact_check(_form: Any, field: Field) -> None:
    """Validator: a Vietnamese mobile number or an e-mail, or nothing."""
    text = field.data or ""
    if text and not (notifications.takes_email(text) if "@" in text else mobile_number(text)):
        raise ValidationError(_l("Chưa phải số di động Việt Nam hay email. Hãy sửa, hoặc để trống."))


class _Listed(SelectField):
    """One of a list that is known when the form is made, refused in our own words."""

    def __init__(self, label: Any, **options: Any) -> None:
        """As WTForms has it; `choices` are [(value, label)]."""
        super().__init__(label, choices=[], **options)  # type: ignore[no-untyped-call]

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not offered."""
        if (self.data or "") not in [value for value, _label in self.choices]:
            raise ValidationError(_l("Giá trị không hợp lệ. Hãy chọn một mục trong danh sách."))


class LetterForm(Form):
    """Phản ánh, kiến nghị. Who has an account chooses one of its proven contacts; others type one."""

    category = Choice(_l("Về việc gì?"), [required(_l("Hãy chọn một mục."))])
    subject = line(
        _l("Tiêu đề"),
        LONGEST_SUBJECT,
        _l("Hãy viết tiêu đề."),
        description=_l("Một câu ngắn, ví dụ: Chậm cấp lại thẻ BHYT."),
    )
    text = paragraph(
        _l("Nội dung"), LONGEST_TEXT, _l("Hãy viết nội dung."), _said(SHORTEST_TEXT), filters=[one_line_end],
        description=_l("Việc gì, ở đâu, khi nào, bạn muốn được giải quyết thế nào. Từ 20 đến 4.000 ký tự."),
    )  # fmt: skip
    agency = _Listed(
        _l("Gửi cơ quan BHXH nào?"), description=_l("Không biết thì để nguyên, cơ quan BHXH tỉnh sẽ chuyển.")
    )
    name = line(_l("Họ và tên (không bắt buộc)"), LONGEST_NAME, needed=False, render_kw={"autocomplete": "name"})
    contact = line(
        _l("Số di động hoặc email để báo khi có trả lời (không bắt buộc)"), 254, False, contact_check,
        render_kw={"autocomplete": "on", "autocapitalize": "off"},
    )  # fmt: skip
    reply_to = Choice(_l("Khi có trả lời, báo cho bạn qua đâu?"), [required(_l("Hãy chọn một mục."))])
    files = MultipleFileField(
        _l("Tệp kèm theo (không bắt buộc)"),
        render_kw={"accept": FILE_KINDS},
        description=_l("Tối đa 3 tệp: ảnh hoặc PDF, mỗi tệp 8 MB, tất cả 20 MB. Chọn nhiều tệp trong một lần."),
    )
    may_publish = BooleanField(
        _l("Cho phép công bố câu hỏi và trả lời, sau khi cán bộ đã bỏ tên và mọi thông tin nhận ra tôi")
    )

    def __init__(
        self,
        *args: Any,
        agencies: Sequence[tuple[str, str]] = (),
        contacts: Sequence[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """`agencies` as (code, name); `contacts` of an account as (reply_to, words), None for who has none."""
        super().__init__(*args, **kwargs)
        self.category.choices = [(one.value, say(one.label)) for one in Category]
        self.agency.choices = [("", _l("Cơ quan BHXH tỉnh")), *agencies]
        self.reply_to.choices = list(contacts or [])
        if contacts is None:
            del self.reply_to
        else:
            del self.name, self.contact

    def letter(self) -> Letter:
        """What was written; call after validation."""
        phone, email = reached_by((self.contact.data or "") if "contact" in self else "")
        return Letter(
            category=Category(self.category.data),
            subject=self.subject.data,
            text=checked_text(self.text.data, SHORTEST_TEXT),
            agency_code=self.agency.data or None,
            name=(self.name.data or "") if "name" in self else "",
            phone=phone,
            email=email,
            reply_to=self.reply_to.data if "reply_to" in self and self.reply_to.data != NOWHERE else "",
            may_publish=bool(self.may_publish.data),
            language=language(),
        )


class FollowForm(Form):
    """Both codes of the receipt."""

    code = line(
        _l("Mã phản ánh"), 20, _l("Hãy nhập mã phản ánh."), description=_l("Ví dụ: PA-7K3M-9QX2."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )  # fmt: skip
    secret = line(
        _l("Mã bí mật"), 20, _l("Hãy nhập mã bí mật."), description=_l("Tám chữ, số in dưới mã phản ánh trên phiếu tiếp nhận."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )  # fmt: skip

    def codes(self) -> tuple[str, str]:
        """Code and secret as they were made."""
        code, secret = bare_code(typed_code(self.code.data)), typed_code(self.secret.data)
        return code[:CODE_LENGTH], secret[: SECRET_LENGTH + 1]


class MoreForm(Form):
    """“Bổ sung”, or why the answer is not enough."""

    text = paragraph(
        _l("Lời nhắn"), LONGEST_TEXT, _l("Hãy viết lời nhắn."), _said(SHORTEST_ANSWER), filters=[one_line_end],
        description=_l("Từ 10 đến 4.000 ký tự."),
    )  # fmt: skip


class AnswerForm(Form):
    """Trả lời hoặc hỏi lại: the same words, two buttons."""

    text = paragraph(
        _l("Lời cho người gửi"), LONGEST_TEXT, _l("Hãy viết lời cho người gửi."), _said(SHORTEST_ANSWER), filters=[one_line_end],
        description=_l("Người gửi đọc được nguyên văn. Không ghi dữ liệu của người khác."),
    )  # fmt: skip


class NoteForm(Form):
    """Ghi chú nội bộ."""

    note = paragraph(
        _l("Ghi chú nội bộ"), LONGEST_NOTE, _l("Hãy viết ghi chú."), _said(SHORTEST_ANSWER), filters=[one_line_end],
        description=_l("Người gửi không thấy trên trang của mình, nhưng có quyền xin bản sao dữ liệu, gồm cả ghi chú này."),
    )  # fmt: skip


class MoveForm(Form):
    """Chuyển cơ quan khác."""

    agency = _Listed(_l("Chuyển đến cơ quan"))
    reason = paragraph(
        _l("Lý do chuyển"), LONGEST_NOTE, _l("Hãy viết lý do."), _said(SHORTEST_ANSWER), filters=[one_line_end],
        description=_l("Chỉ cán bộ đọc."),
    )  # fmt: skip

    def __init__(self, *args: Any, agencies: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`agencies` as (code, name), without the one where the letter is."""
        super().__init__(*args, **kwargs)
        self.agency.choices = list(agencies)


class PublishForm(Form):
    """The two texts as everybody will read them."""

    subject = line(_l("Tiêu đề"), LONGEST_SUBJECT, _l("Hãy viết tiêu đề."))
    question = paragraph(
        _l("Câu hỏi"), LONGEST_TEXT, _l("Hãy viết câu hỏi."), _said(SHORTEST_TEXT), filters=[one_line_end]
    )
    answer = paragraph(
        _l("Trả lời"), LONGEST_TEXT, _l("Hãy viết trả lời."), _said(SHORTEST_ANSWER), filters=[one_line_end]
    )
