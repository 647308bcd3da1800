"""A checkpoint's tensors as they are on disk, complete and unconverted, with the digest of the bytes they are from."""

import hashlib
import io
import json
import pickle
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_files import Source


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a checkpoint's files."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    """Every tensor by its name, in memory of its own: a mapped file could still change under a model."""
    hashing: list[Future[str]] = field(default_factory=list)
    """The digest of each file, in order: of the very bytes that the tensors hold, and of the header before them."""

    def digests(self) -> list[str]:
        """Wait for the digests; before that no tensor may be written to."""
        return [future.result() for future in self.hashing]


def read(source: Source) -> Read:
    """Read every tensor of a checkpoint, on the CPU, and hash on a thread of its own what was read."""
    whole = Read()
    pool = ThreadPoolExecutor(1)  # hashing lets go of Python's lock while the network is built
    for path in source.weights:
        try:
            tensors, content = (_unpickle if source.pickled else _safetensors)(path)
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror or error}") from None
        whole.hashing.append(pool.submit(_sha256, content))
        for name, tensor in tensors.items():
            if name in whole.tensors:
                raise CheckpointError(f"{path}: tensor {name!r} is in an earlier shard too; fetch the checkpoint again")
            _check(path, name, tensor)
            whole.tensors[name] = tensor
    pool.shutdown(wait=False)
    if source.index is not None:
        _check_index(source.index, whole.tensors, source.weights[0].parent)
    return whole


def _sha256(parts: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _safetensors(path: Path) -> tuple[Mapping[str, Tensor], list[bytes | memoryview]]:
    """Read a file's tensors, and its bytes in order: a header, then the tensors without a gap."""
    try:
        tensors = {name: tensor.clone() for name, tensor in load_file(path, device="cpu").items()}
        with path.open("rb") as file:
            header = _header(file)
        places = {name: form["data_offsets"] for name, form in json.loads(header[8:]).items() if name in tensors}
        ordered = sorted(places, key=places.__getitem__)
        return tensors, [header, *(_bytes(tensors[name]) for name in ordered)]
    except FileNotFoundError:
        raise
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a complete safetensors file ({error}); fetch it again") from None


def _header(file: BinaryIO) -> bytes:
    """The length of the header, 8 bytes, and the header, JSON (safetensors' format)."""
    length = file.read(8)
    return length + file.read(int.from_bytes(length, "little"))


def _bytes(tensor: Tensor) -> memoryview:
    return tensor.reshape(-1).view(torch.uint8).numpy().data


def _unpickle(path: Path) -> tuple[Mapping[str, Tensor], list[bytes | memoryview]]:
    content = path.read_bytes()
    try:
        # weights_only: nothing but tensors and plain containers may be built; there is no fallback.
        form = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CheckpointError(
            f"{path} cannot be read with torch.load(weights_only=True), and nothing else is tried: {reason}"
        ) from None
    if not isinstance(form, Mapping) or not all(isinstance(name, str) for name in form):
        raise CheckpointError(f"{path} must hold a dictionary of tensors, not {type(form).__name__}")
    return form, [content]


def _check(path: Path, name: str, tensor: object) -> None:
    if not isinstance(tensor, Tensor):
        raise CheckpointError(f"{path}: {name!r} is a {type(tensor).__name__}; a checkpoint holds tensors only")
    # Booleans are causal masks that older files hold; integers would be quantised weights, which need their scales.
    if not tensor.is_floating_point() and not tensor.dtype == torch.bool:
        raise CheckpointError(f"{path}: {name!r} has dtype {tensor.dtype}; weights are floating point")


def _check_index(index: Mapping[str, str], tensors: Mapping[str, Tensor], folder: Path) -> None:
    if missing := sorted(set(index) - set(tensors)):
        raise CheckpointError(
            f"{folder}: the index names {missing[0]!r}, which is in no shard ({len(missing)} missing)"
        )
    if extra := sorted(set(tensors) - set(index)):
        raise CheckpointError(
            f"{folder}: a shard holds {extra[0]!r}, which the index does not name ({len(extra)} extra)"
        )
