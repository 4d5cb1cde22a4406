"""The bounded place for dangerous work. The pieces of work stand here because the child process imports them."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from vssid.kernel.labels import N_, Busy, Refused
from vssid.kernel.workshop import QUEUE, Workshop

PATIENCE = 20.0


def double(number: int) -> int:
    return 2 * number


def hang(seconds: float) -> None:
    time.sleep(seconds)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def eat() -> int:
    return len(bytearray(4 * 1024**3))


def fail() -> None:
    raise ValueError("not a picture")


def refuse() -> None:
    raise Refused(N_("Ảnh quá lớn"), "photo")


def pid() -> int:
    return os.getpid()


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    shop = Workshop()
    yield shop
    if shop._pool is not None:
        shop._discard(shop._pool)


def test_work_comes_back_from_another_process(workshop: Workshop) -> None:
    assert workshop.run(PATIENCE, double, 21) == 42
    assert workshop.run(PATIENCE, pid) != os.getpid()


def test_a_hang_is_busy_in_time_and_the_next_piece_works(workshop: Workshop) -> None:
    workshop.run(PATIENCE, double, 1)
    started = time.monotonic()
    with pytest.raises(Busy):
        workshop.run(0.3, hang, 60)
    assert time.monotonic() - started < 2
    assert workshop.run(PATIENCE, double, 2) == 4


def test_a_hung_child_does_not_live_on(workshop: Workshop) -> None:
    child = workshop.run(PATIENCE, pid)
    with pytest.raises(Busy):
        workshop.run(0.2, hang, 60)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the child is still there")


def test_a_crash_is_busy_and_the_next_piece_works(workshop: Workshop) -> None:
    with pytest.raises(Busy):
        workshop.run(PATIENCE, crash)
    assert workshop.run(PATIENCE, double, 3) == 6


def test_work_that_eats_memory_ends_by_itself(workshop: Workshop) -> None:
    with pytest.raises(MemoryError):
        workshop.run(PATIENCE, eat)
    assert workshop.run(PATIENCE, double, 4) == 8


def test_works_own_exceptions_pass(workshop: Workshop) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        workshop.run(PATIENCE, fail)
    assert workshop.run(PATIENCE, double, 5) == 10


def test_a_refusal_inside_keeps_its_words_and_field(workshop: Workshop) -> None:
    with pytest.raises(Refused) as caught:
        workshop.run(PATIENCE, refuse)
    assert (str(caught.value.label), caught.value.field) == ("Ảnh quá lớn", "photo")


def test_who_comes_when_the_queue_is_full_is_told_at_once(workshop: Workshop) -> None:
    workshop.run(PATIENCE, double, 1)
    waiting = [threading.Thread(target=lambda: workshop.run(PATIENCE, hang, 0.15)) for _ in range(QUEUE)]
    for thread in waiting:
        thread.start()
    time.sleep(0.1)
    started = time.monotonic()
    with pytest.raises(Busy):
        workshop.run(PATIENCE, double, 1)
    assert time.monotonic() - started < 0.1
    for thread in waiting:
        thread.join(30)
    assert workshop.run(PATIENCE, double, 6) == 12


def test_who_waits_behind_a_hang_is_busy_or_served_never_broken(workshop: Workshop) -> None:
    workshop.run(PATIENCE, double, 1)
    outcomes: list[object] = []

    def visit(patience: float, work, argument: float) -> None:
        try:
            outcomes.append(workshop.run(patience, work, argument))
        except Exception as wrong:
            outcomes.append(type(wrong))

    visits = [(0.6, hang, 60.0), *[(PATIENCE, double, 1)] * 4]
    threads = []
    for visit_ in visits:
        threads.append(threading.Thread(target=visit, args=visit_))
        threads[-1].start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(30)
    assert set(outcomes) <= {Busy, 2}
    assert workshop.run(PATIENCE, double, 7) == 14
