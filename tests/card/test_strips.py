"""Strips: what they say, what they are worth on a day, and that nothing else is believed."""

import json
import random
from base64 import b64decode
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.card.strips import PRIVATE, PUBLIC, SEED, STRIP, TODAY, changed, independently, signed
from vssid.card.strips import rules
from vssid.card.strips.rules import Verdict, judged
from vssid.kernel import base45

VECTORS = Path(__file__).parents[2] / "docs" / "card-vectors.json"
BAD_INPUTS = 100_000


def ours(text: str, today: date = TODAY, keys: dict[int, bytes] | None = None, revoked: bool = False) -> str:
    """The verdict of our own reader, without a database."""
    try:
        body, signature = rules.taken_apart(text)
        strip = rules.read(body)
    except ValueError:
        return "unreadable"
    public = ({1: PUBLIC} if keys is None else keys).get(strip.key)
    if public is None or not _right(public, signature, rules.DOMAIN + body):
        return "forged"
    return judged(strip, today, revoked=revoked).value


def _right(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("text", ["", "AB", "Hello!!", "base-45", "ietf!", "\0\xff" * 60])
def test_base45_comes_back_and_matches_the_rfcs_examples(text):
    data = text.encode("latin-1")
    assert base45.decode(base45.encode(data)) == data
    assert {"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0"}.get(
        text, base45.encode(data)
    ) == base45.encode(data)


@pytest.mark.parametrize("text", ["A", "ABCD", ":::", "GGW", "::", "ab8", "BB8!"])
def test_what_no_bytes_have_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        base45.decode(text)


def test_a_strip_says_what_was_written_into_it():
    body, _signature = rules.taken_apart(signed())
    assert rules.read(body) == STRIP
    assert len(body) == 44 + len("ĐTMƯ".encode())
    rest = changed(valid_to=None, five_years_from=None, area_code="", object_code="", specimen=True, paper=True)
    assert rules.read(rules.payload(rest)) == rest


def test_only_the_day_differs_between_the_strips_of_a_phone():
    tomorrow = TODAY + timedelta(days=1)
    assert rules.of_day(rules.payload(STRIP), tomorrow) == rules.payload(changed(day=tomorrow, last_day=tomorrow))


def test_initials_are_whole_letters():
    assert rules.initials("  đặng thị  mẫu ưng ") == "ĐTMƯ"
    assert len(rules.initials(" ".join(["Ưng"] * 40)).encode()) <= rules.LONGEST_INITIALS


PLUS = timedelta(days=1)
JUDGED = [
    (STRIP, TODAY, "good"),
    (STRIP, TODAY + PLUS, "stale"),
    (STRIP, TODAY + 28 * PLUS, "stale"),
    (STRIP, TODAY + 29 * PLUS, "old"),
    (STRIP, TODAY - PLUS, "early"),
    (changed(valid_to=TODAY), TODAY, "good"),
    (changed(valid_to=TODAY - PLUS), TODAY, "ended"),
    (changed(valid_to=None), TODAY, "good"),
    (changed(valid_from=TODAY + PLUS), TODAY, "not_yet"),
    (changed(paper=True, last_day=TODAY + 200 * PLUS, valid_to=None), TODAY + 200 * PLUS, "paper"),
    (changed(paper=True, last_day=TODAY + 200 * PLUS, valid_to=None), TODAY + 201 * PLUS, "old"),
    (changed(brief=True), TODAY, "good"),
    (changed(brief=True), TODAY + PLUS, "stale"),
    (changed(brief=True), TODAY + 2 * PLUS, "old"),
    (changed(specimen=True), TODAY, "specimen"),
    (changed(specimen=True), TODAY + PLUS, "specimen"),
    (changed(specimen=True), TODAY - PLUS, "early"),
]


@pytest.mark.parametrize(("strip", "today", "verdict"), JUDGED)
def test_what_a_strip_is_worth_on_a_day(strip, today, verdict):
    text = signed(strip)
    assert ours(text, today) == verdict == independently(text, {1: PUBLIC}, today)


def test_a_revoked_one_is_never_believed():
    for strip in (STRIP, changed(paper=True), changed(specimen=True)):
        assert judged(strip, TODAY, revoked=True) is Verdict.REVOKED
        assert independently(signed(strip), {1: PUBLIC}, TODAY, frozenset({STRIP.handle})) == "revoked"


def test_other_keys_other_purposes_and_other_prefixes_are_not_believed():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert ours(signed(private=other)) == "forged"
    assert ours(signed(), keys={}) == "forged"
    assert ours(signed(changed(key=2))) == "forged"
    assert ours(signed(domain=b"vssid document 1\0")) == "forged"
    assert ours(signed(domain=b"")) == "forged"
    assert ours(signed().replace("VSSID1:", "VSSID2:")) == "unreadable"
    assert ours("HC1:" + signed()[7:]) == "unreadable"


def test_of_a_hundred_thousand_bad_inputs_none_is_believed():
    chance = random.Random(7)
    good = rules.payload(STRIP) + PRIVATE.sign(rules.DOMAIN + rules.payload(STRIP))
    accepted = [
        text for text in (_bad(chance, good) for _n in range(BAD_INPUTS)) if ours(text) not in ("unreadable", "forged")
    ]
    assert accepted == []


def _bad(chance: random.Random, good: bytes) -> str:
    """A flipped bit, a cut or longer one, a sign changed in the text, bytes by chance, a payload that was written anew."""
    kind = chance.randrange(6)
    data = bytearray(good)
    if kind == 0:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        data = data[: chance.randrange(len(data))]
    elif kind == 2:
        data += chance.randbytes(chance.randrange(1, 20))
    elif kind == 3:
        data = bytearray(chance.randbytes(chance.randrange(150)))
    elif kind == 4:
        body = rules.payload(changed(level=1, day=TODAY, ma_so=f"{chance.randrange(10**10):010}"))
        data = bytearray(body + bytes(good[-64:]))
    text = rules.PREFIX + base45.encode(bytes(data))
    if kind == 5:
        at = chance.randrange(len(rules.PREFIX), len(text))
        other = chance.choice(base45.ALPHABET.replace(text[at], ""))
        text = text[:at] + other + text[at + 1 :]
    return text


def test_the_published_vectors_are_ours_and_those_of_a_verifier_that_shares_nothing_with_us():
    vectors = json.loads(VECTORS.read_text())
    public = b64decode(vectors["khoa_cong_khai"][0]["ed25519"])
    assert public == PUBLIC == Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    assert {one["ket_qua"] for one in vectors["dai_ma"]} == {one.value for one in Verdict} - {"unknown_key"}
    for one in vectors["dai_ma"]:
        today, revoked = date.fromisoformat(one["hom_nay"]), frozenset(bytes.fromhex(h) for h in one["thu_hoi"])
        assert independently(one["van_ban"], {1: public}, today, revoked) == one["ket_qua"], one["ten"]
        assert ours(one["van_ban"], today, revoked=bool(revoked)) == one["ket_qua"], one["ten"]


def test_a_slip_in_a_spoken_code_is_seen():
    code = rules.spoken_code(bytes(range(32)))
    assert rules.spoken_code_ok(code)
    for at in range(7):
        for digit in set("0123456789") - {code[at]}:
            assert not rules.spoken_code_ok(code[:at] + digit + code[at + 1 :])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8900000101 0000000", ("8900000101", "0000000")),
        ("89 0000 0101 - 000 0000", ("8900000101", "0000000")),
        ("8900000101 0000001", None),
        ("8900000101", None),
        ("8900000101 000000A", None),
    ],
)
def test_number_and_spoken_code_are_typed_in_any_spelling(text, found):
    assert rules.typed(text) == found
