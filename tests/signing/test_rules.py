"""Names and numbers as authorities write them; words for every problem."""

import json
import pickle
import unicodedata
from datetime import UTC, datetime

import pytest

from vssid.kernel.labels import Label
from vssid.signing.rules import (
    LARGEST_BYTES,
    Declared,
    Problem,
    Revocation,
    Signer,
    Subject,
    Verdict,
    bare_number,
    first_look,
    identify,
    same_name,
)

OURS = Declared("Nguyễn Thị Mẫu Hòa", frozenset({"089190000123"}))
ISSUED = b"%PDF-1.7 the form %%EOF\n"


@pytest.mark.parametrize(
    "written",
    [
        "CCCD:089190000123", "cccd: 089190000123", "CCCD 089190000123", "089190000123", " 0891 9000 0123 ",
        "CCCD:0891-9000-0123", "CC:089190000123", "MST:089190000123", "IDCVN-089190000123", "PNOVN-089190000123",
        "BHXH:089190000123",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written):
    assert bare_number(written) == "089190000123"


def test_a_passport_keeps_its_letter():
    assert {bare_number(text) for text in ("HC:B1234567", "hc b1234567", "B1234567", "PASVN-B1234567")} == {"B1234567"}


def test_a_kind_alone_is_no_number():
    assert bare_number("CCCD:") == ""
    subject = Subject("Nguyễn Thị Mẫu Hòa", ("CCCD:",), "")
    assert identify(subject, OURS) == (Problem.NO_NUMBER, "", True)


@pytest.mark.parametrize(
    "certified",
    [
        "Nguyễn Thị Mẫu Hòa", "NGUYỄN THỊ MẪU HÒA", "  Nguyễn  Thị Mẫu\tHòa ", "Nguyễn Thị Mẫu Hoà",
        unicodedata.normalize("NFD", "NGUYỄN THỊ MẪU HÒA"),
    ],
)  # fmt: skip
def test_the_same_name_with_its_marks(certified):
    assert same_name(certified, OURS.name) == (True, True)


def test_a_name_without_marks_agrees_and_says_so():
    assert same_name("NGUYEN THI MAU HOA", OURS.name) == (True, False)


@pytest.mark.parametrize(
    "certified",
    ["Nguyễn Thị Mẫu Hoa", "Nguyễn Thị Mau Hòa", "Nguyễn Thị Mẫu", "Mẫu Hòa Nguyễn Thị", "", "NGUYEN THI MAU"],
)
def test_another_name_is_another_name(certified):
    assert same_name(certified, OURS.name)[0] is False


def test_d_with_and_without_stroke_are_two_letters_when_marks_are_written():
    assert same_name("Dương Văn Đo", "Dương Văn Do") == (False, False)
    assert same_name("DUONG VAN DO", "Đường Văn Đô") == (True, False)


def test_any_of_several_numbers_will_do():
    subject = Subject(OURS.name, ("MST:8001234567", "CCCD:089190000123"), "")
    assert identify(subject, OURS) == (None, "089190000123", True)


def test_the_old_number_is_a_wrong_number_unless_it_was_declared_too():
    subject = Subject(OURS.name, ("CMND:350000001",), "")
    assert identify(subject, OURS)[0] is Problem.WRONG_NUMBER
    assert identify(subject, Declared(OURS.name, frozenset({"089190000123", "350000001"})))[0] is None


def test_an_organisation_signs_with_its_tax_code():
    subject = Subject("CÔNG TY TNHH MẪU", ("MST:1600000001-001",), "")
    assert identify(subject, Declared("Công ty TNHH Mẫu", frozenset({"1600000001-001", "TE0001A"})))[0] is None


def test_every_problem_has_words_of_its_own():
    labels = [problem.label for problem in Problem]
    assert all(isinstance(label, Label) for label in labels)
    assert len(set(labels)) == len(Problem)
    assert {revocation.label for revocation in Revocation} != set()


@pytest.mark.parametrize(
    ("pdf", "problem"),
    [
        (b"%PDF-" + bytes(LARGEST_BYTES), Problem.TOO_LARGE),
        (b"", Problem.NOT_A_PDF),
        (b"\x89PNG\r\n\x1a\n", Problem.NOT_A_PDF),
        (ISSUED, Problem.UNSIGNED),
        (ISSUED[:-3], Problem.DAMAGED),
        (b"%PDF-1.4 another form", Problem.NOT_OUR_FORM),
        (b"%PDF-1.7 << /Encrypt 3 0 R >>", Problem.ENCRYPTED),
        (b"\n" + ISSUED + b"more", Problem.NOT_OUR_FORM),
        (ISSUED + b"more", None),
    ],
)
def test_the_first_look_reads_bytes_only(pdf, problem):
    assert first_look(pdf, ISSUED) is problem


def test_a_verdict_can_be_pickled_and_written_as_json():
    moment = datetime(2026, 6, 15, tzinfo=UTC)
    signer = Signer("Nguyễn Thị Mẫu Hòa", "089190000123", "", "1f", "CA (mẫu)", moment, moment)
    verdict = Verdict(Problem.EXPIRED, signer, moment)
    assert pickle.loads(pickle.dumps(verdict)) == verdict
    written = json.loads(json.dumps(verdict.plain()))
    assert written["problem"] == "expired"
    assert written["signer"]["valid_to"] == written["signed_at"] == "2026-06-15T00:00:00+00:00"
    assert json.loads(json.dumps(Verdict(None).plain()))["signer"] is None
