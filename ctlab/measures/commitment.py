"""After how many thoughts a model is committed: by what it answers early, and by what its thoughts decode to."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import PairingError, StatisticsError
from ctlab.measures.decoded_numbers import check_numbers, decoded_numbers
from ctlab.measures.kept import kept_value
from ctlab.problems.text.exact import slim

if TYPE_CHECKING:
    import numpy as np

    from ctlab.outcomes import Classification, Run
    from ctlab.records.measurement import Measurement


def same_answers(run: "Run", final: "Run") -> tuple[bool, ...]:
    """Return for each problem whether a run answers it as another does, right or wrong.

    Two answers are one where the same is read from them, numbers by their value; where nothing is read, where their
    texts are one.

    Raises
    ------
    PairingError
        When the runs are not of the same problems.
    """
    if run.ids != final.ids:
        raise PairingError(f"Run {run.condition.name!r} holds other problems than {final.condition.name!r} does.")
    return tuple(mine == other for mine, other in zip(_answers(run), _answers(final), strict=True))


@kept_value
def committed_after(early: Sequence["Run"], final: "Run") -> list[int]:
    """Return for each problem the fewest thoughts from which on every answer is the final one.

    Parameters
    ----------
    early : sequence of Run
        The answers after 0, 1, … thoughts, in this order (`ctlab.interventions.early_answers`).
    final : Run
        The answers after all of them.

    Returns
    -------
    list of int
        One number a problem, 0 … ``len(early)``: the latter where the answer after all thoughts but the last is
        another (`same_answers`).

    Raises
    ------
    PairingError
        When the runs are not those after 0, 1, … thoughts, or not of the same problems.
    """
    for fed, run in enumerate(early):
        if run.condition.num_thoughts != fed:
            raise PairingError(
                f"Run {run.condition.name!r} stands where the answers after {fed} thoughts belong; give the runs of "
                f"early_answers in order, from none on."
            )
    same = [same_answers(run, final) for run in early]
    found = []
    for row in range(len(final.problems)):
        fed = len(early)
        while fed and same[fed - 1][row]:
            fed -= 1
        found.append(fed)
    return found


@kept_value
def decoded_after_commitment(early: Sequence["Run"], final: "Run", measured: "Measurement") -> "np.ndarray":
    """Return how many thoughts later the final answer can be decoded from a thought than it is committed to.

    Parameters
    ----------
    early, final : runs
        As `committed_after` takes them.
    measured : Measurement
        Decoded thoughts of the undisturbed run.

    Returns
    -------
    ndarray of shape (n,)
        For each problem whose final answer some thought says as its most probable token: the number of thoughts up to
        and with the first that says it, minus `committed_after`; positive where the output commits first. Problems
        whose answer no thought says are left out, because their representation never commits by this measure.

    Raises
    ------
    AnswerKindError
        When the problems are not answered by numbers.
    PairingError
        When the runs are not those after 0, 1, … thoughts, or the problems are not those that were measured.
    StatisticsError
        When no thought says any final answer.

    Notes
    -----
    The first thought that says it, also where a later one says something else, and commitment only from where every
    later answer stays: both choices, and numbers that are said by chance, make the difference smaller.
    """
    import numpy as np

    check_numbers(final.problems, "numbers that thoughts decode to")
    if tuple(measured.problem_ids) != final.ids:
        raise PairingError("The problems are not those that were measured, in the same order; measure them together.")
    committed = committed_after(early, final)
    differences = []
    for row, said in enumerate(decoded_numbers(measured)):
        prediction = final.classifications[row].prediction
        answer = None if prediction is None else slim(prediction.value)
        if answer is not None and answer in said:
            differences.append(float(said.index(answer) + 1 - committed[row]))
    if not differences:
        raise StatisticsError("No thought decodes to the final answer of its problem, so that nothing is compared.")
    return np.array(differences)


def within_thoughts(early: Sequence["Run"]) -> tuple[float, float]:
    """Return between which numbers `decoded_after_commitment` of as many early answers lies, whatever the problem."""
    return -float(len(early)), float(len(early))


def _answers(run: "Run") -> list[tuple[str, Hashable]]:
    """What was read of each answer: a number by its value, else a text; the answer's own text where nothing was."""
    return [_answer(label, said.text) for label, said in zip(run.classifications, run.generations, strict=True)]


def _answer(label: "Classification", text: str) -> tuple[str, Hashable]:
    if label.prediction is not None:
        return "number", slim(label.prediction.value)
    return ("text", text.strip()) if label.shown is None else ("read", label.shown)
