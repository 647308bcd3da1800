"""The call beside `ctlab.generate` that chooses no token: problems and answers in, log-probabilities out.

Importing it imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import InputError
from ctlab.generation import loaded
from ctlab.inputs import shown
from ctlab.interventions import given_conditions
from ctlab.problems import load_problems
from ctlab.problems.answer_texts import PLACE, answer_texts
from ctlab.records.scores import places

if TYPE_CHECKING:
    from ctlab.generation import Conditions, Model, Problems
    from ctlab.problems.answer_texts import Texts
    from ctlab.records.scores import Scores


def score(
    model: Model,
    problems: Problems,
    conditions: Conditions,
    *,
    answers: Texts = "gold",
    form: str = PLACE,
    at: str | Sequence[str] = "answer",
    dtype: str | None = None,
    batch_tokens: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Scores]:
    """Tell how probable given answers are under every condition, in one pass that shares all that it can.

    Nothing is kept: `ctlab.Lab.score` keeps it, and proves it (`ctlab.certify.certify_scores`).

    Parameters
    ----------
    model : model, str or path
        A loaded model, or what `ctlab.load_model` takes.
    problems : sequence of Problem, str or path
        Problems, or what `ctlab.load_problems` takes.
    conditions : Condition, dict or several of them
        Conditions as objects or in their JSON form.
    answers : str, callable or mapping
        ``gold``, ``options`` (of a choice the letters), ``entities`` (of a problem that carries a graph), a function
        of a problem that returns texts, or texts by problem id.
    form : str
        What the model writes around an answer, with ``{}`` in its place: ``The answer is: {}``.
    at : str or several
        ``answer``, where whole answers are scored, and thoughts (``CT0`` …): there the probability of each answer's
        first token is read from the state that the thought is made of.
    dtype : str, optional
        Floating-point type to which a copy of the model is cast for this run.
    batch_tokens : int, optional
        Most tokens in a batch; chosen by the memory at hand where it is not given.
    progress : callable, optional
        Called with the number of problems scored so far, once for each condition, and in total.

    Returns
    -------
    dict of str to Scores
        Condition name to log-probabilities (natural logarithm), in problem order: of each answer's tokens in turn, with
        and without the end token after them. Only ids that the model may choose share the probability.

    Raises
    ------
    InputError
        Naming the answer that the model's tokens cannot write, the place that is no thought, or the model whose answers
        start nowhere in particular.
    """
    from ctlab.engine import decoding_of
    from ctlab.probes import scored

    if progress is not None and not callable(progress):
        raise InputError(f"progress is called with two numbers here, or is None; not {shown(progress)}")
    reasoner, asked = loaded(model, dtype), load_problems(problems).problems
    found, _ = scored(
        reasoner,
        asked,
        given_conditions(conditions),
        decoding_of(reasoner),
        answer_texts(asked, answers, form),
        at=places(at),
        batch_tokens=batch_tokens,
        progress=progress,
    )
    return found
