"""A made-up run with every verdict, status and oddity that a report must show well."""

import random
from typing import Any

from ctlab.statistics import paired_difference
from tests.reporting.fake_words import WORDS

N = 1319
OUTCOMES = (
    "CORRECT",
    "NONE",
    "NONSENSE",
    "CALC_ERROR",
    "SIGN_ERROR",
    "PARTIAL_ANSWER",
    "OPERATION_REVERSAL",
    "OFF_BY_FACTOR",
    "LOGIC_ERROR",
    "UNEXPLAINED",
)
CHANCE = {
    "CALC_ERROR": 0.02,
    "SIGN_ERROR": 0.001,
    "PARTIAL_ANSWER": 0.03,
    "OPERATION_REVERSAL": 0.01,
    "OFF_BY_FACTOR": 0.08,
    "LOGIC_ERROR": 0.51,
    "UNEXPLAINED": 0.35,
}
CONDITIONS: dict[str, list[dict[str, Any]]] = {
    "baseline": [],
    "ct0_blocked": [{"keys": ["CT0"], "readers": "later"}],
    "ct4_blocked": [{"keys": ["CT4"], "readers": "later"}],
    "question_control": [{"keys": "question-control", "readers": "later"}],
    "thoughts_hidden_from_answer": [{"keys": "thoughts", "readers": "answer"}],
    "ct0_dose_50": [{"keys": ["CT0"], "readers": "later", "keep": 0.5}],
    "ct0_first_third": [{"keys": ["CT0"], "readers": "later", "layers": [0, 1, 2]}],
    "ct0_cut_off_from_question": [{"keys": "question", "readers": ["begin", "CT0"]}],
    "skip_connections": [
        {"keys": ["CT0"], "readers": ["CT2", "CT3", "CT4", "CT5"]},
        {"keys": ["CT1"], "readers": ["CT3", "CT4", "CT5"]},
    ],
    "ct5_blocked": [{"keys": ["CT5"], "readers": "answer", "self": True}],
    "no_op": [{"keys": ["CT5"], "readers": "thoughts"}],
    "a_condition_with_quite_an_exceptionally_long_name_for_a_fixture": [{"keys": ["CT1"], "readers": "thoughts"}],
    "all_resampled": [{"thoughts": "all", "by": "resample", "seed": 4}],
    "ct0_blocked_ct2_given_back": [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2"], "by": "baseline"}],
}
ACCURACY = (0.81, 0.62, 0.80, 0.79, 0.41, 0.71, 0.68, 0.55, 0.73, 0.80, 0.81, 0.76, 0.04, 0.66)
CORPUS = (
    "Tom has {a} apples and buys {b} more. He gives away {c}. How many are left?",
    "A train with {a} coaches of {b} seats leaves with {c} empty seats. How many are taken?",
)


HESITATIONS = [
    {
        "problem_id": "0" * 16,
        "answer": "The answer is 10-15",
        "read": "10",
        "reading": "the number after “The answer is”; a range",
        "correct": False,
    }
]


def fake_report(*, conditions: int = 5, n: int = N, recorded: bool = False, seed: int = 0) -> dict[str, Any]:
    """Build report.json of a run with ``conditions`` conditions and one claim of every sort."""
    chosen = list(CONDITIONS)[:conditions]
    outcomes = {name: _outcomes(rate, n) for name, rate in zip(chosen, ACCURACY, strict=False)}
    return {
        "schema": 1,
        "ctlab": "0.1.0",
        "started": "2026-01-02T03:04:05Z",
        "seconds": 43.7,
        "command": "pytest hypotheses/",
        "interrupted": False,
        "selection": {"deselected": 0, "is_selection": False},
        "environment": {"python": "3.11.2", "torch": "2.13.0", "transformers": "5.23.0", "cores": 2},
        "model": {
            "id": "tiny",
            "digest": "00112233445566ff",
            "family": "codi",
            "num_thoughts": 6,
            "settings": {"prj_dim": 256, "remove_eos": True},
        },
        "problems": {"name": "tiny", "digest": "8899aabbccddeeff", "n": n, "limit": None},
        "decoding": {"padding": "exact", "dtype": "float32", "max_new_tokens": 64},
        "alpha": 0.05,
        "families": [
            {"name": "error-taxonomy", "claims": 6, "alpha": 0.05},
            {"name": "problem-sensitivity", "claims": 8, "alpha": 0.05},
        ],
        "conditions": [_condition(name, outcomes[name], n, recorded) for name in chosen],
        "outcomes": outcomes,
        "claims": fake_claims(n),
        "explanation": {
            "text": "CT0 is idle: hiding it changes accuracy by less than 2 points. What CT1 does is unknown.",
            "sentences": [
                {
                    "text": "CT0 is idle: hiding it changes accuracy by less than 2 points.",
                    "claims": ["ct0-lowers-accuracy"],
                    "numbers": [{"text": "2", "claim": "ct0-lowers-accuracy", "field": "margin", "form": "margin"}],
                },
                {"text": "What CT1 does is unknown.", "claims": [], "numbers": []},
            ],
        },
        "roles": [
            {
                "thought": "CT0",
                "role": "idle",
                "step": None,
                "where": [],
                "read_by": [],
                "claims": ["ct0-lowers-accuracy"],
            },
            {"thought": "CT1", "role": "unknown", "step": None, "where": [], "read_by": [], "claims": []},
        ],
        "problem_sensitivity": fake_sensitivity(n, [name for name in ("ct0_blocked", "ct4_blocked") if name in chosen]),
    }


def _outcomes(accuracy: float, n: int) -> dict[str, Any]:
    wrong = n - round(accuracy * n)
    shares = {"LOGIC_ERROR": 0.48, "UNEXPLAINED": 0.2, "CALC_ERROR": 0.12, "PARTIAL_ANSWER": 0.1, "OFF_BY_FACTOR": 0.07}
    counts = {name: round(share * wrong) for name, share in shares.items()}
    counts["OPERATION_REVERSAL"] = wrong - sum(counts.values())
    counts["CORRECT"] = n - wrong
    table = {}
    for name in OUTCOMES:
        count = counts.get(name, 0)
        cell: dict[str, Any] = {"count": count, "rate": count / n}
        if name in CHANCE and wrong:
            cell["of"] = wrong
            share, chance = count / wrong, CHANCE[name]
            corrected = (share - chance) / (1 - chance)
            cell |= {"share": share, "chance": chance, "corrected": corrected}
            cell |= {"low": corrected - 0.03, "high": corrected + 0.03}
        else:
            cell |= {"of": None, "share": None, "chance": None, "corrected": None, "low": None, "high": None}
        table[name] = cell
    return table


def _condition(name: str, outcomes: dict[str, Any], n: int, recorded: bool) -> dict[str, Any]:
    certificate = {
        "condition": name,
        "model": "00112233445566ff",
        "backend": "sdpa cpu float32",
        "edges_removed": 0 if name in ("baseline", "all_resampled") else 131,
        "edges_weakened": 0 if name in ("baseline", "all_resampled") else 131,
        "thoughts_replaced": {"all_resampled": 96, "ct0_blocked_ct2_given_back": 16}.get(name, 0),
        "problems": 16,
        "scope": "all layers and heads",
        "identical_to": "baseline" if name == "no_op" else None,
        "available": True,
        "passed": True,
        "checks": [
            {"name": "plain-run-identical", "passed": True, "detail": "16 of 16 answers have the same token ids"},
            {"name": "removed-edges-are-zero", "passed": True, "detail": "largest weight 0.0 on 131 edges"},
        ],
    }
    return {
        "name": name,
        "interventions": [] if recorded else CONDITIONS[name],
        "digest": "a1b2c3d4e5f60718",
        "certificate": None if recorded else certificate,
        "ambiguous": 2 if name == "ct0_blocked" else 0,
        "hesitations": HESITATIONS if name == "ct0_blocked" else [],
        "recorded": f"answers/{name}.jsonl" if recorded else None,
        "n": n,
        "accuracy": outcomes["CORRECT"]["count"] / n,
    }


def claim(id: str, statement: str, **fields: Any) -> dict[str, Any]:
    """One row of report["claims"], judged unless told otherwise."""
    row = {
        "id": id,
        "family": "error-taxonomy",
        "statement": statement,
        "kind": "difference",
        "direction": "decrease",
        "outcome": "CORRECT",
        "margin": 0.0,
        "feature": "",
        "scale": "points",
        "conditions": ["baseline", "ct0_blocked"],
        "controls": [],
        "source": "error taxonomy, expected result 1",
        "needs": "G",
        "alpha": 0.05 / 6,
        "status": "judged",
        "verdict": None,
        "accepted": None,
        "exploratory": False,
        "reason": "",
        "effect": None,
        "flags": [],
        "examples": [],
        "nodeid": f"hypotheses/test_error_taxonomy.py::test_{id.replace('-', '_')}",
        "seconds": 0.012,
    }
    return {**row, **fields}


def effect_row(estimate: float, low: float, high: float, p: float, unit: str, **fields: Any) -> dict[str, Any]:
    """An effect that is no paired difference, in JSON form."""
    return {
        "estimate": estimate,
        "low": low,
        "high": high,
        "level": 1 - 2 * 0.05 / 8,
        "p_value": p,
        "n": N,
        "lost": None,
        "gained": None,
        "method": "GEE logit, clustered by problem, robust; Wald interval",
        "alternative": "less",
        "margin": 0.0,
        "boundary": 0.0,
        "null": "condition × feature interaction ≥ 0",
        "unit": unit,
        "refuting": None,
        "undecided": "",
        "groups": {},
        "details": {},
        **fields,
    }


def paired_row(lost: int, gained: int, n: int, low: float, high: float, p: float, **fields: Any) -> dict[str, Any]:
    """An effect that is a paired difference, in JSON form; the ends and p are given, so that texts stay as they are."""
    row = effect_row((gained - lost) / n, low, high, p, "points", n=n, lost=lost, gained=gained)
    row |= {"level": 1 - 2 * 0.05 / 6, "method": "exact McNemar test; Tango score interval"}
    return {**row, "null": "paired difference of rates ≥ 0", **fields}


def fake_claims(n: int = N) -> list[dict[str, Any]]:
    """One claim of every verdict, status, unit and oddity, with the words that the judge stored."""
    return [{**row, **WORDS.get(row["id"], {})} for row in _claims(n)]


def _claims(n: int) -> list[dict[str, Any]]:
    scaled = n / N
    lost, gained = round(281 * scaled), round(31 * scaled)
    drop = paired_row(lost, gained, n, -0.2203, -0.1612, 1e-48)
    rise = paired_row(round(20 * scaled), round(60 * scaled), n, 0.0147, 0.0478, 4.6e-6, alternative="greater")
    none = paired_row(0, 0, n, -0.0034, 0.0034, 1.0, alternative="greater")
    margin = {"alternative": "equivalence", "margin": 0.02, "boundary": 0.02}
    same = paired_row(round(14 * scaled), round(9 * scaled), n, -0.0137, 0.0057, 2.1e-4, **margin)
    wide = paired_row(round(60 * scaled), round(80 * scaled), n, -0.0063, 0.0372, 0.295, **margin)
    least = paired_row(lost, gained, n, -0.2203, -0.1612, 0.99998, margin=0.25, boundary=-0.25)
    weak = paired_row(round(40 * scaled), round(31 * scaled), n, -0.0227, 0.0087, 0.171)
    same["details"] = {
        "p_above_lower_margin": 1.2e-5,
        "weakest": "LOGIC_ERROR",
        "parts": {"CORRECT": same.copy(), "LOGIC_ERROR": same.copy()},
        "losses": "not in the form of a table",
    }
    holds = {
        "control": {"condition": "question_control", "shows": "negligible", "reference": "baseline", "margin": 0.03},
        "state": "holds",
        "detail": "lost 31, gained 12 of 1,319: loss at most 2.6 points",
    }
    bites = {
        "control": {"condition": "ct0_blocked", "shows": "bites", "reference": "baseline", "margin": 0.0},
        "state": "holds",
        "detail": "8.2 edges removed a problem, logits move by up to 4.1",
    }
    unsure = {**holds, "state": "cannot tell", "detail": "the interval −4.1 to +0.2 points includes the margin"}
    against = {
        "control": {"condition": "no_op", "shows": "no-op", "reference": "baseline", "margin": 0.0},
        "state": "contradicts",
        "detail": "5 of 1,319 answers differ",
    }
    example = {
        "problem_id": "9f86d081884c7d65",
        "change": "lost",
        "question": CORPUS[0].format(a=3, b=4, c=5),
        "gold": "2",
        "answers": {"baseline": "The answer is: 2", "ct0_blocked": "The answer is: 7"},
    }
    hostile = {
        "problem_id": "60303ae22b998861",
        "change": "gained",
        "question": "<script>document.title='owned'</script> <img src=x onerror=\"document.title='owned'\"> "
        "\u202eevil\u202c",
        "gold": "</td></table><h1>7</h1>",
        "answers": {"baseline": "7" * 10_000, "ct0_blocked": "\x00\x1b[31m{{ 7*7 }} {% raw %} \ud800 </script>"},
    }
    sensitivity = {"family": "problem-sensitivity", "kind": "interaction", "alpha": 0.05 / 8}
    return [
        claim(
            "ct0-lowers-accuracy",
            "Hiding CT0 from later positions lowers accuracy.",
            effect=drop,
            verdict="SUPPORTED",
            accepted="SUPPORTED",
            controls=[holds, bites],
            examples=[example, hostile],
            holm_p=1e-20,
        ),
        claim(
            "ct0-raises-calc-error",
            "Hiding CT0 from later positions raises the rate of calculation errors.",
            effect=rise,
            verdict="SUPPORTED",
            accepted="INCONCLUSIVE",
            outcome="CALC_ERROR",
            direction="increase",
            controls=[unsure],
            flags=["control question_control: the interval includes the margin"],
        ),
        claim(
            "ct0-raises-operation-reversal",
            "Hiding CT0 from later positions raises the rate of operation reversals.",
            effect=none,
            verdict="INCONCLUSIVE",
            accepted="INCONCLUSIVE",
            outcome="OPERATION_REVERSAL",
            direction="increase",
            power={"detectable": 0.0041, "provable": None, "problems_needed": 18400},
        ),
        claim(
            "ct4-leaves-errors-alone",
            "Hiding CT4 leaves the rate of every outcome within two points.",
            effect=same,
            verdict="SUPPORTED",
            kind="equivalence",
            direction="equivalent",
            outcome="EVERY",
            conditions=["baseline", "ct4_blocked"],
        ),
        claim(
            "ct3-leaves-accuracy-alone",
            "Hiding CT3 leaves accuracy within two points, even though this statement goes on for rather longer than a "
            "statement should, so that the table has to wrap it over several lines without falling apart",
            effect=wide,
            verdict="INCONCLUSIVE",
            kind="equivalence",
            direction="equivalent",
            power={"detectable": None, "provable": 0.031, "problems_needed": 3900},
        ),
        claim(
            "ct0-costs-a-quarter",
            "Hiding CT0 costs at least 25 points of accuracy.",
            effect=least,
            verdict="REFUTED",
            accepted="REFUTED",
            exploratory=True,
            flags=["recorded: no certificates"],
        ),
        claim(
            "ct5-lowers-accuracy",
            "Hiding CT5 lowers accuracy.",
            effect=weak,
            verdict="VOID",
            conditions=["baseline", "ct5_blocked"],
            controls=[against],
            reason="Nothing can be concluded: control no_op contradicts: 5 of 1,319 answers differ.",
        ),
        claim(
            "impact-grows-with-operations",
            "The more operations a problem has, the more hiding CT0 lowers the odds of a correct answer.",
            effect=effect_row(-0.212, -0.31, -0.114, 3.1e-8, "log-odds"),
            verdict="SUPPORTED",
            **sensitivity,
        ),
        claim(
            "impact-grows-with-length",
            "The longer the question, the more hiding CT0 lowers the odds of a correct answer.",
            effect=effect_row(0.0004, -0.02, 0.021, 0.52, "log-odds"),
            verdict="INCONCLUSIVE",
            **sensitivity,
        ),
        claim(
            "multi-step-needs-ct0",
            "Problems with 3 or more operations lose more than those with fewer.",
            effect=effect_row(-0.4, -1.9, 1.1, 0.3, "log-odds", groups={"fewer": 31, "3 or more": n - 31}),
            verdict="INCONCLUSIVE",
            **sensitivity,
        ),
        claim(
            "divergence-predicts-breaking",
            "Among baseline-correct problems, broken ones diverge more.",
            effect=effect_row(
                0.612,
                0.561,
                0.663,
                4e-6,
                "probability",
                alternative="greater",
                boundary=0.5,
                null="AUC ≤ .5",
                method="Mann-Whitney rank test; DeLong interval on the logit",
                details={"interval_95": [0.57, 0.65]},
            ),
            verdict="SUPPORTED",
            family="reasoning-path",
            kind="auc",
        ),
        claim(
            "answer-readers-cost-more",
            "Hiding CT0 from the answer costs at least twice what hiding it from later thoughts costs.",
            effect=effect_row(
                1.31,
                0.74,
                2.45,
                0.93,
                "ratio",
                alternative="greater",
                boundary=2.0,
                null="ratio ≤ 2",
                method="Fieller interval",
            ),
            verdict="INCONCLUSIVE",
            family="position",
            kind="ratio",
        ),
        claim(
            "fraction-needs-ct0", "Problems with fractions lose more.", status="not_run", family="problem-sensitivity"
        ),
        claim(
            "ct0-is-a-hub",
            "CT0 receives more attention than other thoughts at the same distance.",
            status="skipped",
            family="attention-flow",
            reason="it needs attention weights, and the answers were recorded",
        ),
        claim(
            "attention-redistributes",
            "When CT0 is hidden, its mass goes to other thoughts.",
            status="error",
            family="attention-flow",
            reason="KeyError: 'ct0_blocked'",
        ),
    ]


def fake_sensitivity(n: int, conditions: list[str]) -> dict[str, Any]:
    """The summary of problem sensitivity."""

    def correlation(estimate: float) -> dict[str, Any]:
        return {
            "estimate": estimate,
            "low": estimate - 0.054,
            "high": estimate + 0.054,
            "p_value": 0.031,
            "level": 0.95,
            "n": n,
        }

    def kind(label: str, size: int, before: float, after: float) -> dict[str, Any]:
        counts = (round(before * size), round(after * size))
        row = {"feature": "n_operations", "label": label, "n": size, "baseline_correct": counts[0]}
        row |= {"treated_correct": counts[1], "broken": counts[0] - counts[1], "fixed": 0}
        if size:
            effect = paired_difference(row["broken"], 0, size)
            row |= {"estimate": effect.estimate, "low": effect.low, "high": effect.high, "level": 0.95}
        else:
            row |= {"estimate": None, "low": None, "high": None, "level": 0.95}
        return row

    features = ("n_operations", "n_tokens", "n_operation_types", "max_number")
    row = {
        "n": n,
        "broken": 281,
        "fixed": 31,
        "features": {
            name: {
                "pearson": correlation(value),
                "spearman": correlation(value * 1.1),
                "interaction": effect_row(-0.2, -0.3, -0.1, 1e-7, "log-odds"),
                "bins": fake_bins(name, n),
            }
            for name, value in zip(features, (0.142, 0.03, 0.0004, -0.061), strict=True)
        },
        "types": [
            kind("1 operation", n // 5, 0.99, 0.93),
            kind("2 operations", n // 5, 0.9, 0.74),
            kind("3 operations", n // 5, 0.8, 0.6),
            kind("4 operations", n // 5, 0.71, 0.45),
            kind("5 operations", n // 5, 0.62, 0.35),
            kind("with division", n // 3, 0.72, 0.5),
            kind("without division", n - n // 3, 0.8, 0.66),
            kind("with fractions", 12, 0.7, 0.5),
            kind("with percent signs", 0, 0.0, 0.0),
        ],
        "profile": {
            "n": 1068,
            "n_broken": 281,
            "n_unchanged": 787,
            "features": {
                "n_operations": {
                    "kind": "mean",
                    "broken": 3.41,
                    "unchanged": 2.63,
                    "auc": {"estimate": 0.66, "low": 0.62, "high": 0.7, "level": 0.95},
                },
                "has_division": {"kind": "share", "broken": 0.41, "unchanged": 0.3, "auc": None},
                "has_fractions": {"kind": "share", "broken": None, "unchanged": 0.3, "auc": None},
            },
        },
    }
    return {
        "schema": 1,
        "n": n,
        "baseline": "baseline",
        "tokens_counted_by": "words",
        "conditions": dict.fromkeys(conditions, row),
    }


def fake_bins(feature: str, n: int) -> list[dict[str, Any]]:
    """Mean impact by value or fifth of a feature."""
    centres = {
        "n_operations": (1, 2, 3, 4, 5),
        "n_tokens": (19.5, 26, 34, 41, 50),
        "n_operation_types": (1, 2, 3, 4),
        "max_number": (6, 22, 70, 240, 900),
    }[feature]
    rows = []
    for place, centre in enumerate(centres):
        size = n // (len(centres) + 1)
        loss = paired_difference(round(size * 0.02), round(size * (0.05 + 0.07 * place)), size)
        rows.append(
            {
                "centre": centre,
                "from": centre,
                "to": centre if len(centres) == 4 else centre * 1.5,
                "n": size,
                "estimate": loss.estimate,
                "low": loss.low,
                "high": loss.high,
            }
        )
    return rows


def fake_predictions(report: dict[str, Any], seed: int = 0) -> list[dict[str, Any]]:
    """Rows of error_taxonomy_full.json whose counts are those of the report."""
    rows = []
    for condition in report["conditions"]:
        labels = [name for name, cell in report["outcomes"][condition["name"]].items() for _ in range(cell["count"])]
        random.Random(seed).shuffle(labels)
        for index, label in enumerate(labels):
            row = {"condition": condition["name"], "index": index, "problem_id": f"{index:016x}", "gold": "2"}
            rows.append(
                {**row, "outcome": label, "prediction": "2" if label == "CORRECT" else "3", "text": "The answer is: 3"}
            )
    return rows


def fake_problems(report: dict[str, Any], seed: int = 0) -> list[dict[str, Any]]:
    """Rows of problem_sensitivity_full.json with plausible features and impacts."""
    source = random.Random(seed)
    treated = [row["name"] for row in report["conditions"] if row["name"] != "baseline"]
    rows = []
    for index in range(report["problems"]["n"]):
        operations = source.randint(1, 5)
        before = source.random() < 1.06 - 0.09 * operations
        after = {
            name: (before and source.random() < 1.0 - 0.06 * operations) or source.random() < 0.03 for name in treated
        }
        rows.append(
            {
                "problem_id": f"{index:016x}",
                "index": index,
                "question": CORPUS[index % 2].format(a=index, b=operations, c=2),
                "gold": "2",
                "n_operations": operations,
                "n_tokens": int(source.gauss(16 + 6 * operations, 4)),
                "n_operation_types": source.randint(1, min(4, operations)),
                "max_number": int(10 ** source.uniform(0.5, 3.2)),
                "multi_step": operations >= 3,
                "has_division": source.random() < 0.3,
                "has_multiplication": source.random() < 0.4,
                "has_fractions": source.random() < 0.05,
                "correct": {"baseline": before, **after},
                "impact": {name: int(before) - int(right) for name, right in after.items()},
            }
        )
    return rows
