"""Digitally signed forms: whether an uploaded PDF is the issued form, validly signed by the declared person. Door."""

from datetime import datetime
from pathlib import Path

from vssid.kernel.workshop import Workshop
from vssid.signing import store
from vssid.signing.rules import (
    LARGEST_BYTES,
    MARKLESS_NAME,
    Declared,
    Problem,
    Revocation,
    Signer,
    Verdict,
)

__all__ = [
    "LARGEST_BYTES",
    "MARKLESS_NAME",
    "Declared",
    "Problem",
    "Revocation",
    "Signer",
    "Verdict",
    "judge",
    "offered",
]

SECONDS = 20.0  # the child gives up by itself after 5; the rest is for waiting and for loading pyHanko
CHECK = "vssid.signing.check:check"


def offered(data_dir: Path) -> bool:
    """Whether the operator trusts any authority; without one every signature would be refused."""
    return bool(store.read(data_dir).authorities)


def judge(
    workshop: Workshop, data_dir: Path, pdf: bytes, issued: bytes | None, declared: Declared | None, at: datetime
) -> Verdict:
    """Judge `pdf` against the issued form and the declared person as of `at`. Raises Busy. Outside any transaction.

    Without `issued` any PDF will do, without `declared` any signer: the operator's `flask signing check`.
    """
    if len(pdf) > LARGEST_BYTES:
        return Verdict(Problem.TOO_LARGE)
    anchors = [authority.der for _path, authority in store.read(data_dir).authorities]
    verdict: Verdict = workshop.run_named(SECONDS, CHECK, pdf, issued, anchors, declared, at)
    return verdict
