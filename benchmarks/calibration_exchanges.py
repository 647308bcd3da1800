"""How often a test of exchanged thoughts errs where the problems behind them decide, and not the exchange."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import numpy as np

from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import donors
from ctlab.measures.apart import apart
from ctlab.measures.ranges import DIFFERENCE_OF_SHARES
from ctlab.problems import load_problems
from ctlab.statistics.means.tested import mean_effect

MARGIN = 0.25
STEPS = (1, 3, 5)
GOOD = MARGIN**0.5
"""Share of problems whose thoughts are good: an answer follows where both are, which is at the margin."""


def exchange_rows(levels: Sequence[float], runs: int) -> Iterator[list[str]]:
    """Return rows of a table: at each step, of all exchanges and of those apart, how often the margin is exceeded."""
    problems = load_problems("tiny").problems
    place = {problem.id: row for row, problem in enumerate(problems)}
    for step in STEPS:
        chosen = donors(problems, Matching(step=step, same=False, seed=0))
        pairs = np.array([(place[one], place[other]) for one, other in chosen.items()])
        kept = apart([{str(one), str(other)} for one, other in pairs.tolist()])
        for name, rows in (("all", pairs), ("apart", pairs[kept])):
            found = [_p_value(rows, len(problems), (step, run)) for run in range(runs)]
            rates = [sum(p <= level for p in found) / runs for level in levels]
            yield [f"step {step}", name, f"{len(rows):,}", *(f"{rate:.4f}" for rate in rates)]


def _p_value(pairs: np.ndarray, problems: int, seed: tuple[int, int]) -> float:
    good = np.random.default_rng(seed).random(problems) < GOOD
    follows = (good[pairs[:, 0]] & good[pairs[:, 1]]).astype(float)
    question = SimpleNamespace(direction="increase", margin=MARGIN, alpha=0.05)
    return mean_effect(follows, question, "points", bounds=DIFFERENCE_OF_SHARES, strata=None).p_value
