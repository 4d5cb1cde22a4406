"""A sentence in five languages as an officer writes it: Vietnamese always, the others where somebody could. Pure."""

from dataclasses import dataclass

from vssid.kernel.labels import N_, Refused

LONGEST = 200
CODES = ("vi", "en", "ko", "zh", "ja")
NO_VIETNAMESE = N_("Hãy viết câu tiếng Việt.")


@dataclass(frozen=True)
class FiveWords:
    """The sentence by language, '' where there is none; plain text of at most 200 signs."""

    vi: str
    en: str = ""
    ko: str = ""
    zh: str = ""
    ja: str = ""

    def __post_init__(self) -> None:
        """Raise Refused without Vietnamese, ValueError for what no form lets through."""
        if not self.vi:
            raise Refused(NO_VIETNAMESE, "words_vi")
        if any(len(text) > LONGEST for text in self.columns.values()):
            raise ValueError("longer than a form takes")

    @property
    def columns(self) -> dict[str, str]:
        """By column of a table."""
        return {f"words_{code}": getattr(self, code) for code in CODES}

    def for_reader(self, code: str) -> tuple[str, str | None]:
        """The sentence for a reader of `code`, and 'vi' where it is Vietnamese though they read another language."""
        own: str = getattr(self, code)
        return (own, None) if own else (self.vi, "vi")
