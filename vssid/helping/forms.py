"""Shapes of this room's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from wtforms.validators import Regexp

from vssid.helping.rules import CODE_DIGITS, LONGEST_NAME, MINUTES, Task
from vssid.web.forms import Choice, Form, line, mobile_phone
from vssid.web.i18n import say


class LendForm(Form):
    """Which task, and for how long from when the helper begins."""

    task = Choice(_l("Việc nhờ giúp"), [])
    minutes = Choice(_l("Trong bao lâu"), [])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choices are those of the rules."""
        super().__init__(*args, **kwargs)
        self.task.choices = [(task.value, say(task.label)) for task in Task]
        self.minutes.choices = [(str(n), lazy_ngettext("%(num)s phút", "%(num)s phút", n)) for n in MINUTES]


class HelperForm(Form):
    """The owner's code, and who the helper is."""

    code = line(
        _l("Mã nhờ giúp"),
        20,
        _l("Hãy nhập mã mà người được giúp đưa cho bạn."),
        Regexp(rf"^(?:[\s.\-]*[0-9]){{{CODE_DIGITS}}}[\s.\-]*$", message=_l("Mã gồm 8 chữ số.")),
        description=_l("8 số, hiện trên máy của người được giúp."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "data-from-hash": True},
    )
    name = line(_l("Họ và tên của bạn"), LONGEST_NAME, _l("Hãy nhập họ và tên."), render_kw={"autocomplete": "name"})
    phone = line(
        _l("Số điện thoại của bạn"),
        20,
        _l("Hãy nhập số điện thoại."),
        mobile_phone,
        description=_l("Người được giúp thấy tên và số này."),
        render_kw={"inputmode": "tel", "autocomplete": "tel", "type": "tel"},
    )
