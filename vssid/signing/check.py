"""Whether a PDF carries a valid signature of the declared person. For the workshop's child: only it loads pyHanko.

No network. What the file may add to the issued form: signature fields with their boxes, timestamps, validation data,
metadata. The form is compared with every later revision, so what a signature covers was never changed unseen.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from vssid.signing.revisions import builds_on, ends_with_a_revision, only_signatures_added, opened
from vssid.signing.rules import MOST_REVISIONS, MOST_SIGNATURES, Declared, Problem, Verdict, first_look
from vssid.signing.signatures import first_problem, verdict

SECONDS = 5.0  # a usual form takes a twentieth of a second
_TOO_MUCH = (MemoryError, RecursionError, PdfDecodeLimitError)
Judge = Callable[[EmbeddedPdfSignature], Coroutine[Any, Any, Verdict]]
# pyHanko's warnings name signers; what matters of them is in the verdict.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class _OutOfTime(BaseException):
    """Not an Exception, which a parser might swallow."""


def check(pdf: bytes, issued: bytes | None, anchors: list[bytes], declared: Declared | None, at: datetime) -> Verdict:
    """Judge `pdf` as of `at` against `anchors` (DER). Without `issued` any PDF will do, without `declared` any signer."""
    if problem := first_look(pdf, issued):
        return Verdict(problem)
    try:
        with _time_limit(SECONDS):
            trusted = [x509.Certificate.load(der) for der in anchors]
            return _judge(pdf, issued, partial(verdict, pdf=pdf, anchors=trusted, declared=declared, at=at))
    except (_OutOfTime, *_TOO_MUCH):
        return Verdict(Problem.TOO_COMPLEX)
    except Exception:
        # Parsers raise anything on damaged input; to the sender it all means the same.
        return Verdict(Problem.DAMAGED)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise in this (main) thread after `seconds`: a file that takes for ever must not cost others their child."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, end)
    # Again every second: the first may be swallowed where Python ignores exceptions.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _judge(pdf: bytes, issued: bytes | None, of: Judge) -> Verdict:
    reader = opened(pdf)
    if reader.encrypted:
        return Verdict(Problem.ENCRYPTED)
    if not ends_with_a_revision(pdf):
        return Verdict(Problem.ALTERED)
    fields = list(enumerate_sig_fields(reader, filled_status=True))
    if not fields:
        return Verdict(Problem.UNSIGNED if issued is None or builds_on(reader, issued) else Problem.ALTERED)
    if len(fields) > MOST_SIGNATURES or reader.total_revisions > MOST_REVISIONS:
        return Verdict(Problem.TOO_COMPLEX)
    if issued is not None and not (builds_on(reader, issued) and only_signatures_added(reader, issued)):
        return Verdict(Problem.ALTERED)
    return _best([
        _of_field(reader, name, value.get_object(), field, of)
        for name, value, field in fields
        if value.get_object().get("/Type", "/Sig") != "/DocTimeStamp"
    ])  # fmt: skip


def _of_field(reader: PdfFileReader, name: str, value: DictionaryObject, field: DictionaryObject, of: Judge) -> Verdict:
    if problem := first_problem(value):
        return Verdict(problem)
    try:
        return asyncio.run(of(EmbeddedPdfSignature(reader, field, name)))
    except _TOO_MUCH:
        raise
    except Exception:
        # The document could be read; what cannot be is this signature.
        return Verdict(Problem.ALTERED)


def _best(verdicts: list[Verdict]) -> Verdict:
    """A valid one; else the last of the declared person; else the last."""
    of_others = (Problem.WRONG_NAME, Problem.WRONG_NUMBER, Problem.NO_NUMBER, Problem.UNKNOWN_AUTHORITY)
    latest_first = verdicts[::-1]
    return min(
        latest_first,
        key=lambda found: (found.problem is not None, found.problem in of_others),
        default=Verdict(Problem.UNSIGNED),
    )
