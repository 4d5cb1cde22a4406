"""The shape of a notice."""

from typing import Any

from flask_babel import lazy_gettext as _l

from vssid.notices.board.rules import LONGEST_PLACE, Item, Place, Severity
from vssid.notices.fields import Moment, Version, WordsForm
from vssid.web.forms import Choice, line, required
from vssid.web.i18n import say


class ItemForm(WordsForm):
    """One notice; `version` is the one that was shown."""

    severity = Choice(_l("Mức độ"), [required(_l("Hãy chọn mức độ."))])
    place = Choice(_l("Hiện ở đâu?"), [required(_l("Hãy chọn nơi hiện."))])
    begins_at = Moment(_l("Hiện từ lúc"), [required(_l("Hãy chọn lúc bắt đầu."))])
    ends_at = Moment(
        _l("Tự gỡ lúc"), [required(_l("Hãy chọn lúc gỡ."))], description=_l("Giờ Việt Nam, tối đa 30 ngày.")
    )
    href = line(
        _l("Trang để xem thêm"), LONGEST_PLACE, needed=False,
        description=_l("Không bắt buộc. Địa chỉ trong trang này, ví dụ /tra-cuu."), render_kw={"autocomplete": "off"},
    )  # fmt: skip
    version = Version()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As WTForms has it."""
        super().__init__(*args, **kwargs)
        self.severity.choices = [(one.value, say(one.label)) for one in Severity]
        self.place.choices = [(one.value, say(one.label)) for one in Place]

    @property
    def item(self) -> Item:
        """What was written; only of a form that is in order."""
        begins_at, ends_at = self.begins_at.moment, self.ends_at.moment
        if begins_at is None or ends_at is None:
            raise ValueError("asked before the form was in order")
        severity, place = Severity(self.severity.data), Place(self.place.data)
        return Item(severity, place, self.sentence, (self.href.data or "").strip(), begins_at, ends_at)
