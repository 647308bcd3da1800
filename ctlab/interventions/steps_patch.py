"""A patch of written steps: another problem's steps stand where a model would write its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown

_FIELDS = ("steps", "by", "seed")
_EXAMPLE = '{"steps": "all", "by": "resample", "seed": 0}'


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class StepsPatch:
    """Put other steps in the place of those that the model would write; it then goes on from the answer marker.

    The twin of a `Patch` of all thoughts by ``resample``: what the same model wrote, undisturbed, for another problem.
    """

    steps: str = "all"
    """Which steps are replaced: ``"all"``, from the first to the answer marker."""
    by: str = "resample"
    """What stands there: ``"resample"``, the steps that the model writes for another problem."""
    seed: int = 0
    """Which draw of other problems."""

    def __post_init__(self) -> None:
        if self.steps != "all":
            raise ConditionError(f"'steps' of a patch of written steps must be \"all\", not {shown(self.steps)}")
        if self.by != "resample":
            raise ConditionError(
                f"written steps are replaced by those of another problem, 'by' \"resample\", and by nothing else so "
                f"far; not {shown(self.by)}"
            )
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or self.seed < 0:
            raise ConditionError(f"'seed' of a patch must be a whole number from 0, not {shown(self.seed)}")

    def to_json(self) -> dict[str, Any]:
        """JSON form; the seed is left out where it is 0."""
        return {"steps": self.steps, "by": self.by, **({"seed": self.seed} if self.seed else {})}

    def canonical(self) -> dict[str, Any]:
        """JSON form; what digests are taken of."""
        return self.to_json()

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "StepsPatch":
        """Read the JSON form, refusing what it does not know."""
        if unknown := sorted(set(map(str, form)) - set(_FIELDS)):
            raise ConditionError(
                f"unknown field {shown(unknown[0])} in a patch of written steps; known: {', '.join(_FIELDS)}, such as "
                f"{_EXAMPLE}"
            )
        return cls(**form)


def is_steps_patch(form: Any) -> bool:
    """Whether a JSON form in a condition's list means a patch of written steps, and not one of thoughts or of edges."""
    return isinstance(form, Mapping) and {"steps", "by"} <= set(form) and not {"thoughts", "keys"} & set(form)
