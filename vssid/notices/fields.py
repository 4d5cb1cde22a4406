"""Fields that the forms of this room share: a sentence in five languages, a moment in Vietnamese time."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from vssid.kernel.clock import VIETNAM
from vssid.notices.words import CODES, LONGEST, FiveWords
from vssid.web.forms import Form, clean, no_control_characters, paragraph

SHAPE = "%Y-%m-%dT%H:%M"


class Moment(DateTimeLocalField):
    """A day and a time as the browser sends them, meant in Vietnam; `moment` is the aware one."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        """As WTForms has it; filled with an aware moment."""
        super().__init__(label, validators, format=SHAPE, **options)

    def process_data(self, value: Any) -> None:
        """Show a moment as clocks in Vietnam do."""
        self.data = value.astimezone(VIETNAM).replace(tzinfo=None, second=0, microsecond=0) if value else None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take it, or say what is expected, in our own words."""
        try:
            self.data = datetime.strptime(valuelist[0], SHAPE) if valuelist and valuelist[0] else None  # noqa: DTZ007
        except ValueError as wrong:
            self.data = None
            raise ValueError(_l("Hãy chọn ngày và giờ, ví dụ 2026-09-04T07:30.")) from wrong

    @property
    def moment(self) -> datetime | None:
        """What was chosen."""
        return self.data.replace(tzinfo=VIETNAM) if self.data else None


class Version(IntegerField):
    """Which version was shown: what nobody can have been shown is version 0, which no row has."""

    def __init__(self, **options: Any) -> None:
        """As WTForms has it; nobody sees it, so it has no label."""
        super().__init__(default=0, widget=HiddenInput(), **options)  # type: ignore[no-untyped-call]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a small whole number."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _sentence(label: Any, code: str, needed: Any = False) -> TextAreaField:
    """Two lines to write in, of which one line of text is kept."""
    options = {"lang": code, "maxlength": LONGEST, "rows": 2}
    return paragraph(label, LONGEST, needed, no_control_characters, filters=[clean], render_kw=options)


class WordsForm(Form):
    """The sentence; the languages that an officer leaves out show Vietnamese."""

    words_vi = _sentence(_l("Tiếng Việt"), "vi", _l("Hãy viết câu tiếng Việt."))
    words_en = _sentence(_l("Tiếng Anh"), "en")
    words_ko = _sentence(_l("Tiếng Hàn"), "ko")
    words_zh = _sentence(_l("Tiếng Trung"), "zh")
    words_ja = _sentence(_l("Tiếng Nhật"), "ja")

    @property
    def sentence(self) -> FiveWords:
        """What was written."""
        return FiveWords(**{code: (self[f"words_{code}"].data or "").strip() for code in CODES})
