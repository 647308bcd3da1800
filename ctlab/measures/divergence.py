"""Where reasoning paths part, as one number a problem: distances between hidden states of paired runs."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import CertificateError, StatisticsError
from ctlab.measures.kept import kept_value
from ctlab.statistics.moderators.feature import feature_groups
from ctlab.statistics.pairing import AnsweredRun, check_pairs, having

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement

IDENTICAL = 1e-5
"""Relative distance up to which two states are the same but for the order of summation in single precision."""


@kept_value
def later_distances(measured: "Measurement", key: str = "CT0") -> "dict[str, np.ndarray]":
    """Return how far each thought after a hidden one is from the baseline's, in lengths of the baseline's state.

    Parameters
    ----------
    measured : Measurement
        States of a condition that hides `key` from later positions.
    key : str
        The hidden thought.

    Returns
    -------
    dict of str to ndarray, each of shape (n,)
        ‖treated − baseline‖ / ‖baseline‖ after the last layer, by thought.

    Raises
    ------
    CertificateError
        When paths differ before they can: the claim is then VOID, see `check_identical`.
    """
    check_identical(measured, key)
    names = _thoughts(measured)
    return {name: _last_layer(measured, name) for name in names[names.index(key) + 1 :]}


def check_identical(measured: "Measurement", key: str = "CT0") -> None:
    """Raise unless the paths are the same up to a hidden thought, and the next thought is fed the same embedding.

    The next thought's embedding is made at the key's own position, where nothing is hidden yet: only from the first
    layer of the next thought on can anything differ. That both paths are the same until then is a certificate.

    Raises
    ------
    CertificateError
        Names the position that differs, and by how much.
    StatisticsError
        For the baseline, or a key that is no measured thought.
    """
    import numpy as np

    distance = np.asarray(_distance(measured), dtype=float)
    names = _thoughts(measured)
    if key not in names:
        raise StatisticsError(f"{key!r} is no thought of this measurement; its thoughts are {', '.join(names)}.")
    at = names.index(key)
    before = [(name, distance[:, measured.positions.index(name)]) for name in names[: at + 1]]
    before += [
        (f"the embedding of {name}", distance[:, measured.positions.index(name), 0]) for name in names[at + 1 :][:1]
    ]
    for what, found in before:
        furthest = float(found.max())
        if not furthest <= IDENTICAL:
            raise CertificateError(
                f"{what} differs from the baseline's by {furthest:.2g} of its length under {measured.condition!r}, "
                f"although {key} is hidden from later positions only; the probe or the mask is off by a position."
            )


def first_parting(measured: "Measurement") -> tuple[str, int] | None:
    """Return the first position and level at which any problem's path differs from the baseline's, None for none.

    Level 0 is the input embedding, level l the state after layer l.
    """
    import numpy as np

    apart = np.asarray(_distance(measured), dtype=float).max(axis=0) > IDENTICAL  # (positions, levels)
    if not apart.any():
        return None
    position, level = (int(place) for place in np.argwhere(apart)[0])
    return measured.positions[position], level


@kept_value
def cascade(hidden: "Measurement", direct: "Mapping[str, Measurement]") -> "np.ndarray":
    """Return by how much a thought's distance exceeds what hiding from that thought alone brings about.

    Parameters
    ----------
    hidden : Measurement
        A thought hidden from all later positions.
    direct : mapping of str to Measurement
        The same thought hidden from one reader only, by that reader's name.

    Returns
    -------
    ndarray of shape (n, readers)
        Distance under `hidden` − distance under the reader's own condition, after the last layer, in lengths of the
        baseline's state. What is left came through the other thoughts.

    Raises
    ------
    PairingError
        When the measurements do not hold the same problems.
    CertificateError
        When a reader's own condition moves the thoughts before that reader.

    Notes
    -----
    Distances are no vectors: a cascade that pulls a state back towards the baseline's counts as negative. The key's
    next neighbour has no thought in between, so its cascade is 0 by construction; leave it out.
    """
    import numpy as np

    for reader, measured in direct.items():
        check_pairs(hidden.problem_ids, measured.problem_ids, names=(hidden.condition, measured.condition))
        names = _thoughts(measured)
        if reader in names[1:]:
            check_identical(measured, names[names.index(reader) - 1])
    columns = [_last_layer(hidden, name) - _last_layer(each, name) for name, each in direct.items()]
    return np.stack(columns, axis=1)


@kept_value
def divergence_and_breaking(
    measured: "Measurement", baseline: AnsweredRun, treated: AnsweredRun, key: str = "CT0"
) -> "tuple[list[float], list[bool]]":
    """Return how far the thoughts of each baseline-correct problem moved, and whether its answer broke.

    Parameters
    ----------
    measured : Measurement
        States under the treated condition.
    baseline, treated : Run
        The answers of both runs.
    key : str
        The hidden thought; the distance is the mean over the thoughts after it, `end` and answer not included.

    Returns
    -------
    list of float, list of bool
        For `auc`: distances in lengths of the baseline's state, and whether the problem is wrong when treated.
        Problems that are wrong under the baseline cannot break and are left out.

    Raises
    ------
    PairingError
        When runs and measurement do not hold the same problems.
    """
    import numpy as np

    check_pairs(baseline.ids, treated.ids, measured.problem_ids, names=("baseline", "treated", "measured"))
    moved = np.mean(list(later_distances(measured, key).values()), axis=0)
    before, after = having(baseline, "CORRECT"), having(treated, "CORRECT")
    rows = [row for row, correct in enumerate(before) if correct]
    return [float(moved[row]) for row in rows], [not after[row] for row in rows]


@kept_value
def strata_of_correct(baseline: AnsweredRun, features: Sequence[str]) -> dict[str, list[Hashable]]:
    """Return features of the problems that `divergence_and_breaking` keeps, in its order: strata for `auc`.

    Parameters
    ----------
    baseline : Run
        The baseline's answers.
    features : sequence of str
        Features as `ctlab.statistics.feature_values` reads them; a claim's `adjust`.

    Returns
    -------
    dict of str to list
        For each feature the value of every problem that the baseline answers correctly; None where it has none.
    """
    correct = having(baseline, "CORRECT")
    return {
        feature: [value for value, kept in zip(feature_groups(baseline, feature), correct, strict=True) if kept]
        for feature in features
    }


def _thoughts(measured: "Measurement") -> tuple[str, ...]:
    """Return the names of the thoughts whose states were kept, in order."""
    return tuple(name for name in measured.positions if name.startswith("CT"))


def _last_layer(measured: "Measurement", name: str) -> "np.ndarray":
    """Return a position's distances after the last layer, (n,)."""
    import numpy as np

    return np.asarray(_distance(measured), dtype=float)[:, measured.positions.index(name), -1]


def _distance(measured: "Measurement") -> "np.ndarray":
    """Return the distances, or raise for the baseline."""
    if measured.distance is None:
        raise StatisticsError(
            f"{measured.condition!r} has no distances, because it is what others are compared with; take a treated one."
        )
    return measured.distance
