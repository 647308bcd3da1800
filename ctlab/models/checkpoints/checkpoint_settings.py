"""What a checkpoint does not say itself: how it was trained, and what inference does otherwise than its family."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ctlab.errors import CheckpointError, ConditionError
from ctlab.inputs import is_text, shown
from ctlab.interventions import Intervention
from ctlab.interventions.edges import thought_index
from ctlab.models.families import FAMILIES
from ctlab.models.families.training_settings import TrainingSettings, check_whole
from ctlab.records.own_functions import nearest

STAGED = ("c_thought", "stage")
"""Names of the two numbers that may stand in place of num_latent."""
DESPITE = "despite_files"
"""Key beside the settings: names of those that may contradict the checkpoint's files, since another model is meant."""
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

    @property
    def answer_limit(self) -> int:
        """Most answer tokens a problem, unless a run says otherwise."""
        return self.max_new_tokens or FAMILIES[self.family].max_new_tokens

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
        _refuse_foreign(self)
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
            raise CheckpointError(f"{source}: settings are an object such as {_example()}; not {shown(form)}")
        form = _counted(form, source)
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(map(str, form)) - known - _EXPLAINED_ELSEWHERE):
            near, listed = nearest(unknown[0], known), ", ".join(sorted({*known, *STAGED, DESPITE}))
            raise CheckpointError(f"{source}: unknown setting {shown(unknown[0])}; known: {listed}{near}")
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


def _counted(form: Mapping[str, Any], source: str) -> Mapping[str, Any]:
    """Say num_latent where a curriculum's own two numbers are given: c_thought thoughts for each of its stages.

    (Hao et al. 2024, arXiv 2412.06769, section 3. The official evaluation takes the stage that training had reached, at
    most max_latent_stage.)
    """
    given = [form.get(name) for name in STAGED]
    if given == [None, None]:
        return form
    for name, value in zip(STAGED, given, strict=True):
        try:
            check_whole(name, value, least=1)
        except CheckpointError as error:
            raise CheckpointError(
                f"{source}: {error}; {' and '.join(STAGED)} are given together, and thoughts begin with stage 1 (for a "
                f"model without any say num_latent 0)"
            ) from None
    count: int = math.prod(form[name] for name in STAGED)
    if form.get("num_latent", count) != count:
        raise CheckpointError(
            f"{source}: c_thought {given[0]} x stage {given[1]} are {count} thoughts, but num_latent is "
            f"{shown(form['num_latent'])}; leave one of both out"
        )
    return {**{name: value for name, value in form.items() if name not in STAGED}, "num_latent": count}


def _refuse_foreign(settings: TrainingSettings) -> None:
    """Refuse settings that the family would ignore, unless they say nothing."""
    knows = ("family", "num_latent", *FAMILIES[settings.family].knows)
    for field in fields(TrainingSettings):
        value = getattr(settings, field.name)
        if field.name not in knows and value != field.default:
            raise CheckpointError(
                f"family {settings.family} has no {field.name}, and the settings say {shown(value)}; leave it out, or "
                f"correct 'family'"
            )


def how_to_write(family: str = "") -> str:
    """Say what belongs into ctlab.json, for errors: by the example of ``family``, or of the first there is."""
    return (
        f"say them (--ctlab-settings KEY=VALUE, settings={{…}}) or write a ctlab.json beside the weights, such as "
        f"{_example(family)}; families are {', '.join(FAMILIES)}, and docs/checkpoints.md says what each must be told"
    )


def _example(family: str = "") -> str:
    return json.dumps(FAMILIES[family or next(iter(FAMILIES))].example)


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
                thinks = f"thinks CT0 … CT{thoughts - 1}" if thoughts else "has no thoughts"
                raise CheckpointError(f"hidden: {name} does not exist: this model {thinks}")
    return interventions
