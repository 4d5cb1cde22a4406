"""The gate before every request: a service that rests answers in its own words."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Response, current_app, make_response, render_template, request

from vssid.kernel.clock import now
from vssid.kernel.labels import N_, Label
from vssid.notices.standing import Standing
from vssid.notices.switches.rules import Atlas, Stop, retry_after
from vssid.web.htmx import is_fragment_request
from vssid.web.i18n import language, moment
from vssid.web.published import holds_until

OFF = N_("Đang tắt: %(service)s, đến %(time)s.")


@dataclass(frozen=True)
class Gate:
    """The services of this application, and what is known of those that rest."""

    atlas: Atlas
    stops: Standing[dict[str, Stop]]

    def stop_of(self, path: str) -> Stop | None:
        """The stop that closes a path now."""
        key = self.atlas.service_of(path)
        found = self.stops().get(key) if key else None
        return found if found is not None and found.until > now() else None


def gate() -> Gate:
    """The gate of this application."""
    return cast(Gate, current_app.extensions["switches"])


def rests(path: str) -> datetime | None:
    """Until when the service rests to which a path belongs, for those who would lead there; None while it works."""
    found = gate().stop_of(path)
    if found is not None:
        holds_until(found.until)
    return found.until if found is not None else None


def stop() -> Response | None:
    """503 with the words of the service, for pages as for parts of one; None lets the request in."""
    found = gate().stop_of(request.path)
    if found is None:
        return None
    text, lang = found.words.for_reader(language())
    template = "notices/stopped_part.html" if is_fragment_request() else "notices/stopped.html"
    service = gate().atlas.services[found.service].label
    body = render_template(template, service=service, text=text, text_lang=lang, until=found.until)
    answer = make_response(body, 503)
    answer.headers["Retry-After"] = str(retry_after(found.until, now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def alarms() -> list[Label]:
    """What the console's home says of services that rest."""
    known, at = gate().stops(), now()
    names = {key: one.label for key, one in gate().atlas.services.items()}
    return [
        Label(str(OFF), service=names[one.service], time=moment(one.until))
        for one in sorted(known.values(), key=lambda one: one.until)
        if one.until > at and one.service in names
    ]
