"""What an exchanged thought does to the answer, and whether that is what the donor's result makes of the solution."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ctlab.errors import StatisticsError
from ctlab.measures.exchange import (
    Exchange,
    apart_by_chance,
    apart_by_control,
    exchanges,
    matching_of,
    steps_of,
    with_control,
)
from ctlab.measures.kept import kept_value

if TYPE_CHECKING:
    import numpy as np

    from ctlab.outcomes import Run


@kept_value
def follows_beyond_chance(run: "Run") -> "np.ndarray":
    r"""Return how much more often answers follow the donor's result than the result of another fitting donor.

    Parameters
    ----------
    run : Run
        Answers under a condition that patches by ``matched``.

    Returns
    -------
    ndarray of shape (n,)
        For problems with at least two donors that lead to different answers, of which no two exchanges share a
        problem (`apart`): 1 if the answer is the problem's own graph evaluated with the donor's result, else 0; minus
        the share of its fitting donors whose result leads to the answer. Between −1 and 1; the mean is 0 where the
        answer does not depend on the donor.

    Raises
    ------
    StatisticsError
        As `exchanges`; for the control, whose donors' results are the problem's own; when no problem is left.

    Notes
    -----
    A hash chooses among the donors that fit, so that under the null hypothesis each of them, the chosen one included,
    is equally likely to have been the donor of a given answer: the expectation that is taken off is exact over all
    exchanges, no draw (randomisation inference). Which exchanges are kept apart depends on the donors too, those that
    fit many problems being left out more often: over the kept ones it is nearly exact.

    References
    ----------
    Fisher RA (1935). The Design of Experiments, chapter II. Oliver & Boyd.
    """
    import numpy as np

    if matching_of(run).same:
        raise StatisticsError(
            f"Donors under {run.condition.name!r} have the problem's own result, so that there is nothing to follow; "
            "use it as the control of a run that patches by 'matched' (`follows_beyond_control`)."
        )
    values = [each.beyond_chance for each in apart_by_chance(exchanges(run))]
    if not values:
        raise StatisticsError(
            f"No problem has two donors under {run.condition.name!r} that lead to different answers, so that nothing "
            "can be shuffled; give more problems with worked solutions."
        )
    return np.array(values)


@kept_value
def follows_beyond_control(run: "Run", control: "Run") -> "np.ndarray":
    """Return how much more often the answer is what the donor's result makes of it than after a harmless exchange.

    Parameters
    ----------
    run, control : Run
        Answers under conditions that patch the same thoughts at the same step by ``matched`` and ``matched-same``.

    Returns
    -------
    ndarray of shape (n,)
        For problems that have a donor under both, of which no two share a problem (`apart`): 1 or 0 for the answer
        under ``run``, minus 1 or 0 for the answer under ``control``, which is held to the same expected value.

    Raises
    ------
    StatisticsError
        As `exchanges`; when ``control`` is no such control; when no problem has a donor under both.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    import numpy as np

    pairs = apart_by_control(with_control(run, control))
    if not pairs:
        raise StatisticsError(
            f"No problem has a donor under both {run.condition.name!r} and {control.condition.name!r}; give more "
            "problems with worked solutions."
        )
    return np.array([beyond_control(each, harmless) for each, harmless in pairs])


def beyond_control(each: Exchange, harmless: Exchange) -> float:
    """1 or 0 for following, less the same of the answer after the harmless exchange, held to the same value."""
    return float(each.follows) - float(harmless.says(each.expected))


@kept_value
def exchange_rates(run: "Run") -> list[dict[str, Any]]:
    """Count what answers become when a thought is exchanged, by the number of steps of the worked solution.

    Parameters
    ----------
    run : Run
        Answers under a condition that patches by ``matched`` or ``matched-same``.

    Returns
    -------
    list of dict
        ``{"steps", "n", "without_donor", "follows", "by_chance", "keeps", "copies", "neither"}`` for each number of
        steps, ascending (0: no readable solution), and for all problems (``"steps"`` is None). ``n`` problems had a
        donor, of whose answers ``follows`` are what the donor's result makes of the own solution, ``keeps`` the own
        gold answer, ``copies`` the donor's gold answer where that is neither, ``neither`` something else: they add up
        to ``n``. ``by_chance`` answers would follow if they did not depend on the donor. Of the control, where what
        follows is the own answer, ``follows`` and ``by_chance`` are None.

    Raises
    ------
    StatisticsError, PairingError
        As `exchanges`.
    """
    had, same = exchanges(run), matching_of(run).same
    groups: dict[int, list[Exchange]] = {steps: [] for steps in sorted({*map(steps_of, run.problems)})}
    for each in had:
        groups[steps_of(each.problem)].append(each)
    sizes = Counter(map(steps_of, run.problems))
    rows = [_rates(steps, group, sizes[steps] - len(group), same=same) for steps, group in groups.items()]
    return [*rows, _rates(None, had, len(run.problems) - len(had), same=same)]


def _rates(steps: int | None, had: Sequence[Exchange], without: int, *, same: bool) -> dict[str, Any]:
    kept = sum(each.keeps for each in had)
    follows = None if same else sum(each.follows for each in had)
    copied = sum(each.copies and not (each.keeps or each.follows) for each in had)
    return {
        "steps": steps,
        "n": len(had),
        "without_donor": without,
        "follows": follows,
        "by_chance": None if same else sum(each.by_chance for each in had),
        "keeps": kept,
        "copies": copied,
        "neither": len(had) - kept - copied - (follows or 0),
    }
