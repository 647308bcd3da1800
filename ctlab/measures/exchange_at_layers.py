"""At which layer, and as what, a donor's result reaches the answer: exchanges of residual streams, keys and values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.errors import StatisticsError
from ctlab.measures.apart import apart
from ctlab.measures.exchange import apart_by_chance, exchanges, matching_of
from ctlab.measures.exchange_cells import exchange_rates_of
from ctlab.measures.kept import kept_value
from ctlab.statistics.cells.cell import Measured, Place, thought_of
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    import numpy as np

    from ctlab.outcomes import Run

EXCHANGES_AT_LAYERS = "exchanges at layers"
"""The question that these cells answer."""


@kept_value
def exchanged_layers(runs: Sequence["Run"]) -> list[Measured]:
    """Return, for every thought and place at layers, how much more often the answer follows the donor's result.

    Parameters
    ----------
    runs : sequence of Run
        Answers under conditions that patch one thought each by ``matched``, at layers (``at``).

    Returns
    -------
    list of Measured
        For each run, of exchanges that share no problem: following beyond what other donors that fit would have led to
        (`follows_beyond_chance`); ``rate`` and ``chance`` say how often, ``keeps`` how often the own gold answer stays,
        ``layers`` and ``position`` where. As rows of thoughts and columns of layers they map where a result is.

    Raises
    ------
    StatisticsError
        As `exchanges`; when a run exchanges what is fed, or for the control, whose donors' results are the own ones.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    import numpy as np

    check_pairs(*(run.ids for run in runs))
    cells = []
    for run in runs:
        if matching_of(run).same:
            raise StatisticsError(
                f"Donors under {run.condition.name!r} have the problem's own result, so that there is nothing to "
                f"follow; give runs that patch by 'matched'."
            )
        position, layers = _place(run)
        chosen = apart_by_chance(exchanges(run))
        place = f"step {matching_of(run).step}, {position} at layer{'s' * (len(layers) > 1)} "
        cells.append(
            Measured(
                place=Place(
                    thought=thought_of(run.condition),
                    place=place + formatting.listed([str(layer) for layer in layers]),
                    value=float(layers[-1]),
                ),
                values=np.array([each.beyond_chance for each in chosen]),
                more={"position": position, "layers": " ".join(map(str, layers)), **exchange_rates_of(chosen)},
            )
        )
    return cells


@kept_value
def follows_more(run: "Run", other: "Run") -> "np.ndarray":
    """Return how much more often the answer follows the donor's result under one exchange than under another.

    Parameters
    ----------
    run, other : Run
        Answers under conditions that exchange what is there of the same donors: by ``matched``, at the same step and
        with the same seed.

    Returns
    -------
    ndarray of shape (n,)
        For problems with a donor, of which no two exchanges share a problem (`apart`): 1 or 0 for following under
        ``run``, minus the same under ``other``; −1, 0 or 1.

    Raises
    ------
    StatisticsError
        As `exchanges`; when the two do not have the same donors, or no problem has one.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    import numpy as np

    if matching_of(run) != matching_of(other) or matching_of(run).same:
        raise StatisticsError(
            f"{run.condition.name!r} and {other.condition.name!r} do not take from the same donors of another result; "
            f"give conditions that patch by 'matched' with the same step and seed."
        )
    check_pairs(run.ids, other.ids, names=(run.condition.name, other.condition.name))
    both = list(zip(exchanges(run), exchanges(other), strict=True))
    chosen = [both[row] for row in apart([mine.names for mine, _ in both])]
    if not chosen:
        raise StatisticsError(
            f"No problem has a donor under {run.condition.name!r}; give more problems with worked solutions."
        )
    return np.array([float(mine.follows) - float(theirs.follows) for mine, theirs in chosen])


def _place(run: "Run") -> tuple[str, tuple[int, ...]]:
    """What a run's condition exchanges at layers, and at which."""
    places = [patch.at for patch in run.condition.patches]
    if len(places) != 1 or places[0] is None:
        raise StatisticsError(
            f"Condition {run.condition.name!r} does not exchange one thing at layers; give one with one patch and its "
            f"'at', and exchanged_steps those that are fed a donor's thought."
        )
    return places[0].position, tuple(sorted(places[0].layers))
