import subprocess
import sys

import pytest

from vssid.accounts import passwords, rules
from vssid.kernel.labels import Refused


@pytest.mark.parametrize(
    "password",
    [
        "ngắn",
        "12345678",
        "password",
        "MatKhau123",
        "matkhau@123",
        "aaaaaaaaaa",
        "vssid1234",
        "x" * 201,
        "tôi là 8900000101 đây",
        "abababab" * 0 + "11111111",
    ],
)
def test_bad_passwords_are_refused_with_a_reason(password):
    with pytest.raises(Refused) as refusal:
        rules.check_password(password, passwords.common(), ("8900000101",))
    assert refusal.value.label
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "mùa lúa chín vàng",
        "correct horse battery",
        "ẩn số 42 và trăng",
        "a b c d e f",
        "日本語のパスワード",
        "x7y" * 60,
    ],
)
def test_long_phrases_marks_and_blanks_are_welcome(password):
    rules.check_password(password, passwords.common(), ("8900000101",))


def test_a_password_is_the_same_however_the_keyboard_composes_it():
    import unicodedata

    stored = passwords.hashed("mùa lúa chín")
    assert passwords.right(stored, unicodedata.normalize("NFD", "mùa lúa chín"))
    assert not passwords.right(stored, "mua lua chin")


def test_an_unknown_account_fits_no_password():
    assert not passwords.right(None, "nobody at all")


def test_hashes_are_argon2id_at_one_and_a_half_times_the_least_cost_that_owasp_names():
    started = "from vssid.accounts.passwords import hashed; print(hashed('mùa lúa chín'))"
    made = subprocess.run([sys.executable, "-c", started], capture_output=True, text=True, check=True).stdout
    assert made.startswith("$argon2id$v=19$m=30720,t=2,p=1$")


def test_a_printed_code_is_found_again_whatever_a_password_costs_today():
    found = passwords.slow_digest("12345678", bytes(16))
    assert found.hex() == "521e7aca07cb0c9deece798e1201589bcaf0ff2d4a1e10bd0c97e5cb888e0222"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("8900000101", "8900000101"), (" 89 0000-0101 ", "8900000101"), ("089.185.000.101", "089185000101")],
)
def test_numbers_are_read_without_their_blanks(typed, name):
    assert rules.login_name(typed) == name


def test_codes_are_spoken_in_groups():
    assert rules.spoken_code("12345678") == "1234 5678"
    assert rules.spoken_code("123456") == "123 456"
    assert rules.plain_code("1234 5678") == "12345678"
