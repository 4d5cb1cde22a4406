"""Organisations (employers, schools, agents, health facilities) and the people who work for them. Door."""

from flask import Flask

from vssid import officers
from vssid.kernel.audit import ActorKind
from vssid.kernel.labels import Np_
from vssid.officers import Permission as OfficerPermission
from vssid.officers import Tool
from vssid.organisations import desk, members, views
from vssid.organisations.actions import create, end
from vssid.organisations.entrance import Line, Member, Work, load_member, me, register_work
from vssid.organisations.models import Organisation
from vssid.organisations.queries import by_code, by_facility, by_id, in_agencies
from vssid.organisations.rules import (
    LONGEST_CODE,
    LONGEST_NAME,
    Contact,
    Facts,
    OrganisationKind,
    Permission,
    Portal,
    facility_code,
    facility_code_ok,
    unit_code,
    unit_code_ok,
)
from vssid.web import guards

__all__ = [
    "LONGEST_CODE",
    "LONGEST_NAME",
    "Contact",
    "Facts",
    "Line",
    "Member",
    "Organisation",
    "OrganisationKind",
    "Permission",
    "Portal",
    "Work",
    "by_code",
    "by_facility",
    "by_id",
    "create",
    "end",
    "facility_code",
    "facility_code_ok",
    "in_agencies",
    "init_app",
    "me",
    "register_work",
    "unit_code",
    "unit_code_ok",
]


def init_app(app: Flask) -> None:
    """Open the windows and the desk; tell the guards how members come in."""
    guards.register(app, ActorKind.MEMBER, load_member, "organisations.sign_in_form")
    for window in (views, members, desk):
        app.register_blueprint(window.bp)
    label = Np_("menu", "Tổ chức")
    officers.register_tool(
        app, Tool("organisations", label, "organisations_desk.list_all", OfficerPermission.REGISTRATION_READ)
    )
