"""The parts of a report, each made on its own: what goes wrong in one costs that one, and never the report."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctlab.errors import CtlabError


class Parts:
    """Remembers which parts are missing, a sentence each; after all claims were judged, none may take them along."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Make a part; it is missing where that raises, whatever is raised but a disk that cannot be written to."""
        try:
            yield
        except OSError:  # would cost every other part too, and is said with the folder
            raise
        except Exception as error:
            sentence = f"the report lacks {name}: {said(error)}"
            if sentence not in self.missing:  # a part can be tried for the list of files and for the file
                self.missing.append(sentence)


def said(error: Exception) -> str:
    """Say in one line what was raised: our own errors are sentences, of others also where they come from."""
    text = " ".join(str(error).split())
    if isinstance(error, CtlabError):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{place}"
