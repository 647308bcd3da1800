"""Every set of answers that the instrument is measured on: recorded ones, and the embedded model's own."""

import os
from dataclasses import dataclass
from pathlib import Path

import ctlab
from ctlab.interventions import BASELINE, Condition
from ctlab.outcomes import Run
from ctlab.problems import ProblemSet, load_problems
from ctlab.results import read_recorded

SHARED = Path(os.environ.get("CTLAB_SHARED") or Path(__file__).parents[2] / "shared") / "data"
WITH_STEPS = ("openai-6b-finetuning", "openai-175b-finetuning")
WITHOUT_STEPS = ("implicit-cot-gpt2", "implicit-cot-gpt2-medium")
CT0_BLOCKED = {"name": "ct0_blocked", "interventions": [{"keys": ["CT0"], "readers": "later"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One set of answers."""

    name: str
    """Short name, as in the tables."""
    what: str
    """What they are, in a few words."""
    run: Run
    """Problems, generations and their classifications."""
    steps: bool
    """Whether the answers write their steps."""


def problem_sets() -> dict[str, ProblemSet]:
    """Problem sets whose worked solutions are read."""
    return {
        "GSM8K test": load_problems(SHARED / "gsm8k/test.jsonl"),
        "GSM8K train": load_problems(SHARED / "gsm8k/train.jsonl"),
        "codi-llama-zeroing": load_problems(SHARED / "recorded/codi-llama-zeroing/problems.jsonl"),
        "tiny": load_problems("tiny"),
    }


def recorded(sets: dict[str, ProblemSet]) -> list[Answers]:
    """Answers that other people's models gave."""
    found = []
    gsm8k, zeroed = sets["GSM8K test"], sets["codi-llama-zeroing"]
    for name in (*WITHOUT_STEPS, *WITH_STEPS):
        run = Run.of(BASELINE, gsm8k, read_recorded(SHARED / f"recorded/{name}.jsonl", gsm8k))
        steps = name in WITH_STEPS
        found.append(Answers(name=name, what="written solutions" if steps else "final answers", run=run, steps=steps))
    for k in range(6):
        name = f"zero_first_{k}" if k else "baseline"
        run = Run.of(BASELINE, zeroed, read_recorded(SHARED / f"recorded/codi-llama-zeroing/{name}.jsonl", zeroed))
        what = f"CODI on Llama-3.2-1B, first {k} thoughts zeroed" if k else "CODI on Llama-3.2-1B"
        found.append(Answers(name=f"codi {name}", what=what, run=run, steps=False))
    return found


def embedded(problems: ProblemSet) -> list[Answers]:
    """Answers of the embedded model, generated now."""
    conditions = [BASELINE, Condition.from_json(CT0_BLOCKED)]
    runs = ctlab.generate(ctlab.load_model("tiny"), problems, conditions)
    return [
        Answers(
            name=f"tiny {condition.name}",
            what="embedded model",
            run=Run.of(condition, problems, runs[condition.name]),
            steps=False,
        )
        for condition in conditions
    ]
