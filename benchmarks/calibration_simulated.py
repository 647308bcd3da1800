"""Error rates of what cannot be enumerated: 2,000 runs without the claimed effect, judged like any other."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.calibration_measured import MEASURED
from benchmarks.calibration_question import ALPHA, LABELS, SHARES, STRICT, Answers, answers, asking
from ctlab.claims import Direction, Kind
from ctlab.claims.judge import decide
from ctlab.records import Effect, Verdict
from ctlab.statistics import (
    additivity,
    auc,
    clustered_difference,
    cochran_q,
    error_mix,
    every_outcome_equivalent,
    interaction,
    ordered_trend,
    ratio,
)


def together(generator: np.random.Generator, rates: np.ndarray, same: float) -> np.ndarray:
    """Outcomes of each problem (rows) under each condition (columns) with these rates, correlated by shared luck."""
    own = generator.random(rates.shape)
    shared = np.broadcast_to(generator.random((len(rates), 1)), rates.shape)
    return np.where(generator.random((len(rates), 1)) < same, shared, own) < rates


def interaction_numeric(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    operations = generator.integers(1, 6, n)
    return _interaction(generator, operations, "n_operations", -0.3 * operations)


def interaction_binary(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    has = generator.permutation(np.arange(n) < 0.3 * n)
    return _interaction(generator, has, "has_division", -0.8 * has)


def _interaction(
    generator: np.random.Generator, values: np.ndarray, name: str, logit: np.ndarray
) -> tuple[Any, Effect]:
    rates = 1 / (1 + np.exp(-(2.0 + logit[:, None] - np.array([0.0, 0.9]))))
    correct = together(generator, rates, 0.8)
    features = tuple(SimpleNamespace(**{name: each}) for each in values.tolist())
    runs = [answers(str(k), correct[:, k], features) for k in (0, 1)]
    question = asking(Kind.INTERACTION, Direction.INCREASE)
    return question, interaction(name, *runs, question)


def error_mix_more_errors(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """More errors of the same kinds; half of those wrong under both change their label."""
    before, after = (generator.random(n) < rate for rate in (0.75, 0.75))
    after &= before | (generator.random(n) < 0.1)
    first = generator.choice(len(LABELS), n, p=SHARES)
    second = np.where(generator.random(n) < 0.5, first, generator.choice(len(LABELS), n, p=SHARES))
    names = np.array(LABELS)
    runs = [
        Answers(str(k), np.where(right, "CORRECT", names[label]))
        for k, (right, label) in enumerate(((before, first), (after, second)))
    ]
    question = asking(Kind.ERROR_MIX, Direction.CHANGE)
    return question, error_mix(*runs, question, power=False)


def halves(effect: Effect) -> dict[str, Effect]:
    """The two halves of an error mix, each decided by its own p-value."""
    row, details = effect.to_json(), effect.details
    labels = max(details["stuart_maxwell"]["p"], details["permutation_p"])
    return {
        "error mix, labels of problems wrong under both": Effect.from_json({**row, "p_value": labels}),
        "error mix, composition of all errors": Effect.from_json({**row, "p_value": details["composition_p"]}),
    }


def additive(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    rates = np.tile([0.9, 0.8, 0.85, 0.75], (n, 1))
    correct = together(generator, rates, 0.7)
    question = asking(Kind.ADDITIVITY, Direction.INCREASE)
    return question, additivity(*(answers(str(k), correct[:, k]) for k in range(4)), question)


def ratio_at_two(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    correct = together(generator, np.tile([0.8, 0.5, 0.65], (n, 1)), 0.7)
    question = asking(Kind.RATIO, Direction.INCREASE, 2.0)
    return question, ratio(*(answers(str(k), correct[:, k]) for k in range(3)), question)


def trend_with_a_pause(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    correct = together(generator, np.tile([0.85, 0.70, 0.70, 0.55], (n, 1)), 0.7)
    question = asking(Kind.TREND, Direction.DECREASE)
    return question, ordered_trend([answers(str(k), correct[:, k]) for k in range(4)], question)


def positions_alike(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    correct = together(generator, np.full((n, 6), 0.7), 0.8)
    question = asking(Kind.NOT_ALL_EQUAL, Direction.CHANGE)
    return question, cochran_q([answers(str(k), correct[:, k]) for k in range(6)], question)


def positions_alike_few(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """Few problems tell the conditions apart: permutations."""
    correct = together(generator, np.full((n, 3), 0.7), 0.8) | (generator.random((n, 1)) < 0.7)
    question = asking(Kind.NOT_ALL_EQUAL, Direction.CHANGE)
    return question, cochran_q([answers(str(k), correct[:, k]) for k in range(3)], question)


def auc_of_noise(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    question = asking(Kind.AUC, Direction.INCREASE)
    positive = generator.permutation(np.arange(n) < 0.25 * n)
    return question, auc(np.round(generator.normal(size=n), 1).tolist(), positive.tolist(), question)


def one_outcome_at_the_margin(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """One outcome's rate moves by exactly the margin, the others hardly."""
    right = generator.random(n) < 0.7
    before = np.where(right, "CORRECT", generator.choice(LABELS[:2], n))
    moved = (before == "CALC_ERROR") & (generator.random(n) < 0.05 / 0.15)
    after = np.where(moved, generator.choice(("CORRECT", *LABELS[1:]), n), before)
    question = asking(Kind.EQUIVALENCE, Direction.EQUIVALENT, 0.05)
    return question, every_outcome_equivalent(Answers("0", before), Answers("1", after), question)


