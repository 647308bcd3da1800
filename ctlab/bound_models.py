"""Models by the names that conditions call them: ``rival=ID``, beside the plain ``ID`` of the run's own model."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctlab.errors import InputError
from ctlab.file_options import path_and_options
from ctlab.inputs import shown
from ctlab.key_values import key_values
from ctlab.option_values import count, device, one_of

DTYPES = ("float32", "bfloat16", "float16", "float64")
PADDINGS = ("exact", "as-published")
_OWN: Mapping[str, Callable[[str], Any]] = {
    "base": str,
    "device": device,
    "dtype": one_of(DTYPES),
    "padding": one_of(PADDINGS),
    "max_new_tokens": count,
}
"""What is said behind the question mark of how one model runs; every other key is one of the model's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A model that conditions call by a name, and what is said of it alone."""

    id: str
    """Id of the model: an embedded one, a folder, or one on the hub."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """``base``, ``device``, ``dtype``, ``padding``, ``max_new_tokens``, in place of the run's own."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the model's settings."""


def split_models(values: Iterable[str], where: str, folder: Path) -> tuple[str | None, dict[str, NamedModel]]:
    """Return the plain id, the last where there are several and None where there is none, and models by name.

    Parameters
    ----------
    values : iterable of str
        ``ID``, or ``NAME=ID`` with a condition's name of a model; ``NAME=ID?dtype=bfloat16&num_latent=7`` says how it
        runs and is read. A folder that is there under the whole text is an id.
    where : str
        Where they were given, for a refusal.
    folder : Path
        What a relative path is relative to.

    Raises
    ------
    InputError
        For an empty id, a name that is given twice, and options that are none.
    """
    plain, named = None, dict[str, NamedModel]()
    for value in values:
        text = str(value).strip()
        name, equals, given = (part.strip() for part in text.partition("="))
        if not equals or not name.isidentifier() or os.path.lexists(folder / Path(text).expanduser()):
            plain = text
            continue
        if name in named:
            raise InputError(f"{where} gives the model {name} twice: {named[name].id} and {given}; leave one out")
        named[name] = named_model(given, f"{where} {name}", folder)
    return plain, named


def named_model(text: str, where: str, folder: Path) -> NamedModel:
    """Read ``ID`` or ``ID?KEY=VALUE&…``; ``where`` it was given stands in a refusal (InputError)."""
    model, given = path_and_options(text, folder=folder, name=f"{where}={text}")
    if not model:
        raise InputError(f"{where} is empty; write NAME=ID, with an embedded model, a folder or a hub id")
    options = {}
    for key in given.keys() & _OWN.keys():
        try:
            options[key] = _OWN[key](given[key])
        except ValueError as error:
            raise InputError(f"{where}: {key} must be {error}, not {shown(given[key])}") from None
    own = [f"{key}={value}" for key, value in given.items() if key not in _OWN]
    return NamedModel(id=model, options=options, settings=key_values(where, own))
