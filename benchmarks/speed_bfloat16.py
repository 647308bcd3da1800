"""What bfloat16 saves on a CPU, and how many answers it changes: both types in turn, in one run.

    python -m benchmarks.speed_bfloat16                     # speed of three shapes, then agreement on `tiny`
    python -m benchmarks.speed_bfloat16 speed --repeat 5
    python -m benchmarks.speed_bfloat16 agree --problems 300

Speed: reading the questions alone (prefill) and answering them under 3 conditions with 8 tokens, the least of so many
rounds. Only the embedded model is trained; the other shapes have random weights, whose logits are all but tied, so that
their answers say nothing. Agreement: the embedded model over its problems, under the suite's conditions.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import torch

import ctlab
import fixtures.conditions
from benchmarks.speed_models import GPT2_SMALL, embedded, random_codi
from benchmarks.speed_scores import table
from benchmarks.speed_work import Row, some_conditions, timed
from ctlab.engine import attention, decoding_of
from ctlab.engine.plan import plan
from ctlab.engine.prefill import prefill
from ctlab.interventions import Condition
from ctlab.models import LatentReasoner
from ctlab.models.devices import multiplies_bfloat16
from ctlab.outcomes.against_golds import is_right

LLAMA_135M = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "head_dim": 64,
    "max_position_embeddings": 2048,
    "vocab_size": 49152,
    "tie_word_embeddings": True,
}
TYPES = ("float32", "bfloat16")
TOKENS = 8


def speed(
    name: str,
    model: LatentReasoner,
    problems: Sequence[ctlab.Problem],
    repeat: int,
    clock: Callable[[], float] = time.process_time,
) -> list[Row]:
    """Time both types on one model in turn; a row for each of reading and answering."""
    models = {kind: model.cast(kind) for kind in TYPES}
    ways: dict[str, Callable[[LatentReasoner], object]] = {
        "prefill": partial(_read, problems=problems),
        "answers": partial(_answer, problems=problems),
    }
    rows: list[Row] = []
    for what, way in ways.items():
        seconds: dict[str, list[float]] = {kind: [] for kind in TYPES}
        for each in models.values():
            way(each)  # what is made once
        for _ in range(repeat):
            for kind, each in models.items():
                seconds[kind].append(timed(clock, partial(way, each)))
        wide, narrow = (min(seconds[kind]) for kind in TYPES)
        rows.append({"model": name, "what": what, TYPES[0]: wide, TYPES[1]: narrow, "times": wide / narrow})
    return rows


def _read(model: LatentReasoner, problems: Sequence[ctlab.Problem]) -> None:
    planned = plan(model, problems, some_conditions(["baseline"]), decoding_of(model, max_new_tokens=TOKENS))
    with attention.engaged(model.network):
        prefill(model, planned.batch(range(len(problems))), 1, None, published=None, watch=None)


def _answer(model: LatentReasoner, problems: Sequence[ctlab.Problem]) -> None:
    ctlab.generate(model, problems, some_conditions(), max_new_tokens=TOKENS, certificates=False)


def suites() -> list[Condition]:
    """The suite's conditions that the model alone answers in thoughts."""
    card = {"num_layers": fixtures.conditions.EMBEDDED_LAYERS, "num_thoughts": len(fixtures.conditions.THOUGHTS)}
    every = fixtures.conditions.pytest_ctlab_conditions(card)
    return [each for each in every if not each.model and each.thinking == "latent"]


def agree(model: LatentReasoner, problems: Sequence[ctlab.Problem], conditions: Sequence[Condition]) -> list[Row]:
    """Compare answers of both types, token by token and right or wrong; a row for all, and the worst condition."""
    wide, narrow = (
        ctlab.generate(model.cast(kind), problems, conditions, certificates=False, max_new_tokens=model.max_new_tokens)
        for kind in TYPES
    )
    rows: list[Row] = []
    for condition in conditions:
        pairs = list(zip(problems, wide[condition.name], narrow[condition.name], strict=True))
        right = [(_right(problem, one.text), _right(problem, other.text)) for problem, one, other in pairs]
        rows.append(
            {
                "condition": condition.name,
                "answers": len(pairs),
                "same_tokens": sum(one.token_ids == other.token_ids for _, one, other in pairs) / len(pairs),
                "same_label": sum(one == other for one, other in right) / len(pairs),
                "right_float32": sum(one for one, _ in right) / len(pairs),
                "right_bfloat16": sum(other for _, other in right) / len(pairs),
            }
        )
    whole: Row = {"condition": f"all {len(rows)}", "answers": len(problems) * len(rows)}
    for name in list(rows[0])[2:]:
        whole[name] = sum(float(str(row[name])) for row in rows) / len(rows)
    return [whole, *sorted(rows, key=lambda row: float(str(row["same_tokens"])))]


def _right(problem: ctlab.Problem, text: str) -> bool:
    found = is_right(problem, text)
    return found is not None and found.right


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="of speed, agree; default: both")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (3)")
    parser.add_argument("--problems", type=int, help="problems of agreement (all)")
    parser.add_argument("--questions", type=int, default=32, help="questions of the random models (32)")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (1)")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - {"speed", "agree"}:
        parser.error(f"unknown part {min(unknown)!r}; parts are speed, agree")
    torch.set_num_threads(asked.threads)
    problems = ctlab.load_problems("tiny")
    own = {True: "yes", False: "no", None: "unknown"}[multiplies_bfloat16()]
    print(f"threads={asked.threads} clock=cpu torch={torch.__version__} bfloat16_products={own}", flush=True)
    if not asked.parts or "speed" in asked.parts:
        print(table(speed("embedded (0.7 M)", embedded().model, list(problems)[:300], asked.repeat)), flush=True)
        few = list(problems)[: asked.questions]
        for name, form in {"GPT-2-small (124 M)": GPT2_SMALL, "Llama (135 M)": LLAMA_135M}.items():
            with tempfile.TemporaryDirectory() as folder:
                texts = [problem.question for problem in problems]
                model = random_codi(form, Path(folder), texts, unmerged=False).model
                print(table(speed(name, model, few, asked.repeat)), flush=True)
    if not asked.parts or "agree" in asked.parts:
        chosen = list(problems)[: asked.problems]
        print(table(agree(ctlab.load_model("tiny"), chosen, suites())[:6]))


if __name__ == "__main__":
    main()
