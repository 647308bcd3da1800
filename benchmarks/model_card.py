"""Measures the embedded model and writes its card: ``python benchmarks/model_card.py``.

Accuracy by number of operations, the cost of hiding each thought from three groups of readers, and the training log,
all from the shipped checkpoint on the shipped problems. The card stands beside the weights.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import ctlab
from ctlab.interventions import Condition
from ctlab.outcomes import Outcome, classify

FOLDER = Path(str(files("ctlab.models.tiny"))) / "checkpoint"
READERS = ("later", "thoughts", "answer")


def conditions(thoughts: int) -> list[Condition]:
    """Baseline, each thought hidden from each group of readers, and all thoughts hidden."""
    found = [Condition.from_json({"name": "baseline", "interventions": []})]
    for readers in READERS:
        for k in range(thoughts):
            if (readers, k) == ("thoughts", thoughts - 1):
                continue  # the last thought has no later thought: there is no edge to hide
            form = {"keys": [f"CT{k}"], "readers": readers}
            found.append(Condition.from_json({"name": f"ct{k}_from_{readers}", "interventions": [form]}))
        form = {"keys": "thoughts", "readers": readers}
        found.append(Condition.from_json({"name": f"thoughts_from_{readers}", "interventions": [form]}))
    return found


def main() -> None:
    """Generate, count, write ``README.md`` beside the weights, and print it."""
    model = ctlab.load_model("tiny")
    problems = ctlab.load_problems("tiny")
    runs = ctlab.generate(model, problems, conditions(model.num_thoughts))
    right = {
        name: [classify(p, g.text).outcome is Outcome.CORRECT for p, g in zip(problems, run, strict=True)]
        for name, run in runs.items()
    }
    card = template().format(
        parameters=f"{sum(p.numel() for p in model.network.parameters()) / 1e6:.2f}",
        accuracy=accuracy_table(problems, right["baseline"]),
        costs=cost_table(right, model.num_thoughts),
        outcomes=outcome_table(problems, runs["baseline"]),
        training=training_table(),
    )
    (FOLDER / "README.md").write_text(card, encoding="utf-8")
    print(card)


def template() -> str:
    """The card's prose; everything measured is filled in."""
    return (Path(__file__).with_name("model_card.md")).read_text(encoding="utf-8")


def accuracy_table(problems, right) -> str:
    """Accuracy by number of operations, with a 95 % Wilson interval."""
    rows = ["| operations | problems | right | 95 % interval |", "| --- | --- | --- | --- |"]
    groups = {
        str(k): [r for p, r in zip(problems, right, strict=True) if p.features.n_operations == k] for k in range(1, 6)
    }
    for name, group in {**groups, "all": right}.items():
        low, high = wilson(sum(group), len(group))
        rows.append(f"| {name} | {len(group)} | {sum(group) / len(group):.1%} | {low:.1%} – {high:.1%} |")
    return "\n".join(rows)


def wilson(count: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927)."""
    centre = (count + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(count * (n - count) / n + z * z / 4)
    return centre - half, centre + half


def cost_table(right, thoughts: int) -> str:
    """Points lost, and problems broken and fixed, for each thought and group of readers."""
    head = "| hidden | " + " | ".join(f"from {readers}" for readers in READERS) + " |"
    rows = [head, "| --- |" + " --- |" * len(READERS)]
    for hidden in [*(f"ct{k}" for k in range(thoughts)), "thoughts"]:
        cells = [cost(right, f"{hidden}_from_{readers}") for readers in READERS]
        rows.append(f"| {hidden.upper() if hidden != 'thoughts' else 'all thoughts'} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def cost(right, name: str) -> str:
    """One cell: points lost (broken, fixed)."""
    if name not in right:
        return "no reader"
    pairs = list(zip(right["baseline"], right[name], strict=True))
    broken, fixed = sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)
    return f"{100 * (broken - fixed) / len(pairs):.1f} ({broken} broken, {fixed} fixed)"


def outcome_table(problems, run) -> str:
    """How the wrong answers of the baseline are labelled."""
    counts = Counter(classify(p, g.text).outcome for p, g in zip(problems, run, strict=True))
    rows = ["| outcome | problems |", "| --- | --- |"]
    return "\n".join(rows + [f"| {outcome} | {count} |" for outcome, count in counts.most_common()])


def training_table() -> str:
    """Every tenth part of the training log."""
    return chosen_rows(FOLDER, ("step", "problems", "rate", "teacher", "student", "steps", "distillation", "right"))


def chosen_rows(folder: Path, names: Sequence[str]) -> str:
    """Eleven rows of the log in a checkpoint's folder, from the first to the last."""
    log = [json.loads(line) for line in (folder / "training.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = [log[round(k * (len(log) - 1) / 10)] for k in range(11)]
    rows = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    return "\n".join(rows + ["| " + " | ".join(str(row.get(name, "")) for name in names) + " |" for row in chosen])


if __name__ == "__main__":
    main()
