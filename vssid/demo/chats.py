"""Two chats with an officer: one of the main citizen that has ended, one of somebody without an account that waits."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from vssid.accounts.models import Account, LoginName
from vssid.demo.people import MAIN_MA_SO, Ids
from vssid.kernel.crypto import Keyring
from vssid.kernel.rows import table_of
from vssid.support.chat.models import Chat, ChatMessage
from vssid.support.chat.rules import Ending, Side, Status
from vssid.support.feedback import Category

_ENDED = (
    (0, Side.CITIZEN, "Tôi sắp chuyển chỗ làm. Thẻ BHYT đang dùng có phải đổi không?"),
    (4, Side.OFFICER, "Chào bạn. Bạn cần biết thẻ còn hạn đến ngày nào, hay muốn đổi nơi khám ban đầu?"),
    (6, Side.CITIZEN, "Tôi chỉ muốn biết có phải đổi thẻ không."),
    (
        8,
        Side.OFFICER,
        "Đơn vị mới sẽ báo tăng cho bạn. Bạn xem hạn thẻ ở mục Thẻ BHYT; có thay đổi thì thẻ mới hiện ở đó.",
    ),
)
_WAITING = ((0, Side.CITIZEN, "Tôi quên mang thẻ khi đi khám thì hỏi ở đâu để biết mã số của mình?"),)


def add_chats(db: Session, keyring: Keyring, ids: Ids, officers: dict[str, UUID], at: datetime) -> None:
    """Write them. No browser holds the key of the one that waits."""
    query = select(Account.id, Account.person_id).join(LoginName, LoginName.account_id == Account.id)
    account_id, person_id = db.execute(query.where(LoginName.value == MAIN_MA_SO)).one()
    common: dict[str, Any] = {
        "contact": "",
        "language": "vi",
        "feedback_id": None,
        "receipt": None,
        "silent_since": None,
        "version": 0,
    }
    began = at - timedelta(days=3)
    ended: dict[str, Any] = {
        "id": ids.next(), "nonce": ids.next(), "account_id": account_id, "person_id": person_id, "key_digest": None,
        "topic": Category.CARD, "shows_name": True, "status": Status.ENDED, "opened_at": began,
        "taken_at": began + timedelta(minutes=3), "officer_id": officers["CB01"], "said_at": began + timedelta(minutes=6),
        "ended_at": began + timedelta(minutes=10), "ended_by": Ending.CITIZEN, "useful": True, "messages": len(_ENDED), **common,
    }  # fmt: skip
    waiting: dict[str, Any] = {
        "id": ids.next(), "nonce": ids.next(), "account_id": None, "person_id": None, "key_digest": secrets.token_bytes(32),
        "topic": Category.OTHER, "shows_name": False, "status": Status.WAITING, "opened_at": at, "taken_at": None,
        "officer_id": None, "said_at": at, "ended_at": None, "ended_by": Ending.NONE, "useful": None,
        "messages": len(_WAITING), **common,
    }  # fmt: skip
    for row, said in ((ended, _ENDED), (waiting, _WAITING)):
        db.execute(insert(table_of(Chat)), [row])
        for number, (minutes, side, text) in enumerate(said, 1):
            id = ids.next()
            db.execute(insert(table_of(ChatMessage)), [{
                "id": id, "chat_id": row["id"], "number": number, "nonce": ids.next(), "side": side,
                "officer_id": row["officer_id"] if side is Side.OFFICER else None,
                "text": keyring.seal_text(text, f"chat_messages {id}"), "at": row["opened_at"] + timedelta(minutes=minutes),
            }])  # fmt: skip
