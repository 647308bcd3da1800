"""Old public names: each still works in this release, says what it is called now, and is gone from the next one.

To rename a public name, add one line to `MOVED`. A package whose ``__getattr__`` comes from `ctlab.lazy` finds the name
there; a module that is gone altogether is found too, with the names that the table has of it.
"""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ctlab.errors import CtlabDeprecationWarning

MOVED = {
    "ctlab.Replacement": "ctlab.Patch",
    "ctlab.generation.Decoding": "ctlab.records.Decoding",
    "ctlab.generation.Generation": "ctlab.records.Generation",
    "ctlab.generation.Measurement": "ctlab.records.Measurement",
    "ctlab.generation.RunKey": "ctlab.records.RunKey",
    "ctlab.generation.bank_for": "ctlab.engine.activation_cache_for",
    "ctlab.generation.certify": "ctlab.certify.certify",
    "ctlab.generation.certify_probes": "ctlab.certify.certify_probes",
    "ctlab.generation.decoding_of": "ctlab.engine.decoding_of",
    "ctlab.generation.generate_batches": "ctlab.engine.generate_batches",
    "ctlab.generation.generate_on": "ctlab.engine.generate_on",
    "ctlab.generation.measured": "ctlab.probes.measured",
    "ctlab.generation.observer.Observer": "ctlab.engine.hooks.Hooks",
    "ctlab.interventions.Certificate": "ctlab.records.Certificate",
    "ctlab.interventions.Check": "ctlab.records.Check",
    "ctlab.interventions.Replacement": "ctlab.interventions.Patch",
    "ctlab.models.Settings": "ctlab.models.CheckpointSettings",
    "ctlab.outcomes.decoded_beyond_chance": "ctlab.measures.decoded_beyond_chance",
    "ctlab.outcomes.decoded_change": "ctlab.measures.decoded_change",
    "ctlab.outcomes.decoded_rates": "ctlab.measures.decoded_rates",
    "ctlab.outcomes.intermediates": "ctlab.measures.intermediates",
    "ctlab.outcomes.read_recorded": "ctlab.results.read_recorded",
    "ctlab.outcomes.recorded.read_recorded.read_recorded": "ctlab.results.read_recorded",
    "ctlab.outcomes.recorded.recorded_format.RecordedFormat": "ctlab.results.ResultFormat",
    "ctlab.outcomes.recorded.study.study_form": "ctlab.outcomes.study_form",
    "ctlab.outcomes.recorded.study.write_study": "ctlab.outcomes.write_study",
    "ctlab.plugin.engine.Engine": "ctlab.lab.Engine",
    "ctlab.plugin.engine.EngineError": "ctlab.lab.EngineError",
    "ctlab.plugin.engine.MeasuringEngine": "ctlab.lab.MeasuringEngine",
    "ctlab.statistics.cascade": "ctlab.measures.cascade",
    "ctlab.statistics.divergence_and_breaking": "ctlab.measures.divergence_and_breaking",
    "ctlab.statistics.first_parting": "ctlab.measures.first_parting",
    "ctlab.statistics.hub_excess": "ctlab.measures.hub_excess",
    "ctlab.statistics.interval.continuity_correction": "ctlab.statistics.paired.interval.continuity_correction",
    "ctlab.statistics.interval.paired_interval": "ctlab.statistics.paired.interval.paired_interval",
    "ctlab.statistics.later_distances": "ctlab.measures.later_distances",
    "ctlab.statistics.question_excess": "ctlab.measures.question_excess",
    "ctlab.statistics.redistribution": "ctlab.measures.redistribution",
}
"""Old name → new name, both with their package."""

_used: dict[str, None] = {}


def moved(home: str, name: str) -> Any:
    """Return what a package or module had under a name before, with a warning; AttributeError for any other name."""
    old = f"{home}.{name}"
    if old not in MOVED:
        raise AttributeError(f"module {home!r} has no attribute {name!r}")
    _used[old] = None
    # Level 3 is the code that looked the name up: between us stands the ``__getattr__`` of the package alone.
    warnings.warn(sentence(old), CtlabDeprecationWarning, stacklevel=3)
    module, _, attribute = MOVED[old].rpartition(".")
    return getattr(import_module(module), attribute)


def sentence(old: str) -> str:
    """Say what an old name is called now."""
    return f"{old} is now {MOVED[old]}; the old name works in this release and not in the next"


def take_used() -> list[str]:
    """Return the old names that were used since this was last called, each once, in the order of their first use."""
    names = list(_used)
    _used.clear()
    return names


class _GoneModules(MetaPathFinder, Loader):
    """Finds modules that are gone and that the table has names of; asked last, so that no module is ever hidden."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of which the table has a name."""
        homes = [old.rpartition(".")[0] for old in MOVED]
        package = any(home.startswith(f"{fullname}.") for home in homes)
        return ModuleSpec(fullname, self, is_package=package) if package or fullname in homes else None

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module with nothing but a way to look its old names up."""

        def __getattr__(name: str) -> Any:
            return moved(module.__name__, name)

        module.__dict__["__getattr__"] = __getattr__


sys.meta_path.append(_GoneModules())
