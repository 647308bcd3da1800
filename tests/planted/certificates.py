"""Certificates of planted runs: what every reader was handed, held to the condition's own words."""

from collections.abc import Sequence

from ctlab.interventions import Condition
from ctlab.problems import Problem
from ctlab.records import Certificate, Check
from tests.planted.engine import Answered, UnderCondition
from tests.planted.masks import ANSWER


def certificate(run: UnderCondition, digest: str, size: int) -> Certificate:
    """Certify a condition on a few problems; where it takes donors' thoughts, on such as have one."""
    sample = [problem for problem in run.among if not run.donors or problem.id in run.donors][:size]
    pairs = [(run.answered(problem), run.undisturbed(problem)) for problem in sample]
    removed = (len(run.mask.hidden) + len(run.mask.control)) * len(sample)
    return Certificate(
        condition=run.condition.name,
        model=digest,
        backend="planted program",
        edges_removed=removed,
        edges_weakened=removed,
        thoughts_replaced=sum(by != "self" for by in run.mask.fed.values()) * len(sample),
        problems=len(sample),
        checks=(_hidden(run, [after for after, _ in pairs]), *_fed(run, sample, pairs), _effect(run, sample, pairs)),
    )


def hides(condition: Condition, reader: int, key: int) -> bool:
    """Whether a condition says that a reader does without a thought: its words, read one pair at a time."""
    for edges in condition.on_edges:
        keyed = edges.keys == "thoughts" or f"CT{key}" in edges.keys
        later = reader == ANSWER or reader > key + 1
        read = {"later": later, "answer": reader == ANSWER, "thoughts": later and reader != ANSWER}
        whom = read.get(edges.readers, False) if isinstance(edges.readers, str) else f"CT{reader}" in edges.readers
        if keyed and whom and edges.keep == 0:
            return True
    return False


def _hidden(run: UnderCondition, answers: Sequence[Answered]) -> Check:
    """Hold each value that a reader was handed to the condition: None where it hides, the thought where it does not."""
    wrong = sum(
        value is not (None if hides(run.condition, reader, k) else answered.values[k])
        for answered in answers
        for reader, handed in answered.handed.items()
        for k, value in handed.items()
    )
    return Check(name="removed-edges-are-zero", passed=wrong == 0, detail=f"{wrong} readers were handed something else")


def _fed(run: UnderCondition, sample: Sequence[Problem], pairs: Sequence[tuple[Answered, Answered]]) -> list[Check]:
    """Hold what stands in place of a thought to an undisturbed run of the donor."""
    if not run.mask.fed:
        return []
    wrong = sum(
        after.values[k] != run.undisturbed(source).values[k]
        for problem, (after, _) in zip(sample, pairs, strict=True)
        for k, by in run.mask.fed.items()
        if (source := run.source(problem, by)) is not None
    )
    checks = [Check(name="replaced-as-said", passed=wrong == 0, detail=f"{wrong} thoughts are no donor's")]
    if run.condition.matching is not None:
        detail = f"{len(run.donors)} of {len(run.among)} problems have a donor, the others are left as they are"
        checks.append(Check(name="donors-as-said", passed=bool(run.donors), detail=detail))
    return checks


def _effect(run: UnderCondition, sample: Sequence[Problem], pairs: Sequence[tuple[Answered, Answered]]) -> Check:
    """Hold a no-op to baseline, and anything else to what it must do: a reader does without, or is fed another's.

    A thought that says nothing is hidden as any other, and a donor's thought is another one even where both say the
    same: of a model they would be vectors.
    """
    mask = run.mask
    handed = sum(after.handed != before.handed for after, before in pairs)
    others = sum(after.answer != before.answer for after, before in pairs)
    if not mask.hidden and not mask.control and all(by == "self" for by in mask.fed.values()):
        detail = f"what is handed on differs in {handed}, the answer in {others} of {len(pairs)}"
        return Check(name="no-op", passed=handed == others == 0, detail=detail)
    exchanged = sum(run.source(problem, by) not in (None, problem) for problem in sample for by in mask.fed.values())
    detail = (
        f"{len(mask.hidden) + len(mask.control)} readers a problem do without, {exchanged} thoughts are another "
        f"problem's; what is handed on differs in {handed}, the answer in {others} of {len(pairs)}"
    )
    return Check(name="bites", passed=bool(mask.hidden or mask.control or exchanged), detail=detail)
