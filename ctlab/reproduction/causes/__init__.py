"""The causes that a model can fall short by: one file each, and here their order on the page."""

from ctlab.reproduction.case import Cause
from ctlab.reproduction.causes.adapter_scale import ADAPTER_SCALE
from ctlab.reproduction.causes.answer_reading import ANSWER_READING
from ctlab.reproduction.causes.chat_form import CHAT_FORM
from ctlab.reproduction.causes.end_of_sequence import END_OF_SEQUENCE
from ctlab.reproduction.causes.eos_marker import EOS_MARKER
from ctlab.reproduction.causes.initial_state import INITIAL_STATE
from ctlab.reproduction.causes.marker_rows import MARKER_ROWS
from ctlab.reproduction.causes.number_range import NUMBER_RANGE
from ctlab.reproduction.causes.number_tokens import NUMBER_TOKENS
from ctlab.reproduction.causes.output_head import OUTPUT_HEAD
from ctlab.reproduction.causes.padding_side import PADDING_SIDE
from ctlab.reproduction.causes.pass_count import PASS_COUNT
from ctlab.reproduction.causes.question_ending import QUESTION_ENDING
from ctlab.reproduction.causes.special_tokens import SPECIAL_TOKENS
from ctlab.reproduction.causes.steps_of_gold import STEPS_OF_GOLD
from ctlab.reproduction.causes.thought_count import THOUGHT_COUNT
from ctlab.reproduction.causes.thought_projection import THOUGHT_PROJECTION
from ctlab.reproduction.causes.token_limit import TOKEN_LIMIT
from ctlab.reproduction.causes.vocabulary_rows import VOCABULARY_ROWS
from ctlab.reproduction.causes.vocabulary_shift import VOCABULARY_SHIFT

CAUSES: tuple[Cause, ...] = (
    VOCABULARY_ROWS,
    VOCABULARY_SHIFT,
    MARKER_ROWS,
    EOS_MARKER,
    END_OF_SEQUENCE,
    QUESTION_ENDING,
    SPECIAL_TOKENS,
    NUMBER_TOKENS,
    CHAT_FORM,
    THOUGHT_COUNT,
    PASS_COUNT,
    STEPS_OF_GOLD,
    INITIAL_STATE,
    ADAPTER_SCALE,
    THOUGHT_PROJECTION,
    OUTPUT_HEAD,
    NUMBER_RANGE,
    PADDING_SIDE,
    TOKEN_LIMIT,
    ANSWER_READING,
)
"""Every cause that is looked at."""
