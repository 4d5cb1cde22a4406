"""Accounts of citizens: credentials, one-time codes, devices, sessions. Door."""

from datetime import timedelta

from vssid.accounts import (
    backup,
    ceremony,
    challenges,
    codes,
    contacts,
    freezing,
    notices,
    passkeys,
    recovery,
    sessions,
)
from vssid.accounts.actions import (
    Contact,
    add_login_names,
    close_of_age,
    create,
    create_for_child,
    hand_over,
    print_codes,
    record_consent,
    send_code,
)
from vssid.accounts.codes import attempt as attempt_code
from vssid.accounts.codes import issue as issue_code
from vssid.accounts.codes import may_send
from vssid.accounts.codes import use as use_code
from vssid.accounts.entrance import Citizen, check_own_password, guessed_right, init_app, may_guess, me, network
from vssid.accounts.history import register as register_history
from vssid.accounts.house import House, house
from vssid.accounts.messages import Ring, freeze_by_code, freeze_code, short_name, tell, tell_all
from vssid.accounts.models import Account
from vssid.accounts.naming import name_of, register_names
from vssid.accounts.passwords import common, hashed, right
from vssid.accounts.phrases import begun, phrase_of
from vssid.accounts.queries import agreed_at, by_person, by_phone, live_of, may_enter, phone_of
from vssid.accounts.relatives import actions as relatives
from vssid.accounts.rules import (
    CODE_RULES,
    PASSKEYS_EVERYWHERE,
    PASSKEYS_FROM_NETWORK,
    PHONE_TAKEN,
    TOO_MANY,
    WRONG_CODE,
    WRONG_PASSWORD,
    NoticeKind,
    Purpose,
    check_password,
    plain_code,
    spoken_code,
)
from vssid.accounts.sessions import end_session, end_sessions_of, open_session, seen
from vssid.accounts.sessions import prove as prove_session
from vssid.accounts.waiting import new_stop_code, stop_digest, typed_stop_code, waiting_period
from vssid.kernel.clock import day_of

JOBS = (
    ("accounts.codes", timedelta(hours=1), codes.purge),
    ("accounts.freeze_codes", timedelta(hours=1), freezing.purge),
    ("accounts.challenges", timedelta(hours=1), challenges.purge),
    ("accounts.sessions", timedelta(hours=1), sessions.purge),
    ("accounts.recovery", timedelta(minutes=1), lambda db, at: recovery.jobs.apply_due(db, house(), at)),
    ("accounts.recovery_reminders", timedelta(minutes=5), lambda db, at: recovery.jobs.remind(db, house(), at)),
    ("accounts.recovery_purge", timedelta(minutes=10), recovery.jobs.purge),
    ("accounts.relatives", timedelta(hours=1), relatives.purge),
    ("accounts.of_age", timedelta(minutes=10), lambda db, at: close_of_age(db, day_of(at), at)),
)

__all__ = [
    "CODE_RULES",
    "JOBS",
    "PASSKEYS_EVERYWHERE",
    "PASSKEYS_FROM_NETWORK",
    "PHONE_TAKEN",
    "TOO_MANY",
    "WRONG_CODE",
    "WRONG_PASSWORD",
    "Account",
    "Citizen",
    "Contact",
    "House",
    "NoticeKind",
    "Purpose",
    "Ring",
    "add_login_names",
    "agreed_at",
    "attempt_code",
    "backup",
    "begun",
    "by_person",
    "by_phone",
    "ceremony",
    "check_own_password",
    "check_password",
    "close_of_age",
    "common",
    "contacts",
    "create",
    "create_for_child",
    "end_session",
    "end_sessions_of",
    "freeze_by_code",
    "freeze_code",
    "guessed_right",
    "hand_over",
    "hashed",
    "house",
    "init_app",
    "issue_code",
    "live_of",
    "may_enter",
    "may_guess",
    "may_send",
    "me",
    "name_of",
    "network",
    "new_stop_code",
    "notices",
    "open_session",
    "passkeys",
    "phone_of",
    "phrase_of",
    "plain_code",
    "print_codes",
    "prove_session",
    "record_consent",
    "recovery",
    "register_history",
    "register_names",
    "right",
    "seen",
    "send_code",
    "short_name",
    "spoken_code",
    "stop_digest",
    "tell",
    "tell_all",
    "typed_stop_code",
    "use_code",
    "waiting_period",
]
