"""Shapes of this room's forms."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField

from vssid.rosters.rules import LONGEST_TITLE
from vssid.web.forms import Form, line, required


class UploadForm(Form):
    """A file, and the title of the roster that it makes or updates."""

    title = line(
        _l("Tên danh sách"),
        LONGEST_TITLE,
        _l("Hãy đặt tên danh sách."),
        description=_l("Tải lại với cùng tên thì cập nhật danh sách đó."),
        render_kw={"autocomplete": "off"},
    )
    file = FileField(
        _l("Tệp danh sách (CSV, XLSX)"),
        [required(_l("Hãy chọn tệp danh sách."))],
        description=_l("Tối đa 5 MB và 5.000 dòng."),
        render_kw={"accept": ".csv,.xlsx,text/csv"},
    )


class SaveForm(Form):
    """What was looked at is right."""

    drop_gone = BooleanField(_l("Xoá những người không còn trong tệp"))
