"""What an answer means: extraction, the error taxonomy with its evidence, chance rates."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.outcomes.chance import ChanceRate, chance_rates
from ctlab.outcomes.classification import Classification, Explanation
from ctlab.outcomes.extraction import EXTRACTOR_VERSION, Extraction, extract
from ctlab.outcomes.forms import Forms, learn_forms
from ctlab.outcomes.outcome import ERRORS, Outcome
from ctlab.outcomes.run import Run
from ctlab.outcomes.run_set import RunSet
from ctlab.outcomes.study_writer import study_form, write_study
from ctlab.outcomes.taxonomy import CLASSIFIER_VERSION, classify
from ctlab.records.own_functions import ByNumber

__all__ = [
    "CLASSIFIER_VERSION",
    "ERRORS",
    "EXTRACTOR_VERSION",
    "ByNumber",
    "ChanceRate",
    "Classification",
    "Explanation",
    "Extraction",
    "Forms",
    "Outcome",
    "Run",
    "RunSet",
    "chance_rates",
    "classify",
    "extract",
    "learn_forms",
    "study_form",
    "write_study",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
