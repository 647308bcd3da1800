"""How probable given answers are under an experiment's conditions: proven, scored once and kept beside the answers."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.errors import CertificateError, ConditionError, InputError
from ctlab.interventions import Condition
from ctlab.interventions.edges import thought_index
from ctlab.lab.executors import ScoringEngine
from ctlab.lab.experiment import Experiment
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.problems.answer_texts import PLACE, AnswerTexts, Texts, answer_texts
from ctlab.records import Check
from ctlab.records.certificate import read_checks
from ctlab.records.derived_key import DerivedKey
from ctlab.records.scores import Scores, places
from ctlab.source_digest import source_digest
from ctlab.store import MeasurementStore


@dataclass(frozen=True, slots=True)
class _Asked:
    """Given answers and where they are scored: with the run, all that decides the numbers."""

    given: tuple[AnswerTexts, ...]
    at: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Digest of every text, of which one is the reference answer, and of the places."""
        form = [[[list(each.texts), each.gold] for each in self.given], list(self.at)]
        return hashlib.sha256(json.dumps(form).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def read_under(self, condition: Condition) -> bool:
        """Whether a condition thinks all of the thoughts that are read."""
        numbers = [thought_index(place) for place in self.at]
        most = max((number for number in numbers if number is not None), default=-1)
        return condition.num_thoughts is None or most < condition.num_thoughts


class KeptScores:
    """Scores by condition and given answers; what planned conditions need of one question is told in one pass."""

    def __init__(self, experiment: Experiment) -> None:
        self.planned: tuple[str, ...] = ()
        self._experiment = experiment
        self._told: dict[tuple[str, _Asked], Scores] = {}

    def plan(self, names: Sequence[str]) -> None:
        """Say which conditions the selected claims score; the first that is asked for scores them all."""
        self.planned = tuple(dict.fromkeys(names))

    def scores(
        self,
        which: str | Condition,
        answers: Texts = "gold",
        *,
        form: str = PLACE,
        at: str | Sequence[str] = "answer",
    ) -> Scores:
        """Return the scores of given answers (`ctlab.score`) under a condition; score what is missing first.

        Raises
        ------
        CertificateError
            When the scores are not those of a forward pass over each answer.
        InputError
            When answers are recorded, or cannot be scored (`ctlab.score`).
        """
        if self._experiment.settings.recorded:
            raise InputError("recorded answers have no probabilities; score with a model")
        name = self._experiment.resolve(which).name
        asked = _Asked(answer_texts(self._experiment.problems.problems, answers, form), places(at))
        if (name, asked) not in self._told:
            planned = self.planned if name in self.planned else (name,)
            names = [each for each in planned if asked.read_under(self._experiment.conditions[each])]
            found = self._collected(names if name in names else [name], asked)
            self._told.update({(each, asked): scores for each, scores in found.items()})
        if failed := [check for check in self._certificate(name, asked) or () if not check.passed]:
            said = "; ".join(f"{check.name}: {check.detail}" for check in failed)
            raise CertificateError(f"the scores' certificate of condition {name!r} failed: {said}")
        return self._told[name, asked]

    def checks(self, name: str) -> tuple[Check, ...]:
        """Return what was verified of all scores under a condition so far; nothing before it was scored."""
        asked = [each for condition, each in self._told if condition == name]
        return tuple(check for each in asked for check in self._certificate(name, each) or ())

    def _collected(self, names: Sequence[str], asked: _Asked) -> dict[str, Scores]:
        keys = {name: self._key("scores", name, asked, source_digest("ctlab.probes.scored_answers")) for name in names}
        experiment = self._experiment
        store = MeasurementStore(experiment.store, experiment.log.say, Scores.from_bytes, experiment.provenance)
        found = store.collect(keys, lambda missing: self._score(missing, asked))
        if lacking := [name for name in names if self._certificate(name, asked) is None]:
            with self._experiment.store.alone(self._experiment.keys(names)):
                self._certify(lacking, asked)  # scored before; what proved it is damaged, or of another source
        return found

    def _score(self, names: Sequence[str], asked: _Asked) -> Mapping[str, Scores]:
        self._certify(names, asked)
        experiment = self._experiment
        conditions, problems = [experiment.conditions[name] for name in names], experiment.problems.problems
        size = condition_times_problem(len(names), len(problems))
        progress, counted = Progress(len(names) * len(problems), size, experiment.log, verb="scor"), 0

        def advance(done: int, total: int) -> None:
            nonlocal counted
            progress.advance(done - counted)
            counted = done

        found = self._engine.score(problems, conditions, asked.given, at=asked.at, progress=advance)
        progress.finish()
        return found

    def _certify(self, names: Sequence[str], asked: _Asked) -> None:
        """Store what was verified of the scores under each condition."""
        experiment = self._experiment
        conditions = [experiment.conditions[name] for name in names]
        experiment.load()
        experiment.log.say(f"certifying what is scored under {formatting.counted(len(names), 'condition')}")
        # Named before the work: an edit of the source meanwhile is not what was run.
        keys = {name: self._certificate_key(name, asked) for name in names}
        found = self._engine.certify_scores(experiment.problems.problems, conditions, asked.given, at=asked.at)
        for name, checks in found.items():
            rows = [check.to_json() for check in checks]
            experiment.store.derived.write_json(keys[name], "", rows)

    def _certificate(self, name: str, asked: _Asked) -> tuple[Check, ...] | None:
        return self._experiment.store.derived.read_json(self._certificate_key(name, asked), "", read_checks)

    def _certificate_key(self, name: str, asked: _Asked) -> DerivedKey:
        code, declared = source_digest("ctlab.certify.certified_scores"), self._experiment.conditions[name].definition
        kind, answers = "score-certificate", asked.digest
        return self._experiment.derived_key(kind, name, code, declared=declared, answers=answers)

    def _key(self, kind: str, name: str, asked: _Asked, code: str) -> DerivedKey:
        return self._experiment.derived_key(kind, name, code, answers=asked.digest)

    @property
    def _engine(self) -> ScoringEngine:
        engine = self._experiment.engine
        if not isinstance(engine, ScoringEngine):
            raise ConditionError(
                f"{type(engine).__name__} answers problems and does not say how probable an answer is; give it the "
                f"methods of ctlab.lab.ScoringEngine, or leave out the claims that need them"
            )
        return engine
