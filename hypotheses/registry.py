"""Every claim of this suite, as data: the whole family is known whatever is selected. A file a family."""

from hypotheses.claims.answer_probability import ANSWER_PROBABILITY
from hypotheses.claims.attention_flow import ATTENTION_FLOW
from hypotheses.claims.counterfactual import COUNTERFACTUAL
from hypotheses.claims.curriculum_controls import CURRICULUM_AGAINST_WRITTEN, CURRICULUM_CONTROLS
from hypotheses.claims.decoding import DECODING
from hypotheses.claims.early_answer import EARLY_ANSWER
from hypotheses.claims.edits import EDITS_LOW_RANK, EDITS_NOISE, EDITS_STEERING
from hypotheses.claims.error_taxonomy import ERROR_TAXONOMY
from hypotheses.claims.explicit_vs_latent import DISTURBED_STEPS, EXPLICIT_VS_LATENT
from hypotheses.claims.finer_cuts import FINER_CUTS
from hypotheses.claims.layers import LAYERS
from hypotheses.claims.learned_probe import LEARNED_PROBE
from hypotheses.claims.position import POSITION
from hypotheses.claims.problem_sensitivity import (
    PROBLEM_SENSITIVITY,
    PROBLEM_SENSITIVITY_ADJUSTED,
    PROBLEM_SENSITIVITY_IN_POINTS,
    PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED,
)
from hypotheses.claims.reasoning_path import REASONING_PATH
from hypotheses.claims.role import ROLE
from hypotheses.claims.superposition import SUPERPOSITION
from hypotheses.claims.sweeps import SWEEPS
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
    COUNTERFACTUAL,
    DECODING,
    LEARNED_PROBE,
    EDITS_NOISE,
    EDITS_LOW_RANK,
    EDITS_STEERING,
    LAYERS,
    EXPLICIT_VS_LATENT,
    DISTURBED_STEPS,
    SUPERPOSITION,
    ANSWER_PROBABILITY,
    CURRICULUM_CONTROLS,
    CURRICULUM_AGAINST_WRITTEN,
    SWEEPS,
)

__all__ = [
    "ANSWER_PROBABILITY",
    "ATTENTION_FLOW",
    "COUNTERFACTUAL",
    "CURRICULUM_AGAINST_WRITTEN",
    "CURRICULUM_CONTROLS",
    "DECODING",
    "DISTURBED_STEPS",
    "EARLY_ANSWER",
    "EDITS_LOW_RANK",
    "EDITS_NOISE",
    "EDITS_STEERING",
    "ERROR_TAXONOMY",
    "EXPLICIT_VS_LATENT",
    "FAMILIES",
    "FINER_CUTS",
    "LAYERS",
    "LEARNED_PROBE",
    "POSITION",
    "PROBLEM_SENSITIVITY",
    "PROBLEM_SENSITIVITY_ADJUSTED",
    "PROBLEM_SENSITIVITY_IN_POINTS",
    "PROBLEM_SENSITIVITY_IN_POINTS_ADJUSTED",
    "REASONING_PATH",
    "ROLE",
    "SUPERPOSITION",
    "SWEEPS",
    "THOUGHT_CONTENT",
]
