"""Features of a problem: what kind of problem it is, in numbers."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Features of one problem; None where the worked solution writes no step that can be read."""

    n_tokens: int
    """Length of the question, in units of ``tokens_counted_by``."""
    n_operations: int | None
    """Operators in the worked solution's steps."""
    n_operation_types: int | None
    """Different operators among ``+ - * /``."""
    max_number: float | None
    """Largest number of the question (``1,000`` is 1000, ``150%`` is 150, ``two dozen`` is 24); None without any,
    and where it is beyond a float (1.8e308)."""
    multi_step: bool | None
    """Whether there are two operations or more."""
    has_division: bool | None
    """Whether a step divides."""
    has_multiplication: bool | None
    """Whether a step multiplies."""
    has_fractions: bool
    """Whether the question names a part of a whole: ``1/3``, ``half``, ``two thirds``; percentages and ordinals do not
    count."""
    tokens_counted_by: str
    """``words``, or the name of the tokenizer."""
    n_options: int | None = None
    """Options to choose from; None where the row has none."""
    n_hops: int | None = None
    """Steps of the way to the answer: as the row writes them out, else the edges of the shortest way from ``root`` to
    ``target``; None where it has neither, and of numbers."""
    n_edges: int | None = None
    """Edges of the graph that the question tells; None where the row has none."""
    n_nodes: int | None = None
    """Nodes of that graph."""
    n_distractors: int | None = None
    """Edges of it that the shortest way from ``root`` to ``target`` does not take."""

    def to_json(self) -> dict[str, Any]:
        """JSON form; what a problem without options and without a graph does not have is left out."""
        form = asdict(self)
        return {name: value for name, value in form.items() if value is not None or name not in OF_TEXTS}

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Features":
        """Read the JSON form."""
        return cls(**form)


OF_TEXTS = ("n_options", "n_hops", "n_edges", "n_nodes", "n_distractors")
"""Features of problems whose answers are no numbers."""
OF_SOLUTIONS = ("n_operations", "n_operation_types", "multi_step", "has_division", "has_multiplication")
"""Features of worked solutions, which calculate a number."""
