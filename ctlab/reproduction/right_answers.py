"""How a right answer to each question is written, as token ids: what a teacher-forced pass is asked about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab.outcomes.forms import form_of
from ctlab.problems.text.numbers import find_numbers
from ctlab.records import Generation
from ctlab.reproduction.asked import Asked
from ctlab.reproduction.trial import Trial

if TYPE_CHECKING:
    from ctlab.models import LatentReasoner


def right_answers(model: "LatentReasoner", asked: Sequence[Asked], trials: Sequence[Trial]) -> list[list[int]] | None:
    """Return a right answer to each question, as ids; None where nobody knows how the model writes one.

    Expected answers are taken as they are. A gold answer is put into the place of the number in an answer that the
    model wrote, of the most frequent form among the correct ones of the trial with most of these.
    """
    eos = model.eos_token_id
    if all(each.tokens for each in asked):
        return [list(each.tokens or ()) for each in asked]
    if not all(each.by_gold for each in asked):
        return None
    pattern = _pattern(model, trials)
    if pattern is None:
        return None
    before, after = pattern
    texts = [f"{before}{each.problem.gold_text}{after}" for each in asked]
    return [[*_encoded(model, text), eos] for text in texts]


def _pattern(model: "LatentReasoner", trials: Sequence[Trial]) -> tuple[str, str] | None:
    """Return what stands before and after the number."""
    best = max(trials, key=lambda trial: trial.count)
    right = [answer for answer, correct in zip(best.answers, best.right, strict=True) if correct]
    by_form: dict[str, list[Generation]] = {}
    for answer in right:
        by_form.setdefault(form_of(answer.text), []).append(answer)
    for answers in sorted(by_form.values(), key=len, reverse=True):
        answer = answers[0]
        numbers = find_numbers(answer.text)
        ids = [token for token in answer.token_ids if token != model.eos_token_id]
        # Where the text does not lead back to its ids, another one of that form would not either.
        if len(numbers) == 1 and _encoded(model, answer.text) == ids:
            return answer.text[: numbers[0].start], answer.text[numbers[0].end :]
    return None


def _encoded(model: "LatentReasoner", text: str) -> list[int]:
    ids: list[int] = model.tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids
