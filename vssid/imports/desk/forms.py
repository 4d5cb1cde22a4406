"""Shape of the form that sends a file."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField
from wtforms.validators import AnyOf

from vssid.imports import ways
from vssid.web.forms import Day, Form, required
from vssid.web.i18n import say


class SendForm(Form):
    """Gửi tệp."""

    kind = SelectField(
        _l("Loại dữ liệu"), [AnyOf(ways.names(), _l("Hãy chọn một loại trong danh sách."))], validate_choice=False
    )
    as_of = Day(
        _l("Số liệu tính đến ngày"),
        [required(_l("Hãy chọn một ngày, ví dụ 2026-09-04."))],
        description=_l("Ngày mà tệp nói về, thường là hôm nay."),
    )
    file = FileField(
        _l("Tệp (CSV, XLSX, XML, ZIP)"),
        [required(_l("Hãy chọn tệp."))],
        description=_l(
            "Tối đa 20 MB. Tệp lớn hơn: nhờ người quản trị máy chủ nhập. Các cột của mỗi loại: xem bên dưới."
        ),
        render_kw={"accept": ".csv,.xlsx,.xml,.zip,text/csv"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The kinds in the reader's language."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.name, say(kind.label)) for kind in map(ways.named, ways.names()) if kind]
