"""What is wrong with a form is said in the house's words: never in those of WTForms, which are English."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField

from vssid.accounts import Purpose
from vssid.accounts.rules import NoticeChannel, NoticeKind
from vssid.accounts.security.forms import PreferencesForm
from vssid.card.refusals.forms import ReportForm
from vssid.kernel.audit import ActorKind
from vssid.officers import Officer, Role
from vssid.organisations import OrganisationKind
from vssid.organisations.forms import MemberForm
from vssid.privacy.requests.forms import RowForm
from vssid.registration.changes.forms import CodesForm
from vssid.registration.exports.forms import WishForm
from vssid.web.forms import Form

# What those forms are made with that are not the same for everybody.
OFFICER = Officer(
    kind=ActorKind.OFFICER, id=UUID(int=1), session_id=UUID(int=2), ends_at=datetime.max.replace(tzinfo=UTC),
    code="CB01", name="Cán Bộ Mẫu", role=Role.REVIEW, agency_code="089", agency_name="Mẫu", agencies=("089",), ma_so_bhxh=None,
)  # fmt: skip
MADE_WITH = {
    PreferencesForm: {"channels": tuple(NoticeChannel), "kinds": tuple(NoticeKind)},
    ReportForm: {"places": []},
    MemberForm: {"kind": OrganisationKind.FACILITY},
    RowForm: {"own": True},
    CodesForm: {"targets": [(Purpose.PHONE_OLD, "•••"), (Purpose.PHONE_NEW, "•••")]},
    WishForm: {"officer": OFFICER, "names": {"089": "Mẫu"}},
}
RUBBISH = ["", "xyz", "01/11/2026", "2026-13-45", "9" * 30, "-1", "\x00", "a@", "x" * 20_000]


def forms(below: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form of the application, which has loaded them all."""
    for one in below.__subclasses__():
        yield one
        yield from forms(one)


def fields(form: type[Form]) -> list[str]:
    found = {name: getattr(form, name) for name in dir(form)}
    return [one.kwargs.get("name", name) for name, one in found.items() if isinstance(one, UnboundField)]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda text: ascii(text[:12]))
def test_a_form_fed_with_rubbish_answers_in_our_words(app, rubbish):
    said = []
    with app.test_request_context("/"):
        for form in {one for one in forms() if one.__module__.startswith("vssid.")}:
            filled = form(formdata=MultiDict(dict.fromkeys(fields(form), rubbish)), **MADE_WITH.get(form, {}))
            filled.validate()
            said += [(form.__module__, form.__name__, name, str(e)) for name, all in filled.errors.items() for e in all]
    assert said
    assert [one for one in said if one[-1].isascii()] == []
