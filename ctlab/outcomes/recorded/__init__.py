"""Recorded answers, read instead of generated: one file a format, and here the order in which they are asked."""

from ctlab.outcomes.recorded.output_rows import OUTPUT_ROWS
from ctlab.outcomes.recorded.recorded_format import RecordedFormat
from ctlab.outcomes.recorded.study import STUDY

FORMATS: tuple[RecordedFormat, ...] = (STUDY, OUTPUT_ROWS)
"""Every format; whole documents are asked before rows, because a document on one line looks like a row."""
