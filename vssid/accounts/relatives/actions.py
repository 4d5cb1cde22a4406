"""What happens between an account and whom it trusts: named, agreed to, ended by either."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from vssid.accounts import messages as code_messages
from vssid.accounts import reaching
from vssid.accounts.house import House
from vssid.accounts.models import Account
from vssid.accounts.relatives import messages, queries, rules
from vssid.accounts.relatives.models import TrustedRelative
from vssid.accounts.relatives.rules import Status, Tag
from vssid.kernel import audit
from vssid.kernel.audit import ActorKind, By
from vssid.kernel.labels import Refused
from vssid.kernel.text import masked


def name(db: Session, house: House, account_id: UUID, ma_so: str, phone: str, *, reachable: bool, at: datetime) -> None:
    """Name the adult whose mã số and phone these are. Nobody learns whether there is one; only they can agree.

    `reachable`: the number has not had too many messages. Raises Refused for oneself, a fourth, or the same again.
    """
    account = db.get_one(Account, account_id)
    if account.guardian_id is not None:
        raise Refused(rules.OF_CHILD)
    if queries.how_many(db, account_id) >= rules.MOST:
        raise Refused(rules.FULL)
    digest = house.keyring.digest("relative", ma_so)
    if any(one.typed_digest == digest for one in queries.named_by(db, account_id)):
        raise Refused(rules.TWICE, "ma_so")
    relative = _meant(db, account_id, ma_so, phone)
    relation = TrustedRelative(
        id=uuid4(),
        account_id=account_id,
        relative_id=relative.id if relative else None,
        typed=masked(ma_so, 2, 2),
        typed_digest=digest,
        status=Status.ASKED,
        asked_at=at,
    )
    db.add(relation)
    if relative is not None and reachable:
        messages.invited(db, house.keyring, relative, house.name_of(db, account.person_id), at)
    else:
        code_messages.tell_nobody(db, house.keyring, "relative.invited", at)
    messages.named(db, house.keyring, account, at, house.hotline)
    audit.record(db, Tag.NAMED, By(ActorKind.CITIZEN, account_id), ("account", account_id), at, naming=str(relation.id))


def _meant(db: Session, account_id: UUID, ma_so: str, phone: str) -> Account | None:
    found = reaching.by_name(db, ma_so)
    if found is None:
        return None
    if found.account.id == account_id:
        raise Refused(rules.ONESELF, "ma_so")
    one = found.account
    fits = one.status == "active" and one.guardian_id is None and one.phone == phone
    taken = any(named.relative_id == one.id for named in queries.named_by(db, account_id))
    return one if fits and not taken else None


def accept(db: Session, house: House, id: UUID, relative_id: UUID, *, at: datetime) -> None:
    """Agree to vouch for who has named one. Raises Refused when it was taken back, or agreed to before."""
    counts_from = at + rules.COUNTS_AFTER
    mine = update(TrustedRelative).where(
        TrustedRelative.id == id, TrustedRelative.relative_id == relative_id, TrustedRelative.status == Status.ASKED
    )
    values = mine.values(status=Status.ACCEPTED, counts_from=counts_from)
    owner_id = db.scalar(values.returning(TrustedRelative.account_id))
    if owner_id is None:
        raise Refused(rules.GONE)
    owner, relative = db.get_one(Account, owner_id), db.get_one(Account, relative_id)
    name = house.name_of(db, relative.person_id)
    messages.accepted(db, house.keyring, owner, name, counts_from, at, house.hotline)
    audit.record(db, Tag.ACCEPTED, By(ActorKind.CITIZEN, relative_id), ("account", owner_id), at, naming=str(id))


def end(db: Session, house: House, id: UUID, account_id: UUID, *, at: datetime) -> None:
    """Either side ends it, agreed to or not. Raises Refused when it has ended."""
    sides = or_(TrustedRelative.account_id == account_id, TrustedRelative.relative_id == account_id)
    mine = update(TrustedRelative).where(TrustedRelative.id == id, sides, TrustedRelative.status != Status.ENDED)
    owner_id = db.scalar(mine.values(status=Status.ENDED, ended_at=at).returning(TrustedRelative.account_id))
    if owner_id is None:
        raise Refused(rules.GONE)
    if owner_id != account_id:
        owner, relative = db.get_one(Account, owner_id), db.get_one(Account, account_id)
        messages.ended(db, house.keyring, owner, house.name_of(db, relative.person_id), at)
    audit.record(db, Tag.ENDED, By(ActorKind.CITIZEN, account_id), ("account", owner_id), at, naming=str(id))


def end_all(db: Session, account_id: UUID, at: datetime) -> None:
    """An account stops: nobody vouches for it any more, and it for nobody, also when it is begun anew."""
    sides = or_(TrustedRelative.account_id == account_id, TrustedRelative.relative_id == account_id)
    live = update(TrustedRelative).where(sides, TrustedRelative.status.in_((Status.ASKED, Status.ACCEPTED)))
    db.execute(live.values(status=Status.ENDED, ended_at=at), execution_options={"synchronize_session": False})


def purge(db: Session, at: datetime) -> None:
    """End what nobody agreed to in two weeks; drop what ended three months ago."""
    late = TrustedRelative.asked_at < at - rules.ASKED_LIFE
    unanswered = update(TrustedRelative).where(TrustedRelative.status == Status.ASKED, late)
    db.execute(unanswered.values(status=Status.ENDED, ended_at=at), execution_options={"synchronize_session": False})
    db.execute(delete(TrustedRelative).where(TrustedRelative.ended_at < at - rules.KEEP_ENDED))
