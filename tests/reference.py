"""Reference lists of others, which are not shipped: tests that try them on skip where they are not at hand."""

import os
from pathlib import Path

REFERENCE = Path(os.environ.get("REFERENCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
MISSING = "the reference lists are not at hand (REFERENCE_DATA)"
