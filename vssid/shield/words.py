"""What swindlers' messages ask for, in the five languages: words as they stand in a folded text. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from vssid.kernel.labels import N_, Label
from vssid.kernel.text import fold


class Signal(StrEnum):
    """What a message does that ours never do."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a kind of demand
    IDENTITY = "identity"
    MONEY = "money"
    APP = "app"
    LINK = "link"
    CONTACT = "contact"
    THREAT = "threat"
    PRIZE = "prize"


REASONS: dict[Signal, Label] = {
    Signal.CODE: N_("Tin bảo bạn đọc hoặc gửi mã xác thực. Chúng tôi không bao giờ hỏi mã."),
    Signal.PASSWORD: N_("Tin hỏi mật khẩu, mã PIN hoặc số thẻ ngân hàng. Chúng tôi không bao giờ hỏi những thứ ấy."),
    Signal.IDENTITY: N_(
        "Tin hỏi số tài khoản, số CCCD hoặc ảnh giấy tờ. Chúng tôi không bao giờ hỏi những thứ ấy qua tin nhắn hay điện thoại."
    ),
    Signal.MONEY: N_(
        "Tin bảo bạn chuyển tiền hoặc đóng phí. Chúng tôi không bao giờ đòi tiền qua tin nhắn hay điện thoại."
    ),
    Signal.APP: N_("Tin bảo bạn cài ứng dụng, bật quyền hoặc cho điều khiển máy. Đừng cài gì từ tin nhắn."),
    Signal.LINK: N_("Tin bảo bạn bấm đường dẫn hoặc quét mã QR. Tin nhắn của chúng tôi không bao giờ bảo bạn làm thế."),
    Signal.CONTACT: N_(
        "Tin bảo bạn kết bạn hoặc làm thủ tục qua Zalo, Facebook. Chúng tôi không bao giờ làm việc qua đó."
    ),
    Signal.THREAT: N_(
        "Tin doạ khoá thẻ, khoá tài khoản hoặc phạt nếu không làm ngay. Chúng tôi không doạ ai qua tin nhắn."
    ),
    Signal.PRIZE: N_(
        "Tin hứa tiền, quà hoặc khoản hỗ trợ phải nhận ngay. Quyền lợi thật không mất vì bạn chậm một ngày."
    ),
}

# Folded Vietnamese, where several words look the same: dung is đừng and dùng, tai is tải and tại, ngay is ngay and ngày.
_NEAR = r"(?:[^\w.]+\w+){0,7}?[^\w.]+"
_SELF = r"(?:toi|em|chau|minh|tui|con|ben (?:em|toi|minh)|chung (?:toi|em))"
_TO = rf"cho (?:{_SELF}|anh|chi|co|chu|can bo|nhan vien|nv|cb|tong dai|cong an|bo phan|ky thuat|bao hiem|bhxh|vssid|vneid)"
_ASK = r"(?:cho (?:toi|em|anh|chi|chau|minh|co|chu)(?: xin| biet)?|cho xin)"
_GIVE = rf"(?:doc|dua|gui|cung cap|bao|nhan lai|nhan tin|tra loi|chuyen tiep|chia se|send|give|tell|read|reply|forward|share|provide|{_ASK})"
_TYPE = r"(?:nhap|dien|enter|submit)"
_CODE = r"(?:ma (?:xac thuc|xac nhan|xac minh|otp|kich hoat|6 so|bao mat|pin|vua (?:gui|nhan|ve))|otp|smart ?otp|verification code|security code|one.?time (?:code|password))"
_KEPT_BACK = r"(?:mat khau|mk|password|passcode|ma pin|pin code|cvv|so the (?:ngan hang|atm|tin dung)|(?:bank )?card number|thong tin (?:the|tai khoan) ngan hang|bank details)"
_PAPERS = r"(?:so tai khoan|so tk|stk|(?:tai khoan|tk) ngan hang|(?:so )?(?:cccd|cmnd|can cuoc)|(?:anh|hinh)(?: \w+){0,3} (?:cccd|cmnd|can cuoc|chan dung|khuon mat|giay to)|thong tin ca nhan)"
_INSTALL = r"(?:tai|cai|cai dat|cap nhat|install|download)"
_APPS = r"(?:ung dung|app|phan mem|vssid|vneid|bhxh so|bao hiem xa hoi so|dich vu cong|dinh danh)"
_CHATS = r"(?:zalo|facebook|fb|messenger|telegram|viber|whatsapp|fanpage|line|kakaotalk|wechat)"
_LINKS = r"(?:link|duong dan|duong link|(?<!khoan )lien ket)"
_PURPOSE = r"(?:huong dan|cap nhat|dong bo|xac minh|xac thuc|dinh danh|ho tro|giai quyet|lam (?:ho so|thu tuc|the)|doi the|cap (?:lai|doi)|gia han|nhan|linh|hoan|kich hoat|tich hop|rut|lam (?:bhxh|bao hiem))"
_LOCKED = r"(?:khoa|cat|thu hoi|dinh chi|huy|vo hieu|tam dung|ngung)"

