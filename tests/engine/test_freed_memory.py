import subprocess
import sys

import pytest

FAULTS = """
import resource, torch
from ctlab.engine.freed_memory import keep_freed_memory
keep_freed_memory()
torch.ones(1 << 20) + 1
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    torch.ones(1 << 20) + 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages_taken(**environment):
    done = subprocess.run([sys.executable, "-c", FAULTS], env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_freed_memory_is_taken_again_unless_the_user_says_otherwise():
    # 50 times 2 x 4 MiB are 102,400 pages of 4 KiB.
    assert pages_taken() < 10_000
    assert pages_taken(MALLOC_TRIM_THRESHOLD_="131072", MALLOC_MMAP_THRESHOLD_="131072") > 50_000
