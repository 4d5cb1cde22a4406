"""Shapes of the forms of Thông tin tài khoản."""

from typing import Any

from flask_babel import lazy_gettext as _l

from vssid.accounts import fields
from vssid.accounts.rules import PASSWORD_LONGEST, PHRASE_LONGEST, NoticeChannel, NoticeKind
from vssid.kernel.labels import N_, Label
from vssid.web.forms import Choice, Form, line, secret
from vssid.web.i18n import LANGUAGES, say

PHRASE_TYPED = 40  # blanks and marks that folding takes away count here


class PasswordForm(Form):
    """Đổi mật khẩu."""

    old = secret(
        _l("Mật khẩu cũ"), PASSWORD_LONGEST, _l("Hãy nhập mật khẩu cũ."), render_kw={"autocomplete": "current-password"}
    )
    password = fields.new_password()
    again = fields.again()


class PhraseForm(Form):
    """Câu riêng."""

    phrase = line(
        _l("Câu riêng"),
        PHRASE_TYPED,
        _l("Hãy gõ một câu ngắn, ví dụ: lúa vàng."),
        description=_l(
            "Vài chữ dễ nhớ, nhiều nhất %(most)s ký tự. Không dùng tên, số điện thoại, mật khẩu.", most=PHRASE_LONGEST
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


UNTOLD = N_("Không báo")


def _label(kind: NoticeKind, channel: NoticeChannel) -> Label:
    """Everything is behind the bell, but of sign-ins on a known device only what is wanted: they stand in the history."""
    return UNTOLD if (kind, channel) == (NoticeKind.SIGN_IN, NoticeChannel.NONE) else channel.label


class PreferencesForm(Form):
    """In which language messages come, and which of those that may be left out are wanted."""

    language = Choice(_l("Ngôn ngữ của tin nhắn và email"), [])
    sign_in = Choice(_l("Mỗi lần đăng nhập trên thiết bị quen"), [])
    employer = Choice(
        _l("Đơn vị chậm đóng hoặc ngừng đóng BHXH"),
        [],
        description=_l("Mỗi lần chậm chỉ báo một lần. Tin không ghi tên đơn vị và số tiền."),
    )
    visit = Choice(
        _l("Có lần khám mới trong sổ khám chữa bệnh"),
        [],
        description=_l("Của bạn và của con mà bạn giám hộ. Tin không ghi nơi khám và bệnh."),
    )
    card = Choice(
        _l("Thẻ BHYT được kiểm tra ở cơ sở khám chữa bệnh"),
        [],
        description=_l(
            "Của bạn và của con mà bạn giám hộ. Mỗi ngày, mỗi cơ sở chỉ báo một lần. Tin không ghi tên cơ sở."
        ),
    )

    def __init__(
        self, *args: Any, channels: tuple[NoticeChannel, ...], kinds: tuple[NoticeKind, ...], **kwargs: Any
    ) -> None:
        """`channels` are those by which the account can be reached, `kinds` what it may hear of."""
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, name) for code, (_locale, _tag, name) in LANGUAGES.items()]
        self.kinds = kinds
        for kind in NoticeKind:
            if kind in kinds:
                self[kind].choices = [(channel, say(_label(kind, channel))) for channel in channels]
            else:
                del self[kind]  # type: ignore[no-untyped-call]

    @property
    def wishes(self) -> dict[NoticeKind, NoticeChannel]:
        """What was chosen of each kind."""
        return {kind: NoticeChannel(self[kind].data) for kind in self.kinds}
