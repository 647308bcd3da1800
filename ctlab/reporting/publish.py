"""Where a report goes: a folder of its own, which appears when it is whole; then ``latest`` points to it."""

import errno
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import check_writable, point
from ctlab.reporting.unfinished import sweep, unfinished

LATEST = "latest"
"""Name of the link to the last report."""


def check_place(root: Path) -> str:
    """Refuse a folder that reports cannot go to, before any work is spent; return what is odd about it, or nothing."""
    check_writable(root)
    latest = root / LATEST
    if not latest.is_symlink():
        if not latest.exists():
            return ""
        what = "a folder" if latest.is_dir() else "a file"
        raise StoreError(
            f"{latest} is {what}, and ctlab keeps a link of that name to the last report; rename it, or choose another "
            f"folder with --ctlab-report"
        )
    if latest.exists():
        return ""
    return f"{latest} leads to {latest.readlink()}, which is gone; it will lead to the report of this run"


def publish(root: Path, report: Mapping[str, object], beside: Mapping[str, Any]) -> Path:
    """Write a report into a new folder under ``root`` and let ``latest`` point to it; return the folder.

    Whoever looks sees all of its files or no folder, also when this process is killed. ``beside`` is what else
    `ctlab.reporting.write_report` takes, by name.
    """
    from ctlab.reporting import write_report

    latest = root / LATEST
    earlier = [latest.resolve()] if latest.exists() else []
    stamp = datetime.fromisoformat(str(report["started"])).strftime("%Y-%m-%d-%H%M%S")
    try:
        sweep(root)
        with unfinished(root, stamp) as written:
            write_report(report, written, earlier=earlier, **beside)
            folder = _named(written, stamp)
        point(latest, folder.name)
    except OSError as error:
        raise StoreError(f"cannot write the report to {root}: {error.strerror or error}") from error
    return folder


def _named(written: Path, stamp: str) -> Path:
    """Give a whole report its name; the first that is free, as two runs can begin within a second."""
    for suffix in ("", *(f"-{count}" for count in range(2, 1000))):
        folder = written.with_name(f"{stamp}{suffix}")
        try:
            # Over a folder with files, or a file, this fails; over an empty folder it succeeds, and nothing is lost.
            return written.rename(folder)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
    raise StoreError(
        f"{written.parent} already holds 999 reports of {stamp}; choose another folder with --ctlab-report"
    )
