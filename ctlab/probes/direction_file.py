"""Directions of hidden states as files: what a probe learned, for whoever steers by it."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save

from ctlab.errors import InputError
from ctlab.files import publish

if TYPE_CHECKING:
    import numpy.typing as npt

    from ctlab.records.probe_fit import ProbeFit

DIRECTION = "direction"
"""Name of the one tensor of a file that holds a direction."""


def write_direction(
    path: Path, direction: "npt.NDArray[np.float64]", fit: "ProbeFit", *, model: str, toward: str, away: str
) -> None:
    """Write a probe's direction for steering: safetensors with one tensor ``direction`` (D,), in float32.

    Parameters
    ----------
    path : Path
        File to be written; it appears when it is complete.
    direction : ndarray of shape (D,)
        As `LearnedProbe.direction` returns it.
    fit : ProbeFit
        The probe that it is of.
    model : str
        Digest of the model whose states it was fitted on.
    toward, away : str
        The two labels between which it points.

    Raises
    ------
    InputError
        Where it is no row of finite numbers, or the file cannot be written.

    Notes
    -----
    The file's metadata are texts: ``model``, ``dim``, ``thought``, ``level``, ``label``, ``toward``, ``away``.
    """
    row = np.asarray(direction, dtype=np.float32)
    if row.ndim != 1 or not len(row) or not np.isfinite(row).all():
        raise InputError(f"a direction is one row of finite numbers, got the shape {row.shape}; write one direction")
    metadata = {
        "model": model,
        "dim": str(len(row)),
        "thought": fit.thought,
        "level": str(fit.level),
        "label": fit.label,
        "toward": toward,
        "away": away,
    }
    advice = "name a file in a folder that can be written to"
    publish(Path(path), save({DIRECTION: row}, metadata=metadata), error=InputError, advice=advice)
