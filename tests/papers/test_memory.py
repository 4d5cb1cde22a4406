"""A small file may unpack into many long papers: a run holds a batch of them at most."""

import os
import re
import subprocess
import sys
import zipfile

import pytest

from tests import people
from tests.papers.build import document, documents
from tests.serving import ROOT, environment, free_port
from vssid.records.papers.rules import SIGNS_A_ROW, weight

LONG = ["LYDO_VVIEN", "TIEN_SU_BENH", "DAU_HIEU_LAM_SANG", "CHAN_DOAN_VAO", "CHAN_DOAN_RA", "QT_BENHLY", "TOMTAT_KQ", "PP_DIEUTRI", "NOI_KHOA", "TT_RAVIEN", "HUONG_DIEU_TRI", "PHAU_THUAT_THU_THUAT", "GHI_CHU"]  # fmt: skip
RUN = """
import re, sys
from pathlib import Path
from app import app
done = app.test_cli_runner().invoke(args=["imports", "run", "papers-xml", sys.argv[1], "--yes"])
print(done.output, re.search(r"VmHWM:.*", Path("/proc/self/status").read_text())[0])
"""


def test_long_papers_weigh_more():
    assert weight([{"said": {"note": "a", "days": 3}}]) == 1
    assert weight([{"said": {"note": "a" * SIGNS_A_ROW * 3, "findings": "b"}}, {"said": {}}]) == 5


@pytest.mark.only_on("sqlite")
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the kernel does not tell")
def test_full_summaries_in_a_small_archive_need_little_memory(app, register, tmp_path):
    long = dict.fromkeys(LONG, ("".join(chr(0x1EA0 + n % 89) for n in range(997)) * 21)[:19_990])
    papers = (document("CT04", {**long, "SO_SERI": f"TT-{n:04}", "MA_CT": f"TT-{n:04}"}) for n in range(50))
    with zipfile.ZipFile(tmp_path / "giay.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("giay.xml", documents(*papers))
    values = {**os.environ, **environment(app.config["SETTINGS"].data_dir, free_port())}
    command = [sys.executable, "-c", RUN, str(tmp_path / "giay.zip")]
    done = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, check=True)
    assert "new=50" in done.stdout, done.stdout
    assert people.CITIZEN.name not in done.stdout
    assert int(re.search(r"VmHWM:\s+(\d+)", done.stdout)[1]) < 250 * 1024
