"""Memory that one operation frees and the next one takes, without giving it back to the system in between."""

import ctypes
import os
import sys
from functools import cache

_TRIM, _MAP = -1, -3  # glibc's malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
_KEPT, _LARGE = 256 << 20, 32 << 20  # bytes; glibc takes no larger threshold for what it maps apart


@cache
def keep_freed_memory() -> None:
    """Let glibc keep up to 256 MiB of freed memory, unless the user decided otherwise; once a process.

    A step's intermediate results have a few MB. glibc returns these to the system one by one, which hands out empty
    pages for the next ones: 98,000 pages and a sixteenth of the time of 1,319 problems on the embedded model.
    """
    said = any(name.startswith("MALLOC_") for name in os.environ) or "GLIBC_TUNABLES" in os.environ
    if said or not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, which has its own ways
        return
    mallopt(_MAP, _LARGE)
    mallopt(_TRIM, _KEPT)
