"""Measures the embedded models of graphs and writes their cards: ``python -m benchmarks.graph_cards [NAME …]``.

Accuracy by number of hops on ``tiny-graphs`` and on the sets that training never draws, how wrong answers are labelled,
and the training log, from the shipped checkpoints. A card stands beside its weights.
"""

import sys
from pathlib import Path

import ctlab
from benchmarks.model_card import chosen_rows, outcome_table, wilson
from ctlab.interventions import Condition
from ctlab.models.checkpoints.checkpoint_files import embedded_folder
from ctlab.models.tiny_graphs.named_models import GRAPH_MODELS
from ctlab.outcomes import Outcome, classify
from ctlab.problems.tiny_graphs.set_forms import SETS

TRAINED = {
    "tiny-graphs-cot": (
        "It writes the way down, a sentence an edge, and then the answer.",
        "--thought written --steps 1000 --decay 500 --out out/written",
    ),
    "tiny-graphs-coconut": (
        "A thought is the last hidden state before it, normed and fed as it is.",
        "--thought recycled --start out/written --out out/recycled",
    ),
    "tiny-graphs-pause": (
        "A thought is one trained vector, the same for all six; one pass.",
        "--thought pause --start out/written --out out/pause",
    ),
    "tiny-graphs-pause-multipass": (
        "A thought is one trained vector, the same for all six; training took a pass a thought.",
        "--thought multipass --start out/written --seed 2 --out out/multipass",
    ),
}
"""What a model's thoughts are, and the options that it was trained with."""
AIM = 0.80
"""Accuracy in distribution below which a card says that claims about the model are not worth judging."""


def main() -> None:
    """Write the cards of the models that are named, or of all, and print them."""
    for name in sys.argv[1:] or GRAPH_MODELS:
        text = card(name)
        (embedded_folder(name) / "README.md").write_text(text, encoding="utf-8")
        print(text)


def card(name: str) -> str:
    """Generate, count, and fill the template."""
    model = ctlab.load_model(name)
    what, options = TRAINED[name]
    measured = {each: answered(model, each) for each in SETS}
    right = measured["tiny-graphs"][1]
    reached = sum(right) / len(right)
    folder = embedded_folder(name)
    return template().format(
        name=name,
        what=what,
        family=model.settings.family,
        thoughts=model.num_thoughts,
        parameters=f"{sum(p.numel() for p in model.network.parameters()) / 1e6:.2f}",
        kilobytes=f"{(folder / 'model.safetensors').stat().st_size / 1000:.0f}",
        command=f"python -m ctlab.models.tiny_graphs.train_graphs {options}",
        verdict=verdict(reached),
        accuracy=accuracy_table(measured["tiny-graphs"]),
        elsewhere=set_table(measured),
        outcomes=outcome_table(*measured["tiny-graphs"][::2]),
        training=training_table(folder),
    )


def answered(model, name: str):
    """Problems of a set, whether each is right, and the answers."""
    problems = ctlab.load_problems(name)
    baseline = Condition.from_json({"name": "baseline", "interventions": []})
    run = ctlab.generate(model, problems, [baseline])["baseline"]
    right = [classify(p, g.text).outcome is Outcome.CORRECT for p, g in zip(problems, run, strict=True)]
    return problems, right, run


def template() -> str:
    """The card's prose; everything measured is filled in."""
    return Path(__file__).with_name("graph_card.md").read_text(encoding="utf-8")


def verdict(reached: float) -> str:
    """Whether the model is good enough to be asked about."""
    if reached >= AIM:
        return f"It reaches the {AIM:.0%} that claims about it ask for (chance is 50 %)."
    return f"It stays below the {AIM:.0%} that claims about it ask for (chance is 50 %): they are not judged."


def accuracy_table(measured) -> str:
    """Accuracy by number of hops, with a 95 % Wilson interval."""
    problems, right, _ = measured
    hops = [problem.features.n_hops for problem in problems]
    groups = {str(k): [r for h, r in zip(hops, right, strict=True) if h == k] for k in sorted(set(hops))}
    return rows_of("hops", {**groups, "all": right})


def set_table(measured) -> str:
    """Accuracy on the sets that training never draws."""
    return rows_of("set", {f"`{name}`": right for name, (_, right, _) in measured.items() if name != "tiny-graphs"})


def rows_of(head: str, groups) -> str:
    """A table of shares with their intervals."""
    rows = [f"| {head} | problems | right | 95 % interval |", "| --- | --- | --- | --- |"]
    for name, group in groups.items():
        low, high = wilson(sum(group), len(group))
        rows.append(f"| {name} | {len(group)} | {sum(group) / len(group):.1%} | {low:.1%} – {high:.1%} |")
    return "\n".join(rows)


def training_table(folder: Path) -> str:
    """Every tenth part of the training log."""
    return chosen_rows(folder, ("step", "problems", "rate", "stage", "loss", "steps", "first", "answer"))


if __name__ == "__main__":
    main()
