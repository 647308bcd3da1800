"""Everything that a report's files hold, as typed records; the JSON Schema in docs/ is generated from them."""

from ctlab.reporting.model.case_table import Case, CaseStudies, Probed, ProblemDetails
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.compared_runs import Comparison
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.flow_table import AttentionFlow
from ctlab.reporting.model.outcome_table import Answer, OutcomeCell, Prediction
from ctlab.reporting.model.path_table import ReasoningPaths
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

__all__ = [
    "Answer",
    "AttentionFlow",
    "Case",
    "CaseStudies",
    "ClaimRow",
    "Comparison",
    "ConditionRow",
    "EffectRow",
    "OutcomeCell",
    "Prediction",
    "Probed",
    "ProblemDetails",
    "ProblemRow",
    "ReasoningPaths",
    "Record",
    "Report",
    "read",
]
