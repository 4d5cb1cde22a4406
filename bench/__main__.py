"""`python -m bench [--quick] [--only weight,phone,server,signin,import,contributions,claims,records,card,pdf,rosters,batch,decode,ready,growth,wizard,radar,lookups,public,servers] [--readme]`: measure, print, keep.

Exit status 0 also when a bound is missed (the table says so); 1 when a part could not be measured; 2 bad usage.
"""

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime

from bench import (
    batch,
    card,
    claims,
    contributions,
    decode,
    growth,
    imports,
    lookups,
    pdf,
    phone,
    plot,
    public,
    radar,
    ready,
    records,
    report,
    rosters,
    server,
    servers,
    signin,
    weight,
    wizard,
)
from bench.client import ROOT
from bench.report import Row

PARTS: dict[str, Callable[[bool, Callable[[str], None]], list[Row]]] = {
    "weight": weight.measure, "phone": phone.measure, "server": server.measure, "signin": signin.measure, "import": imports.measure,
    "contributions": contributions.measure, "claims": claims.measure, "records": records.measure,
    "card": card.measure, "pdf": pdf.measure, "rosters": rosters.measure, "batch": batch.measure, "decode": decode.measure, "ready": ready.measure,
    "growth": growth.measure, "wizard": wizard.measure, "radar": radar.measure, "lookups": lookups.measure, "public": public.measure, "servers": servers.measure,
}  # fmt: skip
# Needs servers that we do not install: only when it is asked for.
USUAL = tuple(name for name in PARTS if name != "servers")


def main(arguments: list[str]) -> int:
    """Run the parts that were asked for."""
    asked = parsed(arguments)
    at, load_before = datetime.now().astimezone(), os.getloadavg()[0]
    compile_sources()
    rows, broken = [], 0
    for name in asked.only:
        started = time.monotonic()
        try:
            rows += PARTS[name](asked.quick, say)
        except Exception as wrong:
            traceback.print_exc()
            broken += 1
            rows.append(Row(name, "could not be measured", type(wrong).__name__))
        say(f"{name}: done in {time.monotonic() - started:.0f} s")
    about = [
        f"{at:%d/%m/%Y %H:%M}{' (--quick)' if asked.quick else ''}: {report.machine()}.",
        f"Load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after (of {os.cpu_count()} cores).",
    ]
    print("\n".join(["", *about, "", report.table(rows), "", "~ noisy: repeat when the machine is quiet."]))
    path = report.written(
        rows,
        about,
        at,
        plot.svg(rows, f"VssID, {at:%d/%m/%Y %H:%M}: how much of each bound is used up"),
        readme=asked.readme,
    )
    print(f"\nKept in {path.relative_to(ROOT)}.")
    return 1 if broken else 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="How light and how quick VssID is.")
    parser.add_argument("--quick", action="store_true", help="under a minute: fewer turns, the small import only")
    parser.add_argument("--only", type=parts, default=USUAL, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--readme", action="store_true", help="put the table into bench/README.md too")
    return parser.parse_args(arguments)


def parts(text: str) -> list[str]:
    """The parts named."""
    named = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in named if name not in PARTS]
    if unknown or not named:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return [name for name in PARTS if name in named]


def compile_sources() -> None:
    """As `make setup` leaves them: a start that compiles first is no measure."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "compileall", "-q", "app.py", "vssid"]
    subprocess.run(command, cwd=ROOT, env=environ, check=False)


def say(words: str) -> None:
    """Where we are."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
