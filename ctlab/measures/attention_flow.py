"""Where attention goes, as one number a problem: made so that counting readers or positions is never a finding."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.measures.kept import kept_value

if TYPE_CHECKING:
    import numpy as np

    from ctlab.records.measurement import Measurement


@kept_value
def hub_excess(measured: "Measurement", key: str = "CT0") -> "dict[str, np.ndarray]":
    """Return by how much more of its attention to thoughts each reader gives a thought than distance explains.

    Parameters
    ----------
    measured : Measurement
        Attention mass of the baseline.
    key : str
        The thought that may be a hub.

    Returns
    -------
    dict of str to ndarray, each of shape (n,)
        For each thought that reads the key over a window of at least two thoughts, and has later thoughts to be
        compared with: a difference of shares, a proportion.

    Raises
    ------
    StatisticsError
        When no thought can be compared, or a reader gave a window of thoughts no attention at all.

    Notes
    -----
    A thought d places after the key gives the key a share of what it gives the d thoughts before it. Compared is the
    share that later thoughts give, on average, to the thought d places before them out of the same d places. So both
    sides have the same distance and as many competitors, and every reader is a number of its own: neither counting
    readers (column sums) nor spreading attention over more thoughts can make a hub. Were attention to depend on
    distance alone, each head's difference would be 0. With a window of one thought both shares are 1, an identity, so
    the key's next neighbour is left out. Layers and heads are averaged before shares are taken; heads that differ in
    how much they give to thoughts can leave a little, which is why a claim needs a margin.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> thoughts = ("CT0", "CT1", "CT2", "CT3")
    >>> mass = np.zeros((1, 4, 1, 4))
    >>> mass[0, 2, 0] = [0.3, 0.1, 0, 0]  # CT2 reads CT0 and CT1
    >>> mass[0, 3, 0] = [0.2, 0.2, 0.2, 0]  # CT3 reads CT0, CT1 and CT2
    >>> made = SimpleNamespace(condition="baseline", readers=thoughts, segments=thoughts, mass=mass)
    >>> {reader: values.round(2).tolist() for reader, values in hub_excess(made).items()}
    {'CT2': [0.25]}
    """
    names = thoughts(measured)
    if key not in names:
        raise StatisticsError(f"{key!r} is no thought of this measurement; its thoughts are {', '.join(names)}.")
    at = names.index(key)
    found: dict[str, np.ndarray] = {}
    for reader in range(at + 2, len(names) - 1):
        distance = reader - at
        others = [_oldest(measured, later, distance) for later in range(reader + 1, len(names))]
        found[names[reader]] = _oldest(measured, reader, distance) - sum(others) / len(others)
    if not found:
        raise StatisticsError(f"No thought can be compared in how it reads {key}; a hub needs at least four thoughts.")
    return found


@kept_value
def redistribution(measured: "Measurement", key: str = "CT0") -> "np.ndarray":
    """Return how much more mass other thoughts got, when a thought was hidden, than a proportional share of it.

    Parameters
    ----------
    measured : Measurement
        Attention mass of a condition that hides `key` from all later positions, with what it would be if the
        baseline's weights were renormalised in proportion (`expected`).
    key : str
        The hidden thought.

    Returns
    -------
    ndarray of shape (n,)
        Mass − expected mass on thoughts other than the key and the reader, averaged over layers and over the readers
        that have one (later thoughts and `end`); a proportion of attention.

    Raises
    ------
    StatisticsError
        For the baseline, which has nothing to be compared with.

    Notes
    -----
    Rows sum to 1 whatever is hidden, so that the rest *must* take up the hidden mass; `expected` is p / (1 − hidden)
    per head, and only what goes beyond it can be a finding.
    """
    import numpy as np

    if measured.expected is None:
        raise StatisticsError(
            f"{measured.condition!r} has no expected mass, because nothing is hidden; take a treated condition."
        )
    names = thoughts(measured)
    first = max(names.index(key) + 1, 2)  # CT1 sees one other thought at most, and that is the key
    readers = [measured.readers.index(name) for name in (*names[first:], "end")]
    segments = [measured.segments.index(name) for name in names if name != key]
    excess = np.asarray(measured.mass, dtype=float) - np.asarray(measured.expected, dtype=float)
    return np.asarray(excess[:, readers][..., segments].sum(axis=-1).mean(axis=(1, 2)))


@kept_value
def question_excess(measured: "Measurement") -> "np.ndarray":
    """Return how much more of its attention each thought gives the question than uniform attention would.

    Parameters
    ----------
    measured : Measurement
        Attention mass, and how many tokens each question has.

    Returns
    -------
    ndarray of shape (n, thoughts)
        Mass on the question − question tokens / visible tokens, averaged over layers; a proportion of attention.

    Notes
    -----
    Every thought sees one position more than the one before it, so that its share on the question falls even when
    attention is blind. That fall is taken out.
    """
    import numpy as np

    names = thoughts(measured)
    readers = [measured.readers.index(name) for name in names]
    seen = _by_layer_mean(measured)[:, readers, measured.segments.index("question")]
    tokens = np.asarray(measured.question_tokens, dtype=float)[:, None]
    return seen - tokens / (tokens + measured.begin_tokens + np.arange(1, len(names) + 1))


def thoughts(measured: "Measurement") -> tuple[str, ...]:
    """Return the names of the thoughts that were measured, in order."""
    return tuple(name for name in measured.readers if name.startswith("CT"))


def _oldest(measured: "Measurement", reader: int, distance: int) -> "np.ndarray":
    """Return the share of the oldest of the `distance` thoughts before a reader in what it gives them all, (n,)."""
    names: Sequence[str] = thoughts(measured)
    window = [measured.segments.index(name) for name in names[reader - distance : reader]]
    seen = _by_layer_mean(measured)[:, measured.readers.index(names[reader])][:, window]
    total = seen.sum(axis=1)
    if not (total > 0.0).all():
        raise StatisticsError(
            f"{names[reader]} gives the thoughts before it no attention, so that shares do not exist."
        )
    share: np.ndarray = seen[:, 0] / total
    return share


def _by_layer_mean(measured: "Measurement") -> "np.ndarray":
    """Return the mass averaged over layers, (n, readers, segments)."""
    import numpy as np

    return np.asarray(np.asarray(measured.mass, dtype=float).mean(axis=2))
