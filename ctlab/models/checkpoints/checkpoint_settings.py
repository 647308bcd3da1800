"""What a checkpoint does not say itself: how it was trained, and what inference does otherwise than its family."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ctlab.errors import CheckpointError, ConditionError
from ctlab.inputs import is_text, shown
from ctlab.interventions import Intervention
from ctlab.interventions.edges import thought_index
from ctlab.models.families import FAMILIES
from ctlab.models.families.training_settings import TrainingSettings, check_whole

_EXPLAINED_ELSEWHERE = frozenset({"conditions", "dtype_of_reference", "questions"})
"""Keys that accompany settings in files of expected answers; they do not describe the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSettings(TrainingSettings):
    """How a checkpoint was trained, and where inference departs from what its family derives."""

    begin_ids: tuple[int, ...] | None = None
    """Ids between question and thoughts; None: derived from the base vocabulary."""
    end_ids: tuple[int, ...] | None = None
    """Ids between thoughts and answer; None: derived from the base vocabulary."""
    eos_token_id: int | None = None
    """Id that ends an answer; None: the tokenizer's."""
    logits_considered: int | None = None
    """Number of leading logits over which the arg-max is taken; None: the family's."""
    max_new_tokens: int | None = None
    """Most answer tokens by default; None: the family's."""
    question_suffix: str = ""
    """Text added to every question; some families are trained with a newline there."""
    base: str | None = None
    """Where config and tokenizer come from: a folder inside the checkpoint's, or a hub id."""
    hidden: tuple[Intervention, ...] = ()
    """What this model never sees: interventions that hold under every condition, the baseline included."""

    def __post_init__(self) -> None:
        if not _is_family(self.family):
            raise CheckpointError(f"family must be one of {', '.join(FAMILIES)}; not {shown(self.family)}")
        TrainingSettings.__post_init__(self)  # super() does not find the class that slots=True replaced
        for name in ("eos_token_id", "logits_considered", "max_new_tokens"):
            if getattr(self, name) is not None:
                check_whole(name, getattr(self, name), least=0 if name == "eos_token_id" else 1)
        for name in ("begin_ids", "end_ids"):
            if (ids := getattr(self, name)) is not None:
                object.__setattr__(self, name, _ids(name, ids))
        for name in ("question_suffix", "base"):
            if not isinstance(getattr(self, name), str | None) or (name != "base" and getattr(self, name) is None):
                raise CheckpointError(f"{name} must be text, not {shown(getattr(self, name))}")
        if not is_text(self.question_suffix):
            raise CheckpointError(
                "question_suffix must be text; half a surrogate pair is none, and no tokenizer reads it"
            )
        object.__setattr__(self, "hidden", _hidden(self.hidden, self.num_latent))
        FAMILIES[self.family].check(self)

    def to_json(self) -> dict[str, Any]:
        """JSON form; what was not set is left out."""
        form = {name: value for name, value in asdict(self).items() if value is not None and name != "hidden"}
        if self.hidden:  # left out where there is none, so that the digests of other models stay what they were
            form["hidden"] = [intervention.to_json() for intervention in self.hidden]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in form.items()}

    @classmethod
    def from_json(cls, form: Any, *, source: str = "settings") -> "CheckpointSettings":
        """Read settings, naming their source in every error."""
        if not isinstance(form, Mapping):
            raise CheckpointError(f"{source}: settings are an object such as {_examples()[0]}; not {shown(form)}")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(map(str, form)) - known - _EXPLAINED_ELSEWHERE):
            raise CheckpointError(f"{source}: unknown setting {shown(unknown[0])}; known: {', '.join(sorted(known))}")
        if not _is_family(form.get("family")):
            raise CheckpointError(
                f"{source}: 'family' must be one of {', '.join(FAMILIES)}; not {shown(form.get('family'))}"
            )
        family = FAMILIES[form["family"]]
        if missing := [name for name in family.required if name not in form]:
            raise CheckpointError(
                f"{source}: {missing[0]!r} is missing; family {family.name} needs {', '.join(family.required)}, "
                f"for example {json.dumps(family.example)}"
            )
        try:
            return cls(**{name: value for name, value in form.items() if name in known})
        except CheckpointError as error:
            raise CheckpointError(f"{source}: {error}") from None


def how_to_write() -> str:
    """Say what belongs into ctlab.json, for errors."""
    return f"write a ctlab.json beside the weights, such as {' or '.join(_examples())}"


def _examples() -> list[str]:
    return [json.dumps(family.example) for family in FAMILIES.values()]


def _is_family(name: Any) -> bool:
    return isinstance(name, str) and name in FAMILIES


def _ids(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise CheckpointError(f"{name} must be a list of at least one token id, not {shown(value)}")
    for token_id in value:
        check_whole(name, token_id, least=0)
    return tuple(value)


def _hidden(value: Any, thoughts: int) -> tuple[Intervention, ...]:
    if not isinstance(value, list | tuple):
        raise CheckpointError(
            f'hidden must be a list of interventions such as {{"keys": "question", "readers": "answer"}}, '
            f"not {shown(value)}"
        )
    try:
        interventions = tuple(
            item if isinstance(item, Intervention) else Intervention.from_json(item) for item in value
        )
    except ConditionError as error:
        raise CheckpointError(f"hidden: {error}") from None
    for intervention in interventions:
        lists = [names for names in (intervention.keys, intervention.readers) if not isinstance(names, str)]
        for name in (name for names in lists for name in names):
            index = thought_index(name)
            if index is not None and index >= thoughts:
                raise CheckpointError(f"hidden: {name} does not exist: this model thinks CT0 … CT{thoughts - 1}")
    return interventions
