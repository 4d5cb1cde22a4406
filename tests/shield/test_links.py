"""A link is ours only where it is written letter by letter as our address: more than three hundred that are not."""

import pytest

from vssid.shield import links
from vssid.shield.verdicts import Verdict

HOST = "bhxhso.mau.vn"
SITE = links.Site(f"https://{HOST}", lambda token: token == "duoc-ky")
AT_HOME = links.Site("http://127.0.0.1:8105", lambda _token: False)

OURS = [
    f"https://{HOST}", f"https://{HOST}/", f"HTTPS://{HOST.upper()}/thong-bao", f"https://{HOST}:443/", HOST, f"{HOST}/huy",
    f"https://{HOST}/tra-cuu?q=a%20b#x", f"https://{HOST}/moi/duoc-ky", f"https://{HOST}?a=1", f"https://{HOST}/moi",
]  # fmt: skip

PATHS = ("", "/", "/dang-nhap", "/moi/duoc-ky", "/a.html?x=1", "?next=/", "#/", "/%2e%2e/")
HOSTS = (
    # our name within another's
    f"{HOST}.evil.com", f"{HOST}.com", f"{HOST}.vn", f"www.{HOST}", f"a.{HOST}", f"{HOST}-gov.vn", f"{HOST}.xn--p1ai", f"evil-{HOST}", f"evil{HOST}",
    # look-alikes of letters
    "bhxhs0.mau.vn", "bhxhso.rnau.vn", "bhxhso.m4u.vn", "bhxh50.mau.vn", "bhxh-so.mau.vn", "bhxhso-mau.vn", "bhxhsomau.vn", "bhxhso.mau.com",
    "vssid-gov.top", "vss1d.com", "vssld.vn", "baohiemxahoi.site", "ba0hiemxahoi-vn.cc", "dichvucong-gov.vn.cc", "vneid.click", "vne1d.app",
    "bhxh-gov-vn.com", "baohiemyte.xyz", "gov.vn.verify.top", "baohiemxahoi.gov.vn.evil.top",
    # others
    "evil.com", "example.org", "google.com", "facebook.com", "mau.vn", "vn.mau.bhxhso",
)  # fmt: skip
SIMPLE = [f"{scheme}{host}{path}" for host in HOSTS for path in PATHS[:4] for scheme in ("https://", "http://")]
AUTHORITIES = [
    f"https://{HOST}@evil.com/", f"https://{HOST}:443@evil.com", f"https://{HOST}%40evil.com", f"https://user@{HOST}", f"https://user:pw@{HOST}/",
    f"https://{HOST}:444", f"https://{HOST}:80/", f"https://{HOST}:", f"https://{HOST}.", f"https://{HOST}./", f"https://{HOST}%00.evil.com",
    f"https://{HOST}%2eevil.com", f"https://evil.com\\@{HOST}", f"https://{HOST}\\.evil.com", f"https:\\\\{HOST}", f"https:/\\{HOST}", f"https:///{HOST}",
    f"https://evil.com/{HOST}", f"https://evil.com/https://{HOST}/", f"https://evil.com?{HOST}", f"https://evil.com#{HOST}", f"https://evil.com/@{HOST}",
    f"https://evil.com;{HOST}", f"http://{HOST}", f"http://{HOST}/moi/duoc-ky", f"ftp://{HOST}/", f"ws://{HOST}/", f"javascript://{HOST}/%0aalert(1)",
    "javascript:alert(1)", "data:text/html,x", "vbscript:x", f"intent://{HOST}#Intent;end", "market://details?id=x", "file:///etc/passwd", "blob:https://x/y",
    f"view-source:https://{HOST}", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.0.0.1/", "http://017700000001/", "http://192.168.1.1", "192.168.0.10/login", "10.0.0.1:8080/a", "http://1.1.1.1.",
    "http://localhost/", "localhost:8000/x", f"https://{HOST}\u3002evil.com", f"https://{HOST}\uff0eevil.com/", f"https://{HOST}\u2024com",
]  # fmt: skip
# Letters of other scripts and signs that nobody sees, each put into our name.
_TWINS = {
    "a": "\u0430\u0251\uff41\u00e1\u0101\u1ea1", "b": "\u0184\u044c\uff42", "h": "\u04bb\uff48\u0570", "x": "\u0445\uff58\u00d7",
    "s": "\u0455\uff53\ua731", "o": "\u043e\u03bf\u0585\uff4f\u00f3\u01a1", "m": "\uff4d\u217f", "u": "\u057d\uff55\u00fa\u01b0", "v": "\u03bd\uff56\u2174", "n": "\u0578\uff4e\u00f1",
}  # fmt: skip
TWINS = [
    f"https://{HOST[:at]}{twin}{HOST[at + 1 :]}/" for at, letter in enumerate(HOST) for twin in _TWINS.get(letter, "")
]
HIDDEN = [
    f"https://{HOST[:at]}{sign}{HOST[at:]}/"
    for sign in "\u00ad\u200b\u200c\u200d\u2060\ufeff\u202e\u180e\u034f"
    for at in (3, len(HOST))
]
PUNYCODE = ["https://xn--bhxhs-8ve.mau.vn/", "https://xn--vssid-5ve.com", "xn--80ak6aa92e.com/", "https://a.xn--p1ai/x"]
FILES = [
    f"https://{host}/{name}"
    for host in ("evil.com", "drive.vn")
    for name in ("vssid.apk", "a.APK?x=1", "b.exe", "c.mobileconfig", "d.zip#x", "e.xapk")
]
EVIL = [*SIMPLE, *AUTHORITIES, *TWINS, *HIDDEN, *PUNYCODE, *FILES]


