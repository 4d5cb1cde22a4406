"""A sensitive act by somebody who has not shown of late who they are: they are asked in between, and nothing typed is lost.

What was sent comes back as hidden fields of a form that asks for the password as well and goes to the same address.
Meant for acts without files and without secrets of their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _l

from vssid.kernel.audit import ActorKind
from vssid.kernel.labels import Refused
from vssid.web import pages
from vssid.web.forms import Form, secret

LONGEST = 200
_NOT_CARRIED = ("csrf_token", "proof")


class ProofForm(Form):
    """The password once more."""

    proof = secret(_l("Mật khẩu"), LONGEST, _l("Hãy nhập mật khẩu."), render_kw={"autocomplete": "current-password"})


@dataclass(frozen=True)
class Ceremony:
    """Where a passkey is asked for and taken instead of the password; both answer JSON and make the session fresh."""

    begin: str
    finish: str


def demand(kind: ActorKind, prove: Callable[[str], None], ceremony: Ceremony | None = None) -> Response | None:
    """None when the request brings a proof that holds; else the page that asks for one. `prove` raises Refused.

    With a `ceremony` the page's script makes the session fresh by a passkey and sends the same form again.
    """
    form = ProofForm() if "proof" in request.form else ProofForm(formdata=None)
    if "proof" in request.form and form.validate_on_submit():
        try:
            prove(form.proof.data or "")
        except Refused as refusal:
            form.refuse(Refused(refusal.label, "proof"))
        else:
            return None
    context: dict[str, Any] = {"form": form, "layout": _LAYOUTS[kind], "carried": list(_carried()), "active": ""}
    context |= {"ceremony": ceremony, "back": _back(kind)}
    answer = pages.refused("proving.html", **context)
    # The form that was sent may have asked for a small part of its page: this is a page.
    answer.headers["HX-Retarget"] = "#main"
    answer.headers["HX-Reswap"] = "innerHTML show:window:top"
    return answer


def _back(kind: ActorKind) -> str:
    """The page that the form stood on, where that has the address it was sent to; else where such people begin."""
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter is not None and adapter.test(request.path, "GET") else _HOMES[kind]


_HOMES = {ActorKind.CITIZEN: "/tai-khoan", ActorKind.OFFICER: "/can-bo"}
_LAYOUTS = {ActorKind.CITIZEN: "base.html", ActorKind.OFFICER: "desk.html"}


def _carried() -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CARRIED)
