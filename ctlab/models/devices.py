"""What computes, by name, as far as it can change a rounding."""

import platform

import torch


def described(device: str) -> str:
    """Name a device: the chip, or the processor's widest instructions, which sum in another order."""
    kind = device.partition(":")[0]
    if kind == "cuda":
        return f"cuda {torch.cuda.get_device_name(device)}"
    if kind == "cpu":
        return f"cpu {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
    return device
