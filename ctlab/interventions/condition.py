"""A condition: a name and a list of interventions."""

import hashlib
import json
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.edges import Intervention, thought_index
from ctlab.interventions.layer_place import refuse_twice
from ctlab.interventions.patch import Patch, is_patch
from ctlab.interventions.steps_patch import StepsPatch, is_steps_patch
from ctlab.interventions.thinking import LATENT, refuse_unthinkable
from ctlab.interventions.thought_rules import not_a_number, refuse_patching_twice, refuse_several_donors, refuse_unfed

NO_DONORS: Mapping[str, str] = MappingProxyType({})
"""Of a condition that takes no thought of a donor."""
_FIELDS = ("name", "interventions", "no_op", "model", "num_thoughts", "thinking")


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A named change to the forward pass; ``baseline`` has no interventions."""

    name: str
    """Identifier, also the name of its fixture."""
    interventions: tuple[Intervention | Patch | StepsPatch, ...] = ()
    """What is weakened and what is replaced; where interventions on edges overlap, their ``keep`` multiply."""
    no_op: bool = False
    """Declared a no-op control: it may change nothing. Others are refused when they would."""
    model: str = ""
    """Name of who answers, where that is not the model of the run; empty where it is (docs/two_models.md)."""
    num_thoughts: int | None = None
    """How many thoughts are fed before ``end`` and the answer, from 0: an early answer; None feeds all."""
    thinking: str = LATENT
    """``latent``; ``explicit``, the model writes its steps after the question; or ``none``, it answers at once."""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier() or keyword.iskeyword(self.name):
            raise ConditionError(
                f"a condition's name is also its fixture's name, so it must be a Python identifier such as "
                f"ct0_blocked; not {shown(self.name)}"
            )
        object.__setattr__(self, "interventions", _interventions(self.name, self.interventions))
        if self.no_op not in (True, False):
            raise ConditionError(f"condition {self.name!r}: no_op is True or False, not {shown(self.no_op)}")
        if not isinstance(self.model, str) or self.model != self.model.strip():
            raise ConditionError(f"condition {self.name!r}: model is the name of who answers, not {shown(self.model)}")
        for intervention in self.interventions:
            if not isinstance(intervention, Intervention | Patch | StepsPatch):
                raise ConditionError(
                    f"condition {self.name!r} holds {shown(intervention)}; interventions are Intervention objects, "
                    f"Patch objects or StepsPatch objects (from JSON: Condition.from_json)"
                )
        refuse_patching_twice(self.name, [patch for patch in self.patches if patch.at is None])
        refuse_twice(self.name, [(patch.thoughts, patch.at) for patch in self.patches if patch.at is not None])
        refuse_several_donors(self.name, self.patches)
        refuse_unfed(self.name, self.num_thoughts, last=self.last_thought, every=self.names_all_thoughts)
        refuse_unthinkable(self.name, self.thinking, self.num_thoughts, self.on_edges, self.patches, self.steps_patches)
        if self.name == "baseline" and not self.undisturbed:
            raise ConditionError(
                "'baseline' has no interventions and feeds every thought; give a condition that does otherwise "
                "another name"
            )

    @property
    def undisturbed(self) -> bool:
        """Whether it leaves everything as the model does it: the baseline, whatever its name."""
        return self.plain and self.thinking == LATENT

    @property
    def plain(self) -> bool:
        """Whether nothing is disturbed in its own way of thinking."""
        return not self.interventions and self.num_thoughts is None

    @property
    def on_edges(self) -> tuple[Intervention, ...]:
        """The interventions that weaken attention edges."""
        return tuple(edges for edges in self.interventions if isinstance(edges, Intervention))

    @property
    def patches(self) -> tuple[Patch, ...]:
        """The interventions that replace a thought, or what is at its position at some layers."""
        return tuple(patch for patch in self.interventions if isinstance(patch, Patch))

    @property
    def steps_patches(self) -> tuple[StepsPatch, ...]:
        """The interventions that put other steps where the model would write its own; at most one."""
        return tuple(patch for patch in self.interventions if isinstance(patch, StepsPatch))

    @property
    def steps_patch(self) -> StepsPatch | None:
        """What stands in place of written steps; None where the model writes its own, or none."""
        return next(iter(self.steps_patches), None)

    def patch_of(self, thought: int) -> Patch | None:
        """The patch that replaces CT``thought``; None where the thought is fed as it was made."""
        return next((patch for patch in self.patches if patch.at is None and patch.replaces(thought)), None)

    @property
    def named_thoughts(self) -> frozenset[int]:
        """Each k of a CTk that is named: as hidden, as a reader or as replaced; a word for all thoughts names none."""
        names = [name for listed in self._listed if not isinstance(listed, str) for name in listed]
        return frozenset(k for k in map(thought_index, names) if k is not None)

    @property
    def names_all_thoughts(self) -> bool:
        """Whether a word for all thoughts stands where some could be listed."""
        return any(listed in ("thoughts", "all") for listed in self._listed)

    @property
    def _listed(self) -> list[tuple[str, ...] | str]:
        listed = [names for edges in self.on_edges for names in (edges.keys, edges.readers)]
        return listed + [patch.thoughts for patch in self.patches]

    @property
    def last_thought(self) -> int | None:
        """The highest k of a CTk that is named; None where none is."""
        return max(self.named_thoughts, default=None)

    @property
    def furthest_thought(self) -> int | None:
        """The highest k of a CTk that a model must have for it: named, fed, or left out; None where it needs none."""
        needed = [] if self.last_thought is None else [self.last_thought]
        if self.num_thoughts is not None:
            # Alone it does something only where there is a thought more.
            needed.append(self.num_thoughts - (1 if self.interventions or self.no_op else 0))
        return max((k for k in needed if k >= 0), default=None)

    @property
    def draws_on_others(self) -> bool:
        """Whether a problem's answer depends on which other problems there are."""
        return bool(self.steps_patches) or self.takes_of_others

    @property
    def takes_of_others(self) -> bool:
        """Whether a thought is fed that is made of other problems' thoughts."""
        return any(patch.kind.needs_problem_set for patch in self.patches)

    @property
    def takes_other_runs(self) -> bool:
        """Whether a thought is fed that another run had: the undisturbed one of the problem, or other problems'."""
        return any(patch.kind.needs_problem_set or patch.kind.needs_undisturbed_run for patch in self.patches)

    @property
    def matching(self) -> Matching | None:
        """Which donors a problem's thoughts are taken from; None where there are none."""
        return next((patch.matching for patch in self.patches if patch.matching is not None), None)

    def fed(self, num_thoughts: int) -> int:
        """How many thoughts it feeds of a model that feeds ``num_thoughts``; more than these it cannot have."""
        return num_thoughts if self.num_thoughts is None else self.num_thoughts

    @property
    def digest(self) -> str:
        """First 16 hex digits of the sha256 of what it does, and of another model's name.

        The condition's own name and the order of lists do not count.
        """
        forms = sorted(json.dumps(intervention.canonical(), sort_keys=True) for intervention in self.interventions)
        # All are left out where they are not said, so that digests stay what they were.
        if self.model:
            forms.insert(0, json.dumps({"model": self.model}))
        if self.num_thoughts is not None:
            forms.append(json.dumps({"num_thoughts": self.num_thoughts}))
        if self.thinking != LATENT:
            forms.append(json.dumps({"thinking": self.thinking}))
        return hashlib.sha256("\n".join(forms).encode()).hexdigest()[:16]

    @property
    def definition(self) -> str:
        """Digest of everything but the name: of what a claim means when it names this condition."""
        return hashlib.sha256(f"{self.digest} {self.no_op}".encode()).hexdigest()[:16]

    def digest_among(self, problem_ids: Sequence[str], donors: Mapping[str, str] = NO_DONORS) -> str:
        """Digest of the run of these problems: the condition's own, and theirs where it draws on other problems.

        ``donors`` are those of ``matching``: they follow from worked solutions, of which the ids say nothing.
        """
        if not self.draws_on_others:
            return self.digest
        matched = [f"{problem} {donor}" for problem, donor in sorted(donors.items())]
        content = "\n".join([self.digest, *sorted(problem_ids), *matched])
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        form: dict[str, Any] = {
            "name": self.name,
            "interventions": [intervention.to_json() for intervention in self.interventions],
        }
        if self.no_op:
            form["no_op"] = True
        if self.model:
            form["model"] = self.model
        if self.num_thoughts is not None:
            form["num_thoughts"] = self.num_thoughts
        if self.thinking != LATENT:
            form["thinking"] = self.thinking
        return form

    @classmethod
    def from_json(cls, form: Any) -> "Condition":
        """Read the JSON form, naming the condition in every error."""
        if not isinstance(form, Mapping) or "name" not in form:
            if isinstance(form, str):
                raise ConditionError(
                    f"a condition's JSON form is an object, and this is a text, {shown(form)}; read it first, by "
                    f"json.loads"
                )
            raise ConditionError(f'a condition is an object with "name" and "interventions", not {shown(form)}')
        name = form["name"]
        if unknown := sorted(set(map(str, form)) - set(_FIELDS)):
            raise ConditionError(
                f"condition {shown(name)}: unknown field {shown(unknown[0])}; known: {', '.join(_FIELDS)}"
            )
        # Of these it is plain what is meant, another model's baseline among them: of any other something was forgotten.
        telling = not {"num_thoughts", "thinking"}.isdisjoint(form) or bool(form.get("model"))
        plain = name == "baseline" or telling
        interventions = form.get("interventions", [] if plain else None)
        if interventions is None:
            raise ConditionError(
                f'condition {shown(name)} has no "interventions"; write a list of them, such as '
                f'[{{"keys": ["CT0"], "readers": "later"}}], or [] for none'
            )
        if not isinstance(interventions, list | tuple):
            raise ConditionError(
                f'condition {shown(name)}: "interventions" must be a list ([] for none), not {shown(interventions)}'
            )
        if not isinstance(no_op := form.get("no_op", False), bool):
            raise ConditionError(f'condition {shown(name)}: "no_op" must be true or false, not {shown(no_op)}')
        if "num_thoughts" in form and form["num_thoughts"] is None:
            raise ConditionError(f"condition {shown(name)}: {not_a_number(None)}")
        said = {field: form[field] for field in ("model", "num_thoughts", "thinking") if field in form}
        try:
            return cls(name=name, interventions=tuple(map(_read, interventions)), no_op=no_op, **said)
        except ConditionError as error:
            named = str(error).startswith(f"condition {name!r}")
            raise ConditionError(str(error) if named else f"condition {shown(name)}: {error}") from None


def _interventions(name: str, given: Any) -> tuple[Any, ...]:
    if isinstance(given, list | tuple):
        return tuple(given)
    alone = isinstance(given, Intervention | Patch | StepsPatch)
    raise ConditionError(
        f"condition {name!r}: interventions is a tuple or list of Intervention and Patch objects, not "
        f"{'one alone' if alone else shown(given)}; write {'(INTERVENTION,), with a comma' if alone else '() for none'}"
    )


def _read(form: Any) -> Intervention | Patch | StepsPatch:
    if is_steps_patch(form):
        return StepsPatch.from_json(form)
    return Patch.from_json(form) if is_patch(form) else Intervention.from_json(form)


BASELINE = Condition(name="baseline")
"""The reference condition: nothing is weakened."""


def undisturbed(thinking: str) -> Condition:
    """What a model does undisturbed in one way of thinking."""
    return BASELINE if thinking == LATENT else Condition(name=f"undisturbed_{thinking}", thinking=thinking)
