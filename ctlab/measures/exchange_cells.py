"""Whether exchanging a thought exchanges the answer: cells for each thought and step."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.measures.exchange import (
    Exchange,
    apart_by_chance,
    apart_by_control,
    exchanges,
    matching_of,
    with_control,
)
from ctlab.measures.exchange_at_steps import at_every_step
from ctlab.measures.exchanged_answers import beyond_control
from ctlab.measures.kept import kept_value
from ctlab.statistics.cells.cell import Measured, Place, thought_of
from ctlab.statistics.pairing import check_pairs

if TYPE_CHECKING:
    from ctlab.outcomes import Run

EXCHANGES = "exchanges"
"""The question that these cells answer."""
EXCHANGED = ("exchanged", "not exchanged")
"""What a cell shows: the answer is what the donor's result makes of it beyond the margin, or it is not."""


@kept_value
def exchanged_steps(
    runs: Sequence["Run"], controls: Sequence["Run"], every_step: Sequence["Run"] = ()
) -> list[Measured]:
    """Return, for every exchanged thought, how much more often the answer follows the donor's result.

    Parameters
    ----------
    runs : sequence of Run
        Answers under conditions that patch one thought each by ``matched``.
    controls : sequence of Run
        In the same order, the same thoughts at the same steps by ``matched-same``: donors of the same result.
    every_step : sequence of Run
        Answers under conditions that patch one thought each by ``matched``, at whichever step: they are asked of all
        steps, without a control (`at_every_step`). Where ``runs`` ask the same, these have it.

    Returns
    -------
    list of Measured
        For each thought and step, over all problems that have the step and over those where it is the last (`last`):
        beyond what other donors that fit would have led to (`follows_beyond_chance`; ``rate`` and ``chance`` say how
        often, ``keeps`` how often the own gold answer stays nevertheless), and, where there is one, beyond the control
        (`follows_beyond_control`; ``keeps`` says how often the own gold answer stays under the control). Only problems
        that have the donors are there, and no problem stands in two exchanges of a cell, as the one that is asked or
        the one that lends its thought: a problem whose thoughts are good, or bad, would count twice. A cell may be
        empty. Where a step is the last, nothing after it can have made its result once more.

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
    check_pairs(*(run.ids for run in (*runs, *controls, *every_step)))
    asked = {(thought_of(run.condition), matching_of(run).step) for run in runs}
    cells = [
        cell
        for run, control in zip(runs, controls, strict=True)
        for cell in _cells(run, matching_of(run).step, exchanges(run), with_control(run, control))
    ]
    for run, step, found in at_every_step(every_step):
        if (thought_of(run.condition), step) not in asked:
            cells += _cells(run, step, found)
    return cells


def _cells(
    run: "Run", step: int, found: Sequence[Exchange], both: Sequence[tuple[Exchange, Exchange]] | None = None
) -> Iterator[Measured]:
    """Yield the cells of one thought and step: of all problems, and of those where the step is the last."""
    places = [(f"step {step}", False), (f"step {step}, where it is the last", True)]
    for where, last in places[: 1 if all(each.is_last for each in found) else 2]:
        place = Place(thought=thought_of(run.condition), place=where, value=float(step))
        yield _by_chance(place, [each for each in found if each.is_last or not last], last=last)
        if both is not None:
            yield _by_control(place, [pair for pair in both if pair[0].is_last or not last], last=last)


def _by_chance(place: Place, found: Sequence[Exchange], *, last: bool) -> Measured:
    import numpy as np

    chosen = apart_by_chance(found)
    return Measured(
        place=place,
        values=np.array([each.beyond_chance for each in chosen]),
        more={"last": last, **exchange_rates_of(chosen)},
    )


def _by_control(place: Place, both: Sequence[tuple[Exchange, Exchange]], *, last: bool) -> Measured:
    import numpy as np

    chosen = apart_by_control(both)
    kept = {"keeps": sum(harmless.keeps for _, harmless in chosen) / len(chosen)} if chosen else {}
    return Measured(
        place=replace(place, place=f"{place.place}, beyond a donor of the same result"),
        values=np.array([beyond_control(*pair) for pair in chosen]),
        more={"last": last, **kept},
    )


def exchange_rates_of(chosen: Sequence[Exchange]) -> dict[str, float]:
    """Return how often the answer follows, would by chance, and stays the own gold answer; nothing of no problems."""
    sums = {
        "rate": sum(each.follows for each in chosen),
        "chance": sum(each.by_chance for each in chosen),
        "keeps": sum(each.keeps for each in chosen),
    }
    return {name: total / len(chosen) for name, total in sums.items() if chosen}
