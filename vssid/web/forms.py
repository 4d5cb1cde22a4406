"""The base of every form: clean text in, errors in the reader's language out, nothing typed is lost."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from vssid.kernel.labels import Refused
from vssid.kernel.text import has_control_characters, mobile_number, one_line
from vssid.web.i18n import say


def clean(text: str | None) -> str | None:
    """NFC, single blanks, trimmed: how every typed line is kept."""
    return one_line(text) if text else text


class Form(FlaskForm):
    """A form whose token is checked by the house (`forgery`), and which can show what a rule refused."""

    class Meta:
        """One check is enough; the house makes it before any view runs."""

        csrf = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As WTForms has it: formdata=None for an empty form, data={…} for a filled one."""
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether this is a POST whose fields are all in order."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def refuse(self, refusal: Refused) -> None:
        """Show a rule's refusal at its field, or above the form."""
        words = say(refusal.label)
        if refusal.field and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, words]
        else:
            self.form_errors.append(words)


def no_control_characters(_form: Any, field: Field) -> None:
    """Validator: what no keyboard produces is not text."""
    if field.data and has_control_characters(field.data):
        raise ValidationError(_l("Có ký tự không dùng được. Hãy xoá và gõ lại."))


def mobile_phone(_form: Any, field: Field) -> None:
    """Validator: a Vietnamese mobile number."""
    if mobile_number(field.data) is None:
        raise ValidationError(_l("Chưa phải số di động Việt Nam: 10 số, bắt đầu bằng 03, 05, 07, 08 hoặc 09."))


def required(words: Any = None) -> InputRequired:
    """Validator: the field must be filled in."""
    return InputRequired(words or _l("Hãy điền mục này."))


def at_most(limit: int) -> Length:
    """Validator: no longer than `limit` characters."""
    return Length(max=limit, message=_l("Dài quá %(max)d ký tự. Hãy viết ngắn lại."))


def _line(label: Any, limit: int, needed: Any, more: list[Any]) -> list[Any]:
    first = required(needed if needed is not True else None) if needed else Optional()
    return [first, at_most(limit), no_control_characters, *more]


def line(label: Any, limit: int, needed: Any = True, *more: Any, **options: Any) -> StringField:
    """A line of text of at most `limit` characters; `needed` may be the words to show when it is empty."""
    render = {"maxlength": limit, **options.pop("render_kw", {})}
    return StringField(label, _line(label, limit, needed, list(more)), filters=[clean], render_kw=render, **options)


def paragraph(label: Any, limit: int, needed: Any = True, *more: Any, **options: Any) -> TextAreaField:
    """Several lines of at most `limit` characters."""
    return TextAreaField(
        label, [v for v in _line(label, limit, needed, list(more)) if v is not no_control_characters], **options
    )


class Choice(RadioField):
    """One of a few values, which the form labels in the reader's language when it is made."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        """As WTForms has it; `choices` are [(value, label)]."""
        super().__init__(label, validators, **options)  # type: ignore[no-untyped-call]

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not offered, in our own words."""
        if self.data not in [value for value, _label in self.choices]:
            raise ValidationError(_l("Giá trị không hợp lệ. Hãy chọn một mục trong danh sách."))


class Day(DateField):
    """A day as the browser's calendar sends it."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        """As WTForms has it."""
        super().__init__(label, validators, **options)  # type: ignore[no-untyped-call]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take it, or say what is expected, in our own words."""
        try:
            self.data = date.fromisoformat(valuelist[0]) if valuelist and valuelist[0] else None
        except ValueError as wrong:
            self.data = None
            raise ValueError(_l("Hãy chọn một ngày, ví dụ 2026-09-04.")) from wrong


def secret(label: Any, limit: int, needed: Any = True, *more: Any, **options: Any) -> PasswordField:
    """A password or the like: taken as typed, never shown again."""
    return PasswordField(label, _line(label, limit, needed, list(more)), **options)
