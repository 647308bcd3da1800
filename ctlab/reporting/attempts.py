"""Parts of a report that may fail alone: a table or picture that cannot be made is named, and costs nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager


class Attempts:
    """Collects what could not be made."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        """A sentence for each part, with the exception that it ended in."""

    @contextmanager
    def at(self, what: str) -> Iterator[None]:
        """Go on after what fails inside, having noted it; a file that cannot be written ends the report as before."""
        try:
            yield
        except OSError:
            raise
        except Exception as error:  # whatever a part's code can raise
            said = f"not in this report: {what}, which ended in {type(error).__name__}: {error}"
            if said not in self.failed:
                self.failed.append(said)
