"""The shape of a stop."""

from flask_babel import lazy_gettext as _l

from vssid.notices.fields import Moment, Version, WordsForm
from vssid.web.forms import required


class StopForm(WordsForm):
    """What is said instead, and until when; `version` is the one that was shown, 0 while the service works."""

    until = Moment(
        _l("Tự mở lại lúc"), [required(_l("Hãy chọn lúc mở lại."))], description=_l("Giờ Việt Nam, tối đa 7 ngày.")
    )
    version = Version()
