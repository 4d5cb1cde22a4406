"""The ways out of the house: a folder for development, SMTP for e-mail, a JSON gateway for SMS.

A gateway takes one parcel or raises NotSent: `Later` (try again), `Never` (this message will not do) or `Away` (the
gateway itself cannot be reached or will not have us, so the next message need not be tried now).
"""

import http.client
import json
import os
import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from uuid import UUID

from vssid.notifications.attachments import Attachment
from vssid.notifications.rules import Letter

TIMEOUT_SECONDS = 15.0
_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# Answers about the moment or about our credentials; any other 4xx is about this message.
_NOT_THE_MESSAGE = {401, 403, 407, 408, 429}


@dataclass(frozen=True)
class Parcel:
    """A letter on its way. `id` is the same at every attempt; `at` is the moment of this one."""

    id: UUID
    letter: Letter
    created_at: datetime
    at: datetime
    attachment: Attachment | None = None


class NotSent(Exception):
    """The message did not leave; `problem` is the class of the reason, without addresses or text."""

    def __init__(self, problem: str) -> None:
        """`problem` is stored and shown to officers: at most 80 signs."""
        super().__init__(problem)
        self.problem = problem[:80]


class Later(NotSent):
    """It may leave at another time."""


class Never(NotSent):
    """The gateway will never take this message."""


class Away(Later):
    """The gateway cannot be reached or refuses us, whatever the message."""


class Gateway(Protocol):
    """Whatever takes messages."""

    def accept(self, parcel: Parcel) -> None:
        """Take one message for good. Raises NotSent."""


def gateway_for(url: str, *, data_dir: Path, public_host: str, timeout: float = TIMEOUT_SECONDS) -> Gateway:
    """The gateway that a checked SMS_URL or MAIL_URL names. `timeout` in seconds holds for every wait."""
    parts = urlsplit(url)
    if parts.scheme == "outbox":
        return Folder(data_dir / "outbox")
    if parts.scheme in _SMTP_PORTS:
        return MailServer(parts, public_host, timeout)
    return JsonGateway(parts, timeout)


class Folder:
    """`outbox:`, the way out of a development machine: one JSON file a message, read by people and tests."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first message comes."""
        self._folder = folder

    def accept(self, parcel: Parcel) -> None:
        """Write it whole or not at all; a repetition replaces the same file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stem = f"{parcel.created_at:%Y%m%dT%H%M%S.%fZ}-{parcel.id.hex}"
        letter = parcel.letter
        content = {
            "at": parcel.at.isoformat(),
            "channel": str(letter.channel),
            "to": letter.to,
            "subject": letter.subject,
            "text": letter.text,
            "kind": letter.kind,
        }
        if parcel.attachment is not None:
            name = stem + (Path(parcel.attachment.name).suffix.replace(".json", "") or ".bin")
            self._write(name, parcel.attachment.content)
            content["attachment"] = name
        self._write(f"{stem}.json", json.dumps(content, ensure_ascii=False, indent=1).encode())

    def _write(self, name: str, content: bytes) -> None:
        partial = self._folder / f"{name}.part"
        with open(partial, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(self._folder / name)
        handle = os.open(self._folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


class MailServer:
    """`smtp://`, `smtp+starttls://`, `smtps://`: one connection a message, certificates checked."""

    def __init__(self, parts: SplitResult, public_host: str, timeout: float) -> None:
        """`parts` may hold user, password and `?from=`; the sender is mail@PUBLIC_URL's host otherwise."""
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or _SMTP_PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._domain = _mail_domain(public_host)
        self._from = parse_qs(parts.query).get("from", [f"mail@{self._domain}"])[0]
        self._timeout = timeout

    def accept(self, parcel: Parcel) -> None:
        """Hand it over; a refusal of a recipient or of the content with 5xx is for good."""
        message = self._written(parcel)
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as wrong:
            raise Away(_smtp_problem(wrong)) from wrong
        try:
            server.send_message(message, self._from, [parcel.letter.to])
        except smtplib.SMTPSenderRefused as wrong:
            raise Away(_smtp_problem(wrong)) from wrong
        except smtplib.SMTPRecipientsRefused as wrong:
            code = next(iter(wrong.recipients.values()))[0]
            raise (Never if code >= 500 else Later)(f"smtp {code}") from wrong
        except smtplib.SMTPDataError as wrong:
            raise (Never if wrong.smtp_code >= 500 else Later)(f"smtp {wrong.smtp_code}") from wrong
        except (OSError, smtplib.SMTPException) as wrong:
            raise Later(_smtp_problem(wrong)) from wrong
        finally:
            # It is accepted or refused by now: trouble with the good-bye must not send it twice.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        where: dict[str, Any] = {"local_hostname": self._domain, "timeout": self._timeout}
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, context=ssl.create_default_context(), **where
            )
        else:
            server = smtplib.SMTP(self._host, self._port, **where)
        try:
            if self._scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, parcel: Parcel) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._from
        message["To"] = parcel.letter.to
        message["Subject"] = parcel.letter.subject
        message["Date"] = format_datetime(parcel.at)
        message["Message-ID"] = f"<{parcel.id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.letter.text, cte="quoted-printable")
        if parcel.attachment is not None:
            main, _, sub = parcel.attachment.media_type.partition("/")
            message.add_attachment(
                parcel.attachment.content, maintype=main, subtype=sub, filename=parcel.attachment.name
            )
        return message


def _mail_domain(public_host: str) -> str:
    host = urlsplit(f"//{public_host}").hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]" if host.replace(".", "").isdigit() else host


def _smtp_problem(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"smtp {code}" if isinstance(code, int) and code > 0 else type(error).__name__


class JsonGateway:
    """`http+json://`, `https+json://`: POST {id, to, text, kind}; 2xx means taken. Redirects are not followed."""

    def __init__(self, parts: SplitResult, timeout: float) -> None:
        """User and password in the address become Basic credentials."""
        self._secure = parts.scheme == "https+json"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "vssid"}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
        self._timeout = timeout

    def accept(self, parcel: Parcel) -> None:
        """Hand it over; the id goes along twice so that the gateway can tell a repetition."""
        letter = parcel.letter
        body = json.dumps({"id": str(parcel.id), "to": letter.to, "text": letter.text, "kind": letter.kind})
        connection = self._connection()
        try:
            connection.connect()
        except OSError as wrong:
            raise Away(type(wrong).__name__) from wrong
        try:
            connection.request("POST", self._path, body, {**self._headers, "Idempotency-Key": str(parcel.id)})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as wrong:
            raise Later(type(wrong).__name__) from wrong
        finally:
            connection.close()
        _judge(status)

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if 400 <= status < 500 and status not in _NOT_THE_MESSAGE:
        raise Never(f"http {status}")
    raise (Away if status in (401, 403, 407) else Later)(f"http {status}")
