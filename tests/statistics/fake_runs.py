"""Runs without a model: names, labels and features in, everything that statistics and judging read of a run out."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from ctlab.interventions import Condition
from ctlab.outcomes.beyond_chance import corrected_rate
from ctlab.outcomes.outcome import BY_NUMBER, OUTCOMES_OF
from ctlab.records import Certificate, Check


@dataclass(frozen=True)
class Question:
    """What a statistic must know of a claim."""

    direction: str = "decrease"
    margin: float = 0.0
    alpha: float = 0.05


@dataclass(frozen=True)
class FakeRun:
    name: str
    labels: tuple
    features: tuple = ()
    texts: tuple = ()
    ids: tuple = ()
    certificate: Certificate | None = None
    unlabelled: tuple = ()
    interventions: tuple = ()

    def __post_init__(self):
        if not self.ids:
            object.__setattr__(self, "ids", tuple(f"p{row}" for row in range(len(self.labels))))

    @property
    def condition(self):
        return Condition(name=self.name, interventions=self.interventions, no_op=self.name == "no_op")

    @property
    def problems(self):
        features = self.features or (None,) * len(self.labels)
        return tuple(
            SimpleNamespace(id=each, question=f"question {each}?", gold_text="7", features=feature)
            for each, feature in zip(self.ids, features, strict=True)
        )

    @property
    def generations(self):
        texts = self.texts or tuple(f"says {label}" for label in self.labels)
        return tuple(
            SimpleNamespace(token_ids=tuple(map(ord, text)), text=text, row=f"{self.name}:{number}")
            for number, text in enumerate(texts)
        )

    @property
    def outcomes(self):
        return OUTCOMES_OF["number"]

    def has(self, outcome):
        return tuple(label == outcome for label in self.labels)

    def beyond_chance(self, outcome):
        """No label is given by chance: problems that tell each other apart."""
        if outcome not in BY_NUMBER:
            return None
        wrong = np.array([label in BY_NUMBER for label in self.labels], dtype=float)
        has, zeros = np.array(self.has(outcome), dtype=float)[wrong > 0], np.zeros(int(wrong.sum()))
        return corrected_rate(np.flatnonzero(wrong), has, zeros, zeros, len(self.labels))


def labels(correct, error="LOGIC_ERROR"):
    """Label each problem CORRECT or with one error."""
    return tuple("CORRECT" if each else error for each in correct)


def pair(lost, gained, n, *, kept=None, names=("baseline", "treated"), certificates=(None, None)):
    """Two runs with these discordant problems; `kept` problems are right under both."""
    kept = (n - lost - gained) // 2 if kept is None else kept
    before = [True] * lost + [False] * gained + [True] * kept + [False] * (n - lost - gained - kept)
    after = [False] * lost + [True] * gained + [True] * kept + [False] * (n - lost - gained - kept)
    return tuple(
        FakeRun(name, labels(correct), certificate=certificate)
        for name, correct, certificate in zip(names, (before, after), certificates, strict=True)
    )


def certificate(condition, *, weakened=100, replaced=0, passed=True, moves=True, identical_to=None):
    """A certificate with the checks that judging looks at."""
    return Certificate(
        condition=condition,
        model="m",
        backend="eager cpu float32",
        edges_removed=weakened,
        edges_weakened=weakened,
        thoughts_replaced=replaced,
        problems=8,
        checks=(
            Check(name="removed-edges-are-zero", passed=passed, detail="largest weight 0"),
            Check(name="bites", passed=moves, detail="largest change 1.5"),
            Check(name="rows-of-the-run", passed=True, detail="20 of 1,319 rows"),
        ),
        identical_to=identical_to,
    )
