"""What claims were judged by, kept in the store: values of measures and statistics, by all that decides them.

A key holds the function, the source of every statistic and measure, the versions of the libraries that they calculate
with, and a digest of the arguments by what they hold: answers, labels, forms, certificate and condition of a run, the
numbers of a measurement, the problems with their solutions, the claim with its level.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from ctlab.kept_values import NotKeptError, digest
from ctlab.lab.experiment import Experiment
from ctlab.lab.pending_claim import PendingClaim
from ctlab.outcomes import Run
from ctlab.problems import Problem, ProblemSet
from ctlab.records.derived_key import DerivedKey
from ctlab.records.generation import answers_digest
from ctlab.records.measurement import Measurement
from ctlab.records.probe_fit import ProbeFit
from ctlab.records.scores import Scores
from ctlab.source_digest import source_digest

if TYPE_CHECKING:
    from ctlab.outcomes import Classification

KIND = "value"
"""Under which values are kept."""
_HANDED_OVER = (
    "ctlab.claims.power",
    "ctlab.interventions.condition",
    "ctlab.interventions.donors",
    "ctlab.measures.kept",
    "ctlab.outcomes.run",
    "ctlab.problems.problem",
    "ctlab.records.measurement",
    "ctlab.records.probe_fit",
    "ctlab.records.scores",
    "ctlab.records.swept_axes",
    "ctlab.reporting.summaries.sensitivity",
    "ctlab.sweeps.cells",
    "ctlab.sweeps.outcomes",
)
"""Sources of what statistics and measures are given, whose methods they call without importing it; of tables too."""
_MOST_LABELS = 2**16
"""Labels of which digests are remembered: most runs share theirs, and those of a very large run are not held."""
_LIBRARIES = ("numpy", "scipy", "statsmodels")
T = TypeVar("T")


@cache
def calculator() -> str:
    """Digest of the source of all statistics and measures."""
    return source_digest(*sources())


def sources() -> list[str]:
    """Modules that values are worked out by, apart from what these import."""
    from ctlab import measures, statistics

    modules = {f"{room.__name__}.{home}" for room in (statistics, measures) for home in room.HOMES.values()}
    return sorted({*modules, *_HANDED_OVER})


class ValueKeeper:
    """Keeps the values that an experiment's claims are judged by; each is read from the store once."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._digests: dict[int, tuple[object, str]] = {}  # of objects that stay as they are, held so that ids do too
        self._labels: dict[int, tuple[Classification, bytes]] = {}
        self._libraries = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
        self.worked_out = 0
        """Values that were not there and were worked out."""

    def content(self, value: Any) -> str | None:
        """Digest what a run, a problem set, a problem or a claim with its level holds; None for anything else."""
        match value:
            case Run():
                return self._once(value, self._run)
            case ProblemSet():
                return f"{value.name}\n{self._problems(value.problems)}"
            case Problem():
                return self._once(value, _problem)
            case PendingClaim():
                return digest((value.claim, value.direction, value.margin, value.alpha), self)
            case Measurement() | Scores() | ProbeFit():
                return self._once(value, self._numbers)
        return None

    def of(self, *values: Any) -> str:
        """Digest what values hold; empty where some of it cannot be told apart by what it holds."""
        try:
            return digest(values, self)
        except NotKeptError:
            return ""

    def read(self, function: str, arguments: str, read: Callable[[Any], T]) -> T | None:
        """Return a kept value; None where there is none."""
        return self._experiment.store.derived.read_json(self._key(function, arguments), "", read)

    def write(self, function: str, arguments: str, form: Any) -> None:
        """Keep a value; one that JSON cannot hold is worked out each time."""
        self.worked_out += 1
        try:
            self._experiment.store.derived.write_json(self._key(function, arguments), "", form)
        except ValueError:  # NaN or infinity
            return

    def _key(self, function: str, arguments: str) -> DerivedKey:
        experiment = self._experiment
        recorded = experiment.settings.recorded
        parts = {"function": function, "arguments": arguments, "libraries": self._libraries}
        return DerivedKey(
            kind=KIND,
            run=experiment.key(next(iter(recorded))) if recorded else experiment.model_key,
            code=calculator(),
            parts={"problems": experiment.problems_digest, **parts},
            names={"model": experiment.subject.model_name, "problems": experiment.problems.name},
        )

    def _run(self, run: Run) -> str:
        beside = sha256()  # of what the digest of the answers leaves out; a row at a time, as a run can have very many
        for answer in run.generations:
            beside.update(f"{answer.row!r} {answer.donor!r} {answer.right!r}\n".encode("utf-8", "surrogatepass"))
        answers = answers_digest(run.generations), beside.hexdigest()
        rest = (run.condition, run.certificate, run.forms, run.own)
        return digest((answers, self._problems(run.problems), self._labels_of(run.classifications), rest), self)

    def _numbers(self, value: "Measurement | Scores | ProbeFit") -> str:
        held = {each.name: getattr(value, each.name) for each in fields(value)}
        for array in held.values():
            if hasattr(array, "setflags"):
                array.setflags(write=False)  # one number changed in place, and this would be the digest of others
        return digest(held, self)

    def _labels_of(self, labels: "Iterable[Classification]") -> str:
        whole = sha256()
        for label in labels:
            known = self._labels.get(id(label))
            if known is None:
                if len(self._labels) >= _MOST_LABELS:
                    self._labels.clear()
                known = self._labels[id(label)] = label, sha256(repr(label).encode("utf-8", "surrogatepass")).digest()
            whole.update(known[1])
        return whole.hexdigest()

    def _problems(self, problems: tuple[Problem, ...]) -> str:
        return self._once(problems, lambda each: digest([self._once(problem, _problem) for problem in each], self))

    def _once(self, value: T, work_out: Callable[[T], str]) -> str:
        """Digest an object that nothing changes once: most runs have labels and all of them problems in common."""
        known = self._digests.get(id(value))
        if known is None:
            known = self._digests[id(value)] = value, work_out(value)
        return known[1]


def _problem(problem: Problem) -> str:
    return sha256(repr((problem, dict(problem.fields))).encode("utf-8", "surrogatepass")).hexdigest()
