"""What is wanted: whose declarations, from which day to which, in which state, and why."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from vssid.officers import Officer
from vssid.registration.exports.queries import Wanted
from vssid.registration.exports.rules import ALL_MINE, ALL_STATES, LONGEST_REASON
from vssid.registration.rules import Status
from vssid.web.forms import Day, Form, clean, no_control_characters, paragraph, required
from vssid.web.i18n import say


class _Listed(SelectField):
    """One of a list, refused in our own words."""

    def __init__(self, label: Any, **options: Any) -> None:
        """As WTForms has it; `choices` are [(value, label)], known when the form is made."""
        super().__init__(label, choices=[], **options)  # type: ignore[no-untyped-call]

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not offered."""
        if self.data not in [value for value, _label in self.choices]:
            raise ValidationError(_l("Giá trị không hợp lệ. Hãy chọn một mục trong danh sách."))


class WishForm(Form):
    """The whole of a wish."""

    agency = _Listed(_l("Cơ quan BHXH"))
    first = Day(_l("Từ ngày gửi"), [required(_l("Hãy chọn ngày."))])
    last = Day(_l("Đến ngày gửi"), [required(_l("Hãy chọn ngày."))], description=_l("Tối đa 366 ngày."))
    status = _Listed(_l("Tình trạng"))
    reason = paragraph(
        _l("Lý do"), LONGEST_REASON, _l("Hãy ghi lý do."), no_control_characters, filters=[clean],
        render_kw={"maxlength": LONGEST_REASON, "rows": 3},
        description=_l("Cán bộ thứ hai đọc lý do này trước khi đồng ý. Tối đa 300 ký tự."),
    )  # fmt: skip

    def __init__(self, *args: Any, officer: Officer, names: dict[str, str], **kwargs: Any) -> None:
        """`names` are those of the officer's agencies by code."""
        super().__init__(*args, **kwargs)
        self._officer = officer
        every = [("", say(ALL_MINE))] if len(officer.agencies) > 1 else []
        self.agency.choices = [*every, *((code, names[code]) for code in officer.agencies)]
        self.status.choices = [("", say(ALL_STATES)), *((one.value, say(one.label)) for one in Status)]

    def wanted(self) -> Wanted:
        """Which declarations."""
        agencies = (self.agency.data,) if self.agency.data else self._officer.agencies
        return Wanted(agencies, self.first.data, self.last.data, self.status.data)
