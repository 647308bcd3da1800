"""An engine without weights: it knows every gold answer, and gets a share of the problems wrong under each condition.

Which problems those are depends on the problem's id alone, so that conditions are paired as a real model's are. It
writes what it was asked into ``calls.log`` in the working folder: several processes can be counted together.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ctlab.interventions import Condition
from ctlab.problems import Problem
from ctlab.records import AuditedBatch, Certificate, Check, Provenance, RowAudit
from ctlab.records.generation import Generation

WRONG = {"baseline": 0.15, "ct0_blocked": 0.4}
"""Share of wrong answers by condition; 0.15 for any other: of 120 problems enough for a rate to have room to rise."""


def score(problem_id: str) -> float:
    """A number from 0 to 1 that a problem always gets."""
    return int(hashlib.sha256(problem_id.encode()).hexdigest()[:8], 16) / 16**8


def row(problem: Problem, condition: Condition) -> str:
    """A row of its own for every problem and condition."""
    return f"fake:{problem.id}:{condition.name}"


class FakeEngine:
    digest = "fake-model"

    def __init__(self, size: int = 50, wrong: Mapping[str, float] = WRONG) -> None:
        self.size, self.wrong = size, wrong

    def card(self) -> dict[str, Any]:
        return {"id": "fake", "digest": self.digest, "family": "fake", "num_thoughts": 6, "settings": {}}

    def certify(self, problems: Sequence[Problem], conditions: Sequence[Condition]) -> dict[str, Certificate]:
        note("certify", *(condition.name for condition in conditions))
        return {condition.name: self.certificate(condition) for condition in conditions}

    def certificate(self, condition: Condition) -> Certificate:
        sound = condition.name not in os.environ.get("FAKE_SABOTAGED", "").split(",")
        edges = 0 if condition.name == "baseline" or condition.no_op else 40
        checks = [
            Check(name="removed-edges-are-zero", passed=sound, detail=f"largest weight {0.0 if sound else 0.3}"),
            Check(
                name="logits-move", passed=bool(edges) or condition.no_op or condition.name == "baseline", detail="0.7"
            ),
        ]
        return Certificate(
            condition=condition.name,
            model=self.digest,
            backend="fake",
            edges_removed=edges,
            edges_weakened=edges,
            problems=8,
            checks=tuple(checks),
        )

    def batches(
        self, problems: Sequence[Problem], conditions: Sequence[Condition], *, among: Sequence[Problem] | None = None
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        if among is not None:
            note("among", str(len(among)))
        for start in range(0, len(problems), self.size):
            part = problems[start : start + self.size]
            note("generate", str(len(part)), *(condition.name for condition in conditions))
            answers = {
                each.name: tuple(replace(self.answer(problem, each), row=row(problem, each)) for problem in part)
                for each in conditions
            }
            yield AuditedBatch(answers, {name: RowAudit(rows=len(part)) for name in answers})
            pause(float(os.environ.get("FAKE_PAUSE", "0")))

    def answer(self, problem: Problem, condition: Condition) -> Generation:
        wrong = score(problem.id) < self.wrong.get(condition.name, WRONG["baseline"])
        text = "The answer is: 7777" if wrong else f"The answer is: {problem.gold_text}"
        return Generation(problem_id=problem.id, token_ids=tuple(text.encode()), text=text)


class TracedEngine(FakeEngine):
    """An engine that says where it answers; ``REACHED`` chooses another answer where the device rounds otherwise."""

    def __init__(self, made: Provenance = Provenance(versions={"torch": "2.5"}, device="cpu"), **more: Any) -> None:  # noqa: B008
        super().__init__(**more)
        self.made = made

    @property
    def environment(self) -> str:
        return f"{self.made.device.partition(' ')[0]}, no attention"

    def provenance(self) -> Provenance:
        return self.made

    def trust(self) -> str:
        return ""


class FakeLog:
    live = False

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)

    def rewrite(self, text: str) -> None:
        self.lines.append("\r" + text)


def note(*words: str) -> None:
    with Path("calls.log").open("a", encoding="utf-8") as log:
        log.write(" ".join(words) + "\n")


def pause(seconds: float) -> None:
    import time

    time.sleep(seconds)
