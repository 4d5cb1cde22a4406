import pytest

from vssid.kernel.crypto import Keyring, Unreadable, digest, keyed_digest, new_key, parse_key, same, token

OLD, NEW = parse_key(new_key()), parse_key(new_key())


def test_what_was_sealed_opens_for_the_same_purpose_only() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal_text("Chẩn đoán", "visit 1")
    assert ring.open_text(sealed, "visit 1") == "Chẩn đoán"
    with pytest.raises(Unreadable):
        ring.open(sealed, "visit 2")


def test_every_flipped_bit_is_noticed() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal(b"secret", "x")
    for position in range(len(sealed) * 8):
        spoilt = bytearray(sealed)
        spoilt[position // 8] ^= 1 << position % 8
        with pytest.raises(Unreadable):
            ring.open(bytes(spoilt), "x")


@pytest.mark.parametrize("length", range(33))
def test_a_truncated_value_is_unreadable_not_a_crash(length: int) -> None:
    ring = Keyring([NEW])
    with pytest.raises(Unreadable):
        ring.open(ring.seal(b"secret", "x")[:length], "x")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    ring = Keyring([NEW])
    assert len({ring.seal(b"secret", "x") for _ in range(100)}) == 100


def test_after_rotation_old_values_open_and_new_ones_need_the_new_key() -> None:
    before = Keyring([OLD]).seal(b"old", "x")
    ring = Keyring([NEW, OLD])
    assert ring.open(before, "x") == b"old"
    after = ring.seal(b"new", "x")
    assert Keyring([NEW]).open(after, "x") == b"new"
    with pytest.raises(Unreadable):
        Keyring([OLD]).open(after, "x")


def test_without_its_key_a_value_is_lost() -> None:
    with pytest.raises(Unreadable, match="not in the ring"):
        Keyring([NEW]).open(Keyring([OLD]).seal(b"a", "x"), "x")


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", new_key() + new_key(), "%%%", "!" + new_key(), new_key() + "!"])
def test_a_key_is_32_bytes(text: str) -> None:
    with pytest.raises(ValueError):
        parse_key(text)


def test_digests_of_different_parts_differ() -> None:
    assert keyed_digest("k", "a", "bc") != keyed_digest("k", "ab", "c")
    assert keyed_digest("k", "a") != keyed_digest("l", "a")
    assert same(digest("a"), digest("a"))
    assert not same(digest("a"), digest("b"))


def test_tokens_hold_256_bits_and_do_not_repeat() -> None:
    assert len({token() for _ in range(1000)}) == 1000
    assert len(token()) == 43
