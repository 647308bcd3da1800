"""Models whose thoughts do what they are said to: answers and decoded numbers made by design, judged as any others."""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random
from types import SimpleNamespace

import numpy as np

from ctlab.claims import judge
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.interventions.donors import donors
from ctlab.lab.claim_rows import claim_row, judged
from ctlab.measures import (
    BEYOND_SHUFFLED,
    CARRIED,
    CARRIES,
    DIFFERENCE_OF_SHARES,
    EXCHANGED,
    EXCHANGES,
    IS_LEFT,
    LEFT,
    decoded_steps,
    exchanged_steps,
    left_without,
)
from ctlab.problems import Problem, parse_number
from ctlab.statistics import idle_thoughts, needed_where, read_where, some_measured_mean
from hypotheses.claims.role import ROLE

LENGTHS = 5
PER_LENGTH = 150
"""Problems of each number of steps: 30 are too few to show that a cell is idle at 10 points, 150 are not."""


def chain(number, length):
    """A problem of so many additions whose results few others share, and none is a number of the question."""
    draw = Random(number)
    total, text, asked = draw.randint(60, 160), [], []
    start = total
    for _ in range(length):
        more = draw.randint(3, 40)
        text.append(f"Then <<{total}+{more}={total + more}>>{total + more}.")
        asked.append(f"then {more} more")
        total += more
    question = f"Bag {number} holds {start} beads, {', '.join(asked)}. How many?"
    return Problem(question=question, gold=str(total), solution=f"{' '.join(text)}\n#### {total}")


