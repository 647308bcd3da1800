"""Why a claim cannot be judged on what there is, although nothing is wrong with it: it is skipped, others are not."""

from typing import TYPE_CHECKING

from ctlab.claims import EVERY_OUTCOME, Claim
from ctlab.errors import CtlabError
from ctlab.lab.by_model import answered_here
from ctlab.lab.executors import MeasuringEngine, ScoringEngine
from ctlab.lab.fitted_claim import fitted, no_such_thought
from ctlab.lab.measuring_obstacles import measuring_obstacle, padding_obstacle
from ctlab.lab.model_obstacles import model_obstacle
from ctlab.lab.recorded_answers import scores_alone
from ctlab.lab.thinking_obstacles import way_obstacle
from ctlab.lab.thought_obstacles import thought_obstacle
from ctlab.problems import drawing_of, to_be_drawn

if TYPE_CHECKING:
    from ctlab.lab.experiment import Experiment
    from ctlab.lab.several_models import SeveralModels
    from ctlab.models.thought_program import ThoughtProgram

_MEASURED = {"A": "attention weights", "H": "hidden states", "P": "probabilities of answers"}


def obstacle(claim: Claim, of: "SeveralModels", thoughts: int | None, program: "ThoughtProgram | None" = None) -> str:
    """Say why a claim cannot be judged on an experiment's answers, empty when it can; the model has ``thoughts``.

    ``program`` is how it thinks; None where that is not known.
    """
    if said := _of_other_problems(claim, of):
        return said
    if of.settings.recorded:
        return _not_recorded(claim, of) or _about_scores_alone(claim, of) or _about_other_answers(claim, of)
    own = answered_here(of.conditions)
    asked, measured = fitted(claim, own, thoughts), _MEASURED.get(claim.needs, "")
    return (
        model_obstacle(asked, of, measured)
        or no_such_thought(asked, own, thoughts)
        or _not_measured(claim, of)
        or way_obstacle(asked, own, of.engine.card(), of.settings.padding, measured)
        or thought_obstacle(asked, own, program, measured)
        or measuring_obstacle(asked, own, measured)
        or padding_obstacle(asked, own, of.engine.card, of.settings.padding)
        or _too_few_problems(asked, of)
        or _about_other_answers(claim, of)
    )


def _of_other_problems(claim: Claim, of: "Experiment") -> str:
    if not claim.problems:
        return ""
    try:
        name = of.settings.problems if to_be_drawn(of.settings.problems) else of.problems.name
    except CtlabError:  # that problems cannot be read is said where they are needed
        return ""
    return (
        ""
        if claim.problems in (name, drawing_of(name))
        else f"is about the problem set {claim.problems}, and these are {name}"
    )


def _about_scores_alone(claim: Claim, of: "Experiment") -> str:
    """Name a condition of which nothing but right and wrong was recorded, for a claim that asks for more."""
    if claim.outcome == "CORRECT" and not claim.kind.rules.about_errors:
        return ""
    options = of.settings.recorded_options
    alone = [name for name in claim.conditions if scores_alone(options.get(name))]
    return f"{alone[0]}: nothing but right and wrong was recorded" if alone else ""


def _not_recorded(claim: Claim, of: "Experiment") -> str:
    if claim.kind.rules.sweeps or claim.sweep is not None:
        return "needs a sweep, which asks a model, and these answers were recorded"
    if claim.needs != "G":
        return f"needs {_MEASURED[claim.needs]}, and recorded answers have none"
    missing = [name for name in claim.conditions if name not in of.settings.recorded]
    return f"not recorded: {', '.join(missing)}" if missing else ""


def _not_measured(claim: Claim, of: "Experiment") -> str:
    if claim.needs == "G" or isinstance(of.engine, ScoringEngine if claim.needs == "P" else MeasuringEngine):
        return ""
    return f"needs {_MEASURED[claim.needs]}, and {type(of.engine).__name__} measures none"


def _too_few_problems(claim: Claim, of: "Experiment") -> str:
    """Name a condition that few problems do not do for: none has a donor, or a half is too small to fit anything to."""
    for name in claim.all_conditions:
        condition = of.conditions.get(name)
        matching = None if condition is None else condition.matching
        try:
            fewest = 0 if condition is None else max((patch.fewest_problems for patch in condition.patches), default=0)
            if len(of.problems) < fewest:
                return (
                    f"{name}: it is fitted to one half of the problems, and needs {fewest} of them or more; there are "
                    f"{len(of.problems)}"
                )
            if matching is None or of.donors(matching):
                continue
        except CtlabError:  # that problems cannot be read, or are still to be drawn, is said where they are needed
            return ""
        return f"{name}: none of the {len(of.problems)} problems has a donor, which is {matching.words}"
    return ""


def _about_other_answers(claim: Claim, of: "Experiment") -> str:
    """Say what a claim is about that answers to these problems do not have, because they are of another kind."""
    # Imported here, and problems are read, for claims alone that one kind of problem has and another has not.
    if not claim.feature and not claim.adjust and claim.outcome in ("CORRECT", EVERY_OUTCOME):
        return ""
    from ctlab.lab.other_answers import about_other_answers

    try:
        problems = of.problems
    except CtlabError:  # as above
        return ""
    return about_other_answers(claim, problems)
