"""Where a checkpoint's files are: a folder, a file, or a hub id; found and validated without reading a weight."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ctlab import formatting, inputs
from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings, how_to_write
from ctlab.models.checkpoints.family_names import families_of, headed, named_in, nobody
from ctlab.models.checkpoints.hub import download
from ctlab.models.checkpoints.known import KNOWN
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.checkpoints.stated_settings import completed, despite, read_stated, refuse_contradictions
from ctlab.models.checkpoints.weight_files import (
    PICKLED,
    PLAIN,
    Weights,
    adapter_of,
    inside,
    read_json,
    refuse_pickle,
    weights_of,
)
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Stated
from ctlab.models.tiny_graphs.named_models import GRAPH_MODELS
from ctlab.records.own_functions import nearest

TINY = Path(__file__).parents[1] / "tiny" / "checkpoint"
"""The embedded model's checkpoint."""
EMBEDDED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "tiny": {},
        "tiny-blind": {"hidden": [{"keys": "question", "readers": "answer"}, {"keys": ["begin"], "readers": "answer"}]},
        **{name: {} for name in GRAPH_MODELS},
    }
)
"""Id of each embedded model to the settings that it adds. The answer of ``tiny-blind`` sees nothing but thoughts, so
that they are known to be necessary."""

BASE_FILES = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
)
"""What is read of a base model; its weights are in the checkpoint."""
_STATING = tuple(dict.fromkeys(name for family in FAMILIES.values() for name in family.states))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A checkpoint's files and settings."""

    name: str
    """What the user called it: ``tiny``, ``tiny-blind``, a hub id, or the folder's name."""
    own_weights: Weights
    """The checkpoint's own files."""
    folder: Path | None
    """The folder that it is; None where a file was named, beside which anything may lie."""
    beneath: Weights | None = None
    """Those of the base model, where the checkpoint is an adapter alone."""
    adapter: PeftConfig | None = None
    """What is said about that adapter."""
    base: Path
    """Folder with the base model's config and tokenizer."""
    settings: CheckpointSettings
    """How it was trained."""
    stated: Mapping[str, Stated] = field(default_factory=dict)
    """What its own files state of settings and ids."""

    @property
    def weights(self) -> tuple[Path, ...]:
        """Files with tensors, in order."""
        return self.own_weights.files + (self.beneath.files if self.beneath is not None else ())

    @property
    def place(self) -> Path:
        """A file of its own, for `naming`."""
        return self.own_weights.files[0]

    @property
    def pickled(self) -> bool:
        """Whether some of the weights are a pickle."""
        return self.own_weights.pickled or (self.beneath is not None and self.beneath.pickled)


def find(
    path_or_id: str | Path, base: str | Path | None, settings: Mapping[str, Any] | None, *, allow_pickle: bool
) -> Source:
    """Find a checkpoint's files, or say which are missing: each refusal begins with the model."""
    name = str(path_or_id)
    path = embedded_folder(name) if name in EMBEDDED else Path(path_or_id)
    if path.exists() and name not in KNOWN and name not in EMBEDDED:
        name = path.resolve().name
    with naming(name, path):
        return _found(name, path, base, settings, allow_pickle=allow_pickle)


@contextmanager
def naming(name: str, path: Path) -> Iterator[None]:
    """Begin with the model what is refused within the block; ``path`` is its folder or a file of its own."""
    try:
        yield
    except CheckpointError as error:
        raise CheckpointError(about(name, path, error)) from None


def about(name: str, path: Path, error: CheckpointError) -> str:
    """Begin a refusal with the model: its name, or a file of its own, or the id that the hub was asked for."""
    said, folder = str(error), path.parent if path.is_file() else path
    # A folder in the hub's cache has a name that nobody gave it.
    own = str(folder) if name in (folder.name, path.name) else f"model {name}"
    named = said.startswith((f"model {name}", repr(name), own))
    return said if named else f"model {name}: {said}"


