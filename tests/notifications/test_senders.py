"""Each way out against a real server on loopback."""

import json
import time
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import pytest

from tests.notifications.conftest import ADDRESS, AT, PHONE, Postmaster, SmsGateway, free_port
from vssid.notifications.attachments import Attachment
from vssid.notifications.rules import letter
from vssid.notifications.senders import Away, Gateway, Later, Never, Parcel, gateway_for

LONG = "Tờ khai của bạn đã được duyệt. " * 30
PDF = Attachment("tờ khai.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


def sms() -> Parcel:
    return Parcel(uuid4(), letter("sms", PHONE, "", "Mã kích hoạt: 123456", "activation"), AT, AT)


def email(attachment: Attachment | None = None, to: str = ADDRESS, text: str = LONG) -> Parcel:
    return Parcel(uuid4(), letter("email", to, "Tờ khai đã được duyệt", text, "approved"), AT, AT, attachment)


@pytest.fixture
def gateway(tmp_path: Path) -> Callable[..., Gateway]:
    return lambda url, timeout=2.0: gateway_for(url, data_dir=tmp_path, public_host="vssid.example", timeout=timeout)


def test_the_outbox_writes_one_file_a_message_with_exactly_the_agreed_keys(gateway, tmp_path: Path) -> None:
    gateway("outbox:").accept(sms())
    [path] = (tmp_path / "outbox").iterdir()
    assert json.loads(path.read_text()) == {
        "at": "2026-11-03T02:30:00+00:00",
        "channel": "sms",
        "to": PHONE,
        "subject": "",
        "text": "Ma kich hoat: 123456",
        "kind": "activation",
    }
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_outbox_lays_an_attachment_beside_its_message(gateway, tmp_path: Path) -> None:
    gateway("outbox:").accept(email(PDF))
    [path] = (tmp_path / "outbox").glob("*.json")
    content = json.loads(path.read_text())
    assert list(content) == ["at", "channel", "to", "subject", "text", "kind", "attachment"]
    beside = path.with_name(content["attachment"])
    assert (beside.stem, beside.suffix, beside.read_bytes()) == (path.stem, ".pdf", PDF.content)
    assert beside.stat().st_mode & 0o777 == 0o600


def test_the_outbox_replaces_the_file_of_a_repeated_message(gateway, tmp_path: Path) -> None:
    parcel = sms()
    later = Parcel(parcel.id, parcel.letter, parcel.created_at, AT + timedelta(minutes=2))
    gateway("outbox:").accept(parcel)
    gateway("outbox:").accept(later)
    [path] = (tmp_path / "outbox").iterdir()
    assert json.loads(path.read_text())["at"] == "2026-11-03T02:32:00+00:00"


def test_a_mail_arrives_whole(gateway, postmaster: tuple[Postmaster, str]) -> None:
    handler, url = postmaster
    parcel = email(PDF)
    gateway(url).accept(parcel)
    [envelope] = handler.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("vssid@mail.example", [ADDRESS])
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Message-ID"] == f"<{parcel.id}@vssid.example>"
    assert (mail["From"], mail["To"], mail["Subject"]) == ("vssid@mail.example", ADDRESS, "Tờ khai đã được duyệt")
    assert mail["Date"].datetime == AT
    assert mail.get_body().get_content().strip() == LONG.strip()
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("tờ khai.pdf", "application/pdf")
    assert attached.get_content() == PDF.content
    assert max(map(len, envelope.content.split(b"\r\n"))) < 1000


def test_a_mail_cannot_end_early_and_begin_another(gateway, postmaster: tuple[Postmaster, str]) -> None:
    handler, url = postmaster
    text = "một\r\n.\r\nMAIL FROM:<b@mail.example>\r\n.\n.\rhai"
    gateway(url).accept(email(text=text))
    [envelope] = handler.envelopes
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail.get_content().strip().splitlines() == ["một", ".", "MAIL FROM:<b@mail.example>", ".", ".", "hai"]


def test_without_from_the_sender_is_mail_at_the_public_host(postmaster: tuple[Postmaster, str], tmp_path: Path) -> None:
    handler, url = postmaster
    for host, sender in (("vssid.example:8443", "mail@vssid.example"), ("127.0.0.1:8000", "mail@[127.0.0.1]")):
        gateway_for(url.partition("?")[0], data_dir=tmp_path, public_host=host, timeout=2).accept(email())
        assert handler.envelopes[-1].mail_from == sender


@pytest.mark.parametrize(
    ("answer", "problem"),
    [("451 4.3.0 later", Later), ("452 full", Later), ("550 5.1.1 nobody", Never), ("553 no", Never)],
)
def test_a_refused_recipient_is_for_good_only_with_5xx(gateway, postmaster, answer: str, problem: type) -> None:
    handler, url = postmaster
    handler.answers[ADDRESS] = answer
    with pytest.raises(problem) as caught:
        gateway(url).accept(email())
    assert caught.value.problem == f"smtp {answer[:3]}"
    assert type(caught.value) is problem
    assert handler.envelopes == []


@pytest.mark.parametrize(("answer", "problem"), [("451 busy", Later), ("552 too large", Never), ("554 spam", Never)])
def test_refused_content_is_for_good_only_with_5xx(gateway, postmaster, answer: str, problem: type) -> None:
    handler, url = postmaster
    handler.data_answer = answer
    with pytest.raises(problem) as caught:
        gateway(url).accept(email())
    assert type(caught.value) is problem


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps", "http+json", "https+json"])
def test_a_server_that_hangs_costs_the_timeout_and_no_more(gateway, silent_port: int, scheme: str) -> None:
    started = time.monotonic()
    with pytest.raises(Later) as caught:
        gateway(f"{scheme}://127.0.0.1:{silent_port}", timeout=0.3).accept(email())
    assert time.monotonic() - started < 1.5
    assert caught.value.problem in ("TimeoutError", "SMTPServerDisconnected")


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "http+json", "https+json"])
def test_a_server_that_is_down_is_away(gateway, scheme: str) -> None:
    with pytest.raises(Away, match="ConnectionRefusedError"):
        gateway(f"{scheme}://127.0.0.1:{free_port()}").accept(email())


