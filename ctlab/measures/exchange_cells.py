"""Whether exchanging a thought exchanges the answer: two cells for each thought and step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.measures.exchange import Exchange, apart_by_chance, apart_by_control, matching_of
from ctlab.measures.exchanged_answers import beyond_control
from ctlab.statistics.cells.cell import Measured, Place, thought_of
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    from ctlab.outcomes import Run

EXCHANGES = "exchanges"
"""The question that these cells answer."""
EXCHANGED = ("exchanged", "not exchanged")
"""What a cell shows: the answer is what the donor's result makes of it beyond the margin, or it is not."""


def exchanged_steps(runs: Sequence["Run"], controls: Sequence["Run"]) -> list[Measured]:
    """Return, for every exchanged thought, how much more often the answer follows the donor's result.

    Parameters
    ----------
    runs : sequence of Run
        Answers under conditions that patch one thought each by ``matched``.
    controls : sequence of Run
        In the same order, the same thoughts at the same steps by ``matched-same``: donors of the same result.

    Returns
    -------
    list of Measured
        Two cells for each thought and step: beyond what other donors that fit would have led to
        (`follows_beyond_chance`; ``rate`` and ``chance`` say how often, ``keeps`` how often the own gold answer stays
        nevertheless), and beyond the control (`follows_beyond_control`; ``keeps`` says how often the own gold answer
        stays under the control). Only problems that have the donors are there, and no problem stands in two exchanges
        of a cell, as the one that is asked or the one that lends its thought: a problem whose thoughts are good, or
        bad, would count twice. A cell may be empty.

    Raises
    ------
    StatisticsError
        As `exchanges`; when a control is none of its run, or one is missing.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    if not runs or len(runs) != len(controls):
        raise StatisticsError(
            f"Every exchange has a control of its own: got {len(runs)} runs and {len(controls)} controls; name the "
            "condition that patches by 'matched-same' beside each that patches by 'matched'."
        )
    check_pairs(*(run.ids for run in (*runs, *controls)))
    return [cell for run, control in zip(runs, controls, strict=True) for cell in _cells(run, control)]


def _cells(run: "Run", control: "Run") -> list[Measured]:
    import numpy as np

    thought, step = thought_of(run.condition), matching_of(run).step
    chosen, both = apart_by_chance(run), apart_by_control(run, control)
    by_chance = np.array([each.beyond_chance for each in chosen])
    by_control = np.array([beyond_control(each, harmless) for each, harmless in both])
    kept = {"keeps": sum(harmless.keeps for _, harmless in both) / len(both)} if both else {}
    place = f"step {step}"
    return [
        Measured(place=Place(thought=thought, place=place, value=float(step)), values=by_chance, more=_rates(chosen)),
        Measured(
            place=Place(thought=thought, place=f"{place}, beyond a donor of the same result", value=float(step)),
            values=by_control,
            more=kept,
        ),
    ]


def _rates(chosen: Sequence[Exchange]) -> dict[str, float]:
    """Return how often the answer follows, would by chance, and stays the own gold answer; nothing of no problems."""
    sums = {
        "rate": sum(each.follows for each in chosen),
        "chance": sum(each.by_chance for each in chosen),
        "keeps": sum(each.keeps for each in chosen),
    }
    return {name: total / len(chosen) for name, total in sums.items() if chosen}
