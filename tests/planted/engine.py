"""Runs a planted model under conditions, as a suite's own engine: answers, decoded thoughts, certificates."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.donors import donors
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.problems import Problem
from ctlab.records import AuditedBatch, Certificate, Check, Generation, Measurement, RowAudit
from ctlab.records.measurement import reader_names, segment_names
from tests.planted.masks import ANSWER, Mask
from tests.planted.model import Asked, Found, PlantedModel

_BATCH = 250
_CERTIFIED = 12
"""Problems on which a condition is certified."""


@dataclass(frozen=True)
class Answered:
    """One problem, answered under one condition."""

    values: tuple[Any, ...]
    """Value of each thought, as whoever reads it finds it."""
    handed: Mapping[int, Mapping[int, Any]]
    """What each reader was handed: reader to thought to value, None where hidden."""
    answer: int


def answered(model: PlantedModel, asked: Asked, mask: Mask, fed: Mapping[int, Any]) -> Answered:
    """Run the program once; ``fed`` has the values that take the place of its own before anything reads them."""
    values: dict[int, Any] = {}
    handed: dict[int, dict[int, Any]] = {}
    for reader in (*range(model.thoughts), ANSWER):
        handed[reader] = {k: None if (reader, k) in mask.hidden else value for k, value in values.items()}
        if reader == ANSWER:
            break
        own = model.thought(reader, asked, dict(handed[reader]))
        values[reader] = fed.get(reader, own)
    return Answered(tuple(values.values()), handed, int(model.answer(asked, dict(handed[ANSWER]))))


class PlantedEngine:
    """The engine of one planted model, for the hook `pytest_ctlab_engine`."""

    def __init__(self, found: Found) -> None:
        self.found, self.model = found, found.make()

    @property
    def digest(self) -> str:
        """Digest of the model's source, and of what runs it."""
        here = Path(__file__).parent
        sources = [self.found.path, *(here / name for name in ("engine.py", "masks.py", "model.py"))]
        content = "\n".join([self.found.name, *(path.read_text("utf-8") for path in sources)])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def card(self) -> dict[str, Any]:
        """Describe the model."""
        return {
            "id": f"planted-{self.found.name}",
            "digest": self.digest,
            "family": "planted",
            "num_thoughts": self.model.thoughts,
            "settings": {},
        }

    def batches(
        self, problems: Sequence[Problem], conditions: Sequence[Condition], *, among: Sequence[Problem] | None = None
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer every problem under every condition; the first row of each batch is answered once more."""
        runs = {each.name: UnderCondition(self.model, each, among or problems) for each in conditions}
        for start in range(0, len(problems), _BATCH):
            part = problems[start : start + _BATCH]
            answers = {name: tuple(run.generation(problem) for problem in part) for name, run in runs.items()}
            audits = {name: _audit(run, part[0], answers[name][0]) for name, run in runs.items()}
            yield AuditedBatch(answers, audits)

    def certify(self, problems: Sequence[Problem], conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Prove on a few problems that readers are handed what the condition says."""
        from tests.planted.certificates import certificate

        return {
            each.name: certificate(UnderCondition(self.model, each, problems), self.digest, _CERTIFIED)
            for each in conditions
        }

    def certify_probes(
        self, problems: Sequence[Problem], conditions: Sequence[Condition]
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove that what is decoded is what the model's lens shows of the value that readers find."""
        sample = problems[:_CERTIFIED]
        found = {}
        for each in conditions:
            run, measured = UnderCondition(self.model, each, problems), self.measure(sample, [each])[each.name]
            wrong = sum(
                measured.vocabulary[int(measured.decoded_ids[row, k, 0])] != self.model.decoded(k, value)
                for row, problem in enumerate(sample)
                for k, value in enumerate(run.answered(problem).values)
            )
            detail = f"{wrong} of {len(sample) * self.model.thoughts} words are others than the lens shows"
            found[each.name] = (Check(name="decoded-as-said", passed=wrong == 0, detail=detail),)
        return found

    def measure(
        self,
        problems: Sequence[Problem],
        conditions: Sequence[Condition],
        *,
        progress: Callable[[int, int], None] | None = None,
        keep_states: Path | None = None,
    ) -> Mapping[str, Measurement]:
        """Decode every thought; there are no layers, and so no attention and no hidden states."""
        found = {}
        for done, each in enumerate(conditions, start=1):
            run = UnderCondition(self.model, each, problems)
            words = [
                [self.model.decoded(k, value) for k, value in enumerate(run.answered(problem).values)]
                for problem in problems
            ]
            found[each.name] = _measurement(each.name, problems, words)
            if progress is not None:
                progress(done * len(problems), len(conditions) * len(problems))
        return found


class UnderCondition:
    """A model under one condition, with the donors that it takes thoughts of."""

    def __init__(self, model: PlantedModel, condition: Condition, among: Sequence[Problem]) -> None:
        self.model, self.condition, self.among = model, condition, among
        self.mask = Mask.of(condition, model.thoughts)
        self._by_id = {problem.id: problem for problem in among}
        self.donors = {} if condition.matching is None else donors(among, condition.matching)
        if condition.matching is not None and condition.matching.generated:
            pairs = generated_pairs(tuple(among), condition.matching).values()
            self._by_id |= {pair.donor.id: pair.donor for pair in pairs}

    def answered(self, problem: Problem) -> Answered:
        """Answer a problem; one without a donor is left as it is."""
        return answered(self.model, Asked(problem), self.mask, self.fed(problem))

    def undisturbed(self, problem: Problem) -> Answered:
        """Answer a problem with nothing hidden and nothing exchanged."""
        return answered(self.model, Asked(problem), Mask.of(BASELINE, self.model.thoughts), {})

    def source(self, problem: Problem, by: str) -> Problem | None:
        """Whose thought a problem is fed; None where nobody fits."""
        return problem if by == "self" else self._by_id.get(self.donors.get(problem.id, ""))

    def fed(self, problem: Problem) -> Mapping[int, Any]:
        """Values that are fed, by thought."""
        sources = {k: source for k, by in self.mask.fed.items() if (source := self.source(problem, by)) is not None}
        return {k: self.undisturbed(source).values[k] for k, source in sources.items()}

    def generation(self, problem: Problem) -> Generation:
        """The answer, as the store keeps it: in a row of its own."""
        text = f"The answer is: {self.answered(problem).answer}"
        row = f"planted:{problem.id}:{self.condition.name}"
        donor = self.donors.get(problem.id, "")
        return Generation(problem_id=problem.id, token_ids=tuple(text.encode()), text=text, row=row, donor=donor)


def _audit(run: UnderCondition, problem: Problem, first: Generation) -> RowAudit:
    """Answer a row once more: a model that draws lots is no program whose role is known."""
    again = run.generation(problem)
    return RowAudit(rows=1, failure="" if again == first else f"{first.text!r}, and once more {again.text!r}")


def _measurement(condition: str, problems: Sequence[Problem], words: Sequence[Sequence[str]]) -> Measurement:
    thoughts, n = len(words[0]), len(problems)
    ids = {word: number for number, word in enumerate(dict.fromkeys(word for row in words for word in row))}
    readers, segments = reader_names(thoughts, 1), segment_names(thoughts)
    baseline = condition == BASELINE.name
    wide, path = np.zeros((n, len(readers), 0, len(segments))), np.zeros((n, thoughts + 1, 1))
    return Measurement(
        condition=condition,
        problem_ids=tuple(problem.id for problem in problems),
        readers=readers,
        segments=segments,
        mass=wide,
        head_mass=np.zeros((len(readers), 0, 0, len(segments))),
        expected=None if baseline else wide,
        cosine=None if baseline else path,
        distance=None if baseline else path,
        decoded_ids=np.array([[[ids[word]] for word in row] for row in words]),
        decoded_probabilities=np.ones((n, thoughts, 1)),
        vocabulary={number: word for word, number in ids.items()},
        question_tokens=np.array([len(problem.question.split()) for problem in problems]),
        begin_tokens=1,
        end_tokens=1,
    )
