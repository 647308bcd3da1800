"""A planted model: a small causal program with n thoughts whose role is known by design.

Whoever writes one needs no more than this file: a class with what `PlantedModel` has, beside it its roles as
``NAME.roles.json``, a list of rows ``{"thought": "CT0", "role": "carries a step's result", "step": 1}``.
"""

import importlib.util
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from ctlab.problems import Problem
from ctlab.problems.text.numbers import numbers_in


class PlantedModel(Protocol):
    """What answers: thoughts in order, each from the problem and from those before it, and the answer from all."""

    thoughts: int
    """Number of thoughts."""

    def thought(self, k: int, problem: "Asked", seen: Mapping[int, Any]) -> Any:
        """Value of thought k; ``seen`` maps each earlier thought to its value, or to None where it is hidden from k."""

    def decoded(self, k: int, value: Any) -> str:
        """The word that a logit lens shows for a value, such as "12" or "the"."""

    def answer(self, problem: "Asked", seen: Mapping[int, Any]) -> int:
        """The number answered; ``seen`` maps every thought to its value, or to None where it is hidden."""


@dataclass(frozen=True)
class AskedStep:
    """One step of the worked solution: ``left op right = result``."""

    left: int
    right: int
    op: str
    result: int


@dataclass(frozen=True)
class Asked:
    """A problem as a planted model sees it."""

    of: Problem

    @cached_property
    def steps(self) -> list[AskedStep]:
        """The worked solution; steps are counted from 1, so that step s is ``steps[s - 1]``."""
        graph = self.of.graph
        found = []
        for step in graph.steps if graph else ():
            last = graph.operations[step.root]
            found.append(AskedStep(int(last.left), int(last.right), last.op, int(step.result.value)))
        return found

    def value(self, step: int, result: int) -> int:
        """The final answer of the problem's own solution when the result of a step, from 1, is another number."""
        return int(self.of.graph.results_with(step, result)[-1])

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers in the question."""
        return [int(number) for number in numbers_in(self.of.question)]

    @cached_property
    def index(self) -> int:
        """A running number, for mistakes that are always the same; of a set without one it is read off the id."""
        return int(self.of.fields["index"]) if "index" in self.of.fields else int(self.of.id, 16)


@dataclass(frozen=True)
class Found:
    """A planted model in a file."""

    path: Path
    name: str
    """Name of the class."""

    @property
    def address(self) -> str:
        """``FILE::CLASS``."""
        return f"{self.path}::{self.name}"

    def make(self) -> PlantedModel:
        """Make the model."""
        model: PlantedModel = getattr(_module(self.path), self.name)()
        return model

    @property
    def roles(self) -> list[tuple[str, str, int | None]]:
        """Thought, role and step of each role that the model has by design, in order."""
        places = (self.path.parent / f"{self.name}.roles.json", self.path.parent / "roles.json")
        place = next((each for each in places if each.exists()), None)
        if place is None:
            raise FileNotFoundError(f"{self.name} of {self.path.name} has no roles: write {places[0]}")
        return told(json.loads(place.read_text("utf-8")))


def told(roles: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int | None]]:
    """Return thought, role and step of each row, in order of thoughts."""
    rows = [(row["thought"], row["role"], row.get("step")) for row in roles]
    return sorted(rows, key=lambda row: (int(row[0].removeprefix("CT")), row[1], row[2] or 0))


def at(address: str) -> Found:
    """Find the model of an address."""
    path, _, name = address.rpartition("::")
    return Found(Path(path), name)


def models_in(place: Path) -> Iterator[Found]:
    """Find the models of a file, or of all files below a folder: classes that have all that a model has."""
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    for file in files:
        module = _module(file)
        for name, each in vars(module).items():
            own = inspect.isclass(each) and each.__module__ == module.__name__ and not name.startswith("_")
            if own and all(hasattr(each, part) for part in ("thoughts", "thought", "decoded", "answer")):
                yield Found(file.resolve(), name)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"planted_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
