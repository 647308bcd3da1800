"""Learned probes of an experiment's hidden states: each fitted once, and kept with everything that decides it."""

import json
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import AnswerKindError, InputError
from ctlab.files import sha256
from ctlab.inputs import shown
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.experiment import Experiment
from ctlab.lab.kept_states import KeptStates
from ctlab.lab.measurements import Probes
from ctlab.records.measurement import VERSION
from ctlab.records.probe_fit import ProbeFit
from ctlab.source_digest import source_digest

if TYPE_CHECKING:
    from pathlib import Path

    from ctlab.measures.probe_labels import ProbeLabel
    from ctlab.problems import Problem

KIND = "learned-probe"
"""Under which fits are kept beside the answers."""


def learner() -> str:
    """Digest of the source that fits probes and reads states."""
    return source_digest("ctlab.measures.learned_probe", "ctlab.measures.probe_halves", "ctlab.probes.state_slices")


class LearnedProbes:
    """Fits of probes by what they read and where; `Probes` certifies the states."""

    def __init__(self, experiment: Experiment, probes: Probes) -> None:
        self._experiment = experiment
        self._probes = probes

    def fit(
        self,
        label: "ProbeLabel",
        *,
        thought: str,
        level: int = -1,
        condition: str | Condition = BASELINE,
        by_type: bool = False,
        seed: int = 0,
        share: float = 0.5,
        draws: int | None = None,
    ) -> ProbeFit:
        """Return what a linear probe of a label reads from a position's states, on problems it was not fitted on.

        Parameters
        ----------
        label : ProbeLabel
            What is read, such as ``StepResult(step=2)`` (`ctlab.measures`).
        thought : str
            ``CT0`` …, or ``end``.
        level : int
            0 is what the position is fed, l the state after layer l; −1 is the last.
        condition : str or Condition
            Under which condition states are measured.
        by_type : bool
            Whether shuffled labellings keep one label for all problems of the label's type. Where not, labels are
            shuffled among problems whose questions have equally many tokens.
        seed, share, draws
            Of the split (`held_out`) and of the shuffled labellings (`fit_probe`).

        Raises
        ------
        AnswerKindError
            Where no problem has the label: a claim about it is skipped.
        InputError
            For what is no label, no level, no seed, or neither True nor False.
        InputError, StatisticsError
            As `read_states` and `fit_probe`.
        """
        from ctlab.measures.learned_probe import DRAWS, fit_probe
        from ctlab.measures.probe_halves import held_out

        if not all(hasattr(label, part) for part in ("words", "of", "type_of")):
            raise InputError(
                f"a probe reads a label such as StepOperation(step=2) (ctlab.measures), not {shown(label)}"
            )
        if not isinstance(by_type, bool):
            raise InputError(f"by_type is True or False, not {shown(by_type)}")
        if not isinstance(seed, int) or seed < 0:
            raise InputError(f"the seed of a probe is a whole number from 0, not {shown(seed)}")
        name = self._experiment.resolve(condition).name
        measured = self._probes.measurement(name)
        at = _level(level, measured.layers)
        problems, labels, types = self._labelled(label)
        asked: dict[str, str] = {
            "labels": _digest(problems, labels, types),
            "what": label.words,
            "thought": thought,
            "level": str(at),
            "control": "by type" if by_type else "among questions of equally many tokens",
            "seed": str(seed),
            "share": repr(share),
            "draws": str(draws or DRAWS),
            "measurement": VERSION,
        }
        key = self._experiment.derived_key(KIND, name, learner(), by_gold=True, **asked)
        kept = self._experiment.store.derived.read_json(key, "", ProbeFit.from_json)
        if kept is not None:
            return kept
        from ctlab.probes.state_slices import read_states  # only here: a warm run imports no torch

        states = read_states(self._folder(name), name, [each.id for each in problems], thought, at)
        found = fit_probe(
            states,
            labels,
            problems,
            held_out(problems, seed=seed, share=share),
            label=label.words,
            thought=thought,
            level=at,
            held_fixed=None if by_type else [int(tokens) for tokens in measured.question_tokens],
            types=types if by_type else None,
            seed=seed,
            draws=draws or DRAWS,
        ).fit
        self._experiment.store.derived.write_json(key, "", found.to_json())
        return found

    def _labelled(self, label: "ProbeLabel") -> "tuple[Sequence[Problem], list[Hashable | None], list[Hashable]]":
        problems = self._experiment.problems.problems
        labels = [label.of(problem) for problem in problems]
        if all(found is None for found in labels):
            raise AnswerKindError(f"no problem of {self._experiment.problems.name} has a label: {label.words}")
        return problems, labels, [label.type_of(problem) for problem in problems]

    def _folder(self, name: str) -> "Path":
        """Return where the states of a condition are, after measuring with them kept where they are not."""
        names = tuple(dict.fromkeys([BASELINE.name, name]))
        states = KeptStates(self._experiment, names)
        if not states.complete:
            with self._experiment.store.alone(self._experiment.keys(names)):
                if not states.complete:  # another process may have kept them meanwhile
                    self._probes.keep(names, states)
        return states.folder


def _level(level: int, layers: int) -> int:
    """Return a level counted from 0."""
    if not isinstance(level, int) or not -layers - 1 <= level <= layers:
        raise InputError(
            f"level is 0 (what a position is fed) to {layers} (the state after the last layer), not {shown(level)}; "
            f"-1 is the last"
        )
    return level % (layers + 1)


def _digest(problems: "Sequence[Problem]", labels: Sequence[object], types: Sequence[object]) -> str:
    rows = [[each.id, repr(label), repr(kind)] for each, label, kind in zip(problems, labels, types, strict=True)]
    return sha256(json.dumps(rows).encode())[:16]
