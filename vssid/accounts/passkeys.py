"""Passkeys (“Vân tay / khoá màn hình”): the two ceremonies of WebAuthn for citizens and officers. Knows no Flask.

Both begin with a challenge that is bound to this browser and used up by the first answer, right or wrong. The person must
have been verified (finger, face, PIN): one passkey is therefore both factors.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Engine, and_, delete, func, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from vssid.accounts import challenges
from vssid.accounts.answers import challenge_in, credential_in
from vssid.accounts.challenges import Ask
from vssid.accounts.models import Passkey
from vssid.kernel.db import reading
from vssid.kernel.labels import N_, Refused
from vssid.kernel.text import has_control_characters, one_line

CHALLENGE_BYTES = 32
LIFE = timedelta(minutes=5)
NAME_LONGEST = 40
LONGEST_ID = 1023  # bytes, as WebAuthn has it
MOST = 10
TRANSPORTS = frozenset({"internal", "hybrid", "usb", "nfc", "ble", "smart-card"})

NOT_KNOWN = N_("Không nhận ra vân tay hoặc khoá màn hình này. Hãy thử lại, hoặc đăng nhập bằng mật khẩu.")
NOT_ADDED = N_("Chưa thêm được. Hãy tải lại trang rồi thử lại.")


@dataclass(frozen=True)
class Site:
    """Where passkeys belong: `rp_id` a host name, `origin` as the browser names it, `name` as people do."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True)
class Owner:
    """Whose passkeys: `kind` 'citizen' (an account) or 'officer'."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Fresh:
    """A key pair that was just made and proven, not kept yet."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str
    backed_up: bool


@dataclass(frozen=True)
class Assertion:
    """A right answer: whose passkey, and its counter, which `use` compares and keeps."""

    passkey_id: UUID
    owner: Owner
    sign_count: int
    backed_up: bool


def site(public_url: str, name: str) -> Site | None:
    """The site of PUBLIC_URL, or None where its host is an address: browsers want a name, if only `localhost`."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}", name) if host else None
    return None


def listing(db: Session, owner: Owner) -> list[Passkey]:
    """All of one person, oldest first."""
    found = db.scalars(select(Passkey).where(*_of(owner)).limit(MOST))
    return sorted(found, key=lambda passkey: passkey.created_at)


def count(db: Session, owner: Owner) -> int:
    """How many there are."""
    return db.scalar(select(func.count()).select_from(Passkey).where(*_of(owner))) or 0


def _of(owner: Owner) -> tuple[Any, Any]:
    return Passkey.subject_kind == owner.kind, Passkey.subject_id == owner.id


# --- adding one -------------------------------------------------------------------------------------------------------


def begin_adding(db: Session, here: Site, owner: Owner, called: str, browser: str, at: datetime) -> str:
    """What the browser must be asked, as JSON; `called` is the name that it shows in its own list."""
    kept = listing(db, owner)
    if len(kept) >= MOST:
        raise Refused(N_("Mỗi tài khoản thêm được tối đa %(count)s. Hãy xoá bớt trước.", count=MOST))
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    challenges.put(
        db, bytes_to_base64url(challenge), Ask.PASSKEY_ADD, (owner.kind, owner.id), browser, at, LIFE
    )  # fmt: skip
    options = generate_registration_options(
        rp_id=here.rp_id,
        rp_name=here.name,
        user_id=owner.id.bytes,
        user_name=called,
        user_display_name=called,
        challenge=challenge,
        timeout=int(LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in kept],
    )
    return options_to_json(options)


def check_new(engine: Engine, here: Site, owner: Owner, answer: dict[str, Any], browser: str, at: datetime) -> Fresh:
    """Use the challenge up and check what the browser made. Raises Refused in words."""
    challenge = challenge_in(answer)
    asked = challenges.take_try(engine, challenge, Ask.PASSKEY_ADD, owner.kind, browser, at)
    if asked is None or asked.subject_id != owner.id:
        raise Refused(NOT_ADDED)
    try:  # the library raises what its parsers raise; every one of them means: not right
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except Exception as wrong:  # the library raises what its parsers raise; every one of them means: not right
        raise Refused(NOT_ADDED) from wrong
    if len(made.credential_id) > LONGEST_ID:
        raise Refused(NOT_ADDED)
    offered = answer.get("response", {}).get("transports")
    transports = sorted(TRANSPORTS.intersection(one for one in offered if isinstance(one, str))) if offered else []
    return Fresh(
        made.credential_id,
        made.credential_public_key,
        made.sign_count,
        ",".join(transports),
        made.credential_backed_up,
    )


def keep(db: Session, owner: Owner, fresh: Fresh, name: str, at: datetime) -> UUID:
    """Keep the new one under `name`. Raises Refused when there are too many, or another person has this very one."""
    if count(db, owner) >= MOST:
        raise Refused(NOT_ADDED)
    id = uuid4()
    db.add(
        Passkey(
            id=id,
            subject_kind=owner.kind,
            subject_id=owner.id,
            credential_id=fresh.credential_id,
            public_key=fresh.public_key,
            sign_count=fresh.sign_count,
            transports=fresh.transports,
            backed_up=fresh.backed_up,
            name=checked_name(name),
            created_at=at,
        )
    )
    try:
        db.flush()
    except IntegrityError as taken:
        raise Refused(NOT_ADDED) from taken
    return id


def checked_name(text: str) -> str:
    """A name of one line. Raises Refused for none, a long one, or one that no keyboard writes."""
    name = one_line(text)
    if not name or len(name) > NAME_LONGEST or has_control_characters(name):
        raise Refused(N_("Hãy đặt tên, tối đa %(count)s ký tự.", count=NAME_LONGEST), "name")
    return name


def rename(db: Session, owner: Owner, id: UUID, name: str) -> None:
    """Call it otherwise; a stranger's is not found."""
    found = db.execute(
        update(Passkey).where(Passkey.id == id, *_of(owner)).values(name=checked_name(name)).returning(Passkey.id)
    )
    if found.first() is None:
        raise Refused(N_("Không thấy mục này: có thể đã bị xoá."))


