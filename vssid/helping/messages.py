"""What owner and helper are told: one SMS each at the beginning, to the owner's contacts also at the end."""

from datetime import datetime

from sqlalchemy.orm import Session

from vssid import accounts
from vssid.accounts import Account, Ring
from vssid.helping.models import Loan
from vssid.helping.rules import Task
from vssid.kernel.clock import VIETNAM
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label

_TO_OWNER = N_(
    "VssID: %(helper)s bắt đầu giúp bạn (%(task)s) đến %(time)s. Không phải bạn nhờ? Khoá ở Huỷ thay đổi, mã %(code)s."
)
_TO_HELPER = N_(
    "VssID: Bạn đang giúp %(owner)s (%(task)s) đến %(time)s. Mọi việc đều được ghi lại; không hỏi mật khẩu của họ."
)
_RINGS = N_("%(helper)s bắt đầu giúp bạn (%(task)s) đến %(time)s. Không phải bạn nhờ? Hãy kết thúc việc nhờ giúp.")
_ENDED = N_("VssID: Việc nhờ giúp (%(task)s) đã kết thúc. Xem lại ở mục Nhờ người giúp trong tài khoản.")
_PLACE = "/tai-khoan/nguoi-giup"
_SHORT = {Task.CARD: N_("thẻ BHYT"), Task.ADDRESS: N_("đổi địa chỉ"), Task.CHILD: N_("đăng ký cho con")}


def begun(db: Session, keyring: Keyring, loan: Loan, account: Account, owner: str, at: datetime) -> None:
    """Both are told who helps whom with what, until when; the owner gets a code that locks the account."""
    facts = {"task": _SHORT[Task(loan.task)], "time": f"{loan.expires_at.astimezone(VIETNAM):%H:%M}"}
    code = accounts.freeze_code(db, keyring, account.id, at)
    words = Label(_TO_OWNER, helper=accounts.short_name(loan.helper_name), code=code, **facts)
    rings = Label(_RINGS, helper=accounts.short_name(loan.helper_name), **facts)
    accounts.tell_all(db, keyring, account, words, "helping.begun", at, Ring(_PLACE, rings))
    words = Label(_TO_HELPER, owner=accounts.short_name(owner), **facts)
    accounts.tell(db, keyring, loan.helper_phone, account.language, words, "helping.helper", account.id, at, ring=None)


def ended(db: Session, keyring: Keyring, loan: Loan, account: Account, at: datetime) -> None:
    """The owner is told that it is over."""
    words = Label(_ENDED, task=_SHORT[Task(loan.task)])
    accounts.tell_all(db, keyring, account, words, "helping.ended", at, Ring(_PLACE))
