"""Shape of what editors send."""

import unicodedata
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, FileField, HiddenField, SelectField
from wtforms.validators import AnyOf, Optional, ValidationError

from vssid.kernel.clock import VIETNAM
from vssid.kernel.labels import Refused
from vssid.kernel.text import has_control_characters
from vssid.newsroom.rules import (
    LISTED,
    LONGEST_ADDRESS,
    LONGEST_ALT,
    LONGEST_BODY,
    LONGEST_LEAD,
    LONGEST_REASON,
    LONGEST_TITLE,
    Kind,
    Topic,
    Written,
    video_host,
)
from vssid.web.forms import Form, clean, line, no_control_characters, paragraph, required
from vssid.web.i18n import say

_KIND = _l("Hãy chọn một loại bài trong danh sách.")
_TOPIC = _l("Hãy chọn một chủ đề trong danh sách.")


def _body(text: str | None) -> str | None:
    """One spelling and one kind of line end, whatever browser sent it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")) if text else text


def _https(_form: Any, field: Any) -> None:
    """Validator: an address of a video elsewhere."""
    try:
        video_host(field.data)
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from None


def _plain_body(_form: Any, field: Any) -> None:
    if has_control_characters((field.data or "").replace("\n", " ").replace("\t", " ")):
        raise ValidationError(_l("Có ký tự không dùng được. Hãy xoá và gõ lại."))


class TextForm(Form):
    """Bài viết: one language of it, and what it is about."""

    version = HiddenField(_l("Phiên bản"))
    topic = SelectField(_l("Chủ đề"), [AnyOf([str(one) for one in Topic], _TOPIC)], validate_choice=False)
    title = line(_l("Tiêu đề"), LONGEST_TITLE, False)
    lead = paragraph(
        _l("Tóm tắt"),
        LONGEST_LEAD,
        False,
        no_control_characters,
        filters=[clean],
        description=_l("Một, hai câu, hiện trong danh sách bài."),
    )
    body = paragraph(_l("Nội dung"), LONGEST_BODY, False, _plain_body, filters=[_body], render_kw={"rows": 18})
    video_url = line(
        _l("Địa chỉ video ở nơi khác"),
        LONGEST_ADDRESS,
        False,
        _https,
        description=_l("Bắt đầu bằng https://. Người đọc thấy tên trang đó trước khi mở."),
        render_kw={"inputmode": "url"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The topics in the reader's language."""
        super().__init__(*args, **kwargs)
        self.topic.choices = [(str(one), say(one.label)) for one in Topic]

    @property
    def written(self) -> Written:
        """What was typed."""
        return Written(self.title.data or "", self.lead.data or "", self.body.data or "")

    @property
    def seen_version(self) -> int:
        """The version that the editor had before them; 0 for what is no number."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class NewForm(TextForm):
    """Bài mới."""

    kind = SelectField(
        _l("Loại bài"),
        [AnyOf([str(one) for one in LISTED], _KIND)],
        validate_choice=False,
        description=_l("Loại bài quyết định bài hiện ở trang nào, không đổi được về sau."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The kinds in the reader's language."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(str(one), say(Kind(one).label)) for one in LISTED]


class Moment(DateTimeLocalField):
    """A moment as people in Vietnam write it; `data` is aware."""

    def __init__(self, label: Any, validators: Any, **options: Any) -> None:
        """As WTForms has it."""
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take it, or say what is expected, in our own words."""
        self.data = None
        text = valuelist[0] if valuelist else ""
        if not text:
            return
        try:
            self.data = datetime.fromisoformat(text[:16]).replace(tzinfo=VIETNAM)
        except ValueError as wrong:
            raise ValueError(_l("Hãy ghi ngày và giờ, ví dụ 2026-09-04 08:30.")) from wrong

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(VIETNAM):%Y-%m-%dT%H:%M}" if self.data else ""


class PublishForm(Form):
    """Đăng."""

    version = HiddenField(_l("Phiên bản"))
    publish_at = Moment(
        _l("Đăng vào lúc"), [Optional()], description=_l("Giờ Việt Nam. Để trống thì đăng ngay, hoặc giữ lúc đã đăng.")
    )
    expires_at = Moment(_l("Hết hạn lúc"), [Optional()], description=_l("Để trống thì không hết hạn."))
    pinned = BooleanField(_l("Ghim lên đầu danh sách"))


class WithdrawForm(Form):
    """Gỡ."""

    version = HiddenField(_l("Phiên bản"))
    reason = line(_l("Lý do gỡ"), LONGEST_REASON, _l("Hãy ghi lý do gỡ."))


class PictureForm(Form):
    """Ảnh."""

    file = FileField(
        _l("Ảnh (JPEG, PNG, WebP, HEIC)"),
        [required(_l("Hãy chọn ảnh."))],
        description=_l("Tối đa 8 MB. Ảnh được thu nhỏ, bỏ vị trí chụp và thông tin máy ảnh."),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic"},
    )
    alt = line(
        _l("Ảnh cho thấy gì?"),
        LONGEST_ALT,
        _l("Hãy viết một câu cho người không nhìn thấy ảnh."),
        description=_l("Máy đọc câu này cho người không nhìn thấy ảnh."),
    )


class FileForm(Form):
    """Tệp video hoặc văn bản."""

    file = FileField(_l("Tệp"), [required(_l("Hãy chọn tệp."))])
