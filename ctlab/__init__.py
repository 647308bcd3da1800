"""Claims about the continuous thoughts of latent-reasoning language models, as pytest tests."""

import sys
from importlib import import_module
from typing import Any

from ctlab.deprecated import moved

__version__ = "0.1.0"
"""The only place that says it: pyproject.toml reads it here, and a test holds CITATION.cff and CHANGELOG.md to it."""

if tuple(sys.version_info[:3]) < (3, 11, 5):
    # Their re module matches what possessive quantifiers exclude (python/cpython#106052): of "20 plus 23" it reads 0
    # and 3, and then nothing without an end.
    raise ImportError(f"ctlab needs Python 3.11.5 or newer, whose re module reads numbers right; this is {sys.version}")

_HOMES = {
    "Condition": "ctlab.interventions",
    "Intervention": "ctlab.interventions",
    "Lab": "ctlab.lab.lab",
    "Patch": "ctlab.interventions",
    "Problem": "ctlab.problems",
    "classify": "ctlab.outcomes",
    "generate": "ctlab.generation",
    "judge_results": "ctlab.judging",
    "load_model": "ctlab.models",
    "load_problems": "ctlab.problems",
    "measure": "ctlab.generation",
    "read_results": "ctlab.results",
    "score": "ctlab.score_answers",
    "plot": "ctlab",
    "statistics": "ctlab",
    "sweep": "ctlab.sweeps.sweeping",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import ctlab` costs nothing and imports no torch."""
    if name not in _HOMES:
        return moved(__name__, name)
    if _HOMES[name] == "ctlab":
        return import_module(f"ctlab.{name}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Name what is public, for completion."""
    return list(__all__)
