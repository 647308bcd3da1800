"""Where problems come from: one file each, and here the order in which they are asked."""

from ctlab.problems.sources.datasets_hub import FOLDER, HUB
from ctlab.problems.sources.embedded import EMBEDDED
from ctlab.problems.sources.jsonl import JSONL
from ctlab.problems.sources.source import Source

SOURCES: tuple[Source, ...] = (EMBEDDED, HUB, JSONL, FOLDER)
"""Every source: names before paths, so that a folder called ``tiny`` is named by ``./tiny``."""
