import pytest

from vssid.kernel.text import (
    fold,
    grouped,
    has_control_characters,
    masked,
    mobile_number,
    one_line,
    sms_text,
    spoken_phone,
    without_marks,
)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Nguyễn Văn Đường", "nguyen van duong"),
        ("NGUYỄN VĂN ĐƯỜNG", "nguyen van duong"),
        ("nguye\u0302\u0303n va\u0306n đươ\u031b\u0300ng", "nguyen van duong"),
        ("  Lê\u00a0 Thị\tẤt ", "le thi at"),
        ("Ðặng", "dang"),
        ("Straße", "strasse"),
        ("H'Hen Niê", "h'hen nie"),
        ("", ""),
    ],
)
def test_a_searched_name_has_one_folded_form(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert fold(fold(name)) == folded


def test_marks_go_and_case_stays() -> None:
    assert without_marks("Được duyệt Đ đ Ơ Ư") == "Duoc duyet D d O U"


def test_decomposed_and_spaced_text_is_stored_in_one_spelling() -> None:
    assert one_line(" Trần \n\t Thị\u00a0Be\u0301 ") == "Trần Thị Bé"
    assert one_line("e\u0302\u0323") == "ệ"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\x7f", "\n"])
def test_what_no_keyboard_types_is_found(sign: str) -> None:
    assert has_control_characters(f"a{sign}b")


@pytest.mark.parametrize("text", ["Nguyễn Thị Ánh", "H'Hen Niê", "a-b (c), d.", "한국어 日本語", "👩‍🌾"])
def test_ordinary_text_has_no_control_characters(text: str) -> None:
    assert not has_control_characters(text)


def test_typographic_signs_are_written_plainly_in_an_sms() -> None:
    assert sms_text("“Mã” – 1·2… 5 ₫\u00a0‘ok’") == "\"Ma\" - 1-2... 5 d 'ok'"


@pytest.mark.parametrize("text", ["€", "[a]", "a|b", "~", "^", "{", "\\", "中", "ł"])
def test_signs_outside_the_basic_sms_alphabet_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SMS alphabet"):
        sms_text(text)


@pytest.mark.parametrize(
    "typed",
    ["0900000123", "0900 000 123", "0900.000.123", "+84900000123", "84900000123", "+84 900 000 123", " 0900-000-123 "],
)
def test_a_mobile_number_may_be_typed_in_many_ways(typed: str) -> None:
    assert mobile_number(typed) == "+84900000123"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "090000012",
        "09000001234",
        "01620000123",
        "02963852123",
        "113",
        "+14155550123",
        "1900 0000",
        "0900000123;ext=5x",
    ],
)
def test_other_numbers_are_not_mobile_numbers(typed: str) -> None:
    assert mobile_number(typed) is None


def test_a_number_is_spoken_in_groups() -> None:
    assert spoken_phone("+84900000123") == "0900 000 123"
    assert spoken_phone("1900 0000") == "1900 0000"


def test_the_middle_of_a_number_is_hidden() -> None:
    assert masked("0900000123") == "090*****23"
    assert masked("12345") == "*****"
    assert masked("") == ""


def test_a_card_code_is_read_in_groups() -> None:
    assert grouped("8900000101", 2, 4) == "89 0000 0101"
    assert grouped("89", 2, 4) == "89"
