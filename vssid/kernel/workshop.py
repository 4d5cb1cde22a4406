"""A bounded place for heavy or dangerous work (PDF, pictures): one child process a server process.

A crash, a hang or a picture that eats memory ends the child, never the server; who waits too long gets `Busy`.
"""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pkgutil import resolve_name
from typing import Any, ParamSpec, TypeVar

from vssid.kernel.labels import Busy

P = ParamSpec("P")
R = TypeVar("R")

MEMORY_BYTES = 2 * 1024**3
QUEUE = 12
# WeasyPrint takes half a second to import: only the child pays it.
PDF = "vssid.kernel.pdf:render"
PICTURE = "vssid.kernel.pdf:picture"
JOINED = "vssid.kernel.pdf:joined"
REBUILT = "vssid.kernel.pdf:rebuilt"


def _end_with_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _settle_in() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_end_with_parent, daemon=True).start()


class _PoolClosed(Exception):
    """Another thread has just given this pool up."""


def _submit(pool: ProcessPoolExecutor, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    try:
        return pool.submit(work, *args, **kwargs)
    except BrokenProcessPool:
        raise
    except RuntimeError as closed:
        raise _PoolClosed from closed


def _call(name: str, *args: Any) -> Any:
    return resolve_name(name)(*args)


class Workshop:
    """Runs plain functions of importable modules, one after another, each within its time."""

    def __init__(self) -> None:
        """The child is started by the first piece of work."""
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = threading.BoundedSemaphore(QUEUE)

    def run(self, seconds: float, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `work`, or its own exception. Raises Busy after `seconds`, when the queue is full or it crashed."""
        if not self._waiting.acquire(blocking=False):
            raise Busy("too much work is waiting")
        pool = self._open()
        try:
            return _submit(pool, work, *args, **kwargs).result(timeout=seconds)
        except FutureTimeout as late:
            self._discard(pool)
            raise Busy("the work took too long") from late
        except (BrokenProcessPool, CancelledError, _PoolClosed) as broken:
            self._discard(pool)
            raise Busy("the work ended its process") from broken
        finally:
            self._waiting.release()

    def run_named(self, seconds: float, name: str, *args: Any) -> Any:
        """Like `run`, for a function that only the child loads: "package.module:function"."""
        return self.run(seconds, _call, name, *args)

    def warm(self) -> None:
        """Start the child now, without waiting, because work is about to come."""
        if self._pool is None:
            self._open().submit(os.getpid)

    def close(self) -> None:
        """End the child and give its memory back; the next piece of work would start a new one."""
        if self._pool is not None:
            self._discard(self._pool)

    def _open(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_settle_in)
            return self._pool

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        processes: dict[int, Any] = getattr(pool, "_processes", None) or {}
        for process in list(processes.values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
