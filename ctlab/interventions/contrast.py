"""A contrast: which problems' thoughts a steering vector leads towards, and which it leads away from."""

import re
from dataclasses import dataclass, fields

from ctlab.errors import ConditionError
from ctlab.inputs import shown
from ctlab.records.own_functions import nearest
from ctlab.records.problem_features import Features

_WRITTEN = re.compile(r"\s*([A-Za-z_]+)\s*>=\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*\Z")
_FEATURES = tuple(field.name for field in fields(Features) if field.name != "tokens_counted_by")


@dataclass(frozen=True, slots=True)
class Contrast:
    """Problems that have a feature from some value on, against those that have less of it."""

    feature: str
    """Name of a feature of problems; a yes counts as 1, a no as 0."""
    least: float
    """From which value on it holds."""

    @classmethod
    def read(cls, text: object) -> "Contrast":
        """Read ``n_operations >= 3``."""
        match = _WRITTEN.match(text) if isinstance(text, str) else None
        if match is None:
            raise ConditionError(
                f"'contrast' of a patch must be a feature of problems and its least value, such as "
                f"'n_operations >= 3', not {shown(text)}"
            )
        if match[1] not in _FEATURES:
            raise ConditionError(
                f"'contrast' names the feature {match[1]!r}, which problems do not have; they have "
                f"{', '.join(_FEATURES)}{nearest(match[1], _FEATURES)}"
            )
        return cls(match[1], float(match[2]))

    @property
    def text(self) -> str:
        """As it is written, the same for the same contrast."""
        return f"{self.feature} >= {self.least:g}"

    def holds(self, features: Features) -> bool | None:
        """Whether it holds for a problem of these features; None where it has no such one, and is of neither group."""
        value = getattr(features, self.feature)
        return None if value is None else float(value) >= self.least
