"""Which problems suffer, as tables: correlations and interactions, impact by type, profile of the broken ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.group_names import FEATURE_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityView:
    """One treated condition."""

    condition: str
    """Its name."""
    summary: str
    """Counts of broken and fixed problems."""
    correlations: tuple[tuple[str, ...], ...]
    """Rows: feature, Pearson r, Spearman rho, interaction."""
    types: tuple[tuple[str, ...], ...]
    """Rows: kind of problem, n, accuracy under baseline and under the condition, difference with interval."""
    profile: tuple[tuple[str, ...], ...]
    """Rows: feature, among broken, among unchanged, difference."""
    profile_of: str
    """Which problems the profile compares, with counts."""


def sensitivity_views(report: Mapping[str, Any]) -> list[SensitivityView]:
    """Project the summary of problem sensitivity; empty where there is none."""
    summary = report.get("problem_sensitivity") or {}
    return [_view(name, row) for name, row in (summary.get("conditions") or {}).items()]


def feature_words(name: str) -> str:
    """Say a feature in words."""
    return FEATURE_WORDS.get(name, name.replace("_", " "))


def _view(name: str, row: Mapping[str, Any]) -> SensitivityView:
    profile = row.get("profile") or {}
    return SensitivityView(
        condition=name,
        summary=(
            f"{formatting.count(row['broken'])} broken and {formatting.count(row['fixed'])} fixed "
            f"of {formatting.counted(row['n'], 'problem')}."
        ),
        correlations=tuple(_correlations(feature, cell) for feature, cell in row["features"].items()),
        types=tuple(type_row(cell) for cell in row["types"]),
        profile=tuple(_profile(feature, cell) for feature, cell in (profile.get("features") or {}).items()),
        profile_of=(
            f"Among the {formatting.counted(profile['n'], 'problem')} that baseline answers correctly: "
            f"{formatting.count(profile['n_broken'])} broken (high impact) against "
            f"{formatting.count(profile['n_unchanged'])} unchanged (low impact). A description, not a claim."
            if profile
            else ""
        ),
    )


def coefficient(cell: Mapping[str, Any] | None) -> str:
    """Write a correlation with its interval, p and n."""
    if not cell or cell.get("estimate") is None:
        return (cell or {}).get("reason") or "not defined"
    marks = (0.0,)
    ends = f"{_signed(cell['low'], marks)} to {_signed(cell['high'], marks)}"
    test = f"{formatting.p_value(cell['p_value'])}, n = {formatting.count(cell['n'])}"
    return f"{_signed(cell['estimate'], marks)} [{ends}], {test}"


def _signed(value: float, marks: tuple[float, ...]) -> str:
    return formatting.signed(formatting.decimal(value, marks, 2))


def _interaction(cell: Mapping[str, Any] | None) -> str:
    if not cell or cell.get("estimate") is None:
        return (cell or {}).get("reason") or "not computed"
    unit = cell.get("unit", "log-odds")
    return (
        f"{formatting.quantity(cell['estimate'], unit)} "
        f"[{formatting.interval(cell['low'], cell['high'], unit, unit_shown=False)}, {formatting.level(cell['level'])}], "
        f"{formatting.p_value(cell['p_value'])}"
    )


def _correlations(feature: str, cell: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        feature_words(feature),
        coefficient(cell.get("pearson")),
        coefficient(cell.get("spearman")),
        _interaction(cell.get("interaction")),
    )


def type_row(cell: Mapping[str, Any]) -> tuple[str, ...]:
    """One kind of problem: label, n, both accuracies, the difference with its interval."""
    n = cell["n"]
    if not n:
        return (cell["label"], "0", "–", "–", "no such problem")
    few = ", too few to decide anything" if n < 50 else ""
    return (
        cell["label"],
        formatting.count(n),
        formatting.percent(cell["baseline_correct"] / n),
        formatting.percent(cell["treated_correct"] / n),
        f"{formatting.points(cell['estimate'], unit=False)} "
        f"[{formatting.interval(cell['low'], cell['high'], formatting.POINTS, unit_shown=False)}]{few}",
    )


def _profile(feature: str, cell: Mapping[str, Any]) -> tuple[str, ...]:
    write = formatting.percent if cell["kind"] == "share" else _mean
    auc = cell.get("auc")
    larger = "not defined"
    if auc:
        ends = f"{_mean(auc['low'])} to {_mean(auc['high'])}"
        larger = f"{_mean(auc['estimate'])} [{ends}, {formatting.level(auc['level'])}]"
    return (
        feature_words(feature),
        write(cell["broken"]) if cell["broken"] is not None else "–",
        write(cell["unchanged"]) if cell["unchanged"] is not None else "–",
        larger,
    )


def _mean(value: float) -> str:
    return formatting.decimal(value, (), 2)
