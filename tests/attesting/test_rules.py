"""Codes and seals: what is written comes back, and nothing else is taken for one."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from vssid.attesting import rules
from vssid.attesting.rules import Document, Fact, Sealed, Statement
from vssid.kernel.labels import N_
from vssid.kernel.text import CODE_ALPHABET

SEALED = Sealed(7, Document.VISITS.number, rules.new_code(), date(2026, 11, 29), date(2026, 12, 29), b"x" * 16, True)


def test_a_code_is_read_as_it_is_printed_in_any_case():
    code = rules.new_code()
    assert rules.code_in(f" {rules.spoken(code).lower()} ") == code
    assert len(rules.spoken(code)) == 19


def test_every_single_slip_is_noticed():
    code = rules.new_code()
    slips = [code[:at] + sign + code[at + 1 :] for at in range(16) for sign in CODE_ALPHABET if sign != code[at]]
    assert len(slips) == 16 * 27
    assert not [slip for slip in slips if rules.code_in(slip)]


@pytest.mark.parametrize("text", ["", "1234", "A" * 16, "O" * 16, "7K3M-9QX2-BDFG-23456"])
def test_what_is_no_code_is_none(text):
    assert rules.code_in(text) is None


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("Chẩn đoán", "có in", N_("có in")),
        ("Hưu trí, tử tuất", "chưa có dữ liệu", N_("chưa có dữ liệu")),
        ("Khiếu nại", "Chủ giấy đang khiếu nại", N_("Chủ giấy đang khiếu nại")),
        ("Bảo hiểm y tế", "12 năm 1 tháng", N_("%(years)s năm %(months)s tháng", years="12", months="1")),
        ("Tự trả", "1.234.567 đồng", N_("%(amount)s đồng", amount=Decimal(1234567))),
        ("Họ và tên", "Lê Thị Mẫu", None),
        ("Năm sinh", "1985", None),
    ],
)
def test_a_printed_text_of_ours_can_be_said_in_other_languages(label, value, said):
    found = rules.meaning(label, value)
    assert found == said
    assert getattr(found, "params", None) == getattr(said, "params", None)


def test_what_is_late_of_a_total_is_said_too():
    found = rules.meaning("Hưu trí, tử tuất", "1 năm 2 tháng, chậm đóng 3 tháng")
    assert found.params["late"] == "3"
    assert found.params["total"].params == {"years": "1", "months": "2"}


def test_a_payload_says_what_was_put_into_it():
    body = rules.payload(SEALED)
    assert rules.said(body) == SEALED
    seal = rules.written(body, b"s" * 64)
    assert rules.taken_apart(seal) == (body, b"s" * 64)
    assert rules.seal_in(f"https://vidu.example/xac-minh#{seal}") == seal


@pytest.mark.parametrize("change", [lambda seal: seal[:-4], lambda seal: seal + "AAAA", lambda seal: seal[:-1] + "/"])
def test_a_seal_has_one_spelling(change):
    seal = rules.written(rules.payload(SEALED), b"s" * 64)
    with pytest.raises(ValueError, match=r".*"):
        rules.taken_apart(change(seal))


def test_the_digest_tells_documents_apart_by_content_and_by_facts():
    person = uuid4()
    one = Statement(Document.PARTICIPATION, person, [Fact(N_("Họ và tên"), "Người Mẫu")], "a")
    others = [
        Statement(Document.PARTICIPATION, person, [Fact(N_("Họ và tên"), "Người Mẫu")], "b"),
        Statement(Document.PARTICIPATION, person, [Fact(N_("Họ và tên"), "Người Khác")], "a"),
    ]
    assert one.digest not in {other.digest for other in others}