# What must stand somewhere in the text for some of the demands.
_CLAIM = rf"\b(?:{_SELF}|day) (?:la|ben|o)(?: \w+){{0,2}} (?:can bo|nhan vien|chuyen vien|cong an|bhxh|bao hiem|tong dai|co quan)\b"
_TOPIC = rf"\b(?:bhxh|bhyt|bhtn|bao hiem|vssid|vneid|dinh danh|tro cap|luong huu|can bo|co quan|cong an|the y te|that nghiep|thai san)\b|{_CLAIM}"
_PRESSED = (
    r"\bcua (?:ban|ong|ba|bac|anh|chi|quy|chu|co)\b|\bquy khach\b|\b(?:ban|ong|ba|bac|anh|chi) (?:co|bi|se|dang|da|phai|can|lien quan)\b"
    r"|\b(?:trong|sau|truoc) (?:vong )?\d+ ?(?:h|gio|ngay|phut)\b|\bneu khong\b|\blap tuc\b|\bse bi\b|\bngay (?:bay gio|hom nay)\b"
)


@dataclass(frozen=True)
class _Demand:
    """A pattern for one sentence, and one for the whole text that must be found as well; '' for none."""

    signal: Signal
    pattern: re.Pattern[str]
    beside: re.Pattern[str] | None


