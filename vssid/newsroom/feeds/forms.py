"""Shape of what editors send about feeds."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import AnyOf, ValidationError

from vssid.kernel.labels import Refused
from vssid.newsroom.feeds.rules import LONGEST_LINK, LONGEST_TITLE, check_url
from vssid.newsroom.rules import Kind, Topic
from vssid.web.forms import Choice, Form, line, required
from vssid.web.i18n import say

KINDS = (Kind.NEWS, Kind.VIDEO)


def _address(_form: Any, field: Any) -> None:
    """Validator: an address that may be asked; `data` is that address, tidied."""
    try:
        field.data = check_url(field.data)
    except Refused as refusal:
        raise ValidationError(say(refusal.label)) from None


class FeedForm(Form):
    """Nguồn tin mới."""

    url = line(
        _l("Địa chỉ RSS hoặc Atom"), LONGEST_LINK, _l("Hãy nhập địa chỉ."), _address, render_kw={"inputmode": "url"},
        description=_l("Ví dụ: https://example.vn/rss.xml. Nguồn được đọc thử trước khi hiện."),
    )  # fmt: skip
    name = line(
        _l("Tên nguồn"), LONGEST_TITLE, False, description=_l("Hiện cạnh mỗi tin. Để trống thì dùng tên máy chủ.")
    )
    kind = SelectField(
        _l("Hiện ở mục"),
        [AnyOf([str(one) for one in KINDS], _l("Hãy chọn một mục trong danh sách."))],
        validate_choice=False,
    )
    topic = SelectField(
        _l("Chủ đề"),
        [AnyOf([str(one) for one in Topic], _l("Hãy chọn một chủ đề trong danh sách."))],
        validate_choice=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Kinds and topics in the reader's language."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(str(one), say(one.label)) for one in KINDS]
        self.topic.choices = [(str(one), say(one.label)) for one in Topic]


class RemoveForm(Form):
    """Xoá nguồn."""

    articles = Choice(_l("Các tin đã lấy"), [required(_l("Hãy chọn giữ hay gỡ các tin đã lấy."))], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choices in the reader's language."""
        super().__init__(*args, **kwargs)
        self.articles.choices = [("giu", _("Giữ lại")), ("go", _("Gỡ hết"))]
