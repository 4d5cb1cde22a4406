"""An answer leaves after the disk has what it acknowledges. kill -9 cannot show that: the trace of the calls does."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests import serving
from tests.faults import tracing
from tests.faults.province import Province, activate, add_citizen, found, sign_in
from tests.faults.tracing import Ledger
from tests.faults.visitors import SIDES, Visitor, invented

RELAXED = (sys.executable, "-m", "tests.faults.relaxed_server")
# In their order; accepting the terms is kept in the visitor's own cookie and writes nothing.
STEPS = ["terms", "info", *SIDES, "office", "send", "activation", "sign-in"]

pytestmark = pytest.mark.skipif(bool(tracing.refusal()), reason=tracing.refusal())


def traced(folder: Path, command: Sequence[str] = serving.SERVER) -> Ledger:
    """One registration, one activation and one sign-in, one request after another, on a traced server."""
    (folder / "data").mkdir()
    province = found(folder / "data", WEB_CONCURRENCY="1")
    code = add_citizen(province)
    process = tracing.start(province.values, folder / "trace", command)
    try:
        acknowledged = everything_once(province, code)
        lines = tracing.end(process, folder / "trace")
    finally:
        serving.kill(process)
    ledger = Ledger(str(folder / "data")).read(lines)
    assert acknowledged == STEPS
    assert len(ledger.acknowledgements) == len(STEPS), "the trace shows other answers than the client saw"
    return ledger


def everything_once(province: Province, code: str) -> list[str]:
    visitor = Visitor(invented(1), province.browser())
    visitor.register()
    citizen = province.browser()
    assert activate(citizen, code).status == 303
    assert sign_in(citizen).status == 303
    return [*visitor.acknowledged, "activation", "sign-in"]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """What the server as it is shipped does."""
    return traced(tmp_path_factory.mktemp("shipped"))


def test_every_acknowledgement_leaves_after_the_disk_has_it(ledger: Ledger, report: Callable[[str], None]) -> None:
    answers = dict(zip(STEPS, ledger.acknowledgements, strict=True))
    assert {step: answer.unsynced for step, answer in answers.items() if answer.unsynced} == {}
    written = {step: answer.written for step, answer in answers.items()}
    assert all(written[step] for step in STEPS if step != "terms"), written
    report(f"order of fsync: {len(STEPS)} answers, {sum(written.values())} writes before them, 0 unsynced")


def test_a_photo_is_on_the_disk_before_its_row(ledger: Ledger) -> None:
    assert ledger.early_rows == 0


def test_the_trace_would_show_an_answer_that_is_too_early(tmp_path: Path, report: Callable[[str], None]) -> None:
    """The control: with synchronous=NORMAL the same requests answer before their rows are synced."""
    ledger = traced(tmp_path, RELAXED)
    log = str(tmp_path / "data" / "vssid.sqlite-wal")
    unsynced = {step: answer.unsynced.get(log, 0) for step, answer in zip(STEPS, ledger.acknowledgements, strict=True)}
    assert all(unsynced[step] for step in STEPS if step != "terms"), unsynced
    report(f"  the control with synchronous=NORMAL: up to {max(unsynced.values())} writes unsynced at an answer")