_PATTERNS: dict[Signal, dict[str, tuple[str, ...]]] = {
    Signal.CODE: {
        "": (
            rf"\b{_GIVE}{_NEAR}{_CODE}", rf"\b(?:doc|dua|gui|cung cap|bao|chuyen){_NEAR}(?:ma|day so)\b(?! (?:so|qr|bhxh|the|ho so|to khai|vach)\b)(?: \w+){{0,4}} {_TO}\b",
            r"\b(?:doc|gui|bao)(?: \w+){0,4} (?:day so|[468] (?:chu )?so)\b(?! cuoi)", rf"\bnhan(?: \w+){{0,2}} {_CODE}(?: \w+){{0,4}} {_TO}\b", rf"\b{_CODE}(?: \w+){{0,5}} {_ASK}\b",
            rf"\b{_ASK} (?:\w+ ){{0,2}}(?:ma|day so) (?:vua|moi|o|trong|gui|tren)\b",
            "인증 ?번호.{0,12}(?:알려|보내|입력|말씀|전달)", "(?:提供|发送|告[知诉]|回复|输入|提交).{0,8}验证码", "验证码.{0,8}(?:提供|发给|告[知诉]|回复)",
            "(?:認証|確認)(?:コード|番号).{0,10}(?:教え|送|入力|返信|お知らせ)",
        ),
        rf"\b{_CODE}\b|\bma (?:la |so )?\d{{4,8}}\b": (rf"\b(?:doc|dua|gui|cung cap|bao|chuyen(?: tiep)?|chup)(?: \w+){{0,4}} {_TO}\b",),
        rf"\b{_LINKS}\b": (rf"\b{_TYPE}{_NEAR}{_CODE}",),
    },
    Signal.PASSWORD: {
        "": (
            rf"\b{_GIVE}{_NEAR}{_KEPT_BACK}\b", rf"\b{_KEPT_BACK}(?: \w+){{0,5}} {_ASK}\b",
            "비밀 ?번호.{0,12}(?:알려|보내|입력|말씀)", "(?:提供|发送|告[知诉]|回复|输入|提交).{0,8}(?:密码|银行卡号)",
            "(?:パスワード|暗証番号|カード番号).{0,10}(?:教え|送|入力|返信|お知らせ)",
        ),
        rf"\b{_LINKS}\b": (rf"\b{_TYPE}{_NEAR}{_KEPT_BACK}\b",),
    },
    Signal.IDENTITY: {
        _TOPIC: (rf"\b(?:cung cap|gui|doc|nhan tin|khai bao|xac nhan lai|{_ASK}){_NEAR}{_PAPERS}\b",),
        rf"{_CLAIM}|\b{_CHATS}\b|{_TO}\b": (rf"\bchup{_NEAR}{_PAPERS}\b",),
        rf"\b{_LINKS}\b": (rf"\b{_TYPE}{_NEAR}{_PAPERS}\b",),
    },
    Signal.MONEY: {
        "": (
            r"\b(?<!\bem )(?<!\btoi )(?<!\bchau )(?<!\bminh )(?<!\bcon )(?<!\btui )(?<!\bme )(?<!\bbo )(?<!\bvo )(?<!\bchong )chuyen (?:khoan|tien)\b", r"\bck (?:truoc|cho|vao|qua|ngay|phi)\b",
            r"\b(?:nop|thanh toan|tra)(?:\W+\w+){0,3}?\W+(?<!chi )(?<!vien )(?<!hoc )(?:phi|tien phat|tien coc|tien the chan)\b",
            r"(?<!\d )(?<!hop )(?<!lao )\bdong (?:\w+ ){0,2}(?<!chi )(?:phi|tien phat|tien coc)\b", r"\bmua the cao\b", r"\bnap the (?:cao|dien thoai)\b", r"\b(?:dat|nop|nap|chuyen) (?:tien )?coc\b", r"\bchuyen lai (?:so )?tien\b",
            r"\b(?:transfer|wire|send)(?! no\b)(?:\W+\w+){0,4}?\W+(?:money|fee|fine|deposit|funds|vnd)\b", r"\btransfer to (?:\w+ ){0,2}account (?:\w+ ){0,2}\d", r"\bpay(?:\W+\w+){0,4}?\W+(?:fee|fine|deposit)\b", r"\bgift cards?\b",
            "송금|이체해|입금해|수수료를? 납부", "转账|汇款|缴纳.{0,6}(?:费|款|金)", "振り?込|送金|手数料.{0,6}支払",
        ),
        _TOPIC: (
            rf"\b{_SELF} chuyen (?:khoan|tien)(?:\W+\w+){{0,4}}? (?:tai khoan|stk|can bo|phi|le phi)\b", rf"\bchuyen (?:cho |giup )?{_SELF} \d",
        ),
        r"\b(?:chuyen|nop|thanh toan|coc|le phi)\b": (r"\b(?:so tai khoan|so tk|stk)\b\D{0,20}\d{6}",),
    },
    Signal.APP: {
        "": (
            rf"\b{_INSTALL}(?:\W+\w+){{0,4}}?\W+(?:apk|file|ung dung moi|ung dung ben duoi|teamviewer|anydesk|ultraviewer|rustdesk|airdroid)\b",
            r"\b(?:anydesk|teamviewer|ultraviewer|rustdesk|quicksupport|apk)\b", r"\b(?:dieu khien|chia se) (?:man hinh|tu xa)\b", r"\bquyen tro nang\b", r"\b(?:share your screen|remote (?:access|control))\b",
            rf"\b{_INSTALL}{_NEAR}{_APPS}\b(?:[^\w.]+\w+){{0,8}}?[^\w.]+(?:(?:qua|tu|theo|tren|trong) (?:\w+ )?(?:{_CHATS}|{_LINKS}|tin nhan|nhom)|{_SELF} gui|gui kem|dinh kem|duoi day|sau day)\b",
            rf"\b(?:bam|nhan|click|vao|mo|theo)(?:\W+\w+){{0,2}}? {_LINKS}(?: \w+){{0,4}} (?:tai|cai|cai dat|cap nhat) (?:\w+ ){{0,2}}?{_APPS}\b",
            "원격.{0,4}(?:제어|조종)|앱을? ?설치.{0,10}링크", "远程(?:控制|协助)|安装.{0,6}(?:软件|应用)", "遠隔操作|アプリを.{0,6}インストール",
        ),
        _CLAIM: (rf"\b{_INSTALL}{_NEAR}{_APPS}\b",),
    },
    Signal.LINK: {
        "": (
            rf"\b(?:bam|(?<!tin )nhan(?! duoc)|an|click|truy cap|vao|tap|cham|mo|open|visit)(?:[^\w.]+\w+){{0,3}}?[^\w.]+{_LINKS}\b", rf"\b(?:cap nhat|tai|cai|dang nhap|xac minh)(?:[^\w.]+\w+){{0,5}}?[^\w.]+{_LINKS}\b",
            r"\btruy cap (?:vao )?(?:trang|web)(?: \w+){0,4} (?:de nhan|de linh|cap nhat|xac minh)\b", r"\b(?:bam|nhan|an|click|cham|tap|truy cap) (?:\w+ )?(?:vao day|duoi day|ben duoi|sau day|here|below)\b", r"\bquet (?:\w+ ){0,2}qr(?: \w+){0,4} (?:nhan|linh|hoan)\b",
            "링크를? ?(?:클릭|눌러)", "点击.{0,6}链接", "リンクを?(?:クリック|タップ|開)",
        ),
    },
    Signal.CONTACT: {
        _TOPIC: (
            rf"\b(?:ket ban|add|nhan tin|nhan|inbox|lien he|tham gia|vao|goi|qua|tren){_NEAR}{_CHATS}\b.*\b{_PURPOSE}\b", rf"\b{_PURPOSE}\b.*\b(?:ket ban|add|nhan tin|inbox|lien he|tham gia|qua|tren)(?:[^\w.]+\w+){{0,3}}?[^\w.]+{_CHATS}\b",
            rf"\bket ban(?:[^\w.]+\w+){{0,3}}?[^\w.]+{_CHATS}\b",
        ),
    },
    Signal.THREAT: {
        "": (
            r"\b(?:account|card|benefits?|insurance)(?:\W+\w+){0,4}?\W+(?:will be|has been|is) (?:locked|suspended|blocked|cancel+ed|terminated|closed)\b",
            r"\b(?:arrest|warrant|prosecuted|money laundering)\b", "(?:계정|카드|보험).{0,10}(?:정지|차단|중지)", "(?:账户|帐户|社保卡|医保卡|医保).{0,10}(?:冻结|停用|注销|封锁)", "(?:口座|アカウント|保険証|カード).{0,10}(?:停止|凍結|無効)",
        ),
        _PRESSED: (
            rf"\b(?:bi|se|se bi) {_LOCKED}(?:\W+\w+){{0,3}}?\W+(?:the|tai khoan|sim|so|bhyt|bhxh|vssid|luong huu|tro cap)\b",
            rf"\b(?:the|tai khoan|so bhxh|sim|thue bao|luong huu|tro cap|bhyt|vneid|vssid)(?:\W+\w+){{0,6}}?\W+(?:bi|se bi|se) {_LOCKED}\b",
            r"\b(?:khoi to|bat giam|lenh bat|rua tien|phat nguoi|xu phat|(?:bi|se) phat(?: tien)?)\b",
        ),
    },
    Signal.PRIZE: {
        "": (
            r"\b(?:trung (?:thuong|giai)|(?:phan|nhan) qua (?:tang|tri an)|nhan thuong(?! xuyen)|(?:duoc|nhan|khoan) hoan (?:lai )?(?:tien|thue|\d))\b", r"\b(?:nhan|linh) ngay(?! \d)(?:\W+\w+){0,3}?\W+(?:ho tro|tro cap|tien|qua|khoan)\b",
            r"\b(?:nhan|linh)(?:\W+\w+){0,3}?\W+(?:ho tro|tro cap|tien)(?:\W+\w+){0,6}?\W+(?:gap|ngay (?:hom nay|bay gio|lap tuc))\b",
            r"\byou(?:'ve| have)? (?:won|been selected)\b", r"\bclaim (?:your|the) (?:prize|refund|reward|bonus|benefit|subsidy)\b",
            "당첨|환급금.{0,8}(?:신청|수령)", "中奖|领取.{0,8}(?:补贴|奖金|退款)", "当選|還付金|給付金.{0,8}受け取",
        ),
        r"\b(?:lien he|dang ky|soan|nhan tin|goi|bam|click|zalo|cung cap|chi can|de nhan)\b": (
            r"\b(?:ban|ong|ba|bac|quy khach|co|duoc)(?:\W+\w+){0,4}? (?:nhan|huong|linh|khoan|so tien)(?:\W+\w+){0,8}?\W+\d[\d.,]* ?(?:trieu|tr|ty|k|dong|d|vnd)\b",
        ),
    },
}  # fmt: skip
_DEMANDS = [
    _Demand(signal, re.compile(pattern), re.compile(beside) if beside else None)
    for signal, kinds in _PATTERNS.items()
    for beside, patterns in kinds.items()
    for pattern in patterns
]

