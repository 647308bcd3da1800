"""Chance rates of runs, kept beside their answers: shuffles take longer than everything else in a warm run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.outcomes import ChanceRate, Outcome, Run
from ctlab.records.generation import answers_digest
from ctlab.source_digest import source_digest

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels

Rates = Mapping[Outcome, ChanceRate]


def kept_chance_rates(lab: "SeveralModels", runs: Mapping[str, Run]) -> dict[str, Rates]:
    """Return the chance rates of runs by name, from the store where those of these very answers are there."""
    from ctlab.outcomes.chance import chance_rates_of

    code = source_digest("ctlab.outcomes.chance")
    keys = {
        name: lab.derived_key("chance", run.condition.name, code, forms=lab.forms_digest(run.condition.name))
        for name, run in runs.items()
    }
    inputs = {name: answers_digest(run.generations) for name, run in runs.items()}
    kept = lab.store.derived
    found = {name: kept.read_json(keys[name], inputs[name], _rates) for name in runs}
    missing = {name: run for name, run in runs.items() if found[name] is None}
    rates: dict[str, Rates] = {name: each for name, each in found.items() if each is not None}
    if missing:
        n = max(len(run.ids) for run in missing.values())
        what = f"answers of {condition_times_problem(len(missing), n)} for their chance rates"
        total = sum(len(run.ids) for run in missing.values())
        progress = Progress(total, what, lab.log, verb="shuffl", patient=True)
        for name, each in zip(missing, chance_rates_of([*missing.values()], advance=progress.advance), strict=True):
            kept.write_json(keys[name], inputs[name], {outcome.value: rate.to_json() for outcome, rate in each.items()})
            rates[name] = each
        progress.finish()
    return {name: rates[name] for name in runs}


def _rates(form: Mapping[str, Any]) -> Rates:
    return {Outcome(outcome): ChanceRate.from_json(rate) for outcome, rate in form.items()}
