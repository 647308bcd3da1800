"""One file a format, and here the order in which they are asked: what has rare names stands before what takes much."""

from ctlab.results.formats.output_rows import OUTPUT_ROWS
from ctlab.results.formats.study import STUDY
from ctlab.results.result_format import ResultFormat

FORMATS: tuple[ResultFormat, ...] = (STUDY, OUTPUT_ROWS)
"""Every format."""
