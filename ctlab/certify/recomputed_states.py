"""Raw hidden states as they are kept and read back, against the reference's."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ctlab.certify.auditor import Array
from ctlab.certify.reference import Trace
from ctlab.probes.state_slices import read_states
from ctlab.problems import Problem
from ctlab.records.measurement import position_names


def kept_states(folder: Path, condition: str, problems: Sequence[Problem], thoughts: int) -> Array:
    """Return what was kept of a condition (problems, positions, layers + 1, D): every thought, and the last of end."""
    ids = [problem.id for problem in problems]
    return np.stack([read_states(folder, condition, ids, name) for name in position_names(thoughts)], axis=1)


def states_apart(kept: Array, reference: Trace, position: int) -> Array:
    """Return how far kept states (layers + 1, D) are from a position's of the reference, in units of its length."""
    own = reference.states[:, position].double().numpy()
    length = np.maximum(np.linalg.norm(own, axis=-1), np.finfo(np.float32).tiny)  # a thought may be fed as zeros
    apart: Array = np.linalg.norm(kept - own, axis=-1) / length
    return apart
