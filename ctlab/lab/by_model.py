"""Which model answers which condition, and which conditions claims need of it; nothing is answered here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ctlab.bound_models import NamedModel
from ctlab.interventions import BASELINE, Condition
from ctlab.settings import Settings


def own_settings(settings: Settings, named: NamedModel) -> Settings:
    """Return the settings under which a named model answers: the run's, but for what is said of it alone."""
    return replace(
        settings, **{"model": named.id, "models": {}, "base": None, "model_settings": named.settings, **named.options}
    )


def alone(condition: Condition) -> Condition:
    """Return a condition as the model that it names has it in a lab of its own; undisturbed it is the baseline."""
    own = replace(condition, model="")
    return BASELINE if own.undisturbed and not own.no_op else own


def answered_here(conditions: Mapping[str, Condition]) -> dict[str, Condition]:
    """Return the conditions that the run's own model answers."""
    return {name: condition for name, condition in conditions.items() if not condition.model}


def with_baseline(names: Sequence[str], conditions: Mapping[str, Condition]) -> tuple[str, ...]:
    """Return conditions, each once, and the baseline where the run's own model answers one: its labels depend on it."""
    own = any(name not in conditions or not conditions[name].model for name in names)
    return tuple(dict.fromkeys([*names, *([BASELINE.name] if own else [])]))


def unbound(model: str) -> str:
    """Say that nothing is bound to a name, and what to add."""
    if model.isidentifier():
        return f"no model is called {model!r} here; add --ctlab-model {model}=ID, or Lab(models={{{model!r}: ID}})"
    return f"{model!r} is no name to bind a model to, such as rival; answers of it can be recorded (--ctlab-recorded)"
