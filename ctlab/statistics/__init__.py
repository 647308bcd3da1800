"""How sure we are: pure functions from counts or aligned outcomes to an `Effect`.

Nothing is imported before it is used, so that reading a claim or a verdict costs no SciPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctlab.statistics.effect import Effect
    from ctlab.statistics.paired import equivalence, paired_difference
    from ctlab.statistics.rates import rate_difference, rate_equivalence, stronger

_HOMES = {
    "Effect": "effect",
    "equivalence": "paired",
    "paired_difference": "paired",
    "rate_difference": "rates",
    "rate_equivalence": "rates",
    "stronger": "rates",
}
__all__ = [
    "Effect",
    "equivalence",
    "paired_difference",
    "rate_difference",
    "rate_equivalence",
    "stronger",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.statistics' has no attribute {name!r}")
    return getattr(import_module(f"ctlab.statistics.{_HOMES[name]}"), name)
