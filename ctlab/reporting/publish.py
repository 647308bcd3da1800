"""Where a report goes: a folder of its own, then ``latest`` points to it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import point
from ctlab.reporting.attempts import Attempts


def publish(
    root: Path, report: Mapping[str, object], beside: Mapping[str, Any], attempts: Attempts | None = None
) -> Path:
    """Write a report into a new folder under ``root`` and let ``latest`` point to it; return the folder.

    ``beside`` is what else `ctlab.reporting.write_report` takes, by name; what could not be made is in ``attempts``.
    """
    from ctlab.reporting import write_report

    latest = root / "latest"
    earlier = [latest.resolve()] if latest.exists() else []
    try:
        folder = _new_folder(root, datetime.fromisoformat(str(report["started"])))
        write_report(report, folder, earlier=earlier, attempts=attempts, **beside)
        point(latest, folder.name)
    except OSError as error:
        raise StoreError(f"cannot write the report to {root}: {error.strerror or error}") from error
    return folder


def _new_folder(root: Path, began: datetime) -> Path:
    stamp = began.strftime("%Y-%m-%d-%H%M%S")
    for suffix in ("", *(f"-{count}" for count in range(2, 1000))):
        folder = root / f"{stamp}{suffix}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise StoreError(f"{root} already holds 999 reports of {stamp}; choose another folder with --ctlab-report")
