"""What browsers do at the entrance, in words that several tests use."""

import json
import re
import threading

from flask.testing import FlaskClient
from sqlalchemy import select

from tests import people
from vssid.kernel.db import reading


def sign_in(client: FlaskClient, who=people.CITIZEN, password=people.PASSWORD, **options):
    """Number and password."""
    return people.post(client, "/dang-nhap?doi=1", {"name": who.ma_so, "password": password}, **options)


def rows(engine, model):
    """All rows of a table."""
    with reading(engine) as db:
        return list(db.scalars(select(model)))


def told(engine, model, kind):
    """The channels of the messages of a kind, in no order."""
    return sorted(message.channel for message in rows(engine, model) if message.kind == kind)


def token(client: FlaskClient, page: str) -> str:
    """The form token of a page, which the scripts send as a header."""
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))[1]


def said(client: FlaskClient, path: str, data: dict, page: str, **options):
    """What our script sends: JSON with the token of the page that it stands on."""
    headers = {"X-CSRFToken": token(client, page), **options.pop("headers", {})}
    return client.post(path, data=json.dumps(data), content_type="application/json", headers=headers, **options)


def at_once(act, times: int = 50) -> None:
    """The same thing so many times in parallel."""
    threads = [threading.Thread(target=act) for _n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
