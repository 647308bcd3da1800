"""How impact goes with a feature, in words that the page and the pictures share."""

from ctlab import formatting
from ctlab.claims.group_words import FEATURE_WORDS
from ctlab.reporting.model.sensitivity_table import Described


def feature_words(name: str) -> str:
    """Say a feature in words."""
    return FEATURE_WORDS.get(name, name.replace("_", " "))


def coefficient(correlation: Described | None) -> str:
    """Write a correlation with its interval, p and n."""
    if correlation is None or (measured := correlation.measured) is None:
        return (correlation.reason if correlation else "") or "not defined"
    text = f"{_signed(measured.estimate)} [{_signed(measured.low)} to {_signed(measured.high)}]"
    p = "" if correlation.p_value is None else f"{formatting.p_value(correlation.p_value)}, "
    return f"{text}, {p}n = {formatting.count(correlation.n)}"


def _signed(value: float) -> str:
    return formatting.signed(formatting.decimal(value, (0.0,), 2))
