"""A problem that a model is asked, and what its answer must be to count as reproduced."""

from dataclasses import dataclass

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem
from ctlab.records import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One problem, with the gold answer or with the very answer that somebody else's run gave."""

    problem: Problem
    """The problem."""
    tokens: tuple[int, ...] | None = None
    """Ids of the expected answer, with or without the end of sequence; None where only its text or gold is known."""
    text: str | None = None
    """Text of the expected answer; None where its ids or its gold answer decide."""
    sure: int | None = None
    """Leading ids that a float32 run must have too; None: all of them."""
    steps: int | None = None
    """Steps of the worked solution; None where there is none."""

    @property
    def by_gold(self) -> bool:
        """Whether the gold answer decides."""
        return self.tokens is None and self.text is None

    def right(self, answer: Generation, eos: int) -> bool:
        """Whether an answer is the expected one, or is correct where the gold answer decides.

        The end of sequence does not count: some official code returns it and some does not.
        """
        if self.tokens is not None:
            expected, said = _ended(self.tokens, eos), _ended(answer.token_ids, eos)
            if self.sure is not None and self.sure < len(expected):
                return said[: self.sure] == expected[: self.sure]
            return said == expected
        if self.text is not None:
            return answer.text.strip() == self.text.strip()
        return self.correct(answer.text)

    def correct(self, text: str) -> bool:
        """Whether a text is a correct answer to the problem."""
        return classify(self.problem, text).outcome == Outcome.CORRECT


def asked_by_gold(problem: Problem) -> Asked:
    """Return a problem whose gold answer decides."""
    # A chain of sentences, as ProsQA's, has no calculations, and its steps are counted all the same.
    steps = problem.features.n_hops if problem.graph is None else len(problem.graph.steps)
    return Asked(problem=problem, steps=steps)


def _ended(ids: tuple[int, ...], eos: int) -> tuple[int, ...]:
    """Cut ids at the end of sequence that ends an answer; one at the very start is kept, as official code keeps it."""
    end = next((place for place, token in enumerate(ids) if token == eos and place), len(ids))
    return ids[:end]
