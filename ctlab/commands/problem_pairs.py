"""What `ctlab problems SET --pairs STEP` prints: problems beside those that differ from them in that result alone."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.interventions.donor_rule import CROSSED, GENERATED, Matching
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.problems import Problem
from ctlab.untrusted_text import in_line

_SHOWN = 3  # pairs of a kind: each is two questions
_KINDS = (
    (GENERATED, False, "another result"),
    (CROSSED, False, "another result, and nothing else that leads to the expected answer"),
    (GENERATED, True, "the same result"),
)


def pair_lines(problems: Sequence[Problem], step: int, *, whole: bool = False) -> list[str]:
    """Write the pairs of a set at a step, or hop, from 1: how many there are, and the first; ``whole`` shows all."""
    lines = []
    for pairs, same, words in _KINDS:
        found = generated_pairs(tuple(problems), Matching(step=step, same=same, seed=0, pairs=pairs))
        by = "matched-same" if same else "matched"
        count = f"{formatting.count(len(found))} of {formatting.counted(len(problems), 'problem')}"
        lines += ["", f'step {step}, {words} ("by": "{by}", "pairs": "{pairs}"): {count}']
        shown = [problem for problem in problems if problem.id in found]
        for problem in shown if whole else shown[:_SHOWN]:
            pair = found[problem.id]
            golds = f"{problem.gold_text} → {pair.donor.gold_text}"
            lines += [
                f"  {problem.question}",
                f"  {pair.donor.question}",
                f"    {pair.change}; answers {golds}; expected with the donor's thought: {pair.expected}",
            ]
    return [in_line(line) for line in lines]
