"""Which forms undisturbed answers have: as the model's family declares, else learned from the baseline and kept."""

from collections.abc import Callable, Sequence

from ctlab.interventions import BASELINE
from ctlab.lab.experiment import Experiment
from ctlab.outcomes import Forms, Outcome, classify
from ctlab.outcomes.forms import UNKNOWN, declared_forms, fewest_forms
from ctlab.outcomes.taxonomy import answer_form
from ctlab.records.generation import Generation, answers_digest
from ctlab.source_digest import source_digest


def forms_of(experiment: Experiment, undisturbed: Callable[[], Sequence[Generation]]) -> Forms:
    """Return the forms of undisturbed answers, declared or learned; unknown where no baseline was recorded."""
    if (declared := declared_forms_of(experiment)) is not None:
        return declared
    if experiment.settings.recorded and BASELINE.name not in experiment.settings.recorded:
        return UNKNOWN
    return learned_forms(experiment, undisturbed())


def declared_forms_of(experiment: Experiment) -> Forms | None:
    """Return the forms that the family of the model declares; None for recorded answers and where it declares none.

    They are forms of numbers: of problems that are answered otherwise, forms are learned.
    """
    if experiment.settings.recorded or experiment.problems.kind != "number":
        return None
    from ctlab.models.families import FAMILIES

    family = FAMILIES.get(experiment.engine.card().get("family", ""))
    return None if family is None or family.answer_forms is None else declared_forms(family.answer_forms)


def learned_forms(experiment: Experiment, undisturbed: Sequence[Generation]) -> Forms:
    """Learn the forms from the baseline's correct answers, all of them, or read what was learned from these before."""
    code = source_digest(__name__, "ctlab.outcomes.taxonomy")
    key, inputs = experiment.derived_key("forms", BASELINE.name, code), answers_digest(undisturbed)
    forms = experiment.store.derived.read_json(key, inputs, Forms.from_json)
    if forms is None:
        pairs = zip(experiment.problems, undisturbed, strict=True)
        forms = fewest_forms(
            answer_form(problem, said.text)
            for problem, said in pairs
            if classify(problem, said.text).outcome == Outcome.CORRECT
        )
        experiment.store.derived.write_json(key, inputs, forms.to_json())
    return forms
