"""The engine of the executor ``local``: the model that the settings name, in this process, loaded when first asked."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.interventions import Condition
from ctlab.lab.executors.interface import decoding
from ctlab.records import Certificate, Check, Decoding, Generation, Measurement, Provenance
from ctlab.records.provenance import here
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.engine.activation_cache import ActivationCache
    from ctlab.models import LatentReasoner
    from ctlab.models.checkpoints.checkpoint_files import Source
    from ctlab.models.checkpoints.digest import Identity
    from ctlab.problems import Problem
    from ctlab.problems.answer_texts import AnswerTexts
    from ctlab.records.scores import Scores


class ModelEngine:
    """The model that the settings name; neither its digest nor its card needs torch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: LatentReasoner | None = None
        self._activations: ActivationCache | None = None

    @property
    def digest(self) -> str:
        """Digest of weights and settings, as it was announced; a model that is loaded must have it."""
        return self._identity.digest

    def loaded_digest(self) -> str:
        """Load the model, if it is not loaded, and return the digest of the bytes that were loaded."""
        return self._model().digest

    def at_hand(self) -> "LatentReasoner | None":
        """Return the model where it is in this process's memory; None where it is not, and nothing is loaded."""
        return self._loaded

    def trust(self) -> str:
        """Say on what the digest rests; empty where the weights were loaded, or their files read."""
        taken = self._identity.remembered
        if self._loaded is not None or not taken:
            return ""
        return (
            f"no weight was read: the model's digest {self.digest[:8]} is what the store remembers of {taken[:10]}, "
            f"for files of the same size, inode and times of change"
        )

    @cached_property
    def _identity(self) -> "Identity":
        from ctlab.models.checkpoints.digest import identity

        return identity(self._source, cache=self._settings.store)

    @property
    def _source(self) -> "Source":
        return _found(self._settings)

    @property
    def _own_limit(self) -> int:
        return self._source.settings.answer_limit

    @cached_property
    def _decoding(self) -> Decoding:
        return decoding(self._settings, self._own_limit)

    @property
    def environment(self) -> str:
        """Kind of device, and how attention is computed: the engine writes it out, with whatever backend of torch."""
        kinds = dict.fromkeys(device.partition(":")[0] for device in self._settings.devices)
        return f"{'+'.join(kinds)}, explicit attention"

    def provenance(self) -> Provenance:
        """Versions of the libraries, and the very devices."""
        from ctlab.models.devices import described

        return here(" + ".join(dict.fromkeys(map(described, self._settings.devices))))

    def card(self) -> dict[str, Any]:
        """Describe the model without loading it."""
        from ctlab.models.checkpoints.base_card import base_card
        from ctlab.models.checkpoints.checkpoint_files import naming
        from ctlab.models.checkpoints.weight_count import weight_count
        from ctlab.models.families import FAMILIES

        source = self._source
        program = FAMILIES[source.settings.family].program(source.settings)
        with naming(source.name, source.place):
            base, parameters = base_card(source.base, program.loop), weight_count(source)
        return {
            "id": source.name,
            "digest": self.digest,
            "family": source.settings.family,
            "trained": FAMILIES[source.settings.family].trained,
            "as_published": FAMILIES[source.settings.family].as_published.words,
            "parameters": parameters,
            "num_thoughts": source.settings.num_latent,
            "num_layers": base.num_layers,
            **({"loop": asdict(base.unrolled)} if base.unrolled is not None else {}),
            "num_heads": base.num_heads,
            "max_new_tokens": self._own_limit,
            "settings": source.settings.to_json(),
            **({"stops_itself": True} if program.stops_itself else {}),
            **({"settings_given": dict(self._settings.model_settings)} if self._settings.model_settings else {}),
            **({"left_out": list(base.left_out)} if base.left_out else {}),
        }

    def certify(self, problems: "Sequence[Problem]", conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Prove on a few problems that each condition does what its data says."""
        from ctlab.certify import certify

        self._refuse_long(problems)
        return certify(
            self._model(), problems, conditions, self._decoding, self._activation_cache(problems, conditions)
        )

    def batches(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        among: "Sequence[Problem] | None" = None,
        audited: Collection[str] | None = None,
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer every problem under every condition, a finished and audited batch at a time.

        ``audited`` names the conditions of which rows are audited, None: all of them.
        """
        from ctlab.certify import audited_batches
        from ctlab.engine import generate_on

        tokens, activations = self._settings.batch_tokens, self._activation_cache(among or problems, conditions)
        answer = audited_batches if audited is None else partial(audited_batches, audited=frozenset(audited))
        if len(self._settings.devices) == 1:
            return answer(
                self._model(), problems, conditions, self._decoding, batch_tokens=tokens, activations=activations
            )
        self._loaded = None  # each process loads its own; the certificates' copy would only fill the first device
        devices, load = self._settings.devices, self._load
        return generate_on(
            devices,
            load,
            problems,
            conditions,
            self._decoding,
            batch_tokens=tokens,
            activations=activations,
            answer=answer,
        )

    def certify_probes(
        self, problems: "Sequence[Problem]", conditions: Sequence[Condition]
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove on a few problems that what is measured under each condition is what is there."""
        from ctlab.certify import certify_probes

        activations = self._activation_cache(problems, conditions)
        return certify_probes(self._model(), problems, conditions, self._decoding, activations)

    def measure(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        progress: "Callable[[int, int], None] | None" = None,
        keep_states: Path | None = None,
    ) -> Mapping[str, Measurement]:
        """Answer under watch, on the first device: what is measured is small, and its order is the problems'."""
        from ctlab.probes import measured

        tokens = self._settings.batch_tokens
        return measured(
            self._model(),
            problems,
            conditions,
            self._decoding,
            batch_tokens=tokens,
            progress=progress,
            keep_states=keep_states,
            activations=self._activation_cache(problems, conditions),
        )

    def certify_scores(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
    ) -> Mapping[str, tuple[Check, ...]]:
        """Prove on a few problems that scores are what one forward pass over each answer gives."""
        from ctlab.certify import certify_scores

        drawn = self._activation_cache(problems, conditions)
        return certify_scores(self._model(), problems, conditions, self._decoding, given, at=at, activations=drawn)

    def score(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        given: "Sequence[AnswerTexts]",
        *,
        at: Sequence[str],
        progress: "Callable[[int, int], None] | None" = None,
    ) -> "Mapping[str, Scores]":
        """Score given answers on the first device, as `measure` measures."""
        from ctlab.probes import scored

        found, _ = scored(
            self._model(),
            problems,
            conditions,
            self._decoding,
            given,
            at=at,
            batch_tokens=self._settings.batch_tokens,
            progress=progress,
            activations=self._activation_cache(problems, conditions),
        )
        return found

    def _refuse_long(self, problems: "Sequence[Problem]") -> None:
        """Refuse a question that leaves no room, before a weight is read."""
        from ctlab.models.checkpoints.question_room import refuse_long

        refuse_long(self._source, problems, self._decoding.max_new_tokens)

    def _activation_cache(
        self, among: "Sequence[Problem]", conditions: Sequence[Condition]
    ) -> "ActivationCache | None":
        """Make the undisturbed thoughts that conditions draw on, once for the whole set."""
        from ctlab.engine import activation_cache_for

        if not any(condition.draws_on_others for condition in conditions):
            return None
        tokens = self._settings.batch_tokens
        self._activations = activation_cache_for(
            conditions, self._model(), among, self._decoding, batch_tokens=tokens, known=self._activations
        )
        return self._activations

    def _model(self) -> "LatentReasoner":
        if self._loaded is None:
            self._loaded = self._load(device=self._settings.devices[0])
        return self._loaded

    @property
    def _load(self) -> "Callable[..., LatentReasoner]":
        return partial(_load_announced, self._settings, self.digest)


def _found(settings: Settings) -> "Source":
    from ctlab.models.checkpoints.checkpoint_files import find

    given = settings.model_settings or None
    return find(settings.model, settings.base, given, allow_pickle=settings.allow_pickle)


def _load_announced(settings: Settings, announced: str, *, device: str) -> "LatentReasoner":
    """Load the model and refuse another than the run began with: answers are kept under the digest of that one."""
    from ctlab.models import load_model
    from ctlab.models.checkpoints.digest import forget

    given = settings.model_settings or None
    allow = settings.allow_pickle
    model = load_model(settings.model, settings.base, given, device=device, dtype=settings.dtype, allow_pickle=allow)
    if model.digest != announced:
        forget(_found(settings), settings.store)
        raise CheckpointError(
            f"the files of {model.name} hold the model {model.digest[:8]}, and this run began with {announced[:8]}, as "
            f"they were read or remembered then; nothing was answered by them and what was remembered is forgotten: "
            f"run again, under the digest of what they hold, or fetch the files again"
        )
    return model
