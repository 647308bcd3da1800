"""A safetensors file read tensor by tensor, each into memory of its own: never is more held than the file's size.

The library's own loader maps the file, and a copy of what is mapped would be a second one while it is made.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ctlab.errors import CheckpointError

_WHOLE = {f"{sign}{bits}": f"{'u' if sign == 'U' else ''}int{bits}" for sign in "IU" for bits in (8, 16, 32, 64)}
_DTYPES: Mapping[str, torch.dtype] = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "BOOL": torch.bool,
    **{name: getattr(torch, called) for name, called in _WHOLE.items()},
}
"""Types of numbers by the format's names."""
_KEPT_ONCE = 1 << 20
"""Bytes from which a tensor that a file holds twice is kept once: embeddings are saved by two or three names."""


def read(path: Path) -> tuple[dict[str, Tensor], list[bytes | memoryview]]:
    """Read a file's tensors, and its bytes in order: a header, then the tensors without a gap (CheckpointError)."""
    try:
        with safe_open(path, framework="pt", device="cpu"):  # refuses gaps, overlaps and a file that ends early
            pass
        with path.open("rb") as file:
            header = _header(file)
            return _tensors(file, header)
    except FileNotFoundError:
        raise
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a complete safetensors file ({error}); fetch it again") from None


def _header(file: BinaryIO) -> bytes:
    """The length of the header, 8 bytes, and the header, JSON (safetensors' format)."""
    length = file.read(8)
    return length + file.read(int.from_bytes(length, "little"))


def _tensors(file: BinaryIO, header: bytes) -> tuple[dict[str, Tensor], list[bytes | memoryview]]:
    forms = {name: form for name, form in json.loads(header[8:]).items() if name != "__metadata__"}
    tensors: dict[str, Tensor] = {}
    content: list[bytes | memoryview] = [header]
    large: list[Tensor] = []
    for name in sorted(forms, key=lambda name: forms[name]["data_offsets"]):
        raw = _raw(file, name, forms[name])
        if raw.numel() >= _KEPT_ONCE:
            raw = next((other for other in large if torch.equal(other, raw)), raw)
            large.append(raw)
        content.append(raw.numpy().data)
        tensors[name] = raw.view(_DTYPES[forms[name]["dtype"]]).reshape(forms[name]["shape"])
    return tensors, content


def _raw(file: BinaryIO, name: str, form: Mapping[str, Any]) -> Tensor:
    if form["dtype"] not in _DTYPES:
        raise ValueError(f"{name!r} holds numbers of a type {form['dtype']!r} that is not known here")
    begin, end = form["data_offsets"]
    size = end - begin
    if size != math.prod(form["shape"]) * _DTYPES[form["dtype"]].itemsize:
        raise ValueError(f"{name!r} has {size} bytes, which do not fill its shape {form['shape']}")
    raw = torch.empty(size, dtype=torch.uint8)
    if file.readinto(raw.numpy()) != size:  # type: ignore[attr-defined]
        raise ValueError(f"it ends within {name!r}")
    return raw
