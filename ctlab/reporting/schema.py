"""From the content of report.json to a whole report: what must be there is checked, what can be filled in is.

``complete`` runs before the JSON is written, so that everything a reader sees is in the file and views only project it.
"""

from collections.abc import Mapping
from statistics import NormalDist

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.errors import InputError
from ctlab.records.judgement import Verdict
from ctlab.reporting.model.claim_row import ClaimRow, PowerRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.run_report import SCHEMA, Report

REPORT = "report.json"
_NORMAL = NormalDist()
_SAME = 1e-9
"""What floating-point sums leave between two differences of the same counts: far below one problem in a million."""


def complete(content: object) -> Report:
    """Return the report that JSON holds, with every optional part in place and each effect's unadjusted 95 % interval.

    Raises
    ------
    InputError
        When the content is no report of schema 1: one sentence with the path of the wrong field.
    """
    if isinstance(content, Mapping) and content.get("schema", SCHEMA) != SCHEMA:
        raise InputError(
            f"{REPORT} has schema {content['schema']!r} and this ctlab reads schema {SCHEMA}; "
            "render it with the version named under 'ctlab'."
        )
    report = read(Report, content, REPORT)
    outcomes = report.outcomes
    if not outcomes and report.error_taxonomy:
        outcomes = {name: row.outcomes for name, row in report.error_taxonomy.conditions.items()}
    return report.filled(
        outcomes=outcomes,
        claims=tuple(_with_power(_with_plain_interval(row)) for row in report.claims),
        model=report.model.filled(),
        problems=report.problems.filled(),
        selection=report.selection.filled(),
    )


def _with_plain_interval(row: ClaimRow) -> ClaimRow:
    """Add ``interval_95``: given by the statistics, from a paired difference's counts, or a Wald interval."""
    if "interval_95" in row.model_fields_set:
        return row
    return row.model_copy(update={"interval_95": _plain_interval(row.effect) if row.effect else None})


def _plain_interval(effect: EffectRow) -> tuple[float, float] | None:
    if (measured := effect.measured) is None:
        return None
    if given := effect.details.known.interval_95:
        return given
    if effect.unit == formatting.POINTS and effect.lost is not None and effect.gained is not None:
        from ctlab.statistics import paired_difference

        plain = paired_difference(effect.lost, effect.gained, effect.n, alpha=0.05)
        # Lost and gained may belong to another comparison than the estimate (two treated conditions, say).
        return (plain.low, plain.high) if abs(plain.estimate - measured.estimate) < _SAME else None
    if effect.method.endswith("Wald interval") and not effect.undecided:
        # A Wald interval is the estimate ± a multiple of its standard error, so that its level can be changed.
        narrower = _NORMAL.inv_cdf(0.975) / _NORMAL.inv_cdf((1.0 + effect.level) / 2.0)
        half = (measured.high - measured.low) / 2.0 * narrower
        return (measured.estimate - half, measured.estimate + half)
    return None


def _with_power(row: ClaimRow) -> ClaimRow:
    """Add ``power`` where a claim is INCONCLUSIVE although nothing but the size of the sample stands in the way."""
    if "power" in row.model_fields_set:
        return row
    return row.model_copy(update={"power": _power(row)})


def _power(row: ClaimRow) -> PowerRow | None:
    effect, alpha = row.effect, row.alpha
    if row.verdict != Verdict.INCONCLUSIVE or effect is None or alpha is None or _nothing_to_reach(effect):
        return None
    from ctlab.claims.power import prospects

    reach = prospects(effect.to_effect(), alpha)
    power = PowerRow(detectable=reach.detectable, provable=reach.provable, problems_needed=reach.needed)
    if reach.against:
        power = power.model_copy(update={"against": True})
    if effect.details.known.tests is not None:
        power = power.model_copy(update={"together": reach.together})
    return power


def _nothing_to_reach(effect: EffectRow) -> bool:
    return bool(effect.undecided) or min(effect.n, *effect.groups.values(), SMALLEST_GROUP) < SMALLEST_GROUP
