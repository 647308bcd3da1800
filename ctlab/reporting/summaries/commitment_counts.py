"""When answers are decided, as counts: right ones, and those that are the final one, by thoughts fed and by stratum."""

from collections.abc import Mapping, Sequence

from ctlab.measures import same_answers
from ctlab.outcomes import Run
from ctlab.reporting.model.commitment_table import Commitment, CommitmentPoint, CommitmentStratum
from ctlab.reporting.model.record import BASELINE, Form

_FEATURES = ("n_operations", "n_hops")
"""Steps of a worked solution, and of the way to an answer that is no number."""
_FEWEST = 2  # early answers: with one there is no curve


def commitment(runs: Mapping[str, Run], num_thoughts: int | None) -> Form | None:
    """Return the table of early answers, of a model that feeds ``num_thoughts``; None where too few were run.

    Early answers are the conditions that feed fewer thoughts and disturb nothing else; the answer after all of them is
    the baseline's. Problems of which a feature is not known are in no stratum but that of all.
    """
    early = {
        run.condition.num_thoughts: run
        for run in runs.values()
        if run.condition.num_thoughts is not None and not run.condition.interventions and not run.condition.no_op
    }
    final = runs.get(BASELINE)
    if final is None or len(early) < _FEWEST:
        return None
    last = max(early) + 1 if num_thoughts is None else num_thoughts
    curve = {**{fed: early[fed] for fed in sorted(early)}, last: final}
    feature, values = _strata(final)
    groups: list[tuple[int | None, list[int]]] = [(None, list(range(len(final.problems))))]
    groups += [(value, [row for row, own in enumerate(values) if own == value]) for value in _levels(values)]
    right = {fed: run.correct() for fed, run in curve.items()}
    same = {fed: same_answers(run, final) for fed, run in curve.items()}
    strata = [
        CommitmentStratum(
            value=value,
            n=len(rows),
            points=tuple(
                CommitmentPoint(
                    fed=fed, right=sum(right[fed][row] for row in rows), same=sum(same[fed][row] for row in rows)
                )
                for fed in curve
            ),
        )
        for value, rows in groups
    ]
    return Commitment(feature=feature, strata=tuple(strata)).to_json()


def _strata(run: Run) -> tuple[str, list[int | None]]:
    """The first feature in which problems differ, and each problem's value; no name where there is none."""
    for name in _FEATURES:
        values = [getattr(problem.features, name) for problem in run.problems]
        if len(_levels(values)) > 1:
            return name, values
    return "", []


def _levels(values: Sequence[int | None]) -> list[int]:
    return sorted({value for value in values if value is not None})