def _found(
    name: str, path: Path, base: str | Path | None, settings: Mapping[str, Any] | None, *, allow_pickle: bool
) -> Source:
    if not path.exists():
        if name in EMBEDDED:
            recipe = "tiny_graphs.train_graphs" if name in GRAPH_MODELS else "tiny.train"
            raise CheckpointError(f"the embedded model is missing at {path}; train it: python -m ctlab.models.{recipe}")
        patterns = (*PLAIN, "ctlab.json", *_STATING, *BASE_FILES, "base/*", *(PICKLED if allow_pickle else ()))
        try:
            path = _fetched(name, patterns)
        except CheckpointError as error:
            raise CheckpointError(f"{error}{_names_nearby(name)}") from None
    folder = path.parent if path.is_file() else path
    adapter = adapter_of(path)
    trained, stated = _settings(name, path, settings, None if adapter is None else adapter[1])
    if adapter is None:
        weights, beneath = weights_of(path, allow_pickle=allow_pickle), None
        base_folder = _base(base, trained.base, folder)
    else:
        refuse_pickle(adapter[0], allow_pickle=allow_pickle)
        weights = Weights(files=(adapter[0],))
        base_folder, beneath = _base_with_weights(base, trained.base, folder, adapter[1], allow_pickle=allow_pickle)
    return Source(
        name=name,
        own_weights=weights,
        folder=path if path.is_dir() else None,
        beneath=beneath,
        adapter=None if adapter is None else adapter[1],
        base=base_folder,
        settings=replace(trained, base=None),
        stated=stated,
    )


def embedded_folder(name: str) -> Path:
    """Where the checkpoint of an embedded model lies."""
    return GRAPH_MODELS.get(name, TINY)


def _fetched(name: str, patterns: tuple[str, ...]) -> Path:
    known = KNOWN.get(name)
    if known is None or not known.folder:
        return download(name, patterns, purpose="a model")
    within = [f"{known.folder}/{pattern}" for pattern in patterns]
    return download(known.repository, within, purpose="a model") / known.folder


def _names_nearby(name: str) -> str:
    """End a sentence about a model that is nowhere: what is built in, and which known name may have been meant."""
    built_in = "" if "/" in name else f"; built in are {formatting.listed([*EMBEDDED])}"
    return built_in if name in KNOWN else built_in + nearest(name, (*EMBEDDED, *KNOWN))


def _settings(
    name: str, path: Path, given: Mapping[str, Any] | None, adapter: PeftConfig | None
) -> tuple[CheckpointSettings, Mapping[str, Stated]]:
    """Return what is known, written beside the weights and given, the later over the earlier; and what files state."""
    folder = path.parent if path.is_file() else path
    parts: list[tuple[str, Mapping[str, Any]]] = []
    if name in KNOWN:
        parts.append(("what is known of it", KNOWN[name].settings))
    if (beside := folder / "ctlab.json").is_file():
        parts.append((str(beside), read_json(beside)))
    if EMBEDDED.get(name):
        parts.append(("its own settings", EMBEDDED[name]))
    if given is not None:
        if not isinstance(given, Mapping):
            raise CheckpointError(f"settings are a mapping of names to values, not {inputs.shown(given)}")
        parts.append(("settings", given))
    if not parts:
        raise CheckpointError(_no_settings(name, path, adapter=adapter is not None))
    # A later source overrides single keys of an earlier one, so that settings={"num_latent": 4} means what it says.
    merged = {key: value for _, part in parts for key, value in part.items()}
    source = parts[-1][0]
    meant = despite(merged, source)
    stated: Mapping[str, Stated] = {}
    if isinstance(merged.get("family"), str) and merged["family"] in FAMILIES:
        stated = read_stated(merged["family"], folder, adapter)
        merged = completed(merged, stated)
    read = CheckpointSettings.from_json(merged, source=source)
    refuse_contradictions(read, stated, meant, sources={key: who for who, part in parts for key in part})
    return read, stated


