"""Links in a text: where each would lead, and whether that is this house. Pure; no link is ever opened.

Ours is only what is written letter by letter as our address. All else is not ours or not known: an address that has to be
interpreted (escapes, other scripts, a name before @) is how swindlers make one look like another.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from vssid.kernel.labels import N_, Label
from vssid.shield.verdicts import Finding, Verdict

LONGEST_SHOWN = 80
_TLDS = (
    "vn|com|net|org|info|biz|me|io|cc|ly|gl|gd|co|app|site|shop|top|xyz|link|click|online|club|vip|store|live|tk|ml|ga|cf|gq|ru|cn|"
    "jp|kr|us|uk|eu|asia|pro|tech|website|space|fun|icu|buzz|cfd|sbs|lol|mobi|name|tv|ws|in|la|to|so|st|is|im|life|world|today|dev|page|gle"
)
_ENDS = r"(?:[^\s<>\"“”«»，。、（）]|。(?=[a-z0-9]))"
_LINK = re.compile(
    rf"(?:[a-z][a-z0-9+.\-]{{1,15}}:[/\\]{{1,3}}|(?:javascript|data|vbscript|intent|market|file|blob|tel|sms|view-source):|www\.){_ENDS}+"
    rf"|(?<![\w@.\-])(?:[\w\-]+[.。．｡])+(?:{_TLDS})(?![\w\-])(?:[:/\\?#@]{_ENDS}*)?"
    rf"|(?<![\w@.\-])(?:[\w\-]+[.。．｡])+[^\W\d_][\w\-]*(?::\d{{1,5}})?[/\\@]{_ENDS}+"
    rf"|(?<![\w@.\-])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?::\d{{1,5}})?(?:[/\\]{_ENDS}*)?(?![\w.])"
    rf"|(?<![\w@.\-])(?:localhost|\[[0-9a-f:.]+\])(?::\d{{1,5}})?(?:[/\\]{_ENDS}*)?",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"(?<![\w.+\-/@:])[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+(?![\w/@:\-])")
_PLAIN = re.compile(r"[!-~]+")
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_SHORTENERS = frozenset(
    [
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "ow.ly",
        "is.gd",
        "buff.ly",
        "cutt.ly",
        "rb.gy",
        "shorturl.at",
        "rebrand.ly",
        "s.id",
        "t.ly",
        "v.gd",
        "tiny.cc",
        "lnk.to",
        "bl.ink",
        "zalo.link",
        "by.com.vn",
        "lihi.cc",
        "shorten.asia",
        "short.gy",
        "dub.sh",
        "me2.do",
        "vo.la",
        "han.gl",
        "reurl.cc",
        "dwz.cn",
        "url.cn",
        "t.cn",
        "suo.im",
        "x.gd",
        "onl.la",
        "bom.so",
        "by.vn",
        "link.vn",
        "1link.vn",
        "soo.gd",
        "qrco.de",
        "shope.ee",
        "forms.gle",
        "m.me",
        "l.facebook.com",
    ]
)
_BRANDS = ("vssid", "bhxh", "baohiemxahoi", "baohiemyte", "vneid", "dichvucong", "vssgov", "govvn")
_GOV = re.compile(r"(?:[a-z0-9-]+\.)*gov\.vn")
_SKELETON = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "5": "s", "3": "e", "4": "a", "8": "b", "|": "l", "!": "l", "-": None, "_": None}
)
_DOWNLOAD = re.compile(
    r"\.(?:apk|apks|xapk|aab|exe|msi|bat|cmd|scr|ipa|mobileconfig|jar|vbs|dmg|zip|rar|7z|iso)(?=$|[?#&;/])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\[.*\]|(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}\.?", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?[/\\]+|^https?:", re.IGNORECASE)
_INVITATION = re.compile(r"/moi/([^/]+)/?")


@dataclass(frozen=True)
class Site:
    """This house in the net: PUBLIC_URL, and whether the end of /moi/… is an invitation that we made."""

    public_url: str
    is_invitation: Callable[[str], bool]

    @property
    def scheme(self) -> str:
        """https, but for trying things out."""
        return urlsplit(self.public_url).scheme

    @property
    def host(self) -> str:
        """Host and, if written, port."""
        return urlsplit(self.public_url).netloc.lower()


def find(text: str) -> tuple[list[str], str]:
    """The links in a text as they stand there, each once, and the text without them. A mailbox is no link, and stays a word."""
    shown = _HIDDEN.sub(_keep_hidden, text)
    without_mail = _MAILBOX.sub(" email ", shown)
    found: list[str] = []
    for match in _LINK.finditer(without_mail):
        link = match[0].rstrip(".,;:!?)]}'’…") or match[0]
        if link not in found:
            found.append(link)
    return found, _LINK.sub(" ", without_mail)


def _keep_hidden(match: re.Match[str]) -> str:
    # Between letters a sign that nobody sees splits a name in two: it stays, and makes the address one that is not plain.
    return "\ufffd"


def judge(link: str, site: Site) -> Finding:
    """Whose a link is, and why."""
    shown = link if len(link) <= LONGEST_SHOWN else link[:LONGEST_SHOWN] + "…"
    verdict, reasons = _judged(link, site)
    if verdict is not Verdict.OURS and _DOWNLOAD.search(link):
        verdict, reasons = Verdict.NOT_OURS, (_FILE, *reasons)
    return Finding(shown, verdict, reasons)


def invites(link: str, site: Site) -> bool:
    """Whether a link is an invitation that we made."""
    token = _invitation(link, site) if _is_ours(link, site) else None
    return token is not None and site.is_invitation(token)


def _invitation(link: str, site: Site) -> str | None:
    found = _INVITATION.fullmatch(urlsplit(_absolute(link, site)).path)
    return found[1] if found else None


def _judged(link: str, site: Site) -> tuple[Verdict, tuple[Label, ...]]:
    if _is_ours(link, site):
        if _invitation(link, site) is None:
            return Verdict.OURS, (_OURS,)
        return (Verdict.OURS, (_INVITED,)) if invites(link, site) else (Verdict.UNKNOWN, (_NOT_INVITED,))
    host = _host(link)
    if host is None:
        return Verdict.NOT_OURS, (_NO_WEB,)
    ours = Label(str(_ONLY_OURS), address=site.public_url)
    trick = _trick(link, host, site)
    if trick is not None:
        return Verdict.NOT_OURS, (trick, ours)
    if _without_www(host) in _SHORTENERS:
        return Verdict.UNKNOWN, (_SHORT, ours)
    if _GOV.fullmatch(host):
        return Verdict.UNKNOWN, (_STATE,)
    return Verdict.NOT_OURS, (_OTHER, ours)


def _absolute(link: str, site: Site) -> str:
    return link if re.match(r"[a-z][a-z0-9+.\-]*://", link, re.IGNORECASE) else f"{site.scheme}://{link}"


def _is_ours(link: str, site: Site) -> bool:
    """Exactly our scheme and host, in plain signs, with no name before @ and nothing that a browser reads otherwise."""
    if not _PLAIN.fullmatch(link) or "\\" in link:
        return False
    at = re.match(r"([a-z]+)://([^/?#]*)(.*)", _absolute(link, site), re.IGNORECASE)
    if at is None or at[1].lower() != site.scheme:
        return False
    default = {"https": ":443", "http": ":80"}[site.scheme]
    return at[2].lower().removesuffix(default) == site.host.removesuffix(default)


def _host(link: str) -> str | None:
    """The host that a browser would ask, as far as it can be told; None where no browser would."""
    plain = unicodedata.normalize("NFKC", link).replace("\\", "/").replace("。", ".").replace("｡", ".")
    scheme = re.match(r"([a-z][a-z0-9+.\-]*):(?!\d)(/*)", plain, re.IGNORECASE)
    if scheme and (scheme[2] or scheme[1].lower() not in ("http", "https")):
        if scheme[1].lower() not in ("http", "https"):
            return None
        plain = plain[scheme.end() :]
    authority = re.split(r"[/?#]", plain.lstrip("/"), maxsplit=1)[0]
    name = authority.rpartition("@")[2]
    host = name if name.startswith("[") else name.partition(":")[0]
    return host.rstrip(".").lower()


def _trick(link: str, host: str, site: Site) -> Label | None:
    """By which trick it wants to look like us or like the state, if by one that we know."""
    authority = re.split(r"[/?#]", _SCHEME.sub("", link), maxsplit=1)[0]
    if "@" in authority:
        return _BEFORE_AT
    if not _PLAIN.fullmatch(authority) or "xn--" in host or "%" in authority or "\\" in link:
        return _OTHER_SCRIPT
    if _ADDRESS.fullmatch(host):
        return _BARE_NUMBER
    if host == site.host.partition(":")[0]:
        return _NOT_SECURE
    if _GOV.fullmatch(host):
        return None
    return _LOOKS_ALIKE if _resembles(host, site) else _INSIDE_PATH if site.host in link.lower() else None


def _resembles(host: str, site: Site) -> bool:
    bare = site.host.partition(":")[0]
    skeleton = _skeleton(host)
    needles = [_skeleton(brand) for brand in _BRANDS] + ([_skeleton(bare)] if "." in bare else [])
    return any(needle.replace(".", "") in skeleton.replace(".", "") for needle in needles)


def _skeleton(name: str) -> str:
    return name.lower().replace("rn", "m").replace("vv", "w").translate(_SKELETON)


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


_OURS = N_("Đúng là địa chỉ của trang này.")
_INVITED = N_("Đúng là lời mời cài đặt của chúng tôi, do người dùng gửi. Trang ấy không hỏi mật khẩu hay mã.")
_NOT_INVITED = N_("Dẫn tới trang này, nhưng lời mời không phải do chúng tôi tạo.")
_ONLY_OURS = N_("Trang của chúng tôi chỉ có một địa chỉ: %(address)s")
_OTHER = N_("Dẫn tới trang khác, không phải trang của chúng tôi.")
_NO_WEB = N_("Không phải đường dẫn tới một trang: nó chạy mã hoặc mở ứng dụng trên máy bạn.")
_BEFORE_AT = N_("Phần trước dấu @ chỉ để đánh lừa: đường dẫn mở trang đứng sau dấu @.")
_OTHER_SCRIPT = N_("Địa chỉ có chữ lạ hoặc ký tự ẩn giả làm chữ thường, nhìn giống mà không phải.")
_BARE_NUMBER = N_("Địa chỉ chỉ là dãy số, không có tên. Cơ quan nhà nước không gửi địa chỉ như thế.")
_NOT_SECURE = N_("Có tên trang này, nhưng không phải đúng địa chỉ: sai cổng hoặc không có khoá an toàn.")
_LOOKS_ALIKE = N_("Cố viết cho giống tên của chúng tôi hoặc của cơ quan nhà nước.")
_INSIDE_PATH = N_("Tên của chúng tôi chỉ nằm trong phần đuôi; đường dẫn mở trang khác.")
_SHORT = N_("Đường dẫn rút gọn, không biết dẫn tới đâu. Đừng mở.")
_STATE = N_(
    "Không phải trang này. Trang của nhà nước có đuôi .gov.vn, địa chỉ này có đuôi ấy; dù vậy hãy tự gõ địa chỉ, đừng bấm trong tin."
)
_FILE = N_("Tải tệp hoặc ứng dụng về máy. Đừng mở: ứng dụng cài từ đường dẫn có thể chiếm máy và tài khoản ngân hàng.")
