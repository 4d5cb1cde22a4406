"""The specimen province has a chat to look back at and one that waits."""

from sqlalchemy import select

from vssid.kernel.db import reading
from vssid.support.chat import queries
from vssid.support.chat.models import Chat
from vssid.web.db import db as request_db


def test_one_chat_has_ended_and_one_waits_and_both_can_be_read(loaded):
    with loaded.app_context(), reading(request_db.engine) as session:
        chats = {one.status: one for one in session.scalars(select(Chat))}
        assert set(chats) == {"ended", "waiting"}
        for one in chats.values():
            said = queries.messages(session, loaded.extensions["keyring"], one.id, 0, one.messages)
            assert len(said) == one.messages > 0
    assert chats["ended"].account_id
