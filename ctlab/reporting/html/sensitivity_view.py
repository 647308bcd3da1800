"""Which problems suffer, as tables: correlations and interactions, impact by type, profile of the broken ones."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import (
    ConditionSensitivity,
    FeatureTable,
    Interaction,
    ProblemKind,
    Profile,
    ProfileRow,
)
from ctlab.reporting.prose.correlation_words import coefficient, feature_words


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


def sensitivity_views(report: Report) -> list[SensitivityView]:
    """Project the summary of problem sensitivity; empty where there is none."""
    summary = report.problem_sensitivity
    return [_view(name, row) for name, row in summary.conditions.items()] if summary else []


def _view(name: str, row: ConditionSensitivity) -> SensitivityView:
    profile = row.profile
    return SensitivityView(
        condition=name,
        summary=(
            f"{formatting.count(row.broken)} broken and {formatting.count(row.fixed)} fixed "
            f"of {formatting.counted(row.n, 'problem')}."
        ),
        correlations=tuple(_correlations(feature, table) for feature, table in row.features.items()),
        types=tuple(type_row(kind) for kind in row.types),
        profile=tuple(_profile(feature, cell) for feature, cell in profile.features.items()) if profile else (),
        profile_of=_profile_of(profile) if profile else "",
    )


def _profile_of(profile: Profile) -> str:
    return (
        f"Among the {formatting.counted(profile.n, 'problem')} that baseline answers correctly: "
        f"{formatting.count(profile.n_broken)} broken (high impact) against "
        f"{formatting.count(profile.n_unchanged)} unchanged (low impact). A description, not a claim."
    )


def _correlations(feature: str, table: FeatureTable) -> tuple[str, ...]:
    return (
        feature_words(feature),
        coefficient(table.pearson),
        coefficient(table.spearman),
        _interaction(table.interaction),
    )


def _interaction(interaction: Interaction | None) -> str:
    if interaction is None or (measured := interaction.measured) is None:
        return (interaction.reason if interaction else "") or "not computed"
    unit = interaction.unit
    ends = formatting.interval(measured.low, measured.high, unit, unit_shown=False)
    text = f"{formatting.quantity(measured.estimate, unit)} [{ends}, {formatting.level(interaction.level)}]"
    return text if interaction.p_value is None else f"{text}, {formatting.p_value(interaction.p_value)}"


def type_row(kind: ProblemKind) -> tuple[str, ...]:
    """One kind of problem: label, n, both accuracies, the difference with its interval."""
    measured = kind.measured
    if measured is None:
        return (kind.label, "0", "–", "–", "no such problem")
    few = ", too few to decide anything" if kind.n < SMALLEST_GROUP else ""
    ends = formatting.interval(measured.low, measured.high, formatting.POINTS, unit_shown=False)
    return (
        kind.label,
        formatting.count(kind.n),
        formatting.percent(kind.baseline_correct / kind.n),
        formatting.percent(kind.treated_correct / kind.n),
        f"{formatting.points(measured.estimate, unit=False)} [{ends}]{few}",
    )


def _profile(feature: str, row: ProfileRow) -> tuple[str, ...]:
    write = formatting.percent if row.kind == "share" else _mean
    larger = "not defined"
    if row.auc and (measured := row.auc.measured):
        ends = f"{_mean(measured.low)} to {_mean(measured.high)}"
        larger = f"{_mean(measured.estimate)} [{ends}, {formatting.level(row.auc.level)}]"
    return (
        feature_words(feature),
        write(row.broken) if row.broken is not None else "–",
        write(row.unchanged) if row.unchanged is not None else "–",
        larger,
    )


def _mean(value: float) -> str:
    return formatting.decimal(value, (), 2)
