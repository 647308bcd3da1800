"""The engine of the executor ``local``: the model that the settings name, in this process, loaded when first asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab.interventions import Condition
from ctlab.lab.executors.interface import decoding
from ctlab.records import Certificate, Check, Generation, Measurement
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.engine.activation_cache import ActivationCache
    from ctlab.models import LatentReasoner
    from ctlab.problems import Problem


class ModelEngine:
    """The model that the settings name; neither its digest nor its card needs torch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._decoding = decoding(settings)
        self._loaded: LatentReasoner | None = None
        self._activations: ActivationCache | None = None
        self._digest: str | None = None

    @property
    def digest(self) -> str:
        """Digest of weights and settings."""
        if self._digest is None:
            from ctlab.models import model_digest

            self._digest = model_digest(
                self._settings.model,
                self._settings.base,
                allow_pickle=self._settings.allow_pickle,
                cache=self._settings.store,
            )
        return self._digest

    def card(self) -> dict[str, Any]:
        """Describe the model without loading it."""
        from ctlab.models.checkpoints.checkpoint_files import find, read_json

        source = find(self._settings.model, self._settings.base, None, allow_pickle=self._settings.allow_pickle)
        config = read_json(source.base / "config.json")
        return {
            "id": source.name,
            "digest": self.digest,
            "family": source.settings.family,
            "num_thoughts": source.settings.num_latent,
            # "n_layer" is GPT-2's word for it.
            "num_layers": config.get("num_hidden_layers", config.get("n_layer")),
            "num_heads": config.get("num_attention_heads", config.get("n_head")),
            "settings": source.settings.to_json(),
        }

    def certify(self, problems: "Sequence[Problem]", conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Prove on a few problems that each condition does what its data says."""
        from ctlab.certify import certify

        return certify(
            self._model(), problems, conditions, self._decoding, self._activation_cache(problems, conditions)
        )

    def batches(
        self,
        problems: "Sequence[Problem]",
        conditions: Sequence[Condition],
        *,
        among: "Sequence[Problem] | None" = None,
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Answer every problem under every condition, a finished batch at a time."""
        from ctlab.engine import generate_batches, generate_on

        tokens, activations = self._settings.batch_tokens, self._activation_cache(among or problems, conditions)
        if len(self._settings.devices) == 1:
            return generate_batches(
                self._model(), problems, conditions, self._decoding, batch_tokens=tokens, activations=activations
            )
        self._loaded = None  # each process loads its own; the certificates' copy would only fill the first device
        devices, load = self._settings.devices, self._load
        return generate_on(
            devices, load, problems, conditions, self._decoding, batch_tokens=tokens, activations=activations
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

    def _activation_cache(
        self, among: "Sequence[Problem]", conditions: Sequence[Condition]
    ) -> "ActivationCache | None":
        """Make the undisturbed thoughts that conditions draw on, once for the whole set."""
        from ctlab.engine import activation_cache_for

        if not any(condition.draws_on_others for condition in conditions):
            return None
        if self._activations is None or self._activations.problem_ids != tuple(problem.id for problem in among):
            tokens = self._settings.batch_tokens
            self._activations = activation_cache_for(
                conditions, self._model(), among, self._decoding, batch_tokens=tokens
            )
        return self._activations

    def _model(self) -> "LatentReasoner":
        if self._loaded is None:
            self._loaded = self._load(device=self._settings.devices[0])
        return self._loaded

    @property
    def _load(self) -> "Callable[..., LatentReasoner]":
        from ctlab.models import load_model

        settings = self._settings
        return partial(
            load_model, settings.model, settings.base, dtype=settings.dtype, allow_pickle=settings.allow_pickle
        )
