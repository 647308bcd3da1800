"""The embedded models of graphs, by the ids that they are loaded by."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_CHECKPOINTS = Path(__file__).with_name("checkpoints")

GRAPH_MODELS: Mapping[str, Path] = MappingProxyType(
    {
        "tiny-graphs-cot": _CHECKPOINTS / "cot",
        "tiny-graphs-coconut": _CHECKPOINTS / "coconut",
        "tiny-graphs-pause": _CHECKPOINTS / "pause",
        "tiny-graphs-pause-multipass": _CHECKPOINTS / "pause_multipass",
    }
)
"""Folder of each checkpoint; docs/tiny_graphs.md has the command that trains it."""
