"""One patch of a condition: which thoughts are not fed what the model made of them, and by what they are replaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown
from ctlab.interventions.contrast import Contrast
from ctlab.interventions.donor_rule import MINED, PAIRS, Matching
from ctlab.interventions.edges import thought_index
from ctlab.interventions.edit import EDIT_FIELDS, NO_EDIT, Edit
from ctlab.interventions.layer_place import LayerPlace
from ctlab.interventions.patch_kind import PatchKind, Source
from ctlab.interventions.patches import PATCH_KINDS, kind_by

_FIELDS = ("thoughts", "by", "seed", "step", "first_pass", "pairs", "at", *EDIT_FIELDS)


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Feed something else in place of ``thoughts``; what is read of them and by whom stays as it is."""

    thoughts: tuple[str, ...] | str
    """CTk whose input embedding is replaced, or what is at its position at some layers; or ``"all"``."""
    by: str
    """What is fed: the name of a `PatchKind`, such as ``zero`` or ``resample``."""
    seed: int = 0
    """Which draw; 0 where nothing is drawn."""
    step: int | None = None
    """Step of the worked solution, from 1, by whose result donors are chosen; None where there are none."""
    first_pass: bool = False
    """Whether it is fed in the first of several passes over the thoughts too, in place of what that pass feeds all of
    them. Where there is one pass it says nothing."""
    edit: Edit = NO_EDIT
    """How much, how many dimensions, which contrast or which file, for the ways that edit the thought itself; in JSON
    its fields stand among these."""
    at: LayerPlace | None = None
    """At which layers of the thought's position, and what is replaced there; None: the embedding that is fed."""
    pairs: str = ""
    """How donors are found that differ in one result alone: ``mined`` from the problem set, or ``generated``; empty
    where a donor may differ elsewhere too."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "thoughts", _thoughts(self.thoughts))
        kind = kind_by(self.by)
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or self.seed < 0:
            raise ConditionError(f"'seed' of a patch must be a whole number from 0, not {shown(self.seed)}")
        if self.seed and not kind.seeded:
            seeded = formatting.listed([name for name, kind in PATCH_KINDS.items() if kind.seeded])
            raise ConditionError(
                f"'seed' belongs to patches by {seeded}; nothing is drawn for {self.by!r}, so leave it out"
            )
        self._check_step(kind)
        self._check_pairs(kind)
        if not isinstance(self.first_pass, bool):
            raise ConditionError(f"'first_pass' of a patch must be true or false, not {shown(self.first_pass)}")
        if self.first_pass and {Source.WITHIN_COMPONENTS, Source.DIFFERENCE} & {*kind.sources}:
            raise ConditionError(
                f"'first_pass' does not go with a patch by {self.by!r}: the first pass feeds every thought of every "
                f"problem the same, so that nothing can be fitted to it"
            )
        if self.first_pass and Source.DECODED in kind.sources:
            raise ConditionError(
                f"'first_pass' does not go with a patch by {self.by!r}: no state before a thought has made what the "
                f"first pass feeds, so that it decodes to no token"
            )
        if not isinstance(self.edit, Edit):
            raise ConditionError(f"'edit' of a patch is an Edit, such as Edit(factor=2.0), not {shown(self.edit)}")
        object.__setattr__(self, "edit", self.edit.checked(kind))
        if self.at is not None:
            object.__setattr__(self, "at", LayerPlace.given(self.at))
            self._check_place(kind)

    def _check_place(self, kind: PatchKind) -> None:
        if not kind.works_at_a_layer:
            able = ", ".join(name for name, each in PATCH_KINDS.items() if each.works_at_a_layer)
            raise ConditionError(
                f"{self.by!r} says what is fed, and at a layer there is no such thing; with 'at' name one of {able}"
            )
        if self.first_pass:
            raise ConditionError("'first_pass' says when something is fed, and with 'at' nothing is; leave it out")
        if self.pairs and self.pairs != MINED:
            raise ConditionError(
                f"of a donor that was generated only what is fed is known, and no layer; with 'at' say "
                f"'pairs': {MINED!r}, or leave it out"
            )

    def _check_step(self, kind: PatchKind) -> None:
        if not kind.matched:
            if self.step is not None:
                matched = formatting.listed([name for name, kind in PATCH_KINDS.items() if kind.matched])
                raise ConditionError(
                    f"'step' belongs to patches by {matched}, whose donors are chosen by a step's result; {self.by!r} "
                    f"has no donors, so leave it out"
                )
        elif self.step is None:
            raise ConditionError(
                f"a patch by {self.by!r} needs 'step': the step of the worked solution, from 1, whose result decides "
                f"which problem the thought is taken from"
            )
        elif not isinstance(self.step, int) or isinstance(self.step, bool) or self.step < 1:
            raise ConditionError(f"'step' of a patch must be a whole number from 1, not {shown(self.step)}")

    def _check_pairs(self, kind: PatchKind) -> None:
        if self.pairs == "":
            return
        if self.pairs not in PAIRS:
            raise ConditionError(
                f"'pairs' of a patch must be one of {', '.join(PAIRS)}, not {shown(self.pairs)}; leave it out where a "
                f"donor may differ in more than one result"
            )
        if not kind.matched:
            matched = formatting.listed([name for name, kind in PATCH_KINDS.items() if kind.matched])
            raise ConditionError(
                f"'pairs' belongs to patches by {matched}, whose donors it finds; {self.by!r} has no donors, so leave "
                f"it out"
            )

    @property
    def matching(self) -> Matching | None:
        """Which donors it asks for; None where it has none."""
        if self.step is None:
            return None
        return Matching(step=self.step, same=Source.SAME_RESULT in self.kind.sources, seed=self.seed, pairs=self.pairs)

    @property
    def contrast(self) -> Contrast | None:
        """Which problems' mean it moves a thought towards; None where it does not."""
        return None if self.edit.contrast is None else Contrast.read(self.edit.contrast)

    @property
    def kind(self) -> PatchKind:
        """The way that ``by`` names."""
        return kind_by(self.by)

    @property
    def fewest_problems(self) -> int:
        """How many problems a set must have for what it fits to a half of it; 0 where it fits nothing."""
        if Source.WITHIN_COMPONENTS in self.kind.sources:
            return 2 * (1 + (self.edit.dimensions or 0))
        return 4 if self.contrast is not None else 2 * (Source.WITHIN_RANDOM in self.kind.sources)

    @property
    def idle(self) -> bool:
        """Whether it feeds the thought as it is: scaled by 1, or with nothing added."""
        return self.kind.neutral is not None and self.edit.factor == self.kind.neutral

    @property
    def disturbs(self) -> bool:
        """Whether it feeds something else than the undisturbed run was fed."""
        return not (self.kind.restores or self.idle)

    def replaces(self, thought: int) -> bool:
        """Whether CT``thought`` is replaced."""
        return self.thoughts == "all" or f"CT{thought}" in self.thoughts

    def to_json(self) -> dict[str, Any]:
        """JSON form; a seed of 0 is left out, and what is not said."""
        thoughts = self.thoughts if isinstance(self.thoughts, str) else list(self.thoughts)
        form: dict[str, Any] = {"thoughts": thoughts, "by": self.by}
        if self.seed:
            form["seed"] = self.seed
        if self.step is not None:
            form["step"] = self.step
        if self.first_pass:
            form["first_pass"] = True
        if self.at is not None:
            form["at"] = self.at.to_json()
        if self.pairs:
            form["pairs"] = self.pairs
        return form | self.edit.to_json()

    @classmethod
    def from_json(cls, form: Any) -> "Patch":
        """Read the JSON form, refusing what it does not know."""
        if not isinstance(form, Mapping):
            raise ConditionError(f'a patch is an object with "thoughts" and "by", not {shown(form)}')
        if unknown := sorted(set(map(str, form)) - set(_FIELDS)):
            raise ConditionError(
                f"unknown field {shown(unknown[0])} in a patch; known: {', '.join(_FIELDS)} (what hides a position "
                f"from its readers is an intervention of its own)"
            )
        if missing := [name for name in ("thoughts", "by") if name not in form]:
            raise ConditionError(
                f"a patch needs {missing[0]!r}: it says which thoughts are replaced, and by what; got {shown(form)}"
            )
        own = {name: value for name, value in form.items() if name not in EDIT_FIELDS}
        return cls(**own, edit=Edit.from_json(form))

    def canonical(self) -> dict[str, Any]:
        """JSON form in which the order of listed thoughts does not matter; what digests are taken of.

        Of a file it has what is in it, and not where it lies.
        """
        form = {name: value for name, value in self.to_json().items() if name != "file"}
        if self.at is not None:
            form["at"] = self.at.canonical()
        return {name: sorted(value) if isinstance(value, list) else value for name, value in form.items()}


def is_patch(form: Any) -> bool:
    """Whether a JSON form in a condition's list means a patch, and not an intervention on attention edges."""
    return isinstance(form, Mapping) and ("by" in form or "thoughts" in form)


def _thoughts(value: Any) -> tuple[str, ...] | str:
    if isinstance(value, str):
        if value == "all":
            return value
        hint = f" (write [{shown(value)}])" if thought_index(value) is not None else ""
        raise ConditionError(f"'thoughts' must be 'all' or a list of CTk (k from 0), not {shown(value)}{hint}")
    if not isinstance(value, list | tuple) or not value:
        raise ConditionError(f"'thoughts' must be 'all' or a list of CTk (k from 0), not {shown(value)}")
    for name in value:
        if not isinstance(name, str) or thought_index(name) is None:
            raise ConditionError(
                f"'thoughts' lists CTk (k from 0), and only thoughts can be replaced; not {shown(name)}"
            )
    if len(set(value)) != len(value):
        raise ConditionError(f"'thoughts' names a thought twice: {shown(list(value))}")
    return tuple(value)
