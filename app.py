"""The entry that WSGI servers and the flask command look for."""

from vssid.factory import create_app

app = create_app()
