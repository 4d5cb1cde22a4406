"""Shapes of the forms of recovery at the counter."""

from typing import Any

from flask_babel import lazy_gettext as _l

from vssid import accounts, records
from vssid.kernel.labels import Refused
from vssid.registration.fields import ma_so_of
from vssid.registration.steps.forms import ma_so_line
from vssid.web.forms import Choice, Form, line, required
from vssid.web.i18n import say


class FindForm(Form):
    """Whose request: mã số BHXH from the paper or card, mã yêu cầu from the person."""

    ma_so_bhxh = ma_so_line()
    code = line(
        _l("Mã yêu cầu"),
        20,
        _l("Hãy nhập mã yêu cầu gồm 9 số."),
        description=_l("9 số mà người dân nhận khi lập yêu cầu khôi phục."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    def keys(self) -> tuple[str, str]:
        """The checked numbers. Raises Refused for what cannot be a mã yêu cầu."""
        code = accounts.recovery.typed_code(self.code.data)
        if code is None:
            raise Refused(accounts.recovery.UNKNOWN, "code")
        return ma_so_of(self.ma_so_bhxh.data), code


class PaperForm(Form):
    """Which paper the person has shown."""

    id_shown = Choice(_l("Giấy tờ đã xuất trình"), [required(_l("Chọn một mục."))], choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the choices in the reader's language."""
        super().__init__(*args, **kwargs)
        kinds = (records.IdKind.CCCD, records.IdKind.CMND, records.IdKind.PASSPORT)
        self.id_shown.choices = [(kind.value, say(kind.label)) for kind in kinds]
