"""Where a checkpoint's files are: a folder, a file, or a hub id; found and validated without reading a weight."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ctlab import inputs
from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings, how_to_write
from ctlab.models.checkpoints.hub import download
from ctlab.models.checkpoints.known import KNOWN
from ctlab.models.families import FAMILIES
from ctlab.records.own_functions import nearest

TINY = Path(__file__).parents[1] / "tiny" / "checkpoint"
"""The embedded model's checkpoint."""
EMBEDDED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "tiny": {},
        "tiny-blind": {"hidden": [{"keys": "question", "readers": "answer"}, {"keys": ["begin"], "readers": "answer"}]},
    }
)
"""Id of each embedded model to the settings that it adds. The answer of ``tiny-blind`` sees nothing but thoughts, so
that they are known to be necessary."""

INDEX = "model.safetensors.index.json"
PICKLES = tuple(dict.fromkeys(pattern for family in FAMILIES.values() for pattern in family.layout.pickles))
"""What pickles with weights are called, as glob patterns; looked for one after the other."""
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
_SHARD = re.compile(r"model-\d{5}-of-(\d{5})\.safetensors\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A checkpoint's files and settings."""

    name: str
    """What the user called it: ``tiny``, ``tiny-blind``, a hub id, or the folder's name."""
    weights: tuple[Path, ...]
    """Files with tensors, in order."""
    index: Mapping[str, str] | None
    """Tensor name to file name of a sharded checkpoint."""
    pickled: bool
    """Whether the weights are a pickle."""
    base: Path
    """Folder with the base model's config and tokenizer."""
    settings: CheckpointSettings
    """How it was trained."""


def find(
    path_or_id: str | Path, base: str | Path | None, settings: Mapping[str, Any] | None, *, allow_pickle: bool
) -> Source:
    """Find a checkpoint's files, or say which are missing."""
    name = str(path_or_id)
    path = TINY if name in EMBEDDED else Path(path_or_id)
    if not path.exists():
        if name in EMBEDDED:
            raise CheckpointError(
                f"the embedded model is missing at {path}; train it: python -m ctlab.models.tiny.train"
            )
        patterns = ("*.safetensors", INDEX, "ctlab.json", *BASE_FILES, "base/*", *(PICKLES if allow_pickle else ()))
        try:
            path = download(name, patterns, purpose="a model")
        except CheckpointError as error:
            raise CheckpointError(f"{error}{_names_nearby(name)}") from None
    elif name not in KNOWN and name not in EMBEDDED:
        name = path.resolve().name
    folder = path.parent if path.is_file() else path
    trained = _settings(name, folder, settings)
    files, index = _weights([path] if path.is_file() else _candidates(folder), folder)
    pickled = not files[0].name.endswith(".safetensors")
    if pickled and not allow_pickle:
        raise CheckpointError(
            f"{files[0]} is a pickle, which can run code when it is opened; convert it to safetensors, or, if you "
            f"trust it, allow pickles (--ctlab-allow-pickle, allow_pickle=True)"
        )
    base_folder = _base(base, trained.base, folder)
    return Source(
        name=name,
        weights=files,
        index=index,
        pickled=pickled,
        base=base_folder,
        settings=replace(trained, base=None),
    )


def _names_nearby(name: str) -> str:
    """End a sentence about a model that is nowhere: what is built in, and which known name may have been meant."""
    built_in = "" if "/" in name else f"; built in are {' and '.join(EMBEDDED)}"
    return built_in + nearest(name, (*EMBEDDED, *KNOWN))


def _settings(name: str, folder: Path, given: Mapping[str, Any] | None) -> CheckpointSettings:
    parts: list[tuple[str, Mapping[str, Any]]] = []
    if name in KNOWN:
        parts.append((f"known settings of {name}", KNOWN[name].settings))
    if (beside := folder / "ctlab.json").is_file():
        parts.append((str(beside), read_json(beside)))
    if EMBEDDED.get(name):
        parts.append((f"settings of {name}", EMBEDDED[name]))
    if given is not None:
        if not isinstance(given, Mapping):
            raise CheckpointError(f"settings are a mapping of names to values, not {inputs.shown(given)}")
        parts.append(("settings", given))
    if not parts:
        raise CheckpointError(f"no settings are known for {name}; {how_to_write()}")
    # A later source overrides single keys of an earlier one, so that settings={"num_latent": 4} means what it says.
    merged = {key: value for _, part in parts for key, value in part.items()}
    return CheckpointSettings.from_json(merged, source=parts[-1][0])


def _candidates(folder: Path) -> list[Path]:
    # Safetensors before pickles, an index before what it may index; whatever is there first is the checkpoint.
    for files in (
        [folder / INDEX],
        [folder / "model.safetensors"],
        sorted(path for path in folder.glob("model-*.safetensors") if _SHARD.match(path.name)),
        *(sorted(path for path in folder.glob(pattern) if path.is_file()) for pattern in PICKLES),
    ):
        if files and all(path.is_file() for path in files):
            return files
    raise CheckpointError(
        f"{folder} holds no weights: looked for model.safetensors, {INDEX}, model-*-of-*.safetensors, "
        f"{', '.join(PICKLES)}"
    )


def _weights(files: list[Path], folder: Path) -> tuple[tuple[Path, ...], Mapping[str, str] | None]:
    first = files[0]
    if first.name == INDEX:
        return _sharded(first, folder)
    if match := _SHARD.match(first.name):
        if len(files) != int(match[1]):
            raise CheckpointError(f"{folder} holds {len(files)} of {int(match[1])} shards; fetch the missing ones")
        return tuple(files), None
    if len(files) > 1:
        names = ", ".join(path.name for path in files)
        raise CheckpointError(
            f"{folder} holds several checkpoints ({names}); name one of the files instead of the folder"
        )
    return (first,), None


def _sharded(index: Path, folder: Path) -> tuple[tuple[Path, ...], Mapping[str, str]]:
    content = read_json(index)
    table = content.get("weight_map")
    if not isinstance(table, dict) or not table or not all(isinstance(shard, str) for shard in table.values()):
        raise CheckpointError(f"{index} has no 'weight_map' of tensor names to file names")
    shards = sorted(set(table.values()))
    for shard in shards:
        inside(folder, shard, what=f"{index.name} names a shard")
        if not shard.endswith(".safetensors"):
            raise CheckpointError(f"{index} names the shard {shard!r}, which is not a .safetensors file")
        if not (folder / shard).is_file():
            raise CheckpointError(f"{index} names the shard {shard!r}, which is not in {folder}; fetch it")
    return tuple(folder / shard for shard in shards), table


def _base(given: str | Path | None, configured: str | None, folder: Path) -> Path:
    if given is not None:
        return _checked_base(Path(given) if Path(given).is_dir() else _from_hub(str(given)))
    if configured is not None:
        # The word comes out of a downloaded file: it may name a folder inside its own, or a hub id, and nothing else.
        if (folder / configured).is_dir():
            return _checked_base(inside(folder, configured, what="'base'"))
        return _checked_base(_from_hub(configured))
    for candidate in (folder / "base", folder):
        if "model_type" in _config(candidate):
            return _checked_base(candidate)
    raise CheckpointError(
        f"{folder} does not carry its base model's config and tokenizer; say where they are: base=... or "
        f"--ctlab-base ..., a folder or a hub id"
    )


def _from_hub(name: str) -> Path:
    return download(name, BASE_FILES, purpose="a base model")


def _config(folder: Path) -> Mapping[str, Any]:
    path = folder / "config.json"
    return read_json(path) if path.is_file() else {}


def _checked_base(folder: Path) -> Path:
    if "model_type" not in _config(folder):
        raise CheckpointError(f"{folder} is no base model: it needs a config.json with 'model_type', and a tokenizer")
    return folder


def inside(folder: Path, name: str, *, what: str) -> Path:
    """Join a name that was read from a file, refusing one that leaves the folder (links are trusted)."""
    # A link may lead outside: the hub's own cache is made of links, and making one takes more than a downloaded file.
    parts = Path(name).parts
    if not parts or Path(name).is_absolute() or ".." in parts or "\\" in name:
        raise CheckpointError(f"{what} {name!r} outside its own folder {folder}; only paths inside it are read")
    return folder / name


def read_json(path: Path) -> Mapping[str, Any]:
    """Read a JSON object, saying where it is malformed."""
    content = inputs.read_json(path, error=CheckpointError, advice="fetch it again, or mend it")
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} must hold a JSON object, not {inputs.shown(content)}")
    return content


def base_files(folder: Path) -> Iterable[Path]:
    """List the base model's files that exist, in a fixed order."""
    return [folder / name for name in BASE_FILES if (folder / name).is_file()]
