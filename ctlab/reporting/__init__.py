"""What people read: JSON first, then pictures, pages and narratives rendered from that JSON alone.

Nothing is imported before it is used, so that a plugin that imports this room costs no matplotlib and no jinja2.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctlab.reporting.attention import attention_flow
    from ctlab.reporting.comparison import compare_reports
    from ctlab.reporting.paths import reasoning_paths
    from ctlab.reporting.probed import ProbedProblems
    from ctlab.reporting.sensitivity import problem_sensitivity
    from ctlab.reporting.taxonomy import error_taxonomy
    from ctlab.reporting.write import render, write_report

_HOMES = {
    "ProbedProblems": "probed",
    "attention_flow": "attention",
    "compare_reports": "comparison",
    "error_taxonomy": "taxonomy",
    "problem_sensitivity": "sensitivity",
    "reasoning_paths": "paths",
    "render": "write",
    "write_report": "write",
}
__all__ = [
    "ProbedProblems",
    "attention_flow",
    "compare_reports",
    "error_taxonomy",
    "problem_sensitivity",
    "reasoning_paths",
    "render",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ctlab.reporting' has no attribute {name!r}")
    return getattr(import_module(f"ctlab.reporting.{_HOMES[name]}"), name)
