"""Two problems to look at: what the model said before and after, where the outcome was lost or gained."""

from collections.abc import Mapping

from ctlab.claims.claim import Claim
from ctlab.records.effect import Effect
from ctlab.records.judgement import Example
from ctlab.statistics.pairing import AnsweredRun, having
from ctlab.statistics.requested import EVERY_OUTCOME

_HOW_MANY = 2  # to look at, not to count: the first may be odd, so there is another
_LONGEST_ANSWER = 300  # characters: 64 tokens, the longest answer by default, are about 250


def find_examples(claim: Claim, runs: Mapping[str, AnsweredRun], effect: Effect | None = None) -> tuple[Example, ...]:
    """Return the first two problems, in order of their id, whose outcome the treatment changed.

    Lost ones come first, gained ones where it is claimed that the outcome becomes more frequent. Of a claim about every
    outcome they are about the outcome that decided, as the effect's counts are.
    """
    shown = [runs[name] for name in claim.conditions if name in runs]
    if len(shown) < 2:
        return ()
    before, after = shown[:2]
    ids = before.ids
    if tuple(ids) != tuple(after.ids):
        return ()
    outcome = claim.outcome
    if outcome == EVERY_OUTCOME:
        outcome = "CORRECT" if effect is None else str(effect.details.get("weakest", "CORRECT"))
    had, has = having(before, outcome), having(after, outcome)
    changed = [row for row in range(len(had)) if had[row] != has[row]]
    # An id is a digest of the question, so its order is arbitrary and yet the same in every run.
    gained_first = claim.kind.rules.gained_first(claim)
    changed.sort(key=lambda row: (has[row] != gained_first, ids[row]))
    return tuple(_example(row, bool(has[row]), before, after) for row in changed[:_HOW_MANY])


def _example(row: int, gained: bool, before: AnsweredRun, after: AnsweredRun) -> Example:
    """Return one problem with both answers."""
    problem = before.problems[row]
    return Example(
        problem_id=before.ids[row],
        change="gained" if gained else "lost",
        question=problem.question,
        gold=str(problem.gold_number),
        answers={run.condition.name: run.generations[row].text[:_LONGEST_ANSWER] for run in (before, after)},
    )
