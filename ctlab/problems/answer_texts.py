"""The texts that a model's answers to problems are held against: the reference answer, options, entities, or one's own.

What stands here is how an answer is *written*. A model that writes ``The answer is: 15`` is asked about that text and
not about ``15``: say so with ``form``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.problems.answer_kinds import letter
from ctlab.problems.problem import Problem

Texts = Mapping[str, Sequence[str]] | Callable[[Problem], Sequence[str]] | str
"""``gold``, ``options`` or ``entities``; a function of a problem; or texts by problem id."""
PLACE = "{}"
"""Where in a form the answer stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTexts:
    """One problem's answers as they are written."""

    texts: tuple[str, ...]
    """The answers, none twice."""
    gold: int | None
    """Which of them is the reference answer, from 0; None where none is."""


def answer_texts(problems: Sequence[Problem], answers: Texts, form: str = PLACE) -> tuple[AnswerTexts, ...]:
    """Write the answers that each problem is scored by; InputError where a problem has none of that kind.

    ``gold`` is the reference answer alone. ``options`` are the texts of a problem's options, the letters where a choice
    is made. ``entities`` are, for rows that carry a graph (ProsQA's columns), the reference answer said of every node
    that an edge leads to. ``form`` is written around each: ``The answer is: {}``.
    """
    if not isinstance(form, str) or form.count(PLACE) != 1:
        raise InputError(
            f"form is a text with one {PLACE} for the answer, such as 'The answer is: {{}}', not {shown(form)}"
        )
    if isinstance(answers, str) and answers not in _WAYS:
        raise InputError(
            f"answers are {', '.join(_WAYS)}, a function of a problem, or texts by problem id; not {shown(answers)}"
        )
    found = []
    for problem in problems:
        given = _WAYS[answers](problem) if isinstance(answers, str) else _own(problem, answers)
        texts = tuple(form.replace(PLACE, text) for text in given)
        if len(set(texts)) < len(texts):
            twice = next(text for text in texts if texts.count(text) > 1)
            raise InputError(f"problem {problem.id} is given the answer {shown(twice)} twice; give each once")
        if not all(text.strip() for text in texts):
            raise InputError(f"problem {problem.id} is given an empty answer; every answer needs a text")
        right = form.replace(PLACE, problem.gold_text)
        found.append(AnswerTexts(texts=texts, gold=texts.index(right) if right in texts else None))
    if found and not any(each.texts for each in found):
        raise InputError("no problem is given an answer, so that nothing can be scored; give at least one")
    return tuple(found)


def entity_answers(problem: Problem) -> dict[int, str]:
    """The reference answer of a graph problem said of every node that an edge leads to, by the node's number."""
    fields = problem.fields
    lacking = [name for name in ("edges", "idx_to_symbol", "target") if name not in fields]
    if lacking:
        raise InputError(
            f"problem {problem.id} carries no graph ({lacking[0]!r} is no column of its row); give answers of your own"
        )
    symbols: Any = fields["idx_to_symbol"]
    target = str(symbols[fields["target"]])
    nodes = sorted({int(second) for _, second in fields["edges"]})
    return {node: problem.gold_text.replace(target, str(symbols[node])) for node in nodes}


def _gold(problem: Problem) -> Sequence[str]:
    return (problem.gold_text,)


def _options(problem: Problem) -> Sequence[str]:
    if not problem.options:
        raise InputError(f"problem {problem.id} has no options; score its 'gold', or answers of your own")
    if problem.kind == "choice":
        return [letter(number) for number in range(len(problem.options))]
    return problem.options


def _entities(problem: Problem) -> Sequence[str]:
    return tuple(entity_answers(problem).values())


def _own(problem: Problem, answers: Any) -> Sequence[str]:
    if callable(answers):
        given = answers(problem)
    elif isinstance(answers, Mapping):
        if problem.id not in answers:
            raise InputError(f"answers hold no texts for problem {problem.id}; give some, () for none")
        given = answers[problem.id]
    else:
        raise InputError(
            f"answers are {', '.join(_WAYS)}, a function of a problem, or texts by problem id; not {shown(answers)}"
        )
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(text, str) for text in given):
        raise InputError(f"the answers of problem {problem.id} are a list of texts, not {shown(given)}")
    return given


_WAYS: Mapping[str, Callable[[Problem], Sequence[str]]] = {"gold": _gold, "options": _options, "entities": _entities}
