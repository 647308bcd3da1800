"""The problems that ship with ctlab."""

from ctlab.errors import ProblemSetError
from ctlab.problems.drawings import EMBEDDED_SETS, drawing_of
from ctlab.problems.sources.source import Source, Table
from ctlab.problems.tiny.drawing import SIZE
from ctlab.problems.tiny.seeds import SEEDS
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS
from ctlab.problems.tiny_graphs.set_forms import SETS


class Embedded(Source):
    """The embedded test sets: word problems, and graphs."""

    def recognises(self, name: str) -> bool:
        """By its name."""
        return name in EMBEDDED_SETS

    def table(self, name: str, split: str) -> Table:
        """Read the shipped file; ProblemSetError for a set that is still to be drawn."""
        from ctlab.problems.tiny import embedded_set
        from ctlab.problems.tiny_graphs import graph_sets

        if split != "test":
            raise ProblemSetError(f"the embedded problems ship the split 'test', not {split!r}; training draws its own")
        rows = graph_sets.rows(name) if name in GRAPH_SEEDS else embedded_set.rows(name)
        return Table(name=name, origin=name, rows=enumerate(rows, start=1))


EMBEDDED = Embedded(described=", ".join(EMBEDDED_SETS))


def announced(name: str, limit: int | None = None) -> str:
    """Name an embedded set, or its first ones, by what is known before it is drawn; empty for other sets."""
    from ctlab.problems.tiny import embedded_set
    from ctlab.problems.tiny_graphs import graph_sets

    if name not in EMBEDDED_SETS:
        return ""
    words = graph_sets.announcement(name) if name in GRAPH_SEEDS else embedded_set.announcement(name)
    return words if limit is None or limit >= announced_size(name) else f"{words}, the first {limit}"


def announced_size(name: str, limit: int | None = None) -> int:
    """Problems that an embedded set has, drawn or not, within a limit."""
    size = SETS[drawing_of(name)].size if name in GRAPH_SEEDS else SIZE
    return size if limit is None else min(limit, size)


def to_be_drawn(name: str) -> bool:
    """Whether a set is announced and has no problems yet."""
    return not {**SEEDS, **GRAPH_SEEDS}.get(name, "drawn")
