"""What happens to chats: started, said, taken, passed on, given back, ended, made a letter. Nothing here commits."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from vssid.kernel import audit
from vssid.kernel.audit import By
from vssid.kernel.crypto import Keyring
from vssid.kernel.labels import N_, Label, Refused
from vssid.kernel.rows import table_of
from vssid.officers import Officer
from vssid.support import feedback
from vssid.support.chat import queries
from vssid.support.chat.models import Chat, ChatDesk, ChatMessage
from vssid.support.chat.rules import (
    ACTIVE,
    ENOUGH_AT_ONCE,
    FULL,
    GONE,
    MOST_AT_ONCE,
    MOST_VISITORS_WAITING,
    MOST_WAITING,
    NO_SUCH_COLLEAGUE,
    NOT_OVER,
    NOT_YOURS,
    ONE_AT_A_TIME,
    OVER,
    Ending,
    Side,
    Status,
    Tag,
    check_sayable,
    shortened,
)
from vssid.web.i18n import clock_time, say_in

ASKED, ANSWERED = N_("Người hỏi, %(time)s:"), N_("Cán bộ, %(time)s:")


def note(db: Session, tag: Tag, chat: Chat, by: By, at: datetime, **detail: str) -> None:
    """One row of the audit, about the person if the chat has one."""
    subject = ("person", chat.person_id) if chat.person_id else ("chat", chat.id)
    audit.record(db, tag, by, subject, at, chat=str(chat.id), **detail)


def _change(db: Session, id: UUID, *still: ColumnElement[bool], **values: Any) -> Chat | None:
    """Change a chat that is still as the caller saw it; None when somebody was faster."""
    changing = update(table_of(Chat)).where(Chat.id == id, *still)
    changed = db.execute(changing.values(version=Chat.version + 1, **values).returning(Chat.id)).first()
    return db.get_one(Chat, id, populate_existing=True) if changed else None


# ---- who asks


def start(
    db: Session,
    keyring: Keyring,
    text: str,
    *,
    nonce: UUID,
    writer: tuple[UUID, UUID] | None,
    key_digest: bytes | None,
    topic: feedback.Category,
    contact: str,
    language: str,
    shows_name: bool,
    by: By,
    at: datetime,
) -> Chat:
    """Begin to wait. `writer` are account and person; who has none holds the key of `key_digest`.

    The same form twice is one chat. Raises Refused while another goes on, and when too many wait.
    """
    account_id, person_id = writer or (None, None)
    known = queries.by_nonce(db, nonce)
    if known is not None and known.account_id == account_id and known.status in ACTIVE:
        return known  # a visitor's key is made of the nonce: whoever has the one has the other
    if account_id is not None and queries.active_of(db, account_id) is not None:
        raise Refused(ONE_AT_A_TIME)
    if queries.waiting(db) >= (MOST_WAITING if writer else MOST_VISITORS_WAITING):
        raise Refused(FULL)
    # Somebody else's nonce was guessed or copied: it opens nothing and stops nothing.
    made = Chat(
        id=uuid4(), nonce=uuid4() if known is not None else nonce, account_id=account_id, person_id=person_id,
        key_digest=key_digest, topic=topic, contact=contact, language=language, shows_name=shows_name and writer is not None,
        status=Status.WAITING, opened_at=at, said_at=at, ended_by=Ending.NONE, messages=0, version=0,
    )  # fmt: skip
    db.add(made)
    db.flush()
    add(db, keyring, made.id, Side.CITIZEN, text, nonce=nonce, at=at)
    note(db, Tag.STARTED, made, by, at)
    return db.get_one(Chat, made.id, populate_existing=True)


def add(
    db: Session,
    keyring: Keyring,
    id: UUID,
    side: Side,
    text: str,
    *,
    nonce: UUID,
    at: datetime,
    by: Officer | None = None,
) -> Chat:
    """Say something; `nonce` came with the form, and the same words twice are said once. Raises Refused."""
    chat = db.get_one(Chat, id, populate_existing=True)
    before = db.scalar(select(ChatMessage).where(ChatMessage.chat_id == id, ChatMessage.nonce == nonce))
    if before is not None:
        if keyring.open_text(before.text, f"chat_messages {before.id}") == text:
            return chat
        nonce = uuid4()  # the answer to the first was lost on the way, and the words were changed before the second
    check_sayable(Status(chat.status), chat.messages)
    if by is not None and (chat.status != Status.OPEN or chat.officer_id != by.id):
        raise Refused(NOT_YOURS, "text")
    number, message = chat.messages + 1, uuid4()
    row = {
        "id": message, "chat_id": id, "number": number, "nonce": nonce, "side": side, "officer_id": by.id if by else None,
        "text": keyring.seal_text(text, f"chat_messages {message}"), "at": at,
    }  # fmt: skip
    db.execute(insert(table_of(ChatMessage)), [row])
    heard = {"silent_since": at} if by else {"silent_since": None, "said_at": at}
    db.execute(update(table_of(Chat)).where(Chat.id == id).values(messages=number, **heard))
    if by is not None and not _has_answered(db, id, by.id, number):
        note(db, Tag.ANSWERED, chat, by.by, at, agency=by.agency_code)
    return db.get_one(Chat, id, populate_existing=True)


def _has_answered(db: Session, id: UUID, officer_id: UUID, before: int) -> bool:
    """Whether this officer has said something here before: one row of the audit for all that they say."""
    earlier = ChatMessage.chat_id == id, ChatMessage.officer_id == officer_id, ChatMessage.number < before
    return db.scalar(select(ChatMessage.id).where(*earlier).limit(1)) is not None


def show_name(db: Session, id: UUID, *, by: By, at: datetime) -> None:
    """The officer may see name and mã số from now on."""
    changed = _change(db, id, Chat.account_id.is_not(None), Chat.shows_name.is_(False), shows_name=True)
    if changed is not None:
        note(db, Tag.NAMED, changed, by, at)


def rate(db: Session, id: UUID, useful: bool) -> None:
    """Hữu ích, or not; the last word counts. Raises Refused while it goes on."""
    if _change(db, id, Chat.status == Status.ENDED, useful=useful) is None:
        raise Refused(NOT_OVER)


def end(db: Session, id: UUID, ended_by: Ending, *, by: By, at: datetime, officer: Officer | None = None) -> None:
    """Either side has said enough. An `officer` ends only what is theirs. Raises Refused."""
    mine = [Chat.officer_id == officer.id, Chat.status == Status.OPEN] if officer else [Chat.status.in_(ACTIVE)]
    changed = _change(db, id, *mine, status=Status.ENDED, ended_by=ended_by, ended_at=at)
    if changed is None:
        raise Refused(NOT_YOURS if officer else OVER)
    note(db, Tag.ENDED, changed, by, at, how=str(ended_by))


# ---- a letter


def to_letter(
    db: Session, keyring: Keyring, id: UUID, *, by: By, at: datetime, officer: Officer | None = None
) -> tuple[Chat, str]:
    """All that was said becomes a letter of who asked; of an `officer`'s own chat it is theirs to answer.

    Returns the chat, with the letter's id, and the letter's secret half. Raises Refused for a chat that goes on no more.
    """
    mine = [Chat.officer_id == officer.id, Chat.status == Status.OPEN] if officer else [Chat.status.in_(ACTIVE)]
    chat = _change(db, id, *mine, status=Status.LETTER, ended_at=at)
    if chat is None:
        raise Refused(NOT_YOURS if officer else OVER)
    writer = (chat.account_id, chat.person_id) if chat.account_id and chat.person_id else None
    said = queries.messages(db, keyring, id, 0, chat.messages)
    letter = replace(
        letter_of(
            feedback.Category(chat.topic), said[0].text, chat.contact,
            feedback.first_contact(db, chat.account_id) if chat.account_id else "", chat.language,
            officer.agency_code if officer else None,
        ),
        text=transcript(said, chat.language),
    )  # fmt: skip
    made, secret = feedback.receive(db, letter, writer=writer, by=by, at=at)
    if officer is not None:
        feedback.take(db, made.id, by=officer, at=at)
    kept = keyring.seal_text(secret, f"chats {id}") if writer is None else None
    changed = _change(db, id, feedback_id=made.id, receipt=kept)
    note(db, Tag.LETTER, chat, by, at, feedback=str(made.id))
    return changed or chat, secret


def letter_of(
    category: feedback.Category, text: str, contact: str, reply_to: str, language: str, agency_code: str | None = None
) -> feedback.Letter:
    """A letter that says `text`; its beginning is the subject."""
    phone, email = feedback.reached_by(contact)
    return feedback.Letter(
        category=category, subject=shortened(text, feedback.LONGEST_SUBJECT), text=text, agency_code=agency_code,
        phone=phone, email=email, reply_to=reply_to, language=language,
    )  # fmt: skip


def transcript(said: list[queries.Said], language: str) -> str:
    """All that was said as one text; where only one side spoke, without saying who."""
    if all(one.side is Side.CITIZEN for one in said):
        return "\n\n".join(one.text for one in said)
    heads = {Side.CITIZEN: ASKED, Side.OFFICER: ANSWERED}
    return "\n\n".join(
        f"{say_in(language, Label(str(heads[one.side]), time=clock_time(one.at)))}\n{one.text}" for one in said
    )


# ---- the officer


def take(db: Session, id: UUID, *, by: Officer, at: datetime) -> Chat:
    """“Nhận”: exactly one officer gets it, who has at most five at once. Raises Refused."""
    if len(queries.taken_by(db, by.id)) >= MOST_AT_ONCE:
        raise Refused(ENOUGH_AT_ONCE)
    changed = _change(db, id, Chat.status == Status.WAITING, status=Status.OPEN, officer_id=by.id, taken_at=at)
    if changed is None:
        raise Refused(GONE)
    note(db, Tag.TAKEN, changed, by.by, at, agency=by.agency_code)
    return changed


def give_back(db: Session, id: UUID, *, by: Officer, at: datetime) -> None:
    """Back to where it was in the queue. Raises Refused unless it is theirs."""
    mine = Chat.officer_id == by.id, Chat.status == Status.OPEN
    changed = _change(db, id, *mine, status=Status.WAITING, officer_id=None, taken_at=None, silent_since=None)
    if changed is None:
        raise Refused(NOT_YOURS)
    note(db, Tag.RETURNED, changed, by.by, at, agency=by.agency_code)


def pass_on(db: Session, id: UUID, code: str, *, by: Officer, at: datetime) -> None:
    """To a colleague whose desk is open, who has fewer than five, and whose family it is not. Raises Refused."""
    found = next((one for one in queries.colleagues(db, by.id, at) if one.code == code), None)
    chat = db.get_one(Chat, id, populate_existing=True)
    busy = found is None or len(queries.taken_by(db, found.id)) >= MOST_AT_ONCE
    if found is None or busy or queries.is_own(db, chat, found.ma_so_bhxh):
        raise Refused(NO_SUCH_COLLEAGUE, "colleague")
    mine = Chat.officer_id == by.id, Chat.status == Status.OPEN
    changed = _change(db, id, *mine, officer_id=found.id, silent_since=None)
    if changed is None:
        raise Refused(NOT_YOURS, "colleague")
    note(db, Tag.PASSED, changed, by.by, at, agency=by.agency_code, to=str(found.id))


def note_presence(db: Session, officer_id: UUID, at: datetime) -> None:
    """The officer's desk is open."""
    known = update(table_of(ChatDesk)).where(ChatDesk.officer_id == officer_id).values(seen_at=at)
    if db.execute(known.returning(ChatDesk.officer_id)).first() is None:
        db.execute(insert(table_of(ChatDesk)), [{"officer_id": officer_id, "seen_at": at}])
