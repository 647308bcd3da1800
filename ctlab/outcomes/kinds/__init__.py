"""Answers that are no numbers: one file an answer kind, and here the closed table of them."""

from collections.abc import Mapping

from ctlab.outcomes.kinds.answer_kind import AnswerKind
from ctlab.outcomes.kinds.boolean import Boolean
from ctlab.outcomes.kinds.entity import Entity
from ctlab.outcomes.kinds.item_lists import SEQUENCE, SET
from ctlab.outcomes.kinds.letter_or_option import Choice

TEXT_KINDS: Mapping[str, AnswerKind] = {kind.name: kind for kind in (Choice(), Boolean(), Entity(), SET, SEQUENCE)}
"""Every answer kind but the number, whose reader and labels are `ctlab.outcomes.extraction` and its taxonomy."""