def test_no_password_goes_over_a_connection_that_would_not_be_encrypted(gateway, postmaster) -> None:
    _handler, url = postmaster
    with pytest.raises(Away, match="SMTPNotSupportedError"):
        gateway(url.replace("smtp://", "smtp+starttls://user:secret@")).accept(email())


def test_an_sms_gateway_gets_id_number_text_and_kind(gateway, sms_gateway: tuple[SmsGateway, str]) -> None:
    state, url = sms_gateway
    parcel = sms()
    gateway(url).accept(parcel)
    assert state.taken == [{"id": str(parcel.id), "to": PHONE, "text": "Ma kich hoat: 123456", "kind": "activation"}]
    [headers] = state.headers
    assert headers["Idempotency-Key"] == str(parcel.id)
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"cong:mat khau"


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (400, Never),
        (404, Never),
        (422, Never),
        (408, Later),
        (429, Later),
        (500, Later),
        (503, Later),
        (302, Later),
        (401, Away),
        (403, Away),
    ],
)
def test_the_gateways_answer_decides(gateway, sms_gateway, status: int, problem: type) -> None:
    state, url = sms_gateway
    state.status = status
    with pytest.raises(problem) as caught:
        gateway(url).accept(sms())
    assert type(caught.value) is problem
    assert caught.value.problem == f"http {status}"
    assert len(state.headers) == 1, "redirects are not followed"


def test_a_gateway_that_talks_nonsense_is_tried_again(gateway, silent_port: int) -> None:
    with pytest.raises(Later):
        gateway(f"http+json://127.0.0.1:{silent_port}", timeout=0.2).accept(sms())
