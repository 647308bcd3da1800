"""Broken against unchanged problems among those that baseline answers correctly: a description, no claim.

Only a baseline-correct problem can break, so the others do not belong into the comparison.
"""

from collections.abc import Sequence

from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.sensitivity_table import ProblemRow, Profile, ProfileRow
from ctlab.reporting.summaries.sensitivity_groups import KINDS, MEASURES
from ctlab.reporting.summaries.sensitivity_models import auc_of


def profile(
    rows: Sequence[ProblemRow], condition: str, measures: Sequence[str] = MEASURES, kinds: Sequence[str] = KINDS
) -> Profile:
    """Mean or share of each feature among broken and among unchanged problems."""
    right = [row for row in rows if row.correct[BASELINE]]
    broken = [row for row in right if row.impact[condition] == 1]
    unchanged = [row for row in right if row.impact[condition] == 0]
    return Profile(
        among="problems that baseline answers correctly",
        n=len(right),
        n_broken=len(broken),
        n_unchanged=len(unchanged),
        features={
            feature: _compared(_values(broken, feature), _values(unchanged, feature), feature)
            for feature in (*measures, *kinds)
        },
    )


def _values(rows: Sequence[ProblemRow], feature: str) -> list[float]:
    return [float(value) for row in rows if (value := row.feature(feature)) is not None]


def _compared(broken: Sequence[float], unchanged: Sequence[float], feature: str) -> ProfileRow:
    return ProfileRow(
        kind="share" if feature in KINDS else "mean",
        broken=sum(broken) / len(broken) if broken else None,
        unchanged=sum(unchanged) / len(unchanged) if unchanged else None,
        n_broken=len(broken),
        n_unchanged=len(unchanged),
        auc=auc_of(broken, unchanged),
    )
