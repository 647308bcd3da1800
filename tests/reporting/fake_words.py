"""What the judge stores in words beside each verdict of the made-up run."""

from typing import Any

_PAIR = ["baseline", "ct0_blocked"]
_CORRECT = "difference in the rate of “correct”"
_ODDS = {"null": "condition × feature interaction ≥ 0", "compared": None, "counts": "", "noun": "effect"}
FIELDS = ("why", "outlook", "null", "compared", "counts", "noun")
"""Fields of a claim's row that reports from before they were stored do not have."""
WORDS: dict[str, dict[str, Any]] = {
    "ct0-lowers-accuracy": {
        "why": "The interval lies below 0, as claimed.",
        "outlook": "",
        "null": "rate of “correct” under ct0_blocked minus rate under baseline ≥ 0",
        "compared": _PAIR,
        "counts": "281 broken, 31 fixed",
        "noun": _CORRECT,
    },
    "ct0-raises-calc-error": {
        "why": "The interval lies above 0, as claimed.",
        "outlook": "",
        "null": "rate of “calculation error” under ct0_blocked minus rate under baseline ≤ 0",
        "compared": _PAIR,
        "counts": "20 lost, 60 gained",
        "noun": "difference in the rate of “calculation error”",
    },
    "ct0-raises-operation-reversal": {
        "why": "The interval contains 0: the data fit the claim and its opposite.",
        "outlook": (
            "With 80 % power this sample could find an effect of 0.4 points; about 18,400 problems would settle it if "
            "the effect is as large as seen."
        ),
        "null": "rate of “operation reversal” under ct0_blocked minus rate under baseline ≤ 0",
        "compared": _PAIR,
        "counts": "0 lost, 0 gained",
        "noun": "difference in the rate of “operation reversal”",
    },
    "ct4-leaves-errors-alone": {
        "why": "The interval lies within ±2.0 points, as claimed.",
        "outlook": "",
        "null": "the rates under baseline and ct4_blocked differ by 2.0 points or more",
        "compared": ["baseline", "ct4_blocked"],
        "counts": "14 lost, 9 gained",
        "noun": "difference in the rate of “logic error”, the outcome that decides",
    },
    "ct3-leaves-accuracy-alone": {
        "why": "The interval is neither within nor outside ±2.0 points.",
        "outlook": (
            "With 80 % power this sample could prove ±3.1 points; about 3,900 problems would settle it if the effect "
            "is as large as seen."
        ),
        "null": "the rates of “correct” under baseline and ct0_blocked differ by 2.0 points or more",
        "compared": _PAIR,
        "counts": "60 broken, 80 fixed",
        "noun": _CORRECT,
    },
    "ct0-costs-a-quarter": {
        "why": "The interval lies above −25.0 points, against the claim.",
        "outlook": "",
        "null": "rate of “correct” under ct0_blocked minus rate under baseline ≥ −25.0 points",
        "compared": _PAIR,
        "counts": "281 broken, 31 fixed",
        "noun": _CORRECT,
    },
    "ct5-lowers-accuracy": {
        "why": "",
        "outlook": "",
        "null": "rate of “correct” under ct5_blocked minus rate under baseline ≥ 0",
        "compared": ["baseline", "ct5_blocked"],
        "counts": "40 broken, 31 fixed",
        "noun": _CORRECT,
    },
    "impact-grows-with-operations": {"why": "The interval lies below 0, as claimed.", "outlook": "", **_ODDS},
    "impact-grows-with-length": {
        "why": "The interval contains 0: the data fit the claim and its opposite.",
        "outlook": (
            "With 80 % power this sample could find an effect of 0.03 log-odds; about 6,192,527 problems would settle "
            "it against the claim if the effect is as large as seen."
        ),
        **_ODDS,
    },
    "multi-step-needs-ct0": {
        "why": "Under 50 problems nothing is decided: there are 31 (fewer).",
        "outlook": "",
        **_ODDS,
    },
    "divergence-predicts-breaking": {
        "why": "The interval lies above 0.50, as claimed.",
        "outlook": "",
        "null": "AUC ≤ .5",
        "compared": None,
        "counts": "",
        "noun": "AUC",
    },
    "answer-readers-cost-more": {
        "why": "The interval contains 2.00: the data fit the claim and its opposite.",
        "outlook": (
            "With 80 % power this sample could find an effect of 1.11 beyond 2.00; about 3,399 problems would settle "
            "it against the claim if the effect is as large as seen."
        ),
        "null": "ratio ≤ 2",
        "compared": None,
        "counts": "",
        "noun": "ratio",
    },
}