def _no_settings(name: str, path: Path, *, adapter: bool) -> str:
    """Say what to write, by the names of the tensors where a header tells them without a pickle being opened."""
    # An adapter's names are peft's, whatever the family.
    names = [] if adapter else [named for file in headed(path) for named in named_in(file)]
    fitting = families_of(names)
    if names and not fitting:
        return f"model {name} cannot be read: its tensors are called {names[0]}, …, and {nobody()}"
    read_as = f" (its tensors are named as those of family {' or '.join(fitting)})" if fitting else ""
    return f"model {name}: no settings are known for it{read_as}; {how_to_write(next(iter(fitting), ''))}"


def _base(given: str | Path | None, configured: str | None, folder: Path, more: tuple[str, ...] = ()) -> Path:
    if given is not None:
        return _checked_base(Path(given) if Path(given).is_dir() else _from_hub(str(given), more))
    if configured is not None:
        # The word comes out of a downloaded file: it may name a folder inside its own, or a hub id, and nothing else.
        if (folder / configured).is_dir():
            return _checked_base(inside(folder, configured, what="'base'"))
        return _checked_base(_from_hub(configured, more))
    for candidate in (folder / "base", folder):
        if "model_type" in _config(candidate):
            return _checked_base(candidate)
    empty = " (its config.json is empty)" if _is_empty(folder / "config.json") else ""
    raise CheckpointError(
        f"{folder} does not carry its base model's config and tokenizer{empty}; say where they are: base=... or "
        f"--ctlab-base ..., a folder or a hub id"
    )


def _base_with_weights(
    given: str | Path | None, configured: str | None, folder: Path, adapter: PeftConfig, *, allow_pickle: bool
) -> tuple[Path, Weights]:
    """Find the base that an adapter was trained on, its weights included."""
    more = (*PLAIN, *(PICKLED if allow_pickle else ()))
    if given is None and configured is None and "model_type" not in _config(folder / "base"):
        configured = adapter.base
        if configured is None:
            raise CheckpointError(
                f"{folder / CONFIG} does not say which base its adapter was trained on; name it with its weights: "
                f"base=... or --ctlab-base ..., a folder or a hub id"
            )
        if adapter.revision not in (None, "main") and not (folder / configured).is_dir():
            raise CheckpointError(
                f"{folder / CONFIG} names revision {inputs.shown(adapter.revision)} of its base {configured!r}; fetch "
                f"that one and give its folder: base=... or --ctlab-base ..."
            )
    try:
        base = _base(given, configured, folder, more)
    except CheckpointError as error:
        named = f"{folder / CONFIG} names its base {configured!r}: " if configured == adapter.base else ""
        raise CheckpointError(f"{named}{error}; an adapter needs its base's weights (--ctlab-base)") from None
    try:
        return base, weights_of(base, allow_pickle=allow_pickle)
    except CheckpointError as error:
        raise CheckpointError(f"{folder} is an adapter alone, and needs its base's weights: {error}") from None


def _from_hub(name: str, more: tuple[str, ...] = ()) -> Path:
    return download(name, (*BASE_FILES, *more), purpose="a base model")


def _config(folder: Path) -> Mapping[str, Any]:
    path = folder / "config.json"
    return read_json(path) if path.is_file() and not _is_empty(path) else {}


def _is_empty(path: Path) -> bool:
    # SIM-CoT's releases ship a config of 0 bytes: it says nothing, and is no damaged one.
    return path.is_file() and path.stat().st_size == 0


def _checked_base(folder: Path) -> Path:
    if "model_type" not in _config(folder):
        raise CheckpointError(f"{folder} is no base model: it needs a config.json with 'model_type', and a tokenizer")
    return folder


def base_files(folder: Path) -> Iterable[Path]:
    """List the base model's files that exist, in a fixed order."""
    return [folder / name for name in BASE_FILES if (folder / name).is_file()]
