"""Officers: who they are, what they may do, and the console that desks register with. Door."""

from vssid.officers.entrance import (
    Officer,
    Queue,
    Tool,
    init_app,
    me,
    register_alarm,
    register_queue,
    register_tool,
)
from vssid.officers.rules import Permission, Role

__all__ = [
    "Officer",
    "Permission",
    "Queue",
    "Role",
    "Tool",
    "init_app",
    "me",
    "register_alarm",
    "register_queue",
    "register_tool",
]
