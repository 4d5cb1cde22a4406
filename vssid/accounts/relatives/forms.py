"""Shape of the form that names a trusted relative."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Regexp

from vssid.accounts.rules import PASSWORD_LONGEST, login_name
from vssid.kernel.text import mobile_number
from vssid.web.forms import Form, line, mobile_phone, secret


class RelativeForm(Form):
    """Whom one trusts: both numbers must belong to the same adult."""

    ma_so = line(
        _l("Mã số BHXH của người thân"),
        20,
        _l("Hãy nhập mã số BHXH của người thân."),
        Regexp(r"^(?:[\s.\-]*\d){10}[\s.\-]*$", message=_l("Mã số BHXH có 10 chữ số. Hãy đếm lại.")),
        description=_l("10 số cuối của thẻ BHYT. Người thân cần có tài khoản của riêng mình."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    phone = line(
        _l("Số điện thoại của người thân"),
        20,
        _l("Hãy nhập số điện thoại của người thân."),
        mobile_phone,
        render_kw={"inputmode": "tel", "autocomplete": "off", "type": "tel"},
    )
    password = secret(
        _l("Mật khẩu của bạn"),
        PASSWORD_LONGEST,
        _l("Hãy nhập mật khẩu của bạn."),
        render_kw={"autocomplete": "current-password"},
    )

    def keys(self) -> tuple[str, str]:
        """The checked mã số, and the number as E.164."""
        return login_name(self.ma_so.data), mobile_number(self.phone.data) or ""
