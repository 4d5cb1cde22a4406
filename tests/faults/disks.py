"""A disk that is small enough to be filled: a tmpfs, mounted by root or in a namespace of the test's own."""

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
INSIDE = "VSSID_TEST_INSIDE_NAMESPACE"
BLOCK = 4096
LONGEST_SECONDS = 300


def _mount(folder: Path, size: str) -> bool:
    if not shutil.which("mount"):
        return False
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    return tried.returncode == 0


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """`folder` as a disk of `size` ("96m"), gone at the end. Only within `on_a_small_disk`."""
    folder.mkdir()
    assert _mount(folder, size)
    try:
        yield folder
    finally:
        # Lazily: a process that was just killed may hold a file of it for another moment.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _may_mount(folder: Path) -> bool:
    folder.mkdir()
    if not _mount(folder, "1m"):
        return False
    subprocess.run(["umount", str(folder)], check=True)
    return True


def _may_unshare() -> bool:
    return bool(shutil.which("unshare")) and subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


def on_a_small_disk(test: Callable[..., None]) -> Callable[..., None]:
    """Run the test where it may mount: here, or once more by itself in a namespace; skip it where neither is allowed."""

    @functools.wraps(test)
    def run(tmp_path: Path, **fixtures: object) -> None:
        if _may_mount(tmp_path / "probe"):
            test(tmp_path, **fixtures)
        elif INSIDE in os.environ or not _may_unshare():
            pytest.skip("neither root's mount nor a user namespace is allowed here")
        else:
            name = os.environ["PYTEST_CURRENT_TEST"].removesuffix(" (call)")
            again = subprocess.run(
                [*NAMESPACE, sys.executable, "-m", "pytest", name, f"--basetemp={tmp_path / 'inside'}"],
                cwd=ROOT, env={**os.environ, INSIDE: "1"}, capture_output=True, text=True, timeout=LONGEST_SECONDS,
            )  # fmt: skip
            assert again.returncode == 0, again.stdout[-4000:]
            assert "1 passed" in again.stdout, again.stdout[-4000:]

    return run


def fill(folder: Path) -> Path:
    """Leave not one block free; returns the file that took them."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1024**2, BLOCK):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    free = os.statvfs(folder).f_bavail
    assert free == 0, f"{free} blocks are still free"
    return filler
