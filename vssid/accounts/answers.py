"""What a browser's answer to a passkey's challenge claims, before anything of it is believed."""

import json
from typing import Any

from webauthn.helpers import base64url_to_bytes


def challenge_in(answer: dict[str, Any]) -> str:
    """The challenge that an answer claims to be for; '' for anything else than an answer."""
    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))["challenge"]
    except Exception:  # whatever a stranger sends
        return ""
    return said if isinstance(said, str) and len(said) <= 200 else ""


def credential_in(answer: dict[str, Any]) -> bytes:
    """The id of the key that it claims to come from; b'' likewise."""
    try:
        return base64url_to_bytes(answer["rawId"])
    except Exception:  # as above
        return b""
