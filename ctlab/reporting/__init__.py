"""What people read: JSON first, then pictures, pages and narratives rendered from that JSON alone.

Nothing is imported before it is used, so that a plugin that imports this room costs no matplotlib and no jinja2.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.reporting.compare.comparison import compare_reports
    from ctlab.reporting.documents.write import render, write_report
    from ctlab.reporting.summaries.all_answers import AnswerTable
    from ctlab.reporting.summaries.attention_flow import attention_flow
    from ctlab.reporting.summaries.commitment_counts import commitment
    from ctlab.reporting.summaries.error_taxonomy import error_taxonomy
    from ctlab.reporting.summaries.hesitations import hesitations
    from ctlab.reporting.summaries.probed_problems import ProbedProblems
    from ctlab.reporting.summaries.reasoning_paths import reasoning_paths
    from ctlab.reporting.summaries.sensitivity import problem_sensitivity

_HOMES = {
    "AnswerTable": "summaries.all_answers",
    "ProbedProblems": "summaries.probed_problems",
    "attention_flow": "summaries.attention_flow",
    "commitment": "summaries.commitment_counts",
    "compare_reports": "compare.comparison",
    "error_taxonomy": "summaries.error_taxonomy",
    "hesitations": "summaries.hesitations",
    "problem_sensitivity": "summaries.sensitivity",
    "reasoning_paths": "summaries.reasoning_paths",
    "render": "documents.write",
    "write_report": "documents.write",
}
__all__ = [
    "AnswerTable",
    "ProbedProblems",
    "attention_flow",
    "commitment",
    "compare_reports",
    "error_taxonomy",
    "hesitations",
    "problem_sensitivity",
    "reasoning_paths",
    "render",
    "write_report",
]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES)
