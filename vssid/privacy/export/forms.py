"""Shape of the form that asks for a copy."""

from flask_babel import lazy_gettext as _l

from vssid.web.forms import Form, secret


class ExportForm(Form):
    """Tải dữ liệu của tôi: one's own password."""

    password = secret(_l("Mật khẩu"), 200, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"})
