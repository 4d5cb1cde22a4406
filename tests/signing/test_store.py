"""The operator's authorities: the folder, the commands, the audit; the door through the child process."""

import re
import shutil
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from tests.signing.authority import DAY, NAME, NUMBER, Province, authority, rsa_key, sign
from vssid import signing
from vssid.kernel import clock
from vssid.kernel.audit import AuditEntry
from vssid.kernel.db import reading
from vssid.kernel.labels import Busy, Refused
from vssid.kernel.workshop import Workshop
from vssid.signing import store
from vssid.signing.cli import signing as commands
from vssid.signing.rules import Declared, Problem


@pytest.fixture
def folder(tmp_path):
    (tmp_path / store.FOLDER).mkdir()
    return tmp_path / store.FOLDER


@pytest.fixture(scope="module")
def today() -> Province:
    """An authority whose certificates hold on the day of the test."""
    dates = {"since": clock.now() - DAY, "until": clock.now() + DAY}
    made = Province(authority("CA gốc hôm nay (mẫu)", **dates))
    made.middle = authority("CA hôm nay (mẫu)", made.root, **dates)
    return made


def reasons(data_dir) -> dict[str, str]:
    return {path.name: str(reason) for path, reason in store.read(data_dir).bad}


def test_no_folder_is_no_authority(tmp_path):
    assert store.read(tmp_path) == store.Trust((), ())
    assert signing.offered(tmp_path) is False


def test_pem_and_der_are_read_afresh(tmp_path, folder, province):
    (folder / "a.pem").write_bytes(province.root.pem)
    assert signing.offered(tmp_path) is True
    (folder / "b.cer").write_bytes(province.middle.der)
    (folder / "notes.txt").write_text("not read")
    found = store.read(tmp_path)
    assert [known.der for _path, known in found.authorities] == [province.root.der, province.middle.der]
    assert found.bad == ()


def test_bad_files_are_reported_and_harm_nobody(tmp_path, folder, province, person):
    (folder / "good.pem").write_bytes(province.root.pem)
    (folder / "person.pem").write_bytes(person.pem)
    (folder / "two.pem").write_bytes(province.root.pem + province.middle.pem)
    (folder / "noise.der").write_bytes(b"\x30\x82" + bytes(50))
    (folder / "empty.crt").write_bytes(b"")
    (folder / "large.pem").write_bytes(bytes(store.LARGEST_FILE + 1))
    (folder / "weak.pem").write_bytes(authority("CA yếu (mẫu)", key=rsa_key(1024)).pem)
    (folder / "folder.pem").mkdir()
    (folder / "gone.pem").symlink_to("nowhere")
    assert [path.name for path, _known in store.read(tmp_path).authorities] == ["good.pem"]
    assert set(reasons(tmp_path)) == {
        "person.pem", "two.pem", "noise.der", "empty.crt", "large.pem", "weak.pem", "folder.pem", "gone.pem",
    }  # fmt: skip
    assert "CA" in reasons(tmp_path)["person.pem"]


def test_more_files_than_allowed_are_reported(tmp_path, folder, province, monkeypatch):
    monkeypatch.setattr(store, "MOST_FILES", 2)
    for name in ("1.pem", "2.pem", "3.pem"):
        (folder / name).write_bytes(province.root.pem)
    assert (len(store.read(tmp_path).authorities), set(reasons(tmp_path))) == (2, {"3.pem"})
    with pytest.raises(Refused):
        store.keep(tmp_path, store.read_file(folder / "1.pem"))


def test_what_is_kept_is_read_again(tmp_path, province):
    source = tmp_path / "ca.der"
    source.write_bytes(province.root.certificate.public_bytes(Encoding.DER))
    path = store.keep(tmp_path, store.read_file(source))
    assert store.read(tmp_path).authorities == ((path, store.read_file(source)),)
    store.drop(path)
    assert signing.offered(tmp_path) is False


# The commands.


@pytest.fixture
def run(app):
    folder = app.config["SETTINGS"].data_dir / store.FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    yield lambda *arguments: app.test_cli_runner().invoke(commands, [str(argument) for argument in arguments])
    shutil.rmtree(folder, ignore_errors=True)


def entries(engine) -> list[tuple[str, str, dict]]:
    with reading(engine) as db:
        found = db.scalars(select(AuditEntry).where(AuditEntry.tag.startswith("signing.")).order_by(AuditEntry.id))
        return [(entry.tag, entry.actor_kind, entry.detail) for entry in found]


