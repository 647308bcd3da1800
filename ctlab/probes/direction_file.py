"""Directions of hidden states as files: what a probe learned, for whoever edits thoughts by it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ctlab.errors import InputError
from ctlab.files import publish

if TYPE_CHECKING:
    import numpy.typing as npt

    from ctlab.records.probe_fit import ProbeFit


def write_direction(
    path: Path, direction: "npt.NDArray[np.float64]", fit: "ProbeFit", *, model: str, toward: str, away: str
) -> None:
    """Write a probe's direction as a file of directions, which ``add-given`` and its like read.

    Parameters
    ----------
    path : Path
        File to be written; it appears when it is complete.
    direction : ndarray of shape (D,)
        As `LearnedProbe.direction` returns it; it is written at norm 1.
    fit : ProbeFit
        The probe that it is of.
    model : str
        Digest of the model whose states it was fitted on.
    toward, away : str
        The two labels between which it points.

    Raises
    ------
    InputError
        Where it is no row of finite numbers that are not all zero, or the file cannot be written.

    Notes
    -----
    Under ``made`` the file says where it is from: ``model``, ``thought``, ``level``, ``label``, ``toward``, ``away``.
    """
    row = np.asarray(direction, dtype=np.float64)
    if row.ndim != 1 or not np.isfinite(row).all() or not row.any():
        raise InputError(
            f"a direction is one row of finite numbers that are not all zero, got the shape {row.shape}; write one "
            f"direction"
        )
    made = {
        "model": model,
        "thought": fit.thought,
        "level": fit.level,
        "label": fit.label,
        "toward": toward,
        "away": away,
    }
    form = {"dim": len(row), "directions": [(row / np.linalg.norm(row)).tolist()], "made": made}
    advice = "name a file in a folder that can be written to"
    publish(Path(path), (json.dumps(form) + "\n").encode(), error=InputError, advice=advice)
