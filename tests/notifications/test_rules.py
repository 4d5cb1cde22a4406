from datetime import timedelta

import pytest

from vssid.notifications.rules import MOST_ATTEMPTS, has_link, letter, one_segment, takes_email, wait_after

VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
ALPHABET = VOWELS + "bcdđghklmnpqrstvx"
EMAIL = {"channel": "email", "to": "a@mail.example", "subject": "Xin chào", "text": "Chào", "kind": "greeting"}
SMS = {"channel": "sms", "to": "+84900000123", "subject": "", "text": "Chào", "kind": "greeting"}


@pytest.mark.parametrize("sign", ALPHABET + ALPHABET.upper())
def test_every_vietnamese_letter_costs_one_sign(sign: str) -> None:
    assert len(one_segment(sign * 160, "greeting")) == 160


def test_the_whole_alphabet_becomes_plain_letters() -> None:
    plain = one_segment(ALPHABET, "greeting")
    assert plain.isascii()
    assert set(plain) == set("aeiouybcdghklmnpqrstvx")


def test_decomposed_letters_count_as_whole_ones() -> None:
    assert one_segment("Đươ\u031bc duye\u0323\u0302t", "greeting") == "Duoc duyet"


def test_161_signs_are_one_too_many_and_the_kind_is_named() -> None:
    with pytest.raises(ValueError, match="activation: 161 signs"):
        one_segment("ệ" * 161, "activation")


@pytest.mark.parametrize("sign", [*"^{}\\[~]|€", "\x1b", "ł", "中", "🙂", "\x00"])
def test_signs_that_double_the_price_are_refused(sign: str) -> None:
    with pytest.raises(ValueError, match=r"^activation: "):
        one_segment(f"Mã{sign}", "activation")


def test_an_empty_sms_is_refused() -> None:
    with pytest.raises(ValueError, match="activation: 0 signs"):
        one_segment("  ", "activation")


@pytest.mark.parametrize(
    "to", ["0900000123", "+1900000123", "+84900000123,+84900000124", "+84900000123\n", "+8490000012", ""]
)
def test_an_sms_goes_to_one_vietnamese_number(to: str) -> None:
    with pytest.raises(ValueError, match="greeting"):
        letter(**(SMS | {"to": to}))


@pytest.mark.parametrize(
    "to",
    [
        "a@mail.example\r\nBcc: b@mail.example",
        "a@mail.example\nb@mail.example",
        "a@mail.example,b@mail.example",
        "a@mail.example; b@mail.example",
        "A <a@mail.example>",
        '"a b"@mail.example',
        "a@mail.example>",
        "a@[127.0.0.1]",
        "a b@mail.example",
        "a@mail.example\x00",
        "a@-",
        "@mail.example",
        "a@",
        "",
        "a" * 65 + "@mail.example",
        "a@" + "b" * 260,
    ],
)
def test_an_address_cannot_become_two_recipients(to: str) -> None:
    assert not takes_email(to)
    with pytest.raises(ValueError, match="greeting"):
        letter(**(EMAIL | {"to": to}))


@pytest.mark.parametrize("to", ["a@b", "ten.ho+nhan@mail.example", "O'Neil_99@sub.mail.example"])
def test_ordinary_addresses_pass(to: str) -> None:
    assert letter(**(EMAIL | {"to": to})).to == to


@pytest.mark.parametrize(
    "sign", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x1b", "\u202e"]
)
def test_a_subject_cannot_begin_a_second_header(sign: str) -> None:
    with pytest.raises(ValueError, match="greeting"):
        letter(**(EMAIL | {"subject": f"Chào{sign}Bcc: b@mail.example"}))


@pytest.mark.parametrize("subject", ["", "a" * 151])
def test_a_subject_is_neither_empty_nor_endless(subject: str) -> None:
    with pytest.raises(ValueError, match="greeting"):
        letter(**(EMAIL | {"subject": subject}))


def test_bare_carriage_returns_end_lines_like_all_others() -> None:
    assert letter(**(EMAIL | {"text": "một\r\nhai\r.\rba"})).text == "một\nhai\n.\nba"


@pytest.mark.parametrize("kind", ["", "Mã", "two words", "a" * 41])
def test_a_kind_is_a_short_plain_word(kind: str) -> None:
    with pytest.raises(ValueError, match="not a kind"):
        letter(**(SMS | {"kind": kind}))


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        letter(**(EMAIL | {"channel": "pigeon"}))


def test_waits_grow_to_six_hours_and_end_at_the_eighth_failure() -> None:
    waits = [wait_after(attempt, 0) for attempt in range(1, MOST_ATTEMPTS + 1)]
    assert waits[:6] == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    ]
    assert waits[6:] == [timedelta(hours=6), None]


def test_jitter_moves_a_wait_by_a_fifth_at_most() -> None:
    assert wait_after(1, -1) == timedelta(seconds=24)
    assert wait_after(1, 1) == timedelta(seconds=36)


LINKS = [
    "Mo http://a", "Mo HTTPS://A", "xem www.vidu", "vidu.vn", "Vao VIDU.VN ngay", "bit.ly/x", "a.shop", "vssid.gov.vn/x",
    "t.me", "dang nhap tai vidu.example", "ftp://x",
]  # fmt: skip


@pytest.mark.parametrize("text", LINKS)
def test_an_sms_never_holds_a_link(text: str) -> None:
    with pytest.raises(ValueError, match="greeting: an SMS of ours holds no link"):
        letter(**(SMS | {"text": text}))


@pytest.mark.parametrize(
    "text",
    [
        "TP.Long Xuyên",
        "Hết. Mời gọi 1900 0000.",
        "lúc 08:30 4.9.2026",
        "số 1.234.567",
        "v.v.",
        "mã 7K3M-9WWW. Hãy nộp",
        "mã 7K3M-9WWW.",
        "Tờ khai HTTP-9QX2 cần sửa",
    ],
)
def test_full_stops_that_make_no_link_pass(text: str) -> None:
    assert letter(**(SMS | {"text": text})).text


def test_an_email_may_hold_a_link() -> None:
    assert "https://" in letter(**(EMAIL | {"text": "https://vidu.vn"})).text


def test_our_own_host_is_a_link_whatever_it_is_called() -> None:
    assert has_link("mo may-chu:8000 nhe", "MAY-CHU:8000")
    assert not has_link("mo may", "", "may-chu")
