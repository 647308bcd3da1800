"""Files of problems, whatever their rows: every format, in the order in which a file is held against them."""

from ctlab.problems.sources.csv_file import CSV_FILE
from ctlab.problems.sources.icot_text import ICOT_TEXT
from ctlab.problems.sources.json_file import JSON_FILE
from ctlab.problems.sources.jsonl import JSONL
from ctlab.problems.sources.parquet import PARQUET
from ctlab.problems.sources.source import Source

FILE_FORMATS: tuple[Source, ...] = (JSONL, JSON_FILE, CSV_FILE, PARQUET, ICOT_TEXT)
"""Every file format: JSONL first, because one object over many lines and one a line begin alike."""
SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".txt")
"""What files of problems end with."""
