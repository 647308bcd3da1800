"""Every claim of this suite, as data: the whole family is known whatever is selected. A file a family."""

from hypotheses.claims.attention_flow import ATTENTION_FLOW
from hypotheses.claims.curriculum_controls import CURRICULUM_AGAINST_WRITTEN, CURRICULUM_CONTROLS
from hypotheses.claims.early_answer import EARLY_ANSWER
from hypotheses.claims.error_taxonomy import ERROR_TAXONOMY
from hypotheses.claims.finer_cuts import FINER_CUTS
from hypotheses.claims.position import POSITION
from hypotheses.claims.problem_sensitivity import (
    PROBLEM_SENSITIVITY,
    PROBLEM_SENSITIVITY_ADJUSTED,
    PROBLEM_SENSITIVITY_IN_POINTS,
    PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED,
)
from hypotheses.claims.reasoning_path import REASONING_PATH
from hypotheses.claims.role import ROLE
from hypotheses.claims.thought_content import THOUGHT_CONTENT

FAMILIES = (
    ERROR_TAXONOMY,
    PROBLEM_SENSITIVITY,
    PROBLEM_SENSITIVITY_IN_POINTS,
    PROBLEM_SENSITIVITY_ADJUSTED,
    PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED,
    POSITION,
    ATTENTION_FLOW,
    REASONING_PATH,
    THOUGHT_CONTENT,
    FINER_CUTS,
    ROLE,
    EARLY_ANSWER,
    CURRICULUM_CONTROLS,
    CURRICULUM_AGAINST_WRITTEN,
)

__all__ = [
    "ATTENTION_FLOW",
    "CURRICULUM_AGAINST_WRITTEN",
    "CURRICULUM_CONTROLS",
    "EARLY_ANSWER",
    "ERROR_TAXONOMY",
    "FAMILIES",
    "FINER_CUTS",
    "POSITION",
    "PROBLEM_SENSITIVITY",
    "PROBLEM_SENSITIVITY_ADJUSTED",
    "PROBLEM_SENSITIVITY_IN_POINTS",
    "PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED",
    "REASONING_PATH",
    "ROLE",
    "THOUGHT_CONTENT",
]
