"""Several questions of one family: each is judged at the level that Holm leaves for it."""

from collections.abc import Mapping, Sequence

from ctlab.judging.deciding import Decision, decided
from ctlab.judging.paired_scores import PairedScores, effect_of
from ctlab.judging.question import Question
from ctlab.records.judgement import Verdict


def step_down(asked: Sequence[tuple[Question, PairedScores]], alpha: float) -> list[tuple[Decision, float]]:
    """Judge K questions so that any false one is SUPPORTED with a probability of at most α.

    Parameters
    ----------
    asked : sequence of (Question, PairedScores)
        The questions; a p-value must not depend on the level.
    alpha : float
        Level of all of them together.

    Returns
    -------
    list of (Decision, float)
        In the order given: the decision, with an interval at the level that it was judged at, and the Holm-adjusted p.

    Notes
    -----
    The smallest p is held against α / K, the next against α / (K − 1), and so on to the first that is not SUPPORTED:
    its level stays for all that follow.

    References
    ----------
    Holm S (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 65-70.
    """
    plain = {place: effect_of(question, scores, alpha).p_value for place, (question, scores) in enumerate(asked)}
    decisions: dict[int, Decision] = {}
    rejected = 0
    for place in sorted(plain, key=lambda each: plain[each]):
        question, scores = asked[place]
        decisions[place] = decided(question, scores, alpha / (len(asked) - rejected))
        if decisions[place].verdict is Verdict.SUPPORTED:
            # Beyond the first that is not rejected the level no longer grows.
            rejected += 1
    adjusted = holm(plain)
    return [(decisions[place], adjusted[place]) for place in range(len(asked))]


def holm(p_values: Mapping[int, float]) -> dict[int, float]:
    """Return p-values adjusted by Holm."""
    adjusted, largest = {}, 0.0
    for rank, place in enumerate(sorted(p_values, key=lambda each: p_values[each])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted
