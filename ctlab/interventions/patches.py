"""One replacement: which thoughts are not fed what the model made of them, and what they are fed in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import ConditionError
from ctlab.interventions.edges import thought_index

BY = ("zero", "mean", "noise", "resample", "self", "decoded", "baseline")
SEEDED = ("noise", "resample")
"""Ways that draw at random, so that a seed belongs to them."""
DRAWING_ON_OTHERS = ("mean", "resample")
"""Ways that depend on the other problems of the set."""
GIVING_BACK = ("self", "baseline")
"""Ways that feed the problem's own thought of an undisturbed run."""
_FIELDS = ("thoughts", "by", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Feed something else in place of ``thoughts``; what is read of them and by whom stays as it is."""

    thoughts: tuple[str, ...] | str
    """CTk whose input embedding is replaced, or ``"all"``."""
    by: str
    """What is fed: ``zero``; the ``mean`` of this thought over the problem set; ``noise`` of the norm of the thought
    that it replaces; ``resample``, the same thought of another problem; ``self``, the same of its own problem;
    ``decoded``, the embedding of the token that the thought decodes to; ``baseline``, the thought that the undisturbed
    run of this problem was fed."""
    seed: int = 0
    """Which noise, or which other problems; 0 unless ``by`` is ``noise`` or ``resample``."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "thoughts", _thoughts(self.thoughts))
        if self.by not in BY:
            raise ConditionError(f"'by' of a replacement must be one of {', '.join(BY)}; not {self.by!r}")
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or self.seed < 0:
            raise ConditionError(f"'seed' of a replacement must be a whole number from 0, not {self.seed!r}")
        if self.seed and self.by not in SEEDED:
            raise ConditionError(
                f"'seed' belongs to replacements by {' and '.join(SEEDED)}; nothing is drawn for {self.by!r}, so leave "
                f"it out"
            )

    def replaces(self, thought: int) -> bool:
        """Whether CT``thought`` is replaced."""
        return self.thoughts == "all" or f"CT{thought}" in self.thoughts

    def to_json(self) -> dict[str, Any]:
        """JSON form; a seed of 0 is left out."""
        thoughts = self.thoughts if isinstance(self.thoughts, str) else list(self.thoughts)
        form: dict[str, Any] = {"thoughts": thoughts, "by": self.by}
        if self.seed:
            form["seed"] = self.seed
        return form

    @classmethod
    def from_json(cls, form: Any) -> "Replacement":
        """Read the JSON form, refusing what it does not know."""
        if not isinstance(form, Mapping):
            raise ConditionError(f'a replacement is an object with "thoughts" and "by", not {form!r}')
        if unknown := sorted(set(map(str, form)) - set(_FIELDS)):
            raise ConditionError(
                f"unknown field {unknown[0]!r} in a replacement; known: {', '.join(_FIELDS)} (what hides a position "
                f"from its readers is an intervention of its own)"
            )
        if missing := [name for name in ("thoughts", "by") if name not in form]:
            raise ConditionError(
                f"a replacement needs {missing[0]!r}: whoever replaces a thought says which and by what; got {form!r}"
            )
        return cls(**form)

    def canonical(self) -> dict[str, Any]:
        """JSON form in which the order of listed thoughts does not matter; what digests are taken of."""
        form = self.to_json()
        return {name: sorted(value) if isinstance(value, list) else value for name, value in form.items()}


def is_replacement(form: Any) -> bool:
    """Whether a JSON form in a condition's list means a replacement, and not an intervention on attention edges."""
    return isinstance(form, Mapping) and ("by" in form or "thoughts" in form)


def _thoughts(value: Any) -> tuple[str, ...] | str:
    if isinstance(value, str):
        if value == "all":
            return value
        hint = f" (write [{value!r}])" if thought_index(value) is not None else ""
        raise ConditionError(f"'thoughts' must be 'all' or a list of CTk (k from 0), not {value!r}{hint}")
    if not isinstance(value, list | tuple) or not value:
        raise ConditionError(f"'thoughts' must be 'all' or a list of CTk (k from 0), not {value!r}")
    for name in value:
        if not isinstance(name, str) or thought_index(name) is None:
            raise ConditionError(f"'thoughts' lists CTk (k from 0), and only thoughts can be replaced; not {name!r}")
    if len(set(value)) != len(value):
        raise ConditionError(f"'thoughts' names a thought twice: {list(value)!r}")
    return tuple(value)