def remove(db: Session, owner: Owner, id: UUID) -> bool:
    """It opens nothing any more; False when there is none of this person."""
    return db.execute(delete(Passkey).where(Passkey.id == id, *_of(owner)).returning(Passkey.id)).first() is not None


def drop(db: Session, owner: Owner) -> None:
    """All of one person are void."""
    db.execute(delete(Passkey).where(*_of(owner)))


# --- signing in with one ----------------------------------------------------------------------------------------------


def begin_signing_in(
    db: Session, here: Site, kind: str, shown: list[bytes], browser: str, at: datetime,
    *, ask: Ask = Ask.PASSKEY_SIGN_IN, whose: UUID | None = None,
) -> str:  # fmt: skip
    """What the browser must be asked, as JSON; with no ids `shown` it offers those that it knows for this site.

    `ask` is what the answer is for; `whose` it must be, where that is known.
    """
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    challenges.put(db, bytes_to_base64url(challenge), ask, (kind, whose), browser, at, LIFE)
    options = generate_authentication_options(
        rp_id=here.rp_id,
        challenge=challenge,
        timeout=int(LIFE.total_seconds() * 1000),
        allow_credentials=[PublicKeyCredentialDescriptor(id=id) for id in shown],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def check(
    engine: Engine, here: Site, kind: str, answer: dict[str, Any], browser: str, at: datetime,
    *, ask: Ask = Ask.PASSKEY_SIGN_IN,
) -> Assertion:  # fmt: skip
    """Use the challenge up and check the signature. Raises Refused; the counter is compared by `use`, within the act."""
    challenge = challenge_in(answer)
    asked = challenges.take_try(engine, challenge, ask, kind, browser, at)
    with reading(engine) as db:
        query = select(Passkey).where(Passkey.credential_id == credential_in(answer), Passkey.subject_kind == kind)
        passkey = db.scalar(query)
    if asked is None or passkey is None or asked.subject_id not in (None, passkey.subject_id):
        raise Refused(NOT_KNOWN)
    try:
        proven = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        handle = answer["response"].get("userHandle")
        if handle and base64url_to_bytes(handle) != passkey.subject_id.bytes:
            raise Refused(NOT_KNOWN)
    except Refused:
        raise
    except Exception as wrong:
        raise Refused(NOT_KNOWN) from wrong
    owner = Owner(kind, passkey.subject_id)
    return Assertion(passkey.id, owner, proven.new_sign_count, proven.credential_backed_up)


def use(db: Session, assertion: Assertion, at: datetime) -> bool:
    """Keep the counter, within the act's transaction. False when it did not go on (a copied key) or the key was removed."""
    onward = or_(
        Passkey.sign_count < assertion.sign_count, and_(Passkey.sign_count == 0, literal(assertion.sign_count) == 0)
    )  # fmt: skip
    done = db.execute(
        update(Passkey)
        .where(Passkey.id == assertion.passkey_id, onward)
        .values(sign_count=assertion.sign_count, backed_up=assertion.backed_up, last_used_at=at)
        .returning(Passkey.id)
    )
    return done.first() is not None
