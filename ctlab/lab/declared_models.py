"""Models that a suite binds to the names by which its conditions call them, so that a bare run needs no option."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.bound_models import NamedModel, named_model
from ctlab.errors import ConditionError
from ctlab.interventions import Condition
from ctlab.lab.executors import Engine
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.records.own_functions import nearest
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels


def models_declared(declarations: Any, root: Path) -> dict[str, NamedModel]:
    """Return the models that a suite's declarations bind to names; ids that are paths are relative to ``root``."""
    bound: Mapping[str, str] = getattr(declarations, "models", dict)()
    return {name: named_model(given, f"the model that the suite calls {name}", root) for name, given in bound.items()}


def engine_called(declarations: Any, name: str, settings: Settings) -> Engine:
    """Who answers to a name: what was handed over under it, the suite's own engine, or the model of its settings."""
    handed_over: Engine | None = getattr(declarations, "named_engine", lambda name, settings: None)(name, settings)
    return handed_over or chosen_engine(settings, declarations.engine(settings))


def check_models(settings: Settings, conditions: Mapping[str, Condition], lab: "SeveralModels") -> None:
    """Refuse a model that was given under a name which no condition calls one by, or that cannot be found."""
    names = sorted({condition.model for condition in conditions.values() if condition.model})
    for name in () if settings.recorded else settings.models:
        if name not in names:
            known = nearest(name, names) or (f"; they name {formatting.listed(names)}" if names else "; they name none")
            raise ConditionError(f"--ctlab-model {name}=…: no condition here names the model {name!r}{known}")
        _ = lab.digest_of(name)
