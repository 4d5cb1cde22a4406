"""The specimen province has letters in every state, and two answers that everybody may read."""

from sqlalchemy import select

from tests import pages
from vssid.kernel.db import reading
from vssid.support.feedback.models import Feedback, PublishedAnswer
from vssid.support.feedback.rules import Status
from vssid.web.db import db as request_db


def test_every_state_of_letters_is_there_and_some_are_the_main_citizens(loaded):
    with loaded.app_context(), reading(request_db.engine) as session:
        letters = list(session.scalars(select(Feedback)))
        published = list(session.scalars(select(PublishedAnswer)))
    assert {one.status for one in letters} == {str(state) for state in Status}
    assert len([one for one in letters if one.account_id]) == 3
    html = pages.get(loaded.test_client(), "/ho-tro/phan-anh")
    assert [one.subject in html for one in published] == [True, True]
