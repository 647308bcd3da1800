"""What computes, by name, as far as it can change a rounding."""

import platform
import warnings
from pathlib import Path

import torch

_PROCESSOR = Path("/proc/cpuinfo")
_PRODUCTS = {"avx512_bf16", "amx_bf16", "bf16"}
"""What Linux calls instructions that multiply bfloat16: two of x86, one of ARM."""


def described(device: str) -> str:
    """Name a device: the chip, or the processor's widest instructions, which sum in another order."""
    kind = device.partition(":")[0]
    if kind == "cuda":
        return f"cuda {torch.cuda.get_device_name(device)}"
    if kind == "cpu":
        return f"cpu {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
    return device


def multiplies_bfloat16() -> bool | None:
    """Whether this processor has instructions for products in bfloat16; None where the system does not tell."""
    try:
        lines = _PROCESSOR.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    flags = [
        line.partition(":")[2].split() for line in lines if line.partition(":")[0].strip() in ("flags", "Features")
    ]
    return any(_PRODUCTS & set(of_core) for of_core in flags) if flags else None


def warn_of_slow_type(dtype: str, device: torch.device) -> None:
    """Warn where a type is slower than float32, for want of instructions."""
    if dtype == "bfloat16" and device.type == "cpu" and multiplies_bfloat16() is False:
        warnings.warn(
            "this processor has no instructions for bfloat16, so that it is slower than float32 here; it only takes "
            "half the memory",
            stacklevel=3,
        )
