"""Where problems come from: one file each, and here the order in which they are asked."""

from ctlab.problems.sources.datasets_hub import FOLDER, HUB, HUB_ID
from ctlab.problems.sources.embedded import EMBEDDED
from ctlab.problems.sources.file_formats import FILE_FORMATS
from ctlab.problems.sources.source import Source

SOURCES: tuple[Source, ...] = (EMBEDDED, HUB, *FILE_FORMATS, FOLDER, HUB_ID)
"""Every source: names before paths, so that a folder called ``tiny`` is named by ``./tiny``."""
