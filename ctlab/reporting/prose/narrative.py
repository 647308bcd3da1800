"""What happened to one problem, told from its facts alone."""

from collections.abc import Mapping, Sequence

from ctlab import formatting
from ctlab.reporting.model.case_table import CaseAttention, CasePath, DecodedToken, Probed, Thoughts
from ctlab.reporting.model.outcome_table import Answer
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.prose.untrusted_text import clip

_TOLD = 0.01
"""Gain of attention, as a proportion, that is worth a sentence: a reader's row sums to 1, so less is a rounding."""
_SAME = 1e-6
"""How far a cosine is from 1 where two states are the same but for rounding; cosines are kept to five decimals."""


def narrative(impact: str, condition: str, answers: Mapping[str, Answer], probed: Probed) -> str:
    """Tell what the model answered with and without the treatment, what explains it, and what probes saw of it."""
    parts = [_answered("Under baseline", answers[BASELINE]), _answered(f"Under {condition}", answers[condition])]
    parts += _others([answer for name, answer in answers.items() if name not in (BASELINE, condition)])
    if impact.startswith("unchanged"):
        parts.append("The answer did not change: this case is a control.")
    elif impact == "changed, still wrong":
        parts.append("The answer changed from one that is wrong to another.")
    parts += _decoded(probed.thoughts)
    parts += _attended(probed.attention)
    parts += [_parted(name, path) for name, path in probed.divergence.items()]
    return " ".join(parts)


def _answered(where: str, answer: Answer) -> str:
    """One answer: what was read, its outcome and what explains it."""
    said = (
        "it gave no answer that can be read"
        if answer.prediction is None
        else f"it answered {clip(answer.prediction, 40)}"
    )
    if answer.right:
        return f"{where} {said}, which is right."
    text = f"{where} {said}, labelled {formatting.outcome(answer.outcome)}"
    if explanations := _explanations(answer):
        text += f" ({explanations})"
    return f"{text}."


def _others(answers: Sequence[Answer]) -> list[str]:
    """How the other conditions went, in one sentence; the table has their answers."""
    if not answers:
        return []
    right = sum(answer.right for answer in answers)
    return [f"Of {formatting.counted(len(answers), 'other condition')}, {formatting.count(right)} got it right."]


def _explanations(answer: Answer) -> str:
    """The explanation that was chosen, and how many others fit as well."""
    fitting = answer.explanations or ()
    chosen = next((explanation.detail for explanation in fitting if explanation.outcome == answer.outcome), "")
    others = len({explanation.outcome for explanation in fitting} - {answer.outcome})
    parts = [clip(chosen, 120)] if chosen else []
    if others:
        parts.append(f"{formatting.counted(others, 'other label')} would fit too")
    return "; ".join(parts)


def _decoded(thoughts: Mapping[str, Thoughts]) -> list[str]:
    """What each thought decodes to at its most probable, and which of that the worked solution comes to."""
    parts: list[str] = []
    first, known = next(iter(thoughts.items()), ("", ()))
    for place, (name, steps) in enumerate(thoughts.items()):
        tops = [_top(step) for step in steps]
        if place and tops == [_top(step) for step in known]:
            parts.append(f"Under {name} they decode to the same as under {first}.")
        elif steps:
            parts.append(f"Under {name} the thoughts decode to {formatting.listed(tops)}, in order{_hits(steps)}.")
    return parts


def _top(step: Sequence[DecodedToken]) -> str:
    return f"“{clip(step[0].token, 20)}”" if step else "nothing"


def _hits(steps: Thoughts) -> str:
    """Count results of the worked solution among the thoughts' most probable tokens; the same number counts once."""
    results = [result for result, _ in {(step[0].result, step[0].token.strip()) for step in steps if step}]
    parts = []
    if number := results.count("step"):
        words = formatting.counted(number, "result of a step", "different results of steps")
        parts.append(f"{words} of the worked solution")
    if "answer" in results:
        parts.append("the right answer")
    return f" ({' and '.join(parts)} among them)" if parts else ""


def _attended(attention: Mapping[str, CaseAttention]) -> list[str]:
    """Of each condition, which reader moved most of its attention, and where to; nothing without baseline's."""
    before = attention.get(BASELINE)
    parts: list[str] = []
    for name, row in attention.items():
        if before is None or name == BASELINE or row.keys != before.keys:
            continue
        moved = [
            (here - there, reader, key)
            for reader, old, new in zip(row.readers, before.mass, row.mass, strict=False)
            for key, there, here in zip(row.keys, old, new, strict=True)
        ]
        gain, reader, key = max(moved, default=(0.0, "", ""))
        if gain >= _TOLD:
            parts.append(
                f"Under {name} the largest gain of attention is {reader}'s for {key}: {formatting.points(gain)}."
            )
    return parts


def _parted(name: str, path: CasePath) -> str:
    """Where the path of one condition is furthest from baseline's."""
    least = path.furthest
    if 1.0 - path.cosine[least] < _SAME:
        return f"Under {name} the hidden states stay those of baseline."
    first = next(place for place, cosine in enumerate(path.cosine) if 1.0 - cosine >= _SAME)
    return (
        f"Under {name} the hidden states leave baseline's at {path.positions[first]} and are furthest from them at "
        f"{path.positions[least]} (cosine {formatting.decimal(path.cosine[least], (0.0, 1.0), 2)})."
    )
