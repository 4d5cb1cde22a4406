"""Base45 (RFC 9285): bytes in the 45 signs of a QR code's alphanumeric mode, some 23 % less than base64 takes there."""

from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def encode(data: bytes) -> str:
    """RFC 9285: two bytes become three signs, a last one two."""
    return "".join(_signs(data))


def _signs(data: bytes) -> Iterator[str]:
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _sign in range(len(pair) + 1):
            value, sign = divmod(value, 45)
            yield ALPHABET[sign]


def decode(text: str) -> bytes:
    """The bytes again. Raises ValueError for other signs and for a spelling that no bytes have."""
    found = bytearray()
    for at in range(0, len(text), 3):
        signs = text[at : at + 3]
        if len(signs) < 2:
            raise ValueError("a sign is missing")
        value = sum(ALPHABET.index(sign) * 45**place for place, sign in enumerate(signs))
        found += _bytes_of(value, len(signs) - 1)
    return bytes(found)


def _bytes_of(value: int, count: int) -> bytes:
    if value >= 256**count:
        raise ValueError("no bytes have this spelling")
    return value.to_bytes(count, "big")
