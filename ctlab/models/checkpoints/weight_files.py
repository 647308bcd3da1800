"""Which files of a folder hold weights: one, shards with or without an index, a pickle, or an adapter of peft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlab import inputs
from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.families import FAMILIES

INDEX = "model.safetensors.index.json"
PICKLED_INDEX = "pytorch_model.bin.index.json"
ADAPTERS = ("adapter_model.safetensors", "adapter_model.bin")
"""What peft calls an adapter's weights."""
_FAMILIES_PICKLES = (pattern for family in FAMILIES.values() for pattern in family.layout.pickles)
PICKLES = tuple(dict.fromkeys((*_FAMILIES_PICKLES, "pytorch_model.bin")))
"""What pickles with weights are called, as glob patterns; looked for one after the other."""
PLAIN = ("*.safetensors", INDEX, CONFIG)
"""What is fetched of a checkpoint's weights, as glob patterns."""
PICKLED = (*PICKLES, "pytorch_model-*.bin", PICKLED_INDEX, ADAPTERS[1])
"""What is fetched beside it where pickles are allowed."""
_SHARD = re.compile(r"(model|pytorch_model)-\d{5}-of-(\d{5})\.(safetensors|bin)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Files with tensors."""

    files: tuple[Path, ...]
    """In order."""
    index: Mapping[str, str] | None = None
    """Tensor name to file name of a sharded checkpoint."""

    @property
    def pickled(self) -> bool:
        """Whether they are pickles."""
        return self.files[0].suffix != ".safetensors"


def adapter_of(path: Path) -> tuple[Path, PeftConfig] | None:
    """Return the weights and the config of the adapter that a folder or file is; None where it is none."""
    folder = path.parent if path.is_file() else path
    if path.is_file():
        found = [path] if path.name in ADAPTERS else []
    else:
        found = [folder / name for name in ADAPTERS if (folder / name).is_file()]
    config = folder / CONFIG
    if not found:
        if config.is_file() and path.is_dir() and not _present(folder):
            raise CheckpointError(f"{folder} holds {CONFIG} without {ADAPTERS[0]}; fetch the adapter's weights")
        return None
    if not config.is_file():
        raise CheckpointError(f"{found[0]} is an adapter without the {CONFIG} that says its scale; fetch it")
    if path.is_dir() and (whole := _present(folder)):
        raise CheckpointError(
            f"{folder} holds whole weights ({whole[0].name}) and an adapter ({found[0].name}); name the file that is "
            f"meant instead of the folder"
        )
    try:
        return found[0], PeftConfig.from_json(read_json(config))
    except CheckpointError as error:
        raise CheckpointError(f"{config}: {error}") from None


def weights_of(path: Path, *, allow_pickle: bool) -> Weights:
    """Find the files of a whole checkpoint, a folder or a file, refusing pickles that nobody allowed."""
    folder = path.parent if path.is_file() else path
    files = [path] if path.is_file() else _present(folder)
    if not files:
        raise CheckpointError(
            f"{folder} holds no weights: looked for model.safetensors, {INDEX}, model-*-of-*.safetensors, "
            f"{ADAPTERS[0]}, {', '.join(PICKLES)}, {PICKLED_INDEX}"
        )
    found = _ordered(files, folder)
    refuse_pickle(found.files[0], allow_pickle=allow_pickle)
    return found


def refuse_pickle(path: Path, *, allow_pickle: bool) -> None:
    """Refuse a pickle that nobody allowed."""
    if path.suffix != ".safetensors" and not allow_pickle:
        raise CheckpointError(
            f"{path} is a pickle, which can run code when it is opened; convert it to safetensors, or, if you "
            f"trust it, allow pickles (--ctlab-allow-pickle, allow_pickle=True)"
        )


def _present(folder: Path) -> list[Path]:
    # Safetensors before pickles, an index before what it may index; whatever is there first is the checkpoint.
    for files in (
        [folder / INDEX],
        [folder / "model.safetensors"],
        _shards(folder, "model-*.safetensors"),
        [folder / PICKLED_INDEX],
        _shards(folder, "pytorch_model-*.bin"),
        *(sorted(path for path in folder.glob(pattern) if path.is_file()) for pattern in PICKLES),
    ):
        if files and all(path.is_file() for path in files):
            return files
    return []


def _shards(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if _SHARD.match(path.name))


def _ordered(files: list[Path], folder: Path) -> Weights:
    first = files[0]
    if first.name in (INDEX, PICKLED_INDEX):
        return _sharded(first, folder)
    if match := _SHARD.match(first.name):
        if len(files) != int(match[2]):
            raise CheckpointError(f"{folder} holds {len(files)} of {int(match[2])} shards; fetch the missing ones")
        return Weights(files=tuple(files))
    if len(files) > 1:
        names = ", ".join(path.name for path in files)
        raise CheckpointError(
            f"{folder} holds several checkpoints ({names}); name one of the files instead of the folder"
        )
    return Weights(files=(first,))


def _sharded(index: Path, folder: Path) -> Weights:
    content = read_json(index)
    ending = ".safetensors" if index.name == INDEX else ".bin"
    table = content.get("weight_map")
    if not isinstance(table, dict) or not table or not all(isinstance(shard, str) for shard in table.values()):
        raise CheckpointError(f"{index} has no 'weight_map' of tensor names to file names")
    shards = sorted(set(table.values()))
    for shard in shards:
        inside(folder, shard, what=f"{index.name} names a shard")
        if not shard.endswith(ending):
            raise CheckpointError(f"{index} names the shard {shard!r}, which is not a {ending} file")
        if not (folder / shard).is_file():
            raise CheckpointError(f"{index} names the shard {shard!r}, which is not in {folder}; fetch it")
    return Weights(files=tuple(folder / shard for shard in shards), index=table)


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
