"""What `ctlab.generate` returns: answers by condition, as they are and, when asked for, with what they mean."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.interventions import BASELINE, Condition
from ctlab.outcomes.forms import fewest_forms
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.run import Run
from ctlab.outcomes.run_set import RunSet
from ctlab.outcomes.taxonomy import answer_form, classify
from ctlab.problems import Problem
from ctlab.records import Certificate, Generation
from ctlab.showing.blocks import block, heading, sentence, table

if TYPE_CHECKING:
    from ctlab.frames import DataFrame

_FIRST = 5  # answers that a notebook shows


class Generations(tuple[Generation, ...]):
    """The answers under one condition, one a problem, in problem order: a tuple that a notebook can show."""

    condition: str
    """Name of the condition."""
    problems: tuple[Problem, ...]
    """What was asked."""

    def __new__(cls, generations: Sequence[Generation], condition: str, problems: Sequence[Problem]) -> "Generations":
        """Hold the answers to problems together, in their order."""
        made = super().__new__(cls, generations)
        made.condition, made.problems = condition, tuple(problems)
        return made

    def __repr__(self) -> str:
        return f"<{formatting.counted(len(self), 'answer')} under {self.condition}>"

    def _repr_html_(self) -> str:
        """Show the first answers in a notebook."""
        rows = [(asked.question, asked.gold_text, said.text) for asked, said in zip(self.problems, self, strict=True)]
        more = sentence(f"The first {min(_FIRST, len(self))} of {formatting.count(len(self))}.", aside=True)
        title = f"{formatting.counted(len(self), 'answer')} under {self.condition}"
        return block(heading(title), table(("question", "gold", "answer"), rows[:_FIRST]), more)


class Runs(Mapping[str, Generations]):
    """Condition name to its generations, one a problem, in problem order."""

    def __init__(
        self,
        generations: Mapping[str, Sequence[Generation]],
        certificates: Mapping[str, Certificate],
        problems: Sequence[Problem] = (),
        conditions: Sequence[Condition] = (),
    ) -> None:
        self._generations = {name: Generations(given, name, problems) for name, given in generations.items()}
        self._conditions = tuple(conditions)
        self.certificates: Mapping[str, Certificate] = dict(certificates)
        self.problems = tuple(problems)

    def __getitem__(self, name: str) -> "Generations":
        if not isinstance(name, str) or name not in self._generations:
            asked = 'Condition(name="baseline")' if name == BASELINE.name else "the condition"
            there = formatting.listed([*self._generations]) or "none"
            raise KeyError(f"no run {name!r}; there are {there}: add {asked} to the conditions that are generated")
        return self._generations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._generations)

    def __len__(self) -> int:
        return len(self._generations)

    @cached_property
    def labelled(self) -> RunSet:
        """The same with what each answer means, as statistics take them.

        Labels depend on the form that undisturbed answers have: with ``baseline`` among the runs it is learned from
        that, else no answer is called FORM_BROKEN. A `ctlab.Lab` knows the form that the model's family declares.
        """
        forms = self._forms()
        runs = (
            # Steps may have any form: what is learned of answers alone says nothing of them.
            Run.of(
                each,
                self.problems,
                self[each.name],
                self.certificates.get(each.name),
                forms=() if each.thinking == "explicit" else forms,
            )
            for each in self._conditions
        )
        return RunSet(runs if self.problems else ())

    def _forms(self) -> tuple[str, ...]:
        undisturbed = self._generations.get(BASELINE.name, ())
        pairs = zip(self.problems, undisturbed, strict=False)
        right = (
            answer_form(problem, said.text)
            for problem, said in pairs
            if classify(problem, said.text).outcome is Outcome.CORRECT
        )
        return fewest_forms(form for form in right if form is not None).known

    def to_frame(self) -> "DataFrame":
        """Return one row a problem and condition, as `ctlab.outcomes.RunSet.to_frame`."""
        return self.labelled.to_frame()

    def __repr__(self) -> str:
        names = ", ".join(self._generations) or "no condition"
        answers = f"{formatting.counted(len(self.problems), 'problem')} under {names}"
        return f"<Runs: {answers}>"

    def _repr_html_(self) -> str:
        """Show the runs in a notebook: how many answers are right under each condition."""
        return self.labelled._repr_html_()