@dataclass(frozen=True, kw_only=True)
class PlantedRun:
    """As much of a run as statistics, measures and judging read."""

    condition: Condition
    problems: tuple
    right: tuple
    answers: tuple
    donors: tuple = ()
    certificate: None = None
    unlabelled: tuple = ()

    @cached_property
    def ids(self):
        return tuple(problem.id for problem in self.problems)

    @property
    def classifications(self):
        return tuple(SimpleNamespace(prediction=parse_number(str(answer))) for answer in self.answers)

    @property
    def generations(self):
        return tuple(SimpleNamespace(donor=donor) for donor in self.donors)

    def correct(self):
        return self.right

    def has(self, outcome):
        return tuple(right == (outcome == "CORRECT") for right in self.right)


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Which thought is needed for problems of how many steps, and which step's result it holds."""

    needed: frozenset
    """Pairs of a thought and a number of steps."""
    holds: frozenset
    """Pairs of a thought and a step, 0 for the last one whichever it is."""
    thoughts: int = 6
    per_length: int = PER_LENGTH
    slips: int = 37
    """One problem in so many is answered wrongly, and one thought in so many says a word, whatever is hidden."""
    read_by: str = "answer"
    """Who needs it: `answer` or `next`."""
    follows: bool = True
    """Whether the answer follows what it needs; else it only breaks without it."""
    names: tuple = ()
    """Number of each thought, where they are permuted."""

    @cached_property
    def problems(self):
        return tuple(
            chain(LENGTHS * k + length, length) for k in range(self.per_length) for length in range(1, LENGTHS + 1)
        )

    def named(self, thought):
        return self.names[thought] if self.names else thought

    def run(self, thought=None, readers="later"):
        """All answers while a thought is hidden: of those it is needed for, the result of the step before.

        It is needed by one reader, so that hiding it from another changes nothing.
        """
        whom = {"later": self.read_by, "answer": "answer", "next": "next"}[readers]
        right, said = [], []
        for row, problem in enumerate(self.problems):
            steps = [step.result.value for step in problem.graph.steps]
            breaks = whom == self.read_by and (thought, len(steps)) in self.needed
            right.append(not breaks and row % self.slips != 0)
            before = steps[-2] if len(steps) > 1 else 7
            said.append(before if breaks else steps[-1] if right[-1] else 1)
        name, hidden = "baseline", ()
        if thought is not None:
            number = self.named(thought)
            name = f"ct{number}_{'blocked' if readers == 'later' else f'from_{readers}'}"
            hidden = (
                Intervention(keys=(f"CT{number}",), readers=(f"CT{number + 1}",) if readers == "next" else readers),
            )
        condition = Condition(name=name, interventions=hidden)
        return PlantedRun(condition=condition, problems=self.problems, right=tuple(right), answers=tuple(said))

    def moves(self, thought, step):
        """Whether the answer follows the thought's result: where it holds it and is needed for it, or for more."""
        return (
            self.follows
            and (thought, step) in self.holds
            and any(one == thought and more >= step for one, more in self.needed)
        )

    def exchanged(self, thought, step, by):
        """All answers with the thought of a donor: where it moves them, what the donor's result makes of it."""
        name = f"ct{self.named(thought)}_{by.replace('-', '_')}_{step}"
        condition = Condition(
            name=name, interventions=(Patch(thoughts=(f"CT{self.named(thought)}",), by=by, step=step),)
        )
        chosen, by_id = donors(self.problems, condition.matching), {problem.id: problem for problem in self.problems}
        undisturbed, said = self.run(), []
        for problem, answer in zip(self.problems, undisturbed.answers, strict=True):
            donor = by_id.get(chosen.get(problem.id))
            moved = donor is not None and self.moves(thought, step)
            brought = donor.graph.results[step - 1] if moved else 0
            said.append(problem.graph.results_with(step, brought)[-1] if moved and answer != 1 else answer)
        return replace(
            undisturbed,
            condition=condition,
            answers=tuple(said),
            donors=tuple(chosen.get(problem.id, "") for problem in self.problems),
        )

    def measurement(self):
        """What each thought decodes to: a word, or the result that it holds."""
        vocabulary, ids = {0: "hm"}, np.zeros((len(self.problems), self.thoughts, 1), dtype=int)
        for row, problem in enumerate(self.problems):
            steps = [step.result.value for step in problem.graph.steps]
            for thought, step in self.holds:
                if step <= len(steps) and (row + thought) % self.slips:
                    number = int(steps[step - 1])
                    vocabulary[number] = f" {number}"
                    ids[row, self.named(thought), 0] = number
        return SimpleNamespace(
            problem_ids=tuple(problem.id for problem in self.problems),
            vocabulary=vocabulary,
            decoded_ids=ids,
            thoughts=self.thoughts,
        )

    @cache  # noqa: B019 - a handful of models, each judged once for all tests
    def rows(self):
        """The claims of the family, judged, as report.json holds them."""
        baseline, treated = (
            self.run(),
            sorted((self.run(thought) for thought in range(self.thoughts)), key=lambda run: run.condition.name),
        )
        readers = [
            *(self.run(thought, "answer") for thought in range(self.thoughts)),
            *(self.run(thought, "next") for thought in range(self.thoughts) if self.named(thought) < self.thoughts - 1),
        ]
        pairs = sorted((self.named(thought), thought, step) for thought, step in self.holds if step)
        matched, same = (
            [self.exchanged(thought, step, by) for _, thought, step in pairs] for by in ("matched", "matched-same")
        )
        alpha, feature = ROLE.claim_alpha, "n_operations"
        made = {
            "thoughts-are-needed-somewhere": lambda asked: needed_where(baseline, treated, asked, feature=feature),
            "thoughts-are-read": lambda asked: read_where(baseline, readers, asked, feature=feature),
            "thoughts-carry-steps": lambda asked: some_measured_mean(
                decoded_steps(self.measurement(), self.problems),
                asked,
                asks=CARRIES,
                labels=CARRIED,
                bounds=BEYOND_SHUFFLED,
            ),
            "exchanging-a-thought-exchanges-the-answer": lambda asked: some_measured_mean(
                exchanged_steps(matched, same), asked, asks=EXCHANGES, labels=EXCHANGED, bounds=DIFFERENCE_OF_SHARES
            ),
            "step-before-is-left": lambda asked: some_measured_mean(
                left_without(baseline, treated), asked, asks=LEFT, labels=IS_LEFT, bounds=BEYOND_SHUFFLED
            ),
            "some-thought-is-idle": lambda asked: idle_thoughts(baseline, treated, asked),
        }
        found = []
        for claim in ROLE.claims:
            if claim.id == "exchanging-a-thought-exchanges-the-answer" and not pairs:
                continue
            claim = replace(claim, controls=())
            asked = SimpleNamespace(direction=claim.direction, margin=claim.margin, alpha=alpha)
            found.append(judged(claim_row(claim, alpha), judge(claim, made[claim.id](asked), alpha=alpha)))
        return found


def planted(needed="", holds="", **fields):
    """Read pairs such as `0-1 1-2`."""
    pairs = [frozenset(tuple(map(int, pair.split("-"))) for pair in text.split()) for text in (needed, holds)]
    return Planted(needed=pairs[0], holds=pairs[1], **fields)


CHAIN = planted("0-1 1-2 2-3 3-4 4-5", "0-1 1-2 2-3 3-4 4-5")
SHARED = planted("0-1 1-2 2-2 3-3", "0-1 1-2 2-2 3-3")
COPIES = planted("0-1 3-3", "0-1 1-2 2-2 3-3")
STORES_AND_COMPUTES = planted("0-1 0-2 0-3 1-2 1-3 2-2 2-3 3-3 3-4 4-3 5-5", "0-1 2-2 4-3")
PLACEHOLDERS = planted()
TOO_FEW = planted("0-1 1-2", "0-1 1-2", per_length=30)
HOLDS_THE_ANSWER = planted("5-1 5-2 5-3 5-4 5-5", "5-0")