def verdict(link: str, site: links.Site = SITE) -> Verdict:
    return links.judge(link, site).verdict


@pytest.mark.parametrize("link", OURS)
def test_our_own_address_is_ours(link):
    assert verdict(link) is Verdict.OURS
    assert [links.judge(one, SITE).verdict for one in links.find(f"Mở {link} nhé.")[0]] == [Verdict.OURS]


def test_there_are_more_than_three_hundred_evil_forms():
    assert len(set(EVIL)) > 300


def test_no_evil_form_is_ours():
    assert [link for link in EVIL if verdict(link) is not Verdict.NOT_OURS] == []


def test_every_evil_form_is_found_in_a_text_and_none_of_what_is_found_is_ours():
    # A colon or a full stop at the end is the sentence's.
    for link in (one for one in EVIL if not one.endswith((":", "."))):
        found, _rest = links.find(f"Mời bạn mở {link} ngay")
        assert found, link
        assert Verdict.OURS not in [verdict(one) for one in found], (link, found)


@pytest.mark.parametrize("link", ["bit.ly/3xYz", "https://tinyurl.com/a", "http://www.t.co/x", "https://zalo.link/q"])
def test_where_a_shortened_link_leads_nobody_knows(link):
    assert verdict(link) is Verdict.UNKNOWN
    assert links._SHORT in links.judge(link, SITE).reasons


@pytest.mark.parametrize("link", ["https://dichvucong.gov.vn/p/home", "baohiemxahoi.gov.vn", "http://angiang.gov.vn/x"])
def test_a_page_of_the_state_is_not_this_one_and_to_be_typed_by_hand(link):
    assert verdict(link) is Verdict.UNKNOWN
    assert links._STATE in links.judge(link, SITE).reasons


def test_a_file_to_install_is_warned_of_wherever_it_lies():
    for link in ("https://dichvucong.gov.vn/vssid.apk", "bit.ly/a.apk"):
        assert verdict(link) is Verdict.NOT_OURS
        assert links.judge(link, SITE).reasons[0] == links._FILE


def test_an_invitation_that_we_did_not_make_is_not_called_ours():
    assert verdict(f"https://{HOST}/moi/gia") is Verdict.UNKNOWN


def test_at_home_our_address_is_the_one_that_was_set():
    assert verdict("http://127.0.0.1:8105/kiem-tra", AT_HOME) is Verdict.OURS
    for link in (
        "http://127.0.0.1:8106",
        "https://127.0.0.1:8105",
        "http://127.0.0.1",
        "http://127.0.0.1:8105@evil.com",
    ):
        assert verdict(link, AT_HOME) is Verdict.NOT_OURS


@pytest.mark.parametrize(
    "text", ["Gửi ten@mau.vn nhé", "TP.Mẫu", "Xong.Cảm ơn", "5.000.000 đồng", "ngày 4.9.2026", "…", "v.v."]
)
def test_what_is_no_link_is_not_taken_for_one(text):
    assert links.find(text)[0] == []


def test_the_full_stop_of_a_sentence_is_no_part_of_the_link():
    assert links.find("Mở (https://evil.com/a).")[0] == ["https://evil.com/a"]


def test_long_links_are_shown_cut_off():
    shown = links.judge("https://evil.com/" + "a" * 1_900, SITE).shown
    assert len(shown) == links.LONGEST_SHOWN + 1


def test_a_text_full_of_dots_takes_no_time_that_grows_with_its_square():
    for text in (
        "a." * 1_000,
        "1." * 1_000,
        "-" * 2_000,
        "a-" * 1_000,
        "@" * 2_000,
        "a@" * 1_000,
        "www." * 500,
        "http://" * 280,
    ):
        links.find(text)
