"""Invented people who register over the wire, know what was acknowledged, and go on where the power cut them off."""

import functools
import itertools
import math
import re
import threading
import time
from dataclasses import dataclass, field

from tests import people
from tests.serving import CUT_OFF, Answer, PlainBrowser, token_on

SIDES = ("portrait", "front", "back")
INFO, PHOTOS = "/dang-ky/ca-nhan/thong-tin", "/dang-ky/ca-nhan/anh"
OFFICE, REVIEW, DONE = "/dang-ky/ca-nhan/co-quan", "/dang-ky/ca-nhan/xem-lai", "/dang-ky/ca-nhan/hoan-tat"
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


@functools.cache
def photo() -> bytes:
    """A small real JPEG."""
    return people.photo_bytes(size=(640, 480))


def invented(number: int) -> people.Specimen:
    """The person of a number from 0 to 99,999."""
    return people.Specimen(
        "Nguyễn Văn Mẫu Số", f"89000{number:05}", f"089085{number:06}", "1985", "M", f"09001{number:05}"
    )


class Overloaded(Exception):
    """503: nothing was changed, and the same request may succeed later."""


@dataclass
class Visitor:
    """One person on the way through the registration; `acknowledged` are the steps that were answered with a 303."""

    who: people.Specimen
    browser: PlainBrowser
    acknowledged: list[str] = field(default_factory=list)
    code: str = ""
    pressed: bool = False  # “Gửi” was pressed at least once
    unanswered: bool = False  # and it worked, but the answer was cut off: only the message brings the code

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return bool(self.code) or self.unanswered

    def register(self) -> None:
        """Take every step that is not acknowledged. Call it again after CUT_OFF or Overloaded.

        Raises AssertionError when the server no longer knows what it has acknowledged.
        """
        self.prepare()
        if "send" not in self.acknowledged and not self.unanswered:
            self._send()
        if not self.unanswered:
            self._read_code()

    def prepare(self, sides: tuple[str, ...] = SIDES) -> None:
        """The saved steps before “Gửi”; with fewer `sides`, stop before the photos are complete."""
        self._step("terms", "/dieu-khoan", {"purpose": ["dich_vu", "giay_to"]})
        self._step("info", INFO, people.info_form(self.who), to=PHOTOS)
        for side in sides:
            self._step(side, f"{PHOTOS}/{side}", {}, page=PHOTOS, photo=photo(), to=PHOTOS)
        if sides == SIDES:
            self._step("office", OFFICE, {"agency_code": "08902", "hand_in": "tai_noi"}, to=REVIEW)

    def _step(self, name: str, path: str, data: dict, *, to: str = "", **more) -> None:
        if name not in self.acknowledged:
            self._acknowledge(name, self.browser.post(path, data, **more), to)

    def _acknowledge(self, name: str, answer: Answer, to: str) -> None:
        if answer.status == 503:
            raise Overloaded
        assert answer.status == 303, (name, answer.status, re.findall(r'class="error".*', answer.text))
        assert to in ("", answer.location), (name, answer.location, self.acknowledged)
        self.acknowledged.append(name)

    def _send(self) -> None:
        page = self.browser.get(REVIEW)
        if self.pressed and page.status == 303:
            self.unanswered = True
            return
        data = {"csrf_token": token_on(page, REVIEW), **people.captcha_answer(page.text)}
        self.pressed = True
        self._acknowledge("send", self.browser.post(REVIEW, data), DONE)

    def _read_code(self) -> None:
        page = self.browser.get(DONE)
        assert page.status == 200, ("the declaration is gone", page.status, page.location)
        self.code = re.search(r'class="code num">([A-Z2-9]{4}-[A-Z2-9]{4})<', page.text)[1].replace("-", "")


class Crowd:
    """Visitors who come on several threads until `close`. Every `impatient`-th gives up when the power fails.

    Their numbers begin with `first`. `turned_away` counts the answers 503.
    """

    def __init__(self, url: str, at_once: int, impatient: int = 5, first: int = 0) -> None:
        self.url, self.impatient = url, impatient
        self.visitors: list[Visitor] = []
        self.problems: list[str] = []
        self.turned_away = 0
        self.power = threading.Event()
        self._numbers, self._closing = itertools.count(first), threading.Event()
        self._latest = math.inf  # on the monotonic clock: when those inside must have finished
        self._threads = [threading.Thread(target=self._come, daemon=True) for _ in range(at_once)]

    def open(self) -> None:
        """The first ones come."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Nobody new comes; those who are inside finish. Set `power` first if they shall."""
        self._latest = time.monotonic() + PATIENCE_SECONDS
        self._closing.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE_SECONDS)

    @property
    def sent(self) -> int:
        """How many registrations were sent."""
        return sum(visitor.done for visitor in self.visitors)

    def _come(self) -> None:
        while not self._closing.is_set():
            number = next(self._numbers)
            # A network each: the limits of one network are not what is tested here.
            source = f"127.{1 + number // 250}.{1 + number % 250}.1"
            visitor = Visitor(invented(number), PlainBrowser(self.url, source=source))
            self.visitors.append(visitor)
            try:
                self._stay(visitor, patient=number % self.impatient != 0)
            except Exception as wrong:
                self.problems.append(f"{visitor.who.phone}: {wrong!r}")

    def _stay(self, visitor: Visitor, *, patient: bool) -> None:
        while not visitor.done:
            assert time.monotonic() < self._latest, f"{visitor.acknowledged}, and then not served"
            if not self.power.wait(PAUSE_SECONDS):
                if self._closing.is_set():
                    return
                continue
            try:
                visitor.register()
            except CUT_OFF:
                if not patient:
                    return
                time.sleep(PAUSE_SECONDS)
            except Overloaded:
                self.turned_away += 1
                time.sleep(PAUSE_SECONDS)
