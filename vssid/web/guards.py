"""Deny by default: each view carries exactly one guard, and a house test fails on a bare one.

The rooms that know people (`accounts`, `officers`, `organisations`) register how a session token becomes an Actor; this floor only asks.
"""

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from vssid.kernel.audit import ActorKind, By
from vssid.web import proving
from vssid.web.htmx import is_fragment_request

View = TypeVar("View", bound=Callable[..., Any])
TOKEN_KEYS = {ActorKind.CITIZEN: "c", ActorKind.OFFICER: "o", ActorKind.MEMBER: "m", ActorKind.HELPER: "h"}


@dataclass(frozen=True)
class Guard:
    """Who may enter a view: a kind of person, for officers and members also a permission; `reaches` names the object it opens.

    `fresh` says that they must have shown of late who they are. `task` is what a citizen may lend: a helper who has it may
    enter in their place.
    """

    kind: str
    permission: str | None = None
    reaches: str | None = None
    fresh: bool = False
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person behind a request. `detour` is where they must go first (new terms), if anywhere; what lies below it belongs to it.

    `fresh` says that they have shown of late who they are. Of a helper, who stands in an owner's place, `task` is all that
    they may do there, and `author` they themselves.
    """

    kind: ActorKind
    id: UUID
    session_id: UUID
    ends_at: datetime
    permissions: frozenset[str] = field(default_factory=frozenset)
    detour: str | None = None
    fresh: bool = True
    task: str | None = None
    author: By | None = None

    @property
    def by(self) -> By:
        """The author of what they do: themselves, or of a helper who acts in their place, that helper."""
        return self.author or By(self.kind, self.id)


Loader = Callable[[str], Actor | None]
Prover = Callable[[Actor, str], None]


@dataclass(frozen=True)
class Ward:
    """A child for whom the actor acts: the person's id and name; `detour` is where the guardian must agree first.

    `born` is the birth date as the register keeps it, possibly partial.
    """

    id: UUID
    full_name: str
    detour: str | None = None
    born: str = ""


WardLoader = Callable[[Actor, UUID], Ward | None]
WardsLoader = Callable[[Actor], Collection[UUID]]


@dataclass
class _Entrance:
    load: Loader
    sign_in: str  # endpoint
    prove: Prover | None
    ceremony: Callable[[Actor], proving.Ceremony | None] | None
    noted: Callable[[Actor], None] | None


def register(
    app: Flask,
    kind: ActorKind,
    load: Loader,
    sign_in: str,
    prove: Prover | None = None,
    noted: Callable[[Actor], None] | None = None,
    ceremony: Callable[[Actor], proving.Ceremony | None] | None = None,
) -> None:
    """Say how a token of `kind` becomes an Actor and at which endpoint such people sign in.

    `prove(actor, password)` raises Refused unless it is theirs; with it, such people may enter views that are `fresh`.
    `ceremony(actor)` says where they may show a passkey instead, if they have one.
    `noted(actor)` is told of each page that a helper opens.
    """
    app.extensions.setdefault("entrances", {})[kind] = _Entrance(load, sign_in, prove, ceremony, noted)


def register_wards(app: Flask, load: WardLoader, load_all: WardsLoader) -> None:
    """Say how it is known for whom an actor acts: one child, or the ids of all for whom they need not agree anew."""
    app.extensions["wards"], app.extensions["wards.all"] = load, load_all


def _entrances() -> dict[ActorKind, _Entrance]:
    found: dict[ActorKind, _Entrance] = current_app.extensions.get("entrances", {})
    return found


def actor_of(kind: ActorKind) -> Actor | None:
    """The person of `kind` whose token this request carries, or None. Asked once a request."""
    known: dict[ActorKind, Actor | None] = g.setdefault("actors", {})
    if kind not in known:
        token = session.get(TOKEN_KEYS[kind])
        entrance = _entrances().get(kind)
        known[kind] = entrance.load(token) if entrance and isinstance(token, str) else None
    return known[kind]


def forget_actors() -> None:
    """Ask again: someone signed in or out within this request."""
    g.pop("actors", None)
    g.pop("actor", None)


def public(view: View) -> View:
    """Anybody may enter."""
    return _guarded(view, Guard("public"))


def citizen(view: View) -> View:
    """Only a signed-in citizen may enter."""
    return _guarded(view, Guard("citizen"))


def officer(permission: StrEnum | None = None) -> Callable[[View], View]:
    """Only a signed-in officer may enter, with `permission` if one is named."""
    return lambda view: _guarded(view, Guard("officer", str(permission) if permission else None))


def member(permission: StrEnum | None = None) -> Callable[[View], View]:
    """Only a signed-in member of an organisation may enter, with `permission` if one is named."""
    return lambda view: _guarded(view, Guard("member", str(permission) if permission else None))


def guardian_of(view: View) -> View:
    """Only a signed-in guardian of the child whose id stands in the address may enter; `g.ward` is that child.

    To others the child does not exist. Where the guardian must agree anew, they are sent there first.
    """
    return _guarded(view, Guard("guardian", None, "child"))


def reaches(kind: str) -> Callable[[View], View]:
    """Name the kind of object whose id stands in the address; written above the guard."""
    return lambda view: _marked(view, reaches=kind)


def lendable(task: StrEnum) -> Callable[[View], View]:
    """A helper to whom this `task` was lent may enter, too; written above the guard `@citizen`."""
    return lambda view: _marked(view, task=str(task))


def fresh(view: View) -> View:
    """Only who has shown of late who they are may do this; others are asked in between. Of POSTs; written above the guard."""
    return _marked(view, fresh=True)


def _marked(view: View, **more: Any) -> View:
    view.__guard__ = replace(view.__guard__, **more)  # type: ignore[attr-defined]
    return view


def _guarded(view: View, guard: Guard) -> View:
    @functools.wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        if guard.kind == "guardian":
            stopped = _admit_citizen(None) or _admit_guardian(kwargs["child"])
        elif guard.kind == "citizen":
            stopped = _admit_citizen(enter.__guard__.task)  # type: ignore[attr-defined]
        elif guard.kind != "public":
            stopped = _admit(ActorKind(guard.kind), guard.permission)
        else:
            stopped = None
        if stopped is None and enter.__guard__.fresh and not g.actor.fresh:  # type: ignore[attr-defined]
            stopped = _prove(g.actor)
        return stopped if stopped is not None else view(*args, **kwargs)

    enter.__guard__ = guard  # type: ignore[attr-defined]
    return enter  # type: ignore[return-value]


def _admit(kind: ActorKind, permission: str | None) -> AnyResponse | None:
    actor = actor_of(kind)
    if actor is None:
        return to_sign_in(kind)
    if permission is not None and permission not in actor.permissions:
        abort(403)
    if kind is ActorKind.OFFICER and "prefetch" in request.headers.get("Sec-Purpose", ""):
        # A browser that reads ahead would have it noted that the officer looked. It asks again when somebody does.
        abort(503)
    if actor.detour is not None and not f"{request.path}/".startswith(f"{actor.detour}/"):
        return _to(actor.detour)
    g.actor = actor
    return None


def _admit_citizen(task: str | None) -> AnyResponse | None:
    """A citizen, or a helper for whom this is the task; a helper who strays is led back to it."""
    helper = actor_of(ActorKind.HELPER)
    if helper is None:
        return _admit(ActorKind.CITIZEN, None)
    entrance = _entrances()[ActorKind.HELPER]
    if helper.task != task:
        return _to(url_for(entrance.sign_in))
    if entrance.noted is not None:
        entrance.noted(helper)
    g.actor = helper
    return None


def _admit_guardian(child: UUID) -> AnyResponse | None:
    load: WardLoader = current_app.extensions["wards"]
    ward = load(g.actor, child) or abort(404)
    if ward.detour is not None and request.path != ward.detour:
        return _to(ward.detour)
    g.ward = ward
    return None


def wards() -> Collection[UUID]:
    """All children for whom the actor of this request acts, without those for whom they must agree anew."""
    load: WardsLoader = current_app.extensions["wards.all"]
    return load(g.actor)


def _prove(actor: Actor) -> AnyResponse | None:
    entrance = _entrances()[actor.kind]
    check = entrance.prove or abort(403)
    ceremony = entrance.ceremony(actor) if entrance.ceremony is not None else None
    return proving.demand(actor.kind, lambda password: check(actor, password), ceremony)


def to_sign_in(kind: ActorKind) -> AnyResponse:
    """Send to the right sign-in page, remembering a page (never an act) to come back to."""
    comes_back = request.full_path.rstrip("?") if request.method == "GET" else None
    return _to(url_for(_entrances()[kind].sign_in, tiep=comes_back))


def _to(url: str) -> AnyResponse:
    if is_fragment_request():
        return Response(status=401, headers={"HX-Redirect": url})
    return redirect(url, 303)


def local_path(target: str | None, fallback: str) -> str:
    """`target` if it is a path of this site and nothing cleverer, else `fallback`."""
    plain = bool(target) and all(" " < sign <= "~" for sign in target or "") and "\\" not in (target or "")
    if target and plain and target.startswith("/") and not target.startswith("//"):
        return target
    return fallback
