"""Who has lost their way in, and what they can still do: shared by the tests of recovery and its journeys."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update

from tests import people
from vssid import accounts
from vssid.accounts.models import Account, BackupCode, LoginName
from vssid.accounts.recovery.models import RecoveryRequest
from vssid.accounts.relatives.models import TrustedRelative
from vssid.kernel.audit import AuditEntry
from vssid.kernel.clock import now
from vssid.kernel.db import reading, unit
from vssid.notifications.actions import opened
from vssid.notifications.models import OutboxMessage

NEW = "trăng sáng trên sông Hậu"
MAIL = "mau@vidu.vn"


@dataclass
class Lost:
    """The specimen citizen, who cannot sign in; browsers of their own, and what is needed to look on."""

    app: Any
    engine: Engine
    new_client: Any
    who: people.Specimen = people.CITIZEN
    code: str = ""
    browser: Any = field(default=None)

    @property
    def account(self) -> Account:
        """The account as it stands now."""
        with reading(self.engine) as db:
            named = select(Account).join(LoginName, LoginName.account_id == Account.id)
            return db.scalars(named.where(LoginName.value == self.who.ma_so)).one()

    @property
    def request(self) -> RecoveryRequest:
        """The newest request."""
        with reading(self.engine) as db:
            return db.query(RecoveryRequest).order_by(RecoveryRequest.created_at.desc()).first()

    def loses(self, *what: str) -> None:
        """Rungs that are gone: phone, email, backup."""
        with unit(self.engine) as db:
            mine = update(Account).where(Account.id == self.account.id)
            if "phone" in what:
                db.execute(mine.values(phone=None, phone_proven_at=None))
            if "email" in what:
                db.execute(mine.values(email=None))
            if "backup" in what:
                db.execute(delete(BackupCode))

    def has_mail(self) -> None:
        """An address that was proven before."""
        with unit(self.engine) as db:
            db.execute(update(Account).where(Account.id == self.account.id).values(email=MAIL))

    def asks(self, name: str = "", password: str = NEW) -> str:
        """Leave a new password on a browser that nobody knows; the mã yêu cầu."""
        self.browser = self.new_client()
        form = {"name": name or self.who.ma_so, "password": password, "again": password}
        answer = people.post(self.browser, "/khoi-phuc", form)
        assert answer.status_code == 200, re.findall(r'class="error".*', answer.get_data(as_text=True))
        self.code = shown_code(answer.get_data(as_text=True))
        return self.code

    def asks_for_mail(self, code: str = "") -> Any:
        """Press “Gửi mã tới email”."""
        return people.post(self.browser, "/khoi-phuc/email", {"code": code or self.code}, "/khoi-phuc")

    def types_mail_code(self, mail_code: str, code: str = "", client: Any = None) -> Any:
        """Type the code from the mailbox."""
        form = {"code": code or self.code, "mail_code": mail_code}
        return people.post(client or self.browser, "/khoi-phuc/email/xac-nhan", form, "/khoi-phuc")

    def by_mail(self) -> None:
        """Asked for and confirmed by the mailbox: it waits."""
        self.asks()
        assert self.asks_for_mail().status_code == 200
        answer = self.types_mail_code(people.sent_code(self.app, "code.recovery_email"))
        assert answer.status_code == 200, answer.get_data(as_text=True)[-900:]

    def looks(self, code: str = "", client: Any = None) -> Any:
        """How it stands, from any browser."""
        return people.post(client or self.new_client(), "/khoi-phuc/trang-thai", {"code": code or self.code})

    def stops(self, code: str, client: Any = None) -> Any:
        """Type a code at /huy."""
        return people.post(client or self.new_client(), "/huy", {"code": code})

    def signs_in(self, password: str, client: Any = None) -> int:
        """The status of the sign-in, on a new browser."""
        form = {"name": self.who.ma_so, "password": password}
        return people.post(client or self.new_client(), "/dang-nhap", form).status_code

    def run(self, at: Any) -> None:
        """The periodic jobs of accounts at a moment."""
        with self.app.app_context():
            for _name, _every, job in accounts.JOBS:
                with unit(self.engine) as db:
                    job(db, at)

    def hour_comes(self) -> None:
        """The waiting period is over."""
        with reading(self.engine) as db:
            waiting = db.query(RecoveryRequest).where(RecoveryRequest.status == "waiting").one()
        self.run(waiting.effective_at + timedelta(minutes=1))

    def told(self, kind: str) -> list[str]:
        """To whom messages of this kind went."""
        with reading(self.engine) as db:
            rows = db.query(OutboxMessage).where(OutboxMessage.kind == kind)
            return sorted(opened(self.app.extensions["keyring"], row).to for row in rows)

    def stop_code(self, to: str) -> str:
        """The code for /huy as one contact got it."""
        with reading(self.engine) as db:
            rows = db.query(OutboxMessage).where(OutboxMessage.kind == "recovery.waits")
            letters = [opened(self.app.extensions["keyring"], row) for row in rows]
        [text] = [letter.text for letter in letters if letter.to == to]
        return re.search(r"\b\d{4} \d{4}\b", text)[0]

    def tags(self) -> list[str]:
        """The acts in the audit, in order."""
        with reading(self.engine) as db:
            return list(db.scalars(select(AuditEntry.tag).order_by(AuditEntry.id)))


def shown_code(html: str) -> str:
    """The mã yêu cầu of a page."""
    return re.search(r'class="code num">([\d ]+)<', html)[1].replace(" ", "")


def opens(app: Any, engine: Engine, client: Any, who: people.Specimen) -> None:
    """An account of a person, activated and signed in on `client`."""
    with app.app_context(), unit(engine) as db:
        people.open_account(app, db, who)
    people.citizen_signs_in(app, client, who.ma_so)


def names_relative(client: Any, who: people.Specimen, **changes: str) -> Any:
    """Choose a trusted relative."""
    form = {"ma_so": who.ma_so, "phone": who.phone, "password": people.PASSWORD, **changes}
    return people.post(client, "/tai-khoan/nguoi-than", form)


def relation(engine: Engine) -> TrustedRelative:
    """The newest naming."""
    with reading(engine) as db:
        return db.query(TrustedRelative).order_by(TrustedRelative.asked_at.desc()).first()


def accepts(client: Any, engine: Engine) -> Any:
    """The relative agrees."""
    path = "/tai-khoan/nguoi-than"
    return people.post(client, f"{path}/{relation(engine).id}/dong-y", {}, path)


def three_days_pass(engine: Engine) -> None:
    """Namings count from now on."""
    with unit(engine) as db:
        accepted = update(TrustedRelative).where(TrustedRelative.status == "accepted")
        db.execute(accepted.values(counts_from=now() - timedelta(minutes=1)))


def vouches(client: Any, code: str, password: str = people.PASSWORD) -> Any:
    """A relative types the code and their own password, and then confirms; the last answer."""
    path = "/tai-khoan/nguoi-than/xac-nhan"
    answer = people.post(client, path, {"code": code, "password": password})
    if answer.status_code != 200:
        return answer
    html = answer.get_data(as_text=True)
    target = re.search(rf'action="({path}/[0-9a-f-]+)"', html)[1]
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    return client.post(target, data={"csrf_token": token})
