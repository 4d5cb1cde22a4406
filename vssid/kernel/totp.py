"""Codes of authenticator apps (RFC 6238): which are accepted now. That each is accepted once is the caller's row."""

import pyotp

from vssid.kernel.crypto import same

STEP_SECONDS = 30
DRIFT_STEPS = 1
DIGITS = 6


def new_secret() -> str:
    """A fresh secret of 160 bits in base32."""
    return pyotp.random_base32(32)


def steps_to_try(unix_seconds: int) -> list[int]:
    """The steps whose code is accepted now: the present one first, then one before and one after."""
    present = unix_seconds // STEP_SECONDS
    return [present, *(present + d for n in range(1, DRIFT_STEPS + 1) for d in (-n, n))]


def matching_step(secret: str, typed: str, unix_seconds: int) -> int | None:
    """The step to which a typed code belongs, or None. Whoever accepts it must take each step once."""
    totp = pyotp.TOTP(secret)
    codes = [(step, totp.generate_otp(step)) for step in steps_to_try(unix_seconds)]
    return next((step for step, code in codes if same(code.encode(), typed.encode())), None)


def address(secret: str, name: str, issuer: str) -> str:
    """What the QR code says: the otpauth:// address that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
