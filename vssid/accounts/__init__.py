"""Accounts of citizens: credentials, one-time codes, devices, sessions. Door."""

from datetime import timedelta

from vssid.accounts import codes, sessions
from vssid.accounts.actions import Contact, add_login_names, create, record_consent, send_code
from vssid.accounts.codes import attempt as attempt_code
from vssid.accounts.codes import issue as issue_code
from vssid.accounts.codes import may_send
from vssid.accounts.codes import use as use_code
from vssid.accounts.entrance import Citizen, init_app, me, network
from vssid.accounts.passwords import common, hashed, right
from vssid.accounts.queries import by_person, by_phone, live_officer
from vssid.accounts.rules import Purpose, check_password, spoken_code
from vssid.accounts.sessions import end_session, end_sessions_of, open_session, seen

JOBS = (("accounts.codes", timedelta(hours=1), codes.purge), ("accounts.sessions", timedelta(hours=1), sessions.purge))

__all__ = [
    "JOBS",
    "Citizen",
    "Contact",
    "Purpose",
    "add_login_names",
    "attempt_code",
    "by_person",
    "by_phone",
    "check_password",
    "common",
    "create",
    "end_session",
    "end_sessions_of",
    "hashed",
    "init_app",
    "issue_code",
    "live_officer",
    "may_send",
    "me",
    "network",
    "open_session",
    "record_consent",
    "right",
    "seen",
    "send_code",
    "spoken_code",
    "use_code",
]
