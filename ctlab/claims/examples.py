"""Two problems to look at: what the model said before and after, where the outcome was lost or gained."""

from collections.abc import Mapping

from ctlab.claims.claim import Claim
from ctlab.claims.evidence import outcome_of
from ctlab.records.effect import Effect
from ctlab.records.judgement import Example
from ctlab.statistics.pairing import AnsweredRun, having

_HOW_MANY = 2  # to look at, not to count: the first may be odd, so there is another
_LONGEST_ANSWER = 300  # characters: 64 tokens, the longest answer by default, are about 250


def find_examples(claim: Claim, runs: Mapping[str, AnsweredRun], effect: Effect | None = None) -> tuple[Example, ...]:
    """Return the first two problems, in order of their id, whose outcome differs between the conditions compared.

    Lost ones come first, gained ones where it is claimed that the outcome becomes more frequent. Of a claim about every
    outcome they are about the outcome that decided, as the effect's counts are.
    """
    pair = compared_pair(claim, effect)
    if pair is None or not runs.keys() >= set(pair):
        return ()
    before, after = (runs[name] for name in pair)
    ids = before.ids
    if tuple(ids) != tuple(after.ids):
        return ()
    outcome = outcome_of(claim, effect) or "CORRECT"
    had, has = having(before, outcome), having(after, outcome)
    changed = [row for row in range(len(had)) if had[row] != has[row]]
    # An id is a digest of the question, so its order is arbitrary and yet the same in every run.
    gained_first = claim.kind.rules.gained_first(claim)
    changed.sort(key=lambda row: (has[row] != gained_first, ids[row]))
    return tuple(_example(row, bool(has[row]), before, after) for row in changed[:_HOW_MANY])


def compared_pair(claim: Claim, effect: Effect | None) -> tuple[str, str] | None:
    """Return the two conditions that an effect's lost and gained problems compare, else the first two of the claim."""
    compared = None if effect is None else claim.kind.rules.compared(claim, effect)
    if compared is None and len(claim.conditions) > 1:
        return claim.conditions[0], claim.conditions[1]
    return compared


def _example(row: int, gained: bool, before: AnsweredRun, after: AnsweredRun) -> Example:
    """Return one problem with both answers."""
    problem = before.problems[row]
    return Example(
        problem_id=before.ids[row],
        change="gained" if gained else "lost",
        question=problem.question,
        gold=problem.gold_text,
        answers={run.condition.name: run.generations[row].text[:_LONGEST_ANSWER] for run in (before, after)},
    )
