"""From registration to a card that nobody would take: the agency that approved the citizen answers for it."""

from sqlalchemy import select

from tests import pages, people
from tests.registration.conftest import counter, desk, member  # noqa: F401 - fixtures
from vssid.card.refusals.models import CardRefusal
from vssid.kernel.clock import today
from vssid.kernel.db import reading

HERE, DESK = "/ca-nhan/the-bhyt/bi-tu-choi", "/can-bo/the-bi-tu-choi"
ANSWER = "Cơ sở đã xin lỗi và từ nay nhận thẻ điện tử."


def test_the_agency_that_approved_the_citizen_answers_for_the_refused_card(member, engine):  # noqa: F811
    form = {"facility": "khac", "name": "Phòng khám Mẫu Xa", "happened_on": today().isoformat(), "said": "doi_the_giay"}
    receipt = people.post(member.citizen, HERE, form).headers["Location"]
    with reading(engine) as db:
        report = db.scalars(select(CardRefusal)).one()
    assert report.agency_code == "08902"
    page = f"{DESK}/{report.id}"
    assert page in pages.get(member.officer, DESK)
    assert people.post(member.officer, f"{page}/tra-loi", {"words": ANSWER}, page).status_code == 303
    assert ANSWER in pages.get(member.citizen, receipt)
    looks = pages.get(member.citizen, "/tai-khoan/du-lieu/ai-da-xem")
    assert "Mở báo cáo thẻ BHYT bị từ chối để xem" in looks
    assert "Trả lời báo cáo thẻ BHYT bị từ chối" in looks
