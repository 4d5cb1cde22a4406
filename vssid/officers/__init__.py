"""Officers: who they are, what they may do, and the console that desks register with. Door."""

from vssid.officers.entrance import Officer, Queue, init_app, me, register_queue
from vssid.officers.rules import Permission, Role

__all__ = ["Officer", "Permission", "Queue", "Role", "init_app", "me", "register_queue"]
