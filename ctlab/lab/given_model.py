"""A model as a person hands it over: an id or a folder, one that is loaded, or an engine of their own."""

import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.lab.executors import Engine
from ctlab.lab.executors.loaded_model import LoadedModelEngine, device_of, dtype_of
from ctlab.problems import Problem, ProblemSet
from ctlab.settings import Settings

_ENGINE = ("digest", "card", "certify", "batches")


def named_model(
    model: Any, *, device: str | None, dtype: str | None, settings: Mapping[str, Any] | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the name of a model, and the options that it brings itself or leaves as they are given.

    Raises
    ------
    InputError
        For what is no model, for a device or type that contradicts a model that is loaded, and for a model's settings
        where they are none or come too late.
    """
    asked = {"device": device, "dtype": dtype}
    if settings is not None and not isinstance(settings, Mapping):
        raise InputError(
            f'settings are a table of names and values, such as {{"num_latent": 4}}, not {shown(settings)}'
        )
    if isinstance(model, str | os.PathLike):
        return os.fspath(model), {**asked, "settings": dict(settings or {}) or None}
    if settings:
        raise InputError(
            "settings say how a model is loaded, and this one is there already; hand them to ctlab.load_model, or hand "
            "over the model's id"
        )
    if _is_loaded(model):
        own = {"device": device_of(model), "dtype": dtype_of(model)}
        for name, value in asked.items():
            if value not in (None, own[name]):
                raise InputError(
                    f"{name}={value!r} was asked for, and the loaded model has {own[name]}; load it as it is to be "
                    f"used, or hand over its id"
                )
        return str(model.name), own
    if all(hasattr(model, part) for part in _ENGINE):
        return str(model.card().get("id", "engine")), asked
    if is_problems(model):
        raise InputError("the model comes first, and then the problems: Lab(model, problems); the first are problems")
    raise InputError(
        f"a model is an id (tiny), a folder, what ctlab.load_model returned, or an engine (docs/lab.md); not "
        f"{type(model).__name__}"
    )


def named_models(given: Any) -> tuple[list[str], dict[str, Any]]:
    """Return models by name as the command line has them, and those of them that are no id, by name.

    Raises
    ------
    InputError
        For what is no table from names to models.
    """
    example = 'models={"written": "tiny-graphs-cot"}'
    if not isinstance(given, Mapping):
        raise InputError(f"models is a table from conditions' names of models to models, not {shown(given)}; {example}")
    said, handed_over = [], {}
    for name, model in given.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise InputError(f"models: {shown(name)} is no name that a condition can call a model; write {example}")
        if isinstance(model, str | os.PathLike):
            said.append(f"{name}={os.fspath(model)}")
            continue
        _, own = named_model(model, device=None, dtype=None)
        own = {key: value for key, value in own.items() if value is not None}
        said.append(f"{name}={name}" + ("?" + "&".join(f"{key}={value}" for key, value in own.items()) if own else ""))
        handed_over[name] = model
    return said, handed_over


def is_problems(given: Any) -> bool:
    """Whether somebody handed over problems, as a set or a list of them."""
    return isinstance(given, ProblemSet) or (
        isinstance(given, list | tuple) and bool(given) and isinstance(given[0], Problem)
    )


def engine_of(model: Any, settings: Settings) -> Engine | None:
    """Return who answers; None for the model that the settings name."""
    if isinstance(model, str | os.PathLike):
        return None
    return LoadedModelEngine(settings, model) if _is_loaded(model) else cast(Engine, model)


def _is_loaded(model: Any) -> bool:
    """Whether it is a loaded model; where nothing was loaded, its class is not even imported, and torch with it."""
    reasoner = sys.modules.get("ctlab.models.reasoner")
    return reasoner is not None and isinstance(model, reasoner.LatentReasoner)
