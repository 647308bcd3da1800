"""Data that is measured on but not part of the project: the folder named by CTLAB_SHARED (default: ../shared)."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("CTLAB_SHARED") or Path(__file__).parents[2] / "shared")


def shared(path: str) -> Path:
    """Path of a shared file or folder; the test that asks is skipped with a reason when it is absent."""
    found = ROOT / path
    if not found.exists():
        pytest.skip(f"{path} is not in the shared data folder; set CTLAB_SHARED to the folder that holds it")
    return found
