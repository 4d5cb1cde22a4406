"""What may become of an article, what its address and its words are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from vssid.kernel.labels import Refused
from vssid.newsroom import rules
from vssid.newsroom.rules import Kind, Standing, Written

AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ID = UUID("123e4567-e89b-12d3-a456-426614174000")


def test_it_begins_and_ends_at_the_very_moment():
    second = timedelta(seconds=1)
    assert rules.standing("published", AT, None, AT - second) is Standing.SCHEDULED
    assert rules.standing("published", AT, None, AT) is Standing.CURRENT
    assert rules.standing("published", AT - second, AT + second, AT) is Standing.CURRENT
    assert rules.standing("published", AT - second, AT, AT) is Standing.EXPIRED
    assert rules.standing("draft", None, None, AT) is Standing.DRAFT
    assert rules.standing("withdrawn", AT, None, AT) is Standing.WITHDRAWN


def test_an_address_has_its_titles_words_and_a_tail_of_its_own():
    assert rules.slug_of("Đổi nơi khám: từ 1/1/2027", ID) == "doi-noi-kham-tu-1-1-2027-123e45"
    assert rules.slug_of("日本語", ID) == "123e45"
    long = rules.slug_of("rất dài " * 25, ID)
    assert len(long) <= 67
    assert long.endswith(("dai-123e45", "rat-123e45"))


def test_every_kind_but_pages_stands_below_a_section_of_its_own():
    sections = [kind.section for kind in rules.LISTED]
    assert len(set(sections)) == len(sections) == len(Kind) - 1
    assert Kind.FAQ.address("a") == "/ho-tro/hoi-dap/a"
    assert Kind.PAGE.address("gioi-thieu") == "/gioi-thieu"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thẻ BHYT, Đóng 4,5%", "the bhyt dong 4 5"),
        ("健康保険証", "健康 康保 保険 険証"),
        ("VssID とは", "vssid とは"),
        ("건강보험", "건강 강보 보험"),
        ("証", "証"),
    ],
)
def test_words_are_folded_and_signs_stand_in_pairs(text, words):
    assert rules.words_of(text) == words


@pytest.mark.parametrize(
    "address",
    ["http://vidu.vn/a", "javascript:alert(1)", "https://", "https://user:pass@vidu.vn/", "//vidu.vn", "https://localhost/a", "https://vidu.vn/a b", "https://[::1"],
)  # fmt: skip
def test_a_video_elsewhere_has_a_plain_address(address):
    with pytest.raises(Refused):
        rules.video_host(address)


def test_a_videos_host_is_named():
    assert rules.video_host("https://www.vidu.vn/xem?v=1") == "www.vidu.vn"


def test_what_is_not_vietnamese_yet_is_not_published():
    with pytest.raises(Refused, match="Chưa có bản tiếng Việt"):
        rules.check_ready("vi", Written(), needs_body=True)
    with pytest.raises(Refused, match="chưa có tiêu đề"):
        rules.check_ready("en", Written(body="x"), needs_body=True)
    with pytest.raises(Refused, match="chưa có nội dung"):
        rules.check_ready("vi", Written("x"), needs_body=True)
    rules.check_ready("vi", Written("x"), needs_body=False)


def test_an_end_is_after_the_beginning_and_after_now():
    for publish_at, expires_at in (
        (AT, AT),
        (AT + timedelta(days=2), AT + timedelta(days=1)),
        (AT - timedelta(days=9), AT),
    ):
        with pytest.raises(Refused):
            rules.check_moments(publish_at, expires_at, AT)
    rules.check_moments(AT, AT + timedelta(seconds=1), AT)


def test_files_are_known_by_how_they_begin():
    assert rules.video_type(b"\0\0\0\x18ftypmp42" + bytes(8)) == "video/mp4"
    assert (
        rules.video_type(
            b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
        )
        == "video/webm"
    )
    for other in (b"<html>", b"\0\0\0\x18ftypheic", b"\x1a\x45\xdf\xa3matroska", b"%PDF-1.7", b""):
        assert rules.video_type(other) is None
    assert rules.document_type(b"%PDF-1.7") == "application/pdf"
    assert rules.document_type(b"<html>%PDF-") is None
