"""Does `ctlab reproduce` name what is wrong with a sabotaged checkpoint, and leave sound ones alone? Two tables.

    python -m benchmarks.reproduce_sabotages [--only WORD] [--seeds N]

Sabotaged are copies of the embedded model (its gold answers decide), of the same with its weights split into a base and
an adapter, and of the golden checkpoints (expected answers decide: CODI's official ones, or those of the intact copy).
Which cause must be named was written down beside each sabotage before it was run. *Named* means: that cause and no
other beside it.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ctlab
from benchmarks import reproduce_damage as damage
from ctlab.lab.notebook_run import SilentLog
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.reproduction.against_published import Result
from ctlab.reproduction.asked_for import AskedFor
from ctlab.reproduction.causes.chat_form import framed
from ctlab.reproduction.changed_model import with_projection, with_settings, with_text
from ctlab.reproduction.reproducing import reproduce
from tests.models.families.golden_settings import golden_settings

GOLDEN = Path(os.environ.get("CTLAB_SHARED") or Path(__file__).parents[2] / "shared") / "golden"
KEYS = (
    *("family", "num_latent", "use_prj", "prj_dim", "prj_no_ln", "remove_eos", "lora_r", "lora_alpha"),
    "question_suffix",
)
PUBLISHED = 0.767  # of the embedded model, on its card
QUESTIONS = 24  # of the intact copy's own answers
OFFICIAL = ("bmarti-m1-cot", "bmarti-m3-pause", "latenttts-codi", "huginn")
"""Golden folders of other families, which are held to their official answers and asked as these were."""
IN_PASSES = ("pccot-gpt2", "pccot-llama")
"""Those whose official answers were asked one at a time, and are published in batches whose padding is read: they are
held to the intact copy's own answers."""
OPTIONS = dict.fromkeys(
    ("base", "device", "dtype", "padding", "max_new_tokens", "batch_tokens", "store", "allow_pickle")
)
Damage = Callable[[Path], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sabotage:
    """A checkpoint, what is done to it, and what must be named."""

    source: str
    """``tiny``, ``tiny-lora`` or a golden folder."""
    name: str
    """What is done, in words."""
    cause: str
    """The cause that must be named; empty for a sound one."""
    damage: Damage = lambda folder: None
    """Damages the copy."""
    expected: Callable[[Any, Sequence[Any]], list[list[int]]] | None = None
    """Answers of a reference by the intact model and the problems; None: the official ones, or the intact model's."""
    options: dict[str, Any] = field(default_factory=dict)
    """How it is run."""
    seed: int = 1
    """Seed of the sample."""


def prepared(sabotage: Sabotage, folder: Path) -> AskedFor:
    """Make the damaged copy and say what is to be reproduced."""
    place = folder / "checkpoint"
    options = {**OPTIONS, "store": str(folder / "store"), **sabotage.options}
    if sabotage.source.startswith("tiny"):
        damage.copied(TINY, place, json.loads((TINY / "ctlab.json").read_text()))
        if sabotage.source == "tiny-lora":
            damage.split_adapters(place, scale=damage.ALPHA / damage.RANK, alpha=damage.ALPHA)
        sabotage.damage(place)
        return AskedFor(
            model=str(place), published=PUBLISHED, diagnose=True, seed=sabotage.seed, limit=640, options=options
        )
    source = GOLDEN / sabotage.source
    form = json.loads((source / "expected.json").read_text())
    of_family = sabotage.source in (*OFFICIAL, *IN_PASSES)
    told = golden_settings(source) if of_family else {key: form[key] for key in KEYS if key in form}
    damage.copied(source, place, told)
    answers = source / "expected.json"
    if sabotage.source in OFFICIAL:
        options = {**options, "padding": "as-published"}
    elif sabotage.expected is not None or form.get("family") != "codi":
        answers = folder / "expected.json"
        _write_expected(place, sabotage, answers)
    sabotage.damage(place)
    limit = {"max_new_tokens": form["max_new_tokens"]} if options["max_new_tokens"] is None else {}
    return AskedFor(model=str(place), expected=answers, diagnose=True, seed=sabotage.seed, options={**options, **limit})


def _write_expected(place: Path, sabotage: Sabotage, answers: Path) -> None:
    """Have the intact copy answer problems of the embedded set."""
    model = ctlab.load_model(place)
    problems = ctlab.load_problems("tiny").problems[:QUESTIONS]
    tokens = (sabotage.expected or answered)(model, problems)
    steps = [problem.features.n_operations for problem in problems]
    form = {"questions": [problem.question for problem in problems], "tokens": tokens, "n_steps": steps}
    answers.write_text(json.dumps(form), encoding="utf-8")


def answered(model: Any, problems: Sequence[Any], *, padding: str = "exact") -> list[list[int]]:
    """The baseline's tokens."""
    baseline = ctlab.Condition(name="baseline")
    runs = ctlab.generate(
        model,
        list(problems),
        baseline,
        max_new_tokens=16,
        padding=padding,
        certificates=False,  # type: ignore[arg-type]
    )
    return [list(answer.token_ids) for answer in runs["baseline"]]


def by_steps(model: Any, problems: Sequence[Any]) -> list[list[int]]:
    """As the curriculum study evaluates: as many thoughts as the gold solution has steps."""
    counts = [min(model.num_thoughts, problem.features.n_operations) for problem in problems]
    return [
        answered(with_settings(model, num_latent=count), [problem])[0]
        for count, problem in zip(counts, problems, strict=True)
    ]


def in_chat(model: Any, problems: Sequence[Any]) -> list[list[int]]:
    """Asked in ChatML."""
    asked = with_text(model, partial(framed, "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"))
    return answered(asked, problems)


def unprojected(model: Any, problems: Sequence[Any]) -> list[list[int]]:
    """By a loader that drops the projection."""
    return answered(with_projection(model, None), problems)


ROWS, EOS, COUNT, PROJECTION = "rows-in-wrong-order", "eos-marker", "number-of-thoughts", "projection"
SCALE, HEAD, OVERFLOW, LIMIT = "lora-scale", "tied-head-lost", "overflow", "token-limit"


def setting(**settings: Any) -> Damage:
    """Write a wrong setting."""
    return lambda folder: damage.set_to(folder, **settings)


def _projection_missing(folder: Path) -> None:
    damage.drop(folder, "prj.")
    damage.set_to(folder, use_prj=False)


def _norm_missing(folder: Path) -> None:
    damage.drop(folder, "prj.ln.")
    damage.set_to(folder, prj_no_ln=True)


def _row(source: str, name: str, cause: str, done: Damage = lambda folder: None, **more: Any) -> Sabotage:
    return Sabotage(source=source, name=name, cause=cause, damage=done, **more)


LAYER = "codi.base_model.model.model.layers."
CODI, EOS_NOLN, LLAMA, COCONUT = "codi-gpt2", "codi-gpt2-eos-noln", "codi-llama", "coconut-gpt2"
WRITTEN, PAUSE, PROJECTED, HUGINN = OFFICIAL
PCCOT, PCCOT_LLAMA = IN_PASSES
HALF = {"dtype": "float16"}
SABOTAGES: tuple[Sabotage, ...] = (
    _row("tiny", "rows of BOT and EOT exchanged", ROWS, lambda f: damage.reorder_rows(f, (0, 2, 1))),
    _row("tiny", "added rows as BOT, EOT, padding", ROWS, lambda f: damage.reorder_rows(f, (1, 2, 0))),
    _row("tiny", "embedding never resized", "vocabulary-not-resized", damage.cut_rows),
    _row("tiny", "remove_eos false", EOS, setting(remove_eos=False)),
    _row("tiny", "2 thoughts instead of 6", COUNT, setting(num_latent=2)),
    _row("tiny", "3 thoughts instead of 6", COUNT, setting(num_latent=3)),
    _row("tiny", "projection missing", PROJECTION, _projection_missing),
    _row("tiny", "projection's norm missing", PROJECTION, _norm_missing),
    _row("tiny", "projection drawn anew", PROJECTION, lambda f: damage.reinitialise(f, "prj.")),
    _row("tiny", "head untied and drawn anew", HEAD, damage.lose_head),
    _row("tiny", "activations beyond float16", OVERFLOW, damage.overflow, options=HALF),
    _row("tiny", "answers cut after 1 token", LIMIT, options={"max_new_tokens": 1}),
    _row("tiny", "max_new_tokens 1 in the settings", LIMIT, setting(max_new_tokens=1)),
    _row("tiny", "eos_token_id 5 instead of 0", "end-of-sequence", setting(eos_token_id=5)),
    _row("tiny", "words' rows shifted by one", "vocabulary-shifted", damage.shift_words),
    _row("tiny", "numbers cut into digits", "numbers-cut", damage.split_numbers),
    _row("tiny", "padding that is read", "padding", options={"padding": "as-published"}),
    _row("tiny", "another number after the marker", "extraction", damage.write_more_numbers),
    _row("tiny-lora", "lora_alpha 8 instead of 16", SCALE, setting(lora_alpha=8)),
    _row("tiny-lora", "lora_alpha 32 instead of 16", SCALE, setting(lora_alpha=32)),
    _row("tiny-lora", "lora_alpha as if the scale were rsLoRA's", SCALE, setting(lora_alpha=16 / 8**0.5)),
    _row("tiny-lora", "lora_alpha 13 instead of 16", SCALE, setting(lora_alpha=13)),
    _row(CODI, "lora_alpha 8 instead of 16", SCALE, setting(lora_alpha=8)),
    _row(LLAMA, "lora_alpha 64 instead of 16", SCALE, setting(lora_alpha=64)),
    _row(LLAMA, "tokenizer without its post-processor", "special-tokens", damage.lose_special_tokens),
    _row(EOS_NOLN, "remove_eos true", EOS, setting(remove_eos=True)),
    _row(CODI, "remove_eos false", EOS, setting(remove_eos=False)),
    _row(CODI, "a newline that training had not", "question-ending", setting(question_suffix="\n")),
    _row(CODI, "5 thoughts instead of 6", COUNT, setting(num_latent=5)),
    _row(LLAMA, "asked without its chat template", "chat-template", expected=in_chat),
    _row(LLAMA, "activations beyond float16", OVERFLOW, damage.overflow, options=HALF),
    _row(CODI, "head untied and drawn anew", HEAD, damage.lose_head),
    _row(CODI, "reference without its projection", PROJECTION, expected=unprojected),
    _row(COCONUT, "newline after the question lost", "question-ending", setting(question_suffix="")),
    _row(COCONUT, "stage 2 of 3: 4 thoughts", COUNT, setting(num_latent=4)),
    _row(COCONUT, "rows of start and end exchanged", ROWS, lambda f: damage.reorder_rows(f, (1, 0, 2))),
    _row(COCONUT, "thoughts counted by gold steps", "thoughts-by-gold-steps", expected=by_steps),
    _row(COCONUT, "answers cut after 8 tokens", LIMIT, options={"max_new_tokens": 8}),
    _row(COCONUT, "first token not looked at", "padding", expected=partial(answered, padding="as-published")),
    _row(WRITTEN, "newline after the question lost", "question-ending", setting(question_suffix="")),
    _row(PAUSE, "4 thoughts instead of 6", COUNT, setting(num_latent=4)),
    _row(PROJECTED, "a newline that training had not", "question-ending", setting(question_suffix="\n")),
    _row(PCCOT, "1 pass instead of 3", "number-of-passes", setting(num_iterations=1, despite_files=["num_iterations"])),
    _row(PCCOT_LLAMA, "5 thoughts instead of 6", COUNT, setting(num_latent=5, despite_files=["num_latent"])),
    _row(HUGINN, "first state drawn at random", "initial-state", setting(init_scale=1.0, init_seed=3)),
)
"""What must be named, written down before the first run."""


UNLISTED: tuple[Sabotage, ...] = (
    _row("tiny", "unlisted: an MLP drawn anew", "", lambda f: damage.reinitialise(f, f"{LAYER}1.mlp.")),
    _row("tiny", "unlisted: an attention drawn anew", "", lambda f: damage.reinitialise(f, f"{LAYER}1.self_attn.")),
    _row("tiny", "unlisted: two words' rows exchanged", "", damage.exchange_words),
)
"""Faults that no cause is about: nobody may be named for them."""


def sound(seeds: int) -> list[Sabotage]:
    """Sound checkpoints, where nobody may be accused, by several samples of the problems."""
    rows = [
        *(_row("tiny", "as it is", "", seed=seed) for seed in range(1, seeds + 1)),
        *(_row("tiny", "in bfloat16", "", options={"dtype": "bfloat16"}, seed=seed) for seed in range(1, 3)),
        *(_row("tiny-lora", "as it is", "", seed=seed) for seed in range(1, seeds // 2 + 1)),
        *(_row("tiny-blind", "as it is", "", _blind, seed=seed) for seed in range(1, seeds // 2 + 1)),
        *(_row(name, "official answers", "") for name in (CODI, EOS_NOLN, LLAMA, *OFFICIAL)),
    ]
    return [
        *rows,
        *(
            _row(name, "its own answers", "", expected=answered)
            for name in (CODI, EOS_NOLN, LLAMA, COCONUT, *IN_PASSES)
        ),
    ]


def _blind(folder: Path) -> None:
    from ctlab.models.checkpoints.checkpoint_files import EMBEDDED

    damage.set_to(folder, **EMBEDDED["tiny-blind"])


def tried(sabotage: Sabotage) -> Result:
    """Reproduce one, in a folder of its own."""
    with TemporaryDirectory(prefix="ctlab-sabotage-") as name:
        asked_for = prepared(sabotage, Path(name))
        if sabotage.source == "tiny-blind":  # nothing is published of it
            asked_for = replace(asked_for, published=None)
        return reproduce(asked_for, SilentLog())


def named(result: Result) -> list[str]:
    """The causes that are accused, the first one first."""
    return [] if result.diagnosis is None else [each.cause.name for each in result.diagnosis.accused]


def main() -> int:
    """Print both tables; 1 where too few are named, or a sound one is accused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only rows whose source or name holds this word")
    parser.add_argument("--seeds", type=int, default=10, help="samples of the embedded model's problems (10)")
    arguments = parser.parse_args()
    rows = [*SABOTAGES, *UNLISTED, *sound(arguments.seeds)]
    rows = [row for row in rows if arguments.only in f"{row.source} {row.name}"]
    print(f"{'checkpoint':<19} {'what was done':<42} {'right':>10} {'named':<38} {'':<6} seconds", flush=True)
    hits = {True: 0, False: 0}
    for row in rows:
        began = time.monotonic()
        result = tried(row)
        accused = named(result)
        good = accused == ([row.cause] if row.cause else [])
        hits[bool(row.cause)] += good
        right = f"{result.right} of {result.n}"
        says = "ok" if good else "WRONG"
        print(
            f"{row.source:<19} {row.name:<42} {right:>10} {', '.join(accused) or '–':<38} {says:<6} "
            f"{time.monotonic() - began:.0f}",
            flush=True,
        )
    damaged = [row for row in rows if row.cause]
    intact = len(rows) - len(damaged)
    print(f"\n{hits[True]} of {len(damaged)} sabotages named; {intact - hits[False]} of {intact} others accused")
    return int(len(damaged) - hits[True] > 2 or intact > hits[False])


if __name__ == "__main__":
    sys.exit(main())
