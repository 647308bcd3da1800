"""Generated donors, held to what is said of them: what each pair differs in is worked out again."""

import hashlib
from collections.abc import Sequence

from ctlab import formatting
from ctlab.certify.counterfactual_edges import wrong_edge
from ctlab.certify.counterfactual_numbers import wrong_numbers
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.plan import Plan
from ctlab.interventions import Patch
from ctlab.problems import Problem
from ctlab.records import Check


def pairs_check(activations: ActivationCache, patch: Patch) -> Check:
    """Hold every pair of a problem set to the rule, and say how many problems have one."""
    chosen = {} if patch.matching is None else activations.donors(patch.matching)
    there = {problem.id: problem for problem in (*activations.generated, *activations.problems)}
    own = {problem.id: problem for problem in activations.problems}
    faults = [
        f"problem {name}: {fault}"
        for name, donor in chosen.items()
        if (fault := wrong_pair(own.get(name), there.get(donor), patch))
    ]
    return Check(
        name="donors-as-said",
        passed=not faults and len(chosen) > 0,
        detail=f"{formatting.count(len(chosen))} of {formatting.counted(len(own), 'problem')} have a generated donor, "
        f"the others are left as they are and not judged; {len(faults)} differ otherwise than said"
        f"{f' ({faults[0]})' if faults else ''}",
    )


def wrong_pair(own: Problem | None, donor: Problem | None, patch: Patch) -> str:
    """Say what is wrong with a problem's donor; empty where nothing is."""
    if own is None or donor is None or patch.step is None:
        return "one of the two is not there"
    if hashlib.sha256(donor.question.encode("utf-8", "surrogatepass")).hexdigest()[:16] != donor.id:
        return "the donor goes by another question's id"
    same, crossed = patch.by == "matched-same", patch.pairs == "crossed"
    if own.kind == "number":
        return wrong_numbers(own, donor, step=patch.step, same=same, crossed=crossed)
    return wrong_edge(own, donor, hop=patch.step, same=same, crossed=crossed)


def prompt_of(whole: Plan, activations: ActivationCache | None, name: str) -> Sequence[int] | None:
    """Return the prompt of a problem of the plan, or of a generated one; None where it is beyond both."""
    for row, problem in enumerate(whole.problems):
        if problem.id == name:
            return whole.prompts[row]
    generated = () if activations is None else activations.generated
    asked = next((problem.question for problem in generated if problem.id == name), None)
    return None if asked is None else whole.model.encode(asked)
