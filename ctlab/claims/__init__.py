"""What is claimed and what came of it: claims, controls, judgements, verdicts, and the registry."""

from typing import TYPE_CHECKING

from ctlab.claims.claim import EVERY_OUTCOME, Claim, Direction, Family, Kind
from ctlab.claims.holm import holm_across_families
from ctlab.claims.judge import judge
from ctlab.claims.prospect import Prospect, compared_pairs, plan
from ctlab.claims.registry import Registered, Registry, Subject
from ctlab.lazy import exports
from ctlab.records.control import Control, ControlResult, ControlState, Shows
from ctlab.records.judgement import Example, Judgement, Verdict

__all__ = [
    "EVERY_OUTCOME",
    "Claim",
    "Control",
    "ControlResult",
    "ControlState",
    "Direction",
    "Example",
    "Family",
    "Judgement",
    "Kind",
    "Prospect",
    "Registered",
    "Registry",
    "Shows",
    "Subject",
    "Verdict",
    "compared_pairs",
    "holm_across_families",
    "judge",
    "plan",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
