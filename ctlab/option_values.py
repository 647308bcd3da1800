"""The text of an option as its value; ValueError completes the sentence "must be …"."""

import math
import re
from collections.abc import Callable, Sequence

_DEVICES = re.compile(r"(cpu|mps|cuda(:\d+)?)(,(cpu|mps|cuda(:\d+)?))*\Z")


def count(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError("a whole number from 1")
    return int(text)


def alpha(text: str) -> float:
    """Read a level, a proportion."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < 0.5:
        raise ValueError("a proportion above 0 and below 0.5, such as 0.05")
    return value


def device(text: str) -> str:
    """Read a device, or a list of them of one kind."""
    if not _DEVICES.match(text):
        raise ValueError("cpu, cuda, cuda:0 or a list such as cuda:0,cuda:1")
    names = text.split(",")
    if len({name.partition(":")[0] for name in names}) > 1:
        # They round differently, and one certificate speaks for all of them.
        raise ValueError("a list of devices of one kind, such as cuda:0,cuda:1")
    if len(set(names)) < len(names) and names[0] != "cpu":
        raise ValueError("a list that names each device once, such as cuda:0,cuda:1")
    return text


def one_of(values: Sequence[str]) -> Callable[[str], str]:
    """Return what reads one of some words."""

    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(f"one of {', '.join(values)}" if len(values) > 1 else f"{values[0]} (the only one so far)")
        return text

    return parse
