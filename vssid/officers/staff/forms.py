"""Shapes of the forms about staff."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Regexp

from vssid.officers.rules import Role
from vssid.officers.staff.actions import Access
from vssid.web.forms import Choice, Form, line
from vssid.web.i18n import say


class AccessForm(Form):
    """Who an officer is, what they may do, and where."""

    code = line(_l("Mã cán bộ"), 20, _l("Hãy nhập mã cán bộ."), render_kw={"autocapitalize": "characters"})
    name = line(_l("Họ và tên"), 100, _l("Hãy nhập họ và tên."))
    email = line(_l("Email công vụ"), 254, _l("Hãy nhập email công vụ."), render_kw={"type": "email"})
    agency_code = line(
        _l("Mã cơ quan BHXH"), 5, _l("Hãy nhập mã cơ quan."), description=_l("3 hoặc 5 số, ví dụ 08902.")
    )
    ma_so_bhxh = line(
        _l("Mã số BHXH của cán bộ"),
        10,
        False,
        Regexp(r"^[0-9]{10}$", message=_l("Mã số BHXH gồm 10 chữ số.")),
        description=_l("Để cán bộ không mở hồ sơ của chính mình và gia đình."),
        render_kw={"inputmode": "numeric"},
    )
    role = Choice(_l("Vai trò"), [])

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        """`code` is that of an officer who is there already: it is not asked for."""
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, say(role.label)) for role in Role]
        self._code = code
        if code:
            del self.code

    def access(self) -> Access:
        """What was filled in."""
        code = self._code or str(self.code.data).strip().upper()
        own = self.ma_so_bhxh.data or None
        return Access(code, self.name.data, self.email.data, Role(self.role.data), self.agency_code.data, own)
