"""How torch's threads wait for each other."""

import os
import sys

WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
"""What the OpenMP library is told: look a thousand times, which takes some microseconds, then sleep."""


def wait_politely() -> None:
    """Let idle threads sleep soon instead of spinning, unless torch is already loaded or the user decided otherwise.

    On a machine that does anything else, spinning threads stall each other: two threads beside one busy process took
    4 to 42 s for a run that takes 2.6 s with sleeping ones. Threads that sleep at once lose time on an idle machine,
    where the next product is microseconds away: 2.3 s for a run that takes 1.5 s when they first look a thousand times,
    and 1.4 s with 50,000.
    """
    if "torch" not in sys.modules and not any(name in os.environ for name in WAITING):
        os.environ.update(WAITING)
