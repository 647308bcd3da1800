"""What is claimed and what came of it: claims, controls, judgements, verdicts, and the registry."""

from typing import TYPE_CHECKING

from ctlab.claims.claim import Claim, Family
from ctlab.claims.direction import Direction
from ctlab.claims.holm import holm_across_families
from ctlab.claims.judge import judge
from ctlab.claims.kinds import Kind
from ctlab.claims.prospect import Prospect, compared_pairs, plan
from ctlab.claims.registered import Registered
from ctlab.claims.registry import Registry
from ctlab.claims.shared_controls import EACH_TREATED
from ctlab.claims.subject import Subject
from ctlab.lazy import exports
from ctlab.records.control import Control, ControlResult, ControlState, Shows
from ctlab.records.judgement import Example, Judgement, Verdict
from ctlab.records.swept_axes import SweptAxes
from ctlab.statistics.requested import EVERY_OUTCOME

__all__ = [
    "EACH_TREATED",
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
    "SweptAxes",
    "Verdict",
    "compared_pairs",
    "holm_across_families",
    "judge",
    "plan",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
