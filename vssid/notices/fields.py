"""Fields that the forms of this room share: a sentence in five languages, a moment in Vietnamese time."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField
from wtforms.widgets import HiddenInput

from vssid.kernel.clock import VIETNAM
from vssid.notices.words import CODES, LONGEST, FiveWords
from vssid.web.forms import Form, line

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


class WordsForm(Form):
    """The sentence; the languages that an officer leaves out show Vietnamese."""

    words_vi = line(_l("Tiếng Việt"), LONGEST, _l("Hãy viết câu tiếng Việt."), render_kw={"lang": "vi"})
    words_en = line(_l("Tiếng Anh"), LONGEST, needed=False, render_kw={"lang": "en"})
    words_ko = line(_l("Tiếng Hàn"), LONGEST, needed=False, render_kw={"lang": "ko"})
    words_zh = line(_l("Tiếng Trung"), LONGEST, needed=False, render_kw={"lang": "zh"})
    words_ja = line(_l("Tiếng Nhật"), LONGEST, needed=False, render_kw={"lang": "ja"})

    @property
    def sentence(self) -> FiveWords:
        """What was written."""
        return FiveWords(**{code: (self[f"words_{code}"].data or "").strip() for code in CODES})