# Before or within the demand it is a warning, as ours are: "không đọc mã qua điện thoại". A comma ends what it forbids:
# "đừng lo, đọc mã cho em"; "không cần", "nếu không" forbid little; and dung may be dùng, cam cầm, chua chữa.
_NO = (
    r"(?:(?<!neu )khong(?! (?:can|phai|mat|ton|bi|lo|kip)\b)|khong (?:can|phai|mat|ton)(?=(?: \w+)? $)"
    r"|(?<!su )(?<!ung )(?<!tin )(?<!noi )(?<!ap )(?<!tac )dung(?=(?: bao gio| nen| co)?(?: \w+)? $)"
    r"|chang|(?<!kham )chua|cam(?= (?:\w+ )?$)|never|not|don't|do not|ko)"
)
_NOT = re.compile(
    rf"(?:\b{_NO}\b(?:[^\w,:.]+\w+){{0,4}}[^\w,:.]*|절대.{{0,8}}|请勿.{{0,6}}|不要.{{0,6}}|切勿.{{0,6}}|\b(?:tuyet doi (?:khong|ko)|khong bao gio|never)\b[^.]*)$"
)
# What is told of somebody, not asked of the reader: "đã gửi mã", "BHXH chuyển tiền", "lỡ đọc mã", "kẻ gian hỏi mật khẩu".
_TOLD = re.compile(
    r"(?:\b(?:da|vua|moi|duoc|dang|(?<!khong )(?<!dung )lo|bang|qua|tien mat hoac|hinh thuc|phi|viec|huu|tro cap|bhxh|co quan|ngan hang|don vi|cong ty|quy|buu dien|he thong|nguoi (?:lao dong|huong|benh))(?: (?:se|da|phai|can))? "
    r"|(?<!bi )\b(?:ke gian|ke xau|ke lua dao|doi tuong|thu doan)\b(?!.*\b(?:hay|vui long|ban can|bac can|de nghi (?:ban|ong|ba|bac))\b).*)$"
)
# In Korean and Japanese "do not" comes last, in Vietnamese the question whether it is a swindle.
_FORBIDDEN = re.compile(
    r".{0,10}?(?:지 ?(?:마세요|말)|않아도|ないで|ない[、。]|必要はありません)|.*\bco phai (?:la )?lua dao\b"
)
_DONE = frozenset({Signal.THREAT, Signal.PRIZE})  # a lock or a prize is told of, not asked for
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_TWINS = str.maketrans("асеорхуіѕјԁһκοαρν", "aceopxyisjdhkoapv")
_SPELT_OUT = re.compile(r"\b[a-z](?:[ .\-_*][a-z]){2,}\b")
_WRAPPED = re.compile(r"(?<![.!?:;…])\n(?=[^\W\d_])")
_ENDS = re.compile(r"[.!?;…]+(?=\s|$)|[\n。！？]+")


