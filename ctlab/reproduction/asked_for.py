"""What a reproduction was asked for, checked before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab import inputs
from ctlab.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """A model, what it is held against, and how it answers; names as of pytest's options."""

    model: str
    """Id of the model, or a folder."""
    problems: str = "tiny"
    """Problem set."""
    limit: int | None = None
    """The first so many problems."""
    published: float | None = None
    """Accuracy to reach, a proportion, where the caller says it."""
    expected: Path | None = None
    """File of expected answers, which take the place of problems and accuracy."""
    settings: Mapping[str, Any] | None = None
    """Settings that override those of the checkpoint."""
    diagnose: bool = False
    """Diagnose also where nothing falls short."""
    seed: int = 1
    """Seed of the diagnosis's sample."""
    options: Mapping[str, Any]
    """Base, device, dtype, padding, max_new_tokens, store, batch_tokens, allow_pickle: None where not given."""


def read_settings(words: list[str]) -> dict[str, Any] | None:
    """Read ``KEY=VALUE`` (VALUE as JSON, else as text) or the name of a JSON file, the later over the earlier."""
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            content = inputs.read_json(Path(word), error=InputError)
            if not isinstance(content, dict):
                raise InputError(f"--settings {word}: the file must hold a JSON object, not {inputs.shown(content)}")
            found |= content
        elif not key.isidentifier():
            raise InputError(f"--settings is KEY=VALUE, such as num_latent=6, or a JSON file; not {inputs.shown(word)}")
        else:
            found[key] = _value(value)
    return found or None


def _value(text: str) -> Any:
    try:
        return inputs.parse_json(text, "a setting", error=InputError)
    except InputError:  # a word, such as a base's name
        return text
