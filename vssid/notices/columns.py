"""The five columns of a sentence in five languages."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vssid.notices.words import CODES, LONGEST, FiveWords


class InFiveLanguages:
    """A row that holds such a sentence; '' where a language has none."""

    words_vi: Mapped[str] = mapped_column(String(LONGEST))
    words_en: Mapped[str] = mapped_column(String(LONGEST))
    words_ko: Mapped[str] = mapped_column(String(LONGEST))
    words_zh: Mapped[str] = mapped_column(String(LONGEST))
    words_ja: Mapped[str] = mapped_column(String(LONGEST))

    @property
    def words(self) -> FiveWords:
        """The sentence."""
        return FiveWords(**{code: getattr(self, f"words_{code}") for code in CODES})
