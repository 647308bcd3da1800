"""A checkpoint's tensors as they are on disk, complete and unconverted, with the digest of the bytes they are from."""

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints import pickles, safetensors_files
from ctlab.models.checkpoints.checkpoint_files import Source
from ctlab.models.checkpoints.weight_files import Weights


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a checkpoint's files."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    """Every tensor by its name, in memory of its own: a mapped file could still change under a model."""
    beneath: dict[str, Tensor] = field(default_factory=dict)
    """Those of the base that an adapter was trained on."""
    beside: dict[str, str] = field(default_factory=dict)
    """What else a pickle holds, such as an optimiser's state, and why it is not used."""
    hashing: list[Future[str]] = field(default_factory=list)
    """The digest of each file, in order: of the very bytes that the tensors hold, and of the header before them."""

    def digests(self) -> list[str]:
        """Wait for the digests; before that no tensor may be written to."""
        return [future.result() for future in self.hashing]


def read(source: Source) -> Read:
    """Read every tensor of a checkpoint, on the CPU, and hash on a thread of its own what was read."""
    whole = Read()
    pool = ThreadPoolExecutor(1)  # hashing lets go of Python's lock while the network is built
    for weights, tensors in ((source.own_weights, whole.tensors), (source.beneath, whole.beneath)):
        if weights is not None:
            _read(weights, tensors, whole, pool)
    pool.shutdown(wait=False)
    return whole


def _read(weights: Weights, into: dict[str, Tensor], whole: Read, pool: ThreadPoolExecutor) -> None:
    for path in weights.files:
        tensors: Mapping[str, object]
        try:
            if weights.pickled:
                unpickled = pickles.read(path)
                tensors = unpickled.tensors
                whole.beside.update({f"{path.name}: {name}": "state of the training" for name in unpickled.beside})
                whole.hashing.append(pool.submit(unpickled.digest))
            else:
                tensors, content = safetensors_files.read(path)
                whole.hashing.append(pool.submit(_sha256, content))
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror or error}") from None
        for name, tensor in tensors.items():
            if name in into:
                raise CheckpointError(f"{path}: tensor {name!r} is in an earlier shard too; fetch the checkpoint again")
            into[name] = _checked(f"{path}: {name!r}", tensor)
    if weights.index is not None:
        _check_index(weights.index, into, str(weights.files[0].parent))


def _sha256(parts: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _checked(named: str, tensor: object) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise CheckpointError(f"{named} is a {type(tensor).__name__}; a checkpoint holds tensors only")
    # Booleans are causal masks that older files hold; integers would be quantised weights, which need their scales.
    if not tensor.is_floating_point() and not tensor.dtype == torch.bool:
        raise CheckpointError(f"{named} has dtype {tensor.dtype}; weights are floating point")
    return tensor


def _check_index(index: Mapping[str, str], tensors: Mapping[str, Tensor], folder: str) -> None:
    if missing := sorted(set(index) - set(tensors)):
        raise CheckpointError(
            f"{folder}: the index names {missing[0]!r}, which is in no shard ({len(missing)} missing)"
        )
    if extra := sorted(set(tensors) - set(index)):
        raise CheckpointError(
            f"{folder}: a shard holds {extra[0]!r}, which the index does not name ({len(extra)} extra)"
        )
