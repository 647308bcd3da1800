"""The engine of a model that is in other processes: what is asked of it is asked of one of them, word for word."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.interventions import Condition
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.lab.executors.shards import Question
from ctlab.records import Certificate, Check, Generation, Measurement, Provenance
from ctlab.records.provenance import here

if TYPE_CHECKING:
    from ctlab.problems import Problem
    from ctlab.problems.answer_texts import AnswerTexts
    from ctlab.records.scores import Scores


class RemoteModelEngine(ModelEngine):
    """The model that the settings name, in other processes; this one loads nothing."""

    def loaded_digest(self) -> str:
        """Digest of the model; who loads it refuses another one."""
        return self.digest

    def certify(self, problems: "Sequence[Problem]", conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Prove on a few problems that each condition does what its data says, where answers are made."""
        certificates: Mapping[str, Certificate] = self._asked("certify", problems, conditions)
        return certificates

    def batches(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        among: "Sequence[Problem] | None" = None,
        audited: Collection[str] | None = None,
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer by one worker: a few problems once more, or what was damaged since the shards were answered."""
        yield from self._asked("batches", problems, conditions, among=among, audited=audited)

    def certify_probes(
        self, problems: "Sequence[Problem]", conditions: Sequence[Condition]
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove on a few problems that what is measured under each condition is what is there, by a worker."""
        checks: Mapping[str, tuple[Check, ...]] = self._asked("certify_probes", problems, conditions)
        return checks

    def measure(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        progress: "Callable[[int, int], None] | None" = None,
        keep_states: Path | None = None,
    ) -> Mapping[str, Measurement]:
        """Answer under watch, by one worker; how far it is comes once, at the end."""
        found: Mapping[str, Measurement] = self._asked("measure", problems, conditions, keep_states=keep_states)
        if progress is not None:
            progress(len(problems) * len(conditions), len(problems) * len(conditions))
        return found

    def certify_scores(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove on a few problems that scores are what one forward pass over each answer gives, by a worker."""
        checks: Mapping[str, tuple[Check, ...]] = self._asked("certify_scores", problems, conditions, given, at=at)
        return checks

    def score(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
        progress: "Callable[[int, int], None] | None" = None,
    ) -> "Mapping[str, Scores]":
        """Score given answers by one worker; how far it is comes once, at the end."""
        found: Mapping[str, Scores] = self._asked("score", problems, conditions, given, at=at)
        if progress is not None:
            progress(len(problems) * len(conditions), len(problems) * len(conditions))
        return found

    def provenance(self) -> Provenance:
        """Versions of the libraries and the very device of the worker that stays."""
        return self._provenance

    @cached_property
    def _provenance(self) -> Provenance:
        made: Provenance = self._asked("provenance")
        return made

    def _asked(self, method: str, *given: Any, **options: Any) -> Any:
        """Ask the engine of one of the processes."""
        return self._put(self.question(method, *given, **options))

    def question(self, method: str, *given: Any, **options: Any) -> Question:
        """What one of the processes is asked, with what it must agree in."""
        return Question(
            settings=self._settings,
            method=method,
            given=given,
            options=options,
            model=self.digest,
            source=certifier(),
            versions=here("").versions,
        )

    @abstractmethod
    def _put(self, question: Question) -> Any:
        """Have one of the processes answer a question."""
