"""What tests of walks over the register share: people with accounts, the walk by day, and whom it has told what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account
from vssid.kernel.db import reading
from vssid.kernel.text import fold
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage
from vssid.records.models import Person

DAY = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)  # ten in the morning in Vietnam


def add_person(db: Session, number: int, name: str = "Nguyễn Mẫu", birth: str = "1985-09-04", **facts: Any) -> UUID:
    """Somebody of the register, whose id tells their number."""
    id = UUID(int=number << 64)
    name = f"{name} {number}"
    times = {"created_at": DAY, "updated_at": DAY}
    db.add(Person(id=id, full_name=name, name_folded=fold(name), sex="F", birth_date=birth, **times, **facts))
    db.flush()
    return id


def add_account(db: Session, person: UUID, **facts: Any) -> UUID:
    """An account in use, with a telephone of its own."""
    values = {"status": "active", "terms_version": "", "email": None, "email_proven_at": None, **facts}
    account = Account(
        id=uuid4(), person_id=person, phone=f"+849000{person.int >> 64:05}", language="vi", sms_sign_in=True,
        created_at=DAY, **values,
    )  # fmt: skip
    db.add(account)
    db.flush()
    return account.id


@dataclass
class Walked:
    """A register and the walk over it: one `step` of it, and the `kind` of its messages."""

    app: Flask
    engine: Engine
    step: ClassVar[Callable[[Flask, datetime], bool]]
    kind: ClassVar[str]

    def walk(self, at: datetime = DAY) -> int:
        """Steps until nothing is left."""
        steps = 0
        while self.step(self.app, at):
            steps += 1
        return steps

    def told(self) -> list[tuple[str, str, str]]:
        """Channel, receiver and text of each message so far."""
        with self.app.app_context(), reading(self.engine) as db:
            rows = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == self.kind))
            letters = [opened(self.app.extensions["keyring"], row) for row in rows]
        return sorted((str(one.channel), one.to, one.text) for one in letters)

    def rows(self, model: Any) -> list[Any]:
        """All rows of a table."""
        with reading(self.engine) as db:
            return list(db.scalars(select(model)))
