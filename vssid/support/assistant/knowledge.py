"""The texts that the assistant answers from, an index a language, kept by each process while nothing changes."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from vssid import newsroom
from vssid.kernel.clock import ticks
from vssid.newsroom import PublishedText
from vssid.support.assistant.asking import WEIGHTS, ways_to_ask
from vssid.support.assistant.ranking import Document, Index

log = structlog.get_logger()
CHECKED_EVERY = 30.0  # seconds
MOST_TEXTS = 2_000
# How people ask for what the shipped questions and their own record answer; an editor's own texts do without.
PHRASES = Path(__file__).parent / "phrases"


@dataclass(frozen=True)
class Shelf:
    """One language: its texts by address, and the index over them and the intents."""

    texts: Mapping[str, PublishedText]
    index: Index


class Library:
    """The shelves of one process. A text that has changed is read again after CHECKED_EVERY seconds at most."""

    def __init__(self) -> None:
        """Empty: a language is read when it is first asked for."""
        self._shelves: dict[str, Shelf] = {}
        self._state: Any = None
        self._checked: float | None = None
        self._lock = threading.Lock()

    def shelf(self, db: Session, language: str, at: datetime) -> Shelf:
        """The texts of a language as they are now, or were a moment ago."""
        with self._lock:
            if self._checked is None or ticks() - self._checked >= CHECKED_EVERY:
                state = newsroom.texts_state(db, tuple(WEIGHTS), at)
                if state != self._state:
                    self._shelves.clear()
                self._state, self._checked = state, ticks()
            if language not in self._shelves:
                self._shelves[language] = _read(db, language, at)
            return self._shelves[language]

    def forget(self) -> None:
        """Look again at the next question."""
        with self._lock:
            self._checked = None


def _read(db: Session, language: str, at: datetime) -> Shelf:
    begun = ticks()
    found = newsroom.published_texts(db, tuple(WEIGHTS), language, at)
    texts = [text for text in found if text.language == language][:MOST_TEXTS]
    documents = [Document(one.address, one.title, one.lead, one.body, WEIGHTS[one.kind]) for one in texts]
    of_slug = {one.address.rsplit("/", 1)[1]: one.address for one in texts}
    documents += ways_to_ask((PHRASES / f"{language}.txt").read_text(encoding="utf-8"), of_slug)
    shelf = Shelf({one.address: one for one in texts}, Index(language, documents))
    log.info(
        "assistant read its texts", language=language, texts=len(texts), milliseconds=round((ticks() - begun) * 1000)
    )
    return shelf
