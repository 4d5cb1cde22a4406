"""Roles and what each may do."""

from datetime import timedelta
from enum import StrEnum

from vssid.kernel.labels import N_, Label

GUESSES = (5, timedelta(minutes=15))
SETUP_SECONDS = 900
AWAY = timedelta(minutes=5)  # whoever comes back after that shows their password before the next decision
PASSWORD_SHORTEST = 12


class Tag(StrEnum):
    """What the audit calls the acts of this room."""

    ADDED = "officer.added"
    SETUP_RENEWED = "officer.setup_renewed"
    PASSWORD_SET = "officer.password_set"  # noqa: S105 - a name, not a secret
    ACTIVATED = "officer.activated"
    SIGNED_IN = "officer.signed_in"
    SIGN_IN_REFUSED = "officer.sign_in_refused"
    SIGNED_OUT = "officer.signed_out"
    ENDED = "officer.ended"


class Permission(StrEnum):
    """One thing that an officer may do."""

    REGISTRATION_READ = "registration.read"
    REGISTRATION_DECIDE = "registration.decide"
    STAFF_MANAGE = "staff.manage"
    EXPORT = "registration.export"
    IMPORT = "registers.import"
    CONTENT_EDIT = "content.edit"
    SUPPORT_ANSWER = "support.answer"
    NOTICES_MANAGE = "notices.manage"


class Role(StrEnum):
    """An officer's role; the values stand in the command line and the database."""

    REVIEW = "duyet_ho_so"
    SUPERVISOR = "giam_sat"
    CONTENT = "bien_tap"
    ADMIN = "quan_tri"
    AUDITOR = "kiem_toan"

    @property
    def label(self) -> Label:
        """The role as people call it."""
        return _ROLE_LABELS[self]

    @property
    def permissions(self) -> frozenset[str]:
        """What the role may do; a role that nothing is written for may do nothing."""
        return frozenset(_PERMISSIONS.get(self, ()))


_ROLE_LABELS = {
    Role.REVIEW: N_("Cán bộ duyệt hồ sơ"),
    Role.SUPERVISOR: N_("Giám sát"),
    Role.CONTENT: N_("Biên tập"),
    Role.ADMIN: N_("Quản trị"),
    Role.AUDITOR: N_("Kiểm toán"),
}
_PERMISSIONS: dict[Role, tuple[Permission, ...]] = {
    Role.REVIEW: (Permission.REGISTRATION_READ, Permission.REGISTRATION_DECIDE, Permission.SUPPORT_ANSWER),
    Role.SUPERVISOR: (
        Permission.REGISTRATION_READ,
        Permission.REGISTRATION_DECIDE,
        Permission.EXPORT,
        Permission.IMPORT,
        Permission.SUPPORT_ANSWER,
        Permission.NOTICES_MANAGE,
    ),
    Role.CONTENT: (Permission.CONTENT_EDIT, Permission.NOTICES_MANAGE),
    Role.ADMIN: (Permission.STAFF_MANAGE, Permission.IMPORT, Permission.NOTICES_MANAGE),
}
