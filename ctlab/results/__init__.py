"""What others recorded: result files in any known format as rows, and rows matched to problems."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.results.formats import FORMATS
from ctlab.results.read_recorded import read_recorded
from ctlab.results.read_results import read_results, result_parts
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat

__all__ = ["FORMATS", "ReadOptions", "ResultFile", "ResultFormat", "read_recorded", "read_results", "result_parts"]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})
