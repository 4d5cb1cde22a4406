"""What the child process loads: asked there, so this module may import nothing."""

import sys


def modules() -> list[str]:
    return sorted(sys.modules)