def test_an_authority_comes_and_goes_and_the_audit_knows(run, engine, tmp_path, province):
    file = tmp_path / "ca.pem"
    file.write_bytes(province.root.pem)
    added = run("add", file, "--yes")
    assert added.exit_code == 0, added.output
    fingerprint = re.search(r"SHA-256 ([0-9a-f]{64})", added.output)[1]
    listed = run("list")
    assert fingerprint in listed.output
    assert "CA gốc (mẫu)" in listed.output
    assert "đến 15/06/2027" in listed.output
    assert run("add", file, "--yes").exit_code == 0
    colons = ":".join(re.findall("..", fingerprint.upper()))
    assert run("remove", colons).exit_code == 0
    assert run("remove", fingerprint).exit_code == 1
    detail = {"sha256": fingerprint}
    assert entries(engine) == [
        ("signing.authority_trusted", "operator", detail),
        ("signing.authority_removed", "operator", detail),
    ]


def test_nothing_is_trusted_without_a_yes(run, engine, tmp_path, province):
    file = tmp_path / "ca.pem"
    file.write_bytes(province.root.pem)
    asked = run("add", file)
    assert (asked.exit_code, "--yes" in asked.output, "SHA-256" in asked.output) == (1, True, True)
    assert entries(engine) == []
    assert "Chưa có nơi cấp nào" in run("list").output


def test_a_persons_certificate_is_refused_in_words(run, tmp_path, person):
    file = tmp_path / "person.pem"
    file.write_bytes(person.pem)
    refused = run("add", file, "--yes")
    assert (refused.exit_code, "CA" in refused.output) == (1, True)


def test_bad_usage_is_two(run, tmp_path):
    assert run("add", tmp_path / "nothing.pem").exit_code == 2
    assert run("forget").exit_code == 2


def test_a_file_is_checked_in_words(run, tmp_path, today, issued):
    authority_file, good, plain = (tmp_path / name for name in ("ca.pem", "signed.pdf", "plain.pdf"))
    authority_file.write_bytes(today.root.pem)
    dates = {"since": clock.now() - DAY, "until": clock.now() + DAY}
    good.write_bytes(sign(issued, today.person(**dates), today.middle))
    plain.write_bytes(issued)
    unknown = run("check", good)
    assert (unknown.exit_code, "nơi cấp" in unknown.output) == (1, True)
    assert run("add", authority_file, "--yes").exit_code == 0
    valid = run("check", good)
    assert (valid.exit_code, "Chữ ký số hợp lệ." in valid.output) == (0, True)
    assert f"{NAME} {NUMBER}" in valid.output
    unsigned = run("check", plain)
    assert (unsigned.exit_code, "chưa có chữ ký số" in unsigned.output) == (1, True)


# The door.


@pytest.fixture
def workshop():
    shop = Workshop()
    yield shop
    if shop._pool is not None:
        shop._discard(shop._pool)


def test_the_door_judges_in_a_child_that_knows_no_flask(tmp_path, folder, today, issued, workshop):
    (folder / "ca.pem").write_bytes(today.root.pem)
    dates = {"since": clock.now() - DAY, "until": clock.now() + DAY}
    pdf = sign(issued, today.person(**dates), today.middle)
    declared = Declared(NAME, frozenset({NUMBER}))
    verdict = signing.judge(workshop, tmp_path, pdf, issued, declared, clock.now())
    assert (verdict.problem, verdict.signer.number) == (None, NUMBER)
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert signing.judge(workshop, tmp_path, pdf, issued, declared, later).problem is not None
    assert signing.judge(workshop, tmp_path, bytes(signing.LARGEST_BYTES + 1), issued, declared, later).problem is (
        Problem.TOO_LARGE
    )
    loaded = workshop.run_named(20, "tests.signing.child:modules")
    assert "vssid.signing.check" in loaded
    assert [name for name in loaded if name.split(".")[0] in ("flask", "sqlalchemy", "werkzeug")] == []


def test_a_child_that_does_not_answer_is_busy(tmp_path, signed, issued, workshop, monkeypatch):
    monkeypatch.setattr(signing, "SECONDS", 0.0)
    with pytest.raises(Busy):
        signing.judge(workshop, tmp_path, signed, issued, None, clock.now())
