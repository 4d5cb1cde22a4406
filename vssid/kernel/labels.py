"""Words that rules and enums carry: marked here, translated at the window (`vssid.web.i18n.say`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any


class Label(str):
    """A Vietnamese source sentence with the values for its %(name)s placeholders."""

    __slots__ = ("context", "params")

    def __new__(cls, text: str, context: str | None = None, **params: Any) -> "Label":
        """Keep `text` as the catalogue's key; `context` is gettext's message context."""
        label = super().__new__(cls, text)
        label.context = context
        label.params = params
        return label

    context: str | None
    params: dict[str, Any]


@dataclass(frozen=True)
class CalendarMonth:
    """A month of a year as the value of a label: each reader's language writes it in its own way. Paper has mm/yyyy."""

    first_day: date

    def __str__(self) -> str:
        return f"{self.first_day:%m/%Y}"


def N_(text: str, **params: Any) -> Label:  # noqa: N802 - gettext's customary name
    """Mark `text` for the catalogue without translating it yet."""
    return Label(text, None, **params)


def Np_(context: str, text: str, **params: Any) -> Label:  # noqa: N802 - gettext's customary name
    """Like `N_`, under a message context that tells two senses of the same words apart."""
    return Label(text, context, **params)


def packed(label: Label) -> dict[str, Any]:
    """A label as JSON keeps it: its values become labels, whole numbers, days, months or text."""
    return {
        "text": str(label),
        "context": label.context,
        "params": {name: _packed(value) for name, value in label.params.items()},
    }


def _packed(value: Any) -> Any:
    if isinstance(value, Label):
        return packed(value)
    if isinstance(value, CalendarMonth):
        return {"month": value.first_day.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if isinstance(value, int) else str(value)


def unpacked(kept: dict[str, Any]) -> Label:
    """The label again."""
    params = {name: _unpacked(value) for name, value in kept["params"].items()}
    return Label(kept["text"], kept["context"], **params)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "month" in value:
        return CalendarMonth(date.fromisoformat(value["month"]))
    return date.fromisoformat(value["day"]) if "day" in value else unpacked(value)


class Refused(Exception):
    """A rule says no, in words for the person who asked. `field` names the input it is about, if one is."""

    def __init__(self, label: Label, field: str | None = None) -> None:
        """Carry the sentence untranslated: rules know no language."""
        super().__init__(str(label))
        self.label = label
        self.field = field


class Busy(Exception):
    """A bounded resource (PDF, image, disk) cannot take the work now; the same request may succeed later."""
