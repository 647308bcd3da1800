"""Result files of anything, held against each other: which rows belong together, what is right, what that shows."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.judging.comparing import judge_files, judge_results
    from ctlab.judging.results_judgement import ResultsJudgement

_HOMES = {
    "ResultsJudgement": "results_judgement",
    "judge_files": "comparing",
    "judge_results": "comparing",
}
__all__ = ["ResultsJudgement", "judge_files", "judge_results"]

if not TYPE_CHECKING:  # a misspelt name stays an error for mypy, which would take it for one that this finds
    __getattr__ = exports(__name__, _HOMES)