def clustered(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """Forty templates, each with its own effect, none on average."""
    clusters = np.arange(n) % 40
    shift = generator.normal(scale=0.1, size=40)[clusters]
    before, after = (generator.random(n) < 0.7 + sign * shift for sign in (0.0, 1.0))
    question = asking(Kind.DIFFERENCE, Direction.INCREASE)
    return question, clustered_difference(before.tolist(), after.tolist(), clusters.tolist(), alternative="greater")


SCENARIOS: dict[str, tuple[Callable[[np.random.Generator, int], tuple[Any, Effect]], int]] = {
    "interaction, number, n = 200": (interaction_numeric, 200),
    "interaction, number, n = 1,319": (interaction_numeric, 1319),
    "interaction, yes or no, n = 200": (interaction_binary, 200),
    "interaction, yes or no, n = 1,319": (interaction_binary, 1319),
    "error mix, n = 400": (error_mix_more_errors, 400),
    "error mix, n = 1,319": (error_mix_more_errors, 1319),
    "additivity, n = 200": (additive, 200),
    "additivity, n = 1,319": (additive, 1319),
    "ratio at its margin, n = 200": (ratio_at_two, 200),
    "ratio at its margin, n = 1,319": (ratio_at_two, 1319),
    "ordered trend with one pause, n = 1,319": (trend_with_a_pause, 1319),
    "not all equal, six conditions, n = 1,319": (positions_alike, 1319),
    "not all equal, three conditions, few tell, n = 200": (positions_alike_few, 200),
    "AUC, n = 200": (auc_of_noise, 200),
    "every outcome, one at its margin, n = 1,319": (one_outcome_at_the_margin, 1319),
    "40 clusters, n = 1,319": (clustered, 1319),
    **MEASURED,
}


def simulate(name: str, runs: int, seed: int = 0) -> dict[str, tuple[int, int, int]]:
    """How many of `runs` are SUPPORTED at .05, have p at most .05 / 6, and are undecided; with the halves of a mix."""
    make, n = SCENARIOS[name]
    found: dict[str, np.ndarray] = {}
    for run in range(runs):
        question, effect = make(np.random.default_rng([seed, run]), n)
        parts = halves(effect) if make is error_mix_more_errors else {}
        for part, each in ((name, effect), *((f"{half}, n = {n:,}", each) for half, each in parts.items())):
            supported = decide(question.judged, each, ALPHA) == Verdict.SUPPORTED
            strict = each.p_value <= STRICT and not each.undecided
            seen = np.array([supported, strict, bool(each.undecided)], dtype=int)
            found[part] = found.get(part, np.zeros(3, dtype=int)) + seen
    return {part: (int(counts[0]), int(counts[1]), int(counts[2])) for part, counts in found.items()}


def most(alpha: float, runs: int) -> float:
    """Largest share that still counts as α: α plus three standard errors."""
    return alpha + 3.0 * (alpha * (1.0 - alpha) / runs) ** 0.5