def signals(text: str) -> tuple[Signal, ...]:
    """What the text asks for or threatens with that we never do, each once."""
    whole = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    folded = _folded(whole)
    sentences = [(_folded(one), one) for one in _ENDS.split(_WRAPPED.sub(_unwrapped, whole)) if one.strip()]
    found = {
        demand.signal
        for demand in _DEMANDS
        if demand.beside is None or demand.beside.search(folded)
        if any(_stands(demand, *sentence) for sentence in sentences)
    }
    return tuple(signal for signal in Signal if signal in found)


def _unwrapped(match: re.Match[str]) -> str:
    # A mailbox breaks its lines within a sentence; what begins with a capital is a line of its own.
    return " " if match.string[match.end()].islower() else match[0]


def _folded(text: str) -> str:
    certain = re.sub(r"\bđừng\b", "không", text, flags=re.IGNORECASE)
    plain = fold(certain).translate(_TWINS).replace(".apk", " apk")
    plain = re.sub(r"\b0tp\b", "otp", plain).replace("zal0", "zalo")
    return _SPELT_OUT.sub(lambda spelt: re.sub(r"[^a-z]", "", spelt[0]), plain)


def _stands(demand: _Demand, folded: str, whole: str) -> bool:
    # Folding takes signs apart that Korean and Japanese need whole.
    sentence = folded if demand.pattern.pattern.isascii() else whole
    return any(_asks(demand.signal, sentence, match) for match in demand.pattern.finditer(sentence))


def _asks(signal: Signal, sentence: str, match: re.Match[str]) -> bool:
    before = sentence[: match.start()]
    told = signal not in _DONE and _TOLD.search(before)
    return not (told or _NOT.search(before) or _FORBIDDEN.match(sentence, match.end()))
