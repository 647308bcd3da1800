"""The problems that ship with ctlab."""

from ctlab.errors import ProblemSetError
from ctlab.problems.sources.source import Source, Table
from ctlab.problems.tiny.seeds import SEEDS
from ctlab.problems.tiny_graphs.set_forms import SETS


class Embedded(Source):
    """The embedded test sets: word problems, and graphs."""

    def recognises(self, name: str) -> bool:
        """By its name."""
        return name in SEEDS or name in SETS

    def table(self, name: str, split: str) -> Table:
        """Read the shipped file; ProblemSetError for a set that is still to be drawn."""
        from ctlab.problems.tiny import embedded_set
        from ctlab.problems.tiny_graphs import graph_sets

        if split != "test":
            raise ProblemSetError(f"the embedded problems ship the split 'test', not {split!r}; training draws its own")
        rows = graph_sets.rows(name) if name in SETS else embedded_set.rows(name)
        return Table(name=name, origin=name, rows=enumerate(rows, start=1))


EMBEDDED = Embedded(described=", ".join((*SEEDS, *SETS)))


def announced(name: str, n: int | None = None) -> str:
    """Name an embedded set, or its first ``n`` problems, by what is known before it is drawn; empty for other sets."""
    from ctlab.problems.tiny.embedded_set import announcement

    if name not in SEEDS:
        return ""
    return announcement(name) if n is None else f"{announcement(name)}, the first {n}"


def to_be_drawn(name: str) -> bool:
    """Whether a set is announced and has no problems yet."""
    return name in SEEDS and not SEEDS[name]
