"""The problems that ship with ctlab."""

from ctlab.errors import ProblemSetError
from ctlab.problems.problem import ProblemSet
from ctlab.problems.rows.read_rows import problems_of_rows
from ctlab.problems.sources.source import Source

_NAME = "tiny"


class Embedded(Source):
    """The embedded test set."""

    def recognises(self, name: str) -> bool:
        """By its name."""
        return name == _NAME

    def read(self, name: str, split: str) -> ProblemSet:
        """Read the shipped file."""
        from ctlab.problems.tiny.embedded_set import rows

        if split != "test":
            raise ProblemSetError(f"the embedded problems ship the split 'test', not {split!r}; training draws its own")
        return ProblemSet(name, problems_of_rows(enumerate(rows(), start=1), name))


EMBEDDED = Embedded(described=_NAME)
