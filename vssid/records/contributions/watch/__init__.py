"""The radar that speaks up: who has an employer that is late or has stopped paying is told so once. Door."""

from vssid.records.contributions.watch.making import step
from vssid.records.contributions.watch.queries import ask

__all__ = ["MAKERS", "ask"]

MAKERS = (("records.employer_watch", step),)
