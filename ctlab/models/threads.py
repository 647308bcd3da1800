"""How torch's threads wait for each other."""

import os
import sys


def wait_politely() -> None:
    """Let idle threads sleep instead of spin, unless torch is already loaded or the user decided otherwise.

    On a machine that does anything else, spinning threads stall each other: two threads beside two busy processes took
    44 s for a run that takes 9 s with sleeping ones; on an idle machine the difference is within the noise.
    """
    if "torch" not in sys.modules:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
