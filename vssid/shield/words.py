"""What swindlers' messages ask for, in the five languages: words as they stand in a folded text. Pure."""

import re
import unicodedata
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold


class Signal(StrEnum):
    """What a message does that ours never do."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a kind of demand
    MONEY = "money"
    APP = "app"
    THREAT = "threat"
    PRIZE = "prize"


REASONS: dict[Signal, Label] = {
    Signal.CODE: N_("Tin bảo bạn đọc hoặc gửi mã xác thực. Chúng tôi không bao giờ hỏi mã."),
    Signal.PASSWORD: N_("Tin hỏi mật khẩu, mã PIN hoặc số thẻ ngân hàng. Chúng tôi không bao giờ hỏi những thứ ấy."),
    Signal.MONEY: N_(
        "Tin bảo bạn chuyển tiền hoặc đóng phí. Chúng tôi không bao giờ đòi tiền qua tin nhắn hay điện thoại."
    ),
    Signal.APP: N_("Tin bảo bạn cài ứng dụng, bật quyền hoặc cho điều khiển máy. Đừng cài gì từ tin nhắn."),
    Signal.THREAT: N_(
        "Tin doạ khoá thẻ, khoá tài khoản hoặc phạt nếu không làm ngay. Chúng tôi không doạ ai qua tin nhắn."
    ),
    Signal.PRIZE: N_(
        "Tin hứa tiền, quà hoặc khoản hỗ trợ phải nhận ngay. Quyền lợi thật không mất vì bạn chậm một ngày."
    ),
}

# Verb and object, in either order within a few words; folded Vietnamese and English.
_GIVE = r"(?:doc|dua|gui|cung cap|cho (?:toi|em|anh|chi) (?:xin )?|bao|nhan lai|nhan tin lai|tra loi|chuyen tiep|chia se|nhap|dien|send|give|tell|read|reply|forward|share|provide|enter|submit)"
_CODE = r"(?:ma (?:xac thuc|xac nhan|otp|kich hoat|6 so|bao mat|pin)|otp|smart ?otp|verification code|security code|one.?time (?:code|password))"
_KEPT_BACK = r"(?:mat khau|password|passcode|ma pin|pin code|cvv|so the (?:ngan hang|atm|tin dung)|(?:bank )?card number|thong tin (?:the|tai khoan) ngan hang|bank details)"
_NEAR = r"(?:\W+\w+){0,4}?\W+"
_PATTERNS: dict[Signal, tuple[str, ...]] = {
    Signal.CODE: (
        rf"\b{_GIVE}{_NEAR}{_CODE}",
        "인증 ?번호.{0,12}(?:알려|보내|입력|말씀|전달)", "(?:提供|发送|告[知诉]|回复|输入|提交).{0,8}验证码", "验证码.{0,8}(?:提供|发给|告[知诉]|回复)",
        "(?:認証|確認)(?:コード|番号).{0,10}(?:教え|送|入力|返信|お知らせ)",
    ),
    Signal.PASSWORD: (
        rf"\b{_GIVE}{_NEAR}{_KEPT_BACK}",
        "비밀 ?번호.{0,12}(?:알려|보내|입력|말씀)", "(?:提供|发送|告[知诉]|回复|输入|提交).{0,8}(?:密码|银行卡号)",
        "(?:パスワード|暗証番号|カード番号).{0,10}(?:教え|送|入力|返信|お知らせ)",
    ),
    Signal.MONEY: (
        r"\bchuyen (?:khoan|tien)\b", r"\b(?:nop|dong|thanh toan)(?:\W+\w+){0,3}?\W+(?:phi|le phi|tien phat|tien coc|tien the chan)\b",
        r"\b(?:so tai khoan|stk)\b\D{0,20}\d{6}", r"\b(?:transfer|wire|pay|send)(?:\W+\w+){0,4}?\W+(?:money|fee|fine|deposit|funds|vnd)\b", r"\bmua the cao\b", r"\bgift cards?\b",
        "송금|이체해|입금해|수수료를? 납부", "转账|汇款|缴纳.{0,6}(?:费|款|金)", "振り?込|送金|手数料.{0,6}支払",
    ),
    Signal.APP: (
        r"\b(?:tai|cai|cai dat|install|download)(?:\W+\w+){0,4}?\W+(?:apk|file|ung dung moi|ung dung ben duoi|phan mem|teamviewer|anydesk|ultraviewer|rustdesk|airdroid)\b",
        r"\b(?:anydesk|teamviewer|ultraviewer|rustdesk|quicksupport|apk)\b", r"\b(?:dieu khien|chia se) (?:man hinh|tu xa)\b", r"\bquyen tro nang\b", r"\b(?:share your screen|remote (?:access|control))\b",
        r"\b(?:cap nhat|tai|cai)(?:\W+\w+){0,5}?\W+(?:link|duong dan|lien ket)\b", r"\b(?:bam|nhan|an|nhap|click|truy cap|vao|tap|open|visit)(?:\W+\w+){0,3}?\W+(?:link|duong dan|duong link|lien ket)\b",
        "원격.{0,4}(?:제어|조종)|앱을? ?설치.{0,10}링크|링크를? ?(?:클릭|눌러)", "点击.{0,6}链接|远程(?:控制|协助)|安装.{0,6}(?:软件|应用)", "リンクを?(?:クリック|タップ|開)|遠隔操作|アプリを.{0,6}インストール",
    ),
    Signal.THREAT: (
        r"\b(?:bi|se|se bi) (?:khoa|cat|thu hoi|dinh chi|huy)(?:\W+\w+){0,3}?\W+(?:the|tai khoan|sim|so|bhyt|bhxh|vssid|luong huu)\b",
        r"\b(?:the|tai khoan|so bhxh|sim|luong huu)(?:\W+\w+){0,5}?\W+(?:bi|se bi|se) (?:khoa|cat|thu hoi|dinh chi|huy|vo hieu)\b",
        r"\b(?:khoi to|bat giam|lenh bat|rua tien|phat tien|phat nguoi|xu phat)\b", r"\b(?:account|card|benefits?|insurance)(?:\W+\w+){0,4}?\W+(?:will be|has been|is) (?:locked|suspended|blocked|cancel+ed|terminated|closed)\b",
        r"\b(?:arrest|warrant|prosecuted|money laundering)\b", "(?:계정|카드|보험).{0,10}(?:정지|차단|중지)", "(?:账户|帐户|社保卡|医保卡|医保).{0,10}(?:冻结|停用|注销|封锁)", "(?:口座|アカウント|保険証|カード).{0,10}(?:停止|凍結|無効)",
    ),
    Signal.PRIZE: (
        r"\b(?:trung (?:thuong|giai)|nhan (?:qua|thuong)|hoan (?:tien|thue))\b", r"\b(?:nhan|linh)(?:\W+\w+){0,3}?\W+(?:ho tro|tro cap|tien)(?:\W+\w+){0,6}?\W+(?:ngay|gap|hom nay|truoc (?:ngay|\d))\b",
        r"\byou(?:'ve| have)? (?:won|been selected)\b", r"\bclaim (?:your|the) (?:prize|refund|reward|bonus|benefit|subsidy)\b",
        "당첨|환급금.{0,8}(?:신청|수령)", "中奖|领取.{0,8}(?:补贴|奖金|退款)", "当選|還付金|給付金.{0,8}受け取",
    ),
}  # fmt: skip
_COMPILED = {signal: [re.compile(one) for one in patterns] for signal, patterns in _PATTERNS.items()}
# Before or within the demand it is a warning, as ours are: "không đọc mã qua điện thoại".
_NOT = re.compile(
    r"(?:\b(?:khong|dung|chang|cam|never|not|don't|do not|ko)\b(?:\W+\w+){0,4}\W*|절대.{0,8}|请勿.{0,6}|不要.{0,6}|切勿.{0,6})$"
)


def signals(text: str) -> tuple[Signal, ...]:
    """What the text asks for or threatens with that we never do, each once."""
    # A full stop ends what a "never" forbids.
    sentences = [one for one in re.split(r"[.!?;\n。！？]+", text) if one.strip()]
    return tuple(signal for signal in Signal if any(_demands(signal, one) for one in sentences))


def _demands(signal: Signal, sentence: str) -> bool:
    # Folding takes signs apart that Korean and Japanese need whole.
    folded, whole = fold(sentence), unicodedata.normalize("NFKC", sentence)
    for pattern in _COMPILED[signal]:
        told = folded if pattern.pattern.isascii() else whole
        if any(not _NOT.search(told[: match.start()]) for match in pattern.finditer(told)):
            return True
    return False
